#include "service/command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "absl/status/statusor.h"
#include "service/listen_address.h"

namespace duilian::service {
namespace {

constexpr char kFooter[] =
    "\nExit codes: 0 stopped as asked, 1 could not start, 2 bad usage.\n"
    "SIGTERM and SIGINT drain the server; a second one ends it at once.";

void AddFlags(CLI::App& app, CommandLine& flags) {
  app.add_option("--data", flags.data, "Directory of the translation memory")
      ->required()
      ->type_name("DIR");
  CLI::Option* follow =
      app.add_option(
             "--follow", flags.follow,
             "Data directory of another duiliand: this one only reads what "
             "that one writes, and keeps its indexes in --data")
          ->type_name("DIR");
  app.add_option("--follow-seconds", flags.follow_seconds,
                 "Time between two looks at what is new there")
      ->needs(follow)
      ->check(CLI::Range(0.001, 3'600.0))
      ->capture_default_str();
  app.add_option("--backups", flags.backups,
                 "Directory for backups, which duilian backup makes; on the "
                 "disk of --data they are made at once")
      ->excludes(follow)
      ->type_name("DIR");
  app.add_flag("--rebuild-indexes", flags.rebuild_indexes,
               "Throw the saved indexes away, and make them of the store");
  app.add_option(
         "--model", flags.model,
         "Model pack; without it nothing is aligned, or found by meaning")
      ->type_name("PACK");
  app.add_option("--listen", flags.listen,
                 "Address; port 0 takes any free one and prints it")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--port-file", flags.port_file,
                 "File to write the port to, once listening")
      ->type_name("FILE");
  CLI::Option* certificate =
      app.add_option("--tls-cert", flags.tls_cert, "Certificate chain, PEM")
          ->type_name("FILE");
  CLI::Option* key = app.add_option("--tls-key", flags.tls_key,
                                    "The certificate's private key, PEM")
                         ->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  app.add_flag("--insecure", flags.insecure,
               "Listen beyond this machine without TLS");
  app.add_option("--threads", flags.threads,
                 "Workers for short calls, and as many again for long ones")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--queue", flags.queue, "Calls that may wait for workers")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--cache-megabytes", flags.cache_megabytes,
                 "Memory for blocks of the store that were read; the indexes "
                 "take theirs beside it")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--drain-seconds", flags.drain_seconds,
                 "Time for calls under way to end after SIGTERM")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
}

// What cannot be told from one flag alone.
std::string Mistake(const CommandLine& flags) {
  absl::StatusOr<ListenAddress> address = ParseListenAddress(flags.listen);
  if (!address.ok()) return std::string(address.status().message());
  if (!IsLoopback(address->host) && flags.tls_cert.empty() && !flags.insecure) {
    return "--listen: '" + flags.listen +
           "' given without TLS, loopback addresses alone accepted then; add "
           "--tls-cert and --tls-key, or --insecure if the network is trusted";
  }
  return "";
}

}  // namespace

ParsedCommandLine ParseCommandLine(int argc, const char* const* argv) {
  ParsedCommandLine parsed;
  CLI::App app("duiliand: aligns interviews and serves a translation memory");
  app.footer(kFooter);
  app.set_version_flag("--version", DUILIAN_VERSION);
  AddFlags(app, parsed.flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    parsed.exit_code = app.exit(error) == 0 ? 0 : 2;
    return parsed;
  }
  if (const std::string mistake = Mistake(parsed.flags); !mistake.empty()) {
    std::cerr << "duiliand: " << mistake << "\n";
    parsed.exit_code = 2;
  }
  return parsed;
}

}  // namespace duilian::service
