#include "clients/command_line.h"

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/flag_rules.h"
#include "clients/terminal.h"

namespace duilian::clients {
namespace {

void AddGlobalFlags(CLI::App& app, GlobalFlags& flags) {
  app.add_option("--server", flags.connection.server, "The server, HOST:PORT")
      ->envname("DUILIAN_SERVER")
      ->check(HostAndPort())
      ->capture_default_str();
  app.add_option("--project", flags.project, "The project's id")
      ->envname("DUILIAN_PROJECT")
      ->check(Utf8())
      ->capture_default_str();
  app.add_option("--output", flags.output, "table, json or tsv")
      ->check(CLI::IsMember({"table", "json", "tsv"}));
  app.add_option("--timeout", flags.connection.timeout_seconds,
                 "Seconds that one call to the server may take")
      ->check(AboveZero());
  app.add_flag("--tls", flags.connection.tls,
               "Speak TLS, trusting the system's authorities");
  app.add_option("--ca", flags.connection.ca_path,
                 "Speak TLS, trusting the authorities in this PEM file");
}

void AddSubcommands(CLI::App& app, Selection& selection) {
  app.require_subcommand(1);
  // `duilian lookup TEXT --server X` is what people type.
  app.fallthrough();
  AddAlignCommand(app, selection);
  AddImportCommand(app, selection);
  AddLookupCommand(app, selection);
  AddConcordanceCommand(app, selection);
  AddMeaningCommand(app, selection);
  AddCiteCommand(app, selection);
  AddFragmentsCommand(app, selection);
  AddQuotesCommand(app, selection);
  AddConsistencyCommand(app, selection);
  AddPreferCommand(app, selection);
  AddReportCommand(app, selection);
  AddReviewCommand(app, selection);
  AddExportCommand(app, selection);
  AddDeleteCommand(app, selection);
  AddSettingsCommand(app, selection);
  AddBackupCommand(app, selection);
  AddStatusCommand(app, selection);
}

// CLI11 asks for a subcommand before it looks at the words it could not place,
// and of two flags that exclude each other it does not say what to do.
std::string UsageError(const CLI::App& app, const CLI::Error& error) {
  if (error.get_name() == "ExcludesError") {
    return absl::StrCat(error.what(), "; give one of the two");
  }
  const std::vector<std::string> strangers = app.remaining();
  if (error.get_name() != "RequiredError" || strangers.empty() ||
      !app.get_subcommands().empty()) {
    return error.what();
  }
  std::vector<std::string> names;
  for (const CLI::App* known : app.get_subcommands(nullptr)) {
    names.push_back(known->get_name());
  }
  return absl::StrCat("\"", strangers[0], "\" is no command; choose one of ",
                      absl::StrJoin(names, ", "));
}

void PrintError(const absl::Status& status, Console& console) {
  console.err << Paint("duilian:", Style::kRed, console.err_traits.colour)
              << ' ' << Printable(std::string(status.message())) << std::endl;
}

}  // namespace

int RunCommandLine(int argc, const char* const* argv, Console& console) {
  CLI::App app(
      "Aligns Chinese translations with their English sources, and keeps the "
      "pairs in a translation memory.\nExit codes: 0 done, 1 failed, 2 usage.",
      "duilian");
  app.set_version_flag("--version", DUILIAN_VERSION);
  GlobalFlags flags;
  Selection selection;
  AddGlobalFlags(app, flags);
  AddSubcommands(app, selection);
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return absl::StrCat("duilian: ", Printable(UsageError(*failed, error)),
                        "; see duilian --help\n");
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, console.out, console.err) == 0 ? kDone : kUsage;
  }
  flags.project_named = app.get_option("--project")->count() > 0;
  absl::Status status = selection.action(flags, console);
  if (status.ok() && !console.out.flush()) {
    status = absl::DataLossError(
        "the output cannot be written to its end; free some space, or send it "
        "elsewhere");
  }
  if (status.ok()) return kDone;
  PrintError(status, console);
  return kFailed;
}

}  // namespace duilian::clients
