#ifndef DUILIAN_SERVICE_COMMAND_LINE_H_
#define DUILIAN_SERVICE_COMMAND_LINE_H_

#include <cstddef>
#include <optional>
#include <string>

namespace duilian::service {

// The flags of duiliand.
struct CommandLine {
  std::string data;
  std::string follow;  // another server's data; empty: this one writes its own
  double follow_seconds = 0.1;
  std::string backups;  // empty: none are kept
  bool rebuild_indexes = false;
  std::string model;  // empty: no alignment
  std::string listen = "127.0.0.1:50351";
  std::string port_file;
  std::string tls_cert, tls_key;
  bool insecure = false;
  size_t threads = 4;
  size_t queue = 256;
  size_t cache_megabytes = 128;
  double drain_seconds = 30;
};

struct ParsedCommandLine {
  CommandLine flags;
  // Set when the program should end at once: 0 after --help or --version, 2
  // after a mistake; what there is to say has been said.
  std::optional<int> exit_code;
};

ParsedCommandLine ParseCommandLine(int argc, const char* const* argv);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_COMMAND_LINE_H_
