// duilian settings: how a project's look-ups are scored.

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clients/command.h"
#include "clients/flag_rules.h"
#include "clients/pair_output.h"
#include "duilian/v1/settings_service.grpc.pb.h"

namespace duilian::clients {
namespace {

using SettingsStub = v1::SettingsService::Stub;

// What the server takes.
constexpr int kMaxPoints = 50;
constexpr int kMaxDays = 36'500;

// A number of the settings, as flag, field and words.
struct Setting {
  const char* flag;
  const char* name;
  const char* words;
  const char* range;  // and the default of a project that never changed it
  int (v1::LookupPenalties::*get)() const;
  void (v1::LookupPenalties::*set)(int);
};
constexpr Setting kSettings[] = {
    {"--unreviewed", "unreviewed_alignment",
     "Points off for an alignment that no one reviewed", "0 to 50 (default 1)",
     &v1::LookupPenalties::unreviewed_alignment,
     &v1::LookupPenalties::set_unreviewed_alignment},
    {"--doubtful", "doubtful_alignment",
     "More of them, for one with a confidence below 0.5", "0 to 50 (default 3)",
     &v1::LookupPenalties::doubtful_alignment,
     &v1::LookupPenalties::set_doubtful_alignment},
    {"--several", "several_translations",
     "For a text with several translations", "0 to 50 (default 1)",
     &v1::LookupPenalties::several_translations,
     &v1::LookupPenalties::set_several_translations},
    {"--width", "width_difference",
     "For an equal text in another width (， for ,)", "0 to 50 (default 1)",
     &v1::LookupPenalties::width_difference,
     &v1::LookupPenalties::set_width_difference},
    {"--numbers", "numbers_substituted",
     "For the query's numbers in the place of others", "0 to 50 (default 1)",
     &v1::LookupPenalties::numbers_substituted,
     &v1::LookupPenalties::set_numbers_substituted},
    {"--age", "age", "For a pair that is older than --age-days",
     "0 to 50 (default 0)", &v1::LookupPenalties::age,
     &v1::LookupPenalties::set_age},
    {"--other-project", "other_project",
     "For a pair of a project named by lookup --also", "0 to 50 (default 1)",
     &v1::LookupPenalties::other_project,
     &v1::LookupPenalties::set_other_project},
    {"--age-days", "age_days", "Days since the pair last changed",
     "1 to 36500 (default 365)", &v1::LookupPenalties::age_days,
     &v1::LookupPenalties::set_age_days},
};
constexpr size_t kDays = std::size(kSettings) - 1;

struct SettingsFlags {
  std::optional<int> values[std::size(kSettings)];
};

void PrintSettings(const v1::ProjectSettings& settings, RowPrinter& printer) {
  const v1::LookupPenalties& penalties = settings.lookup_penalties();
  if (printer.format() == OutputFormat::kJson) {
    nlohmann::ordered_json points;
    for (const Setting& setting : kSettings) {
      points[setting.name] = (penalties.*setting.get)();
    }
    printer.AddJson({{"name", settings.name()},
                     {"lookup_penalties", std::move(points)},
                     {"etag", settings.etag()}});
    return;
  }
  for (const Setting& setting : kSettings) {
    const std::string value = absl::StrCat((penalties.*setting.get)());
    if (printer.format() == OutputFormat::kTsv) {
      printer.AddTsvRow({setting.name, value});
    } else {
      printer.AddTableRow({MakeCell(setting.name),
                           MakeCell(value, Style::kBold),
                           MakeCell(setting.words, Style::kDim)});
    }
  }
}

absl::StatusOr<v1::ProjectSettings> Ask(const Connection& connection,
                                        SettingsStub& stub,
                                        const std::string& name,
                                        const SettingsFlags& flags) {
  v1::UpdateProjectSettingsRequest update;
  bool changes = false;
  for (size_t i = 0; i < std::size(kSettings); ++i) {
    if (!flags.values[i].has_value()) continue;
    changes = true;
    const auto set = kSettings[i].set;
    (update.mutable_lookup_penalties()->*set)(*flags.values[i]);
  }
  if (changes) {
    update.set_name(name);
    return Call(connection, stub, &SettingsStub::UpdateProjectSettings, update);
  }
  v1::GetProjectSettingsRequest get;
  get.set_name(name);
  return Call(connection, stub, &SettingsStub::GetProjectSettings, get);
}

absl::Status RunSettings(const SettingsFlags& flags, const GlobalFlags& globals,
                         Console& console) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  SettingsStub stub(connection->channel());
  const absl::StatusOr<v1::ProjectSettings> settings =
      Ask(*connection, stub,
          absl::StrCat(ProjectName(globals.project), "/settings"), flags);
  if (!settings.ok()) return settings.status();
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     {{{"setting"}, {"value", false, true}, {"meaning", true}},
                      {"setting", "value"}},
                     console);
  PrintSettings(*settings, printer);
  printer.Finish("");
  return absl::OkStatus();
}

}  // namespace

void AddSettingsCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<SettingsFlags>();
  CLI::App* command = app.add_subcommand(
      "settings",
      "Show or change what a project's look-ups take off a match's score");
  for (size_t i = 0; i < std::size(kSettings); ++i) {
    command
        ->add_option(kSettings[i].flag, flags->values[i],
                     absl::StrCat(kSettings[i].words, ", ", kSettings[i].range))
        ->check(i == kDays ? WholeNumberWithin(1, kMaxDays)
                           : WholeNumberWithin(0, kMaxPoints));
  }
  command->footer(
      "Without a flag: shows them. A flag changes its own setting and keeps "
      "the "
      "rest; the defaults hold for a project that never changed them.");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunSettings(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
