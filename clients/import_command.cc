// duilian import: documents into the translation memory.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/flag_rules.h"
#include "clients/import_stream.h"
#include "clients/pair_output.h"
#include "clients/progress.h"
#include "clients/server_words.h"

namespace duilian::clients {
namespace {

// A message stays readable: past so many names it counts the rest.
constexpr size_t kNamesInMessage = 20;

struct ImportFlags {
  std::string zh_path;
  std::string en_path;
  std::string document;
  std::string title;
  std::string manifest;
  size_t streams = 2;
  bool lines = false;
  bool aligned_lines = false;
};

absl::StatusOr<std::vector<ImportItem>> GatherItems(const ImportFlags& flags,
                                                    const std::string& project,
                                                    std::istream& in) {
  std::vector<ImportItem> items;
  if (flags.manifest.empty()) {
    ImportItem& item = items.emplace_back();
    item.header.set_name(flags.document);
    item.header.set_title(flags.title);
    item.zh_path = flags.zh_path;
    item.en_path = flags.en_path;
  } else {
    const absl::StatusOr<std::string> text = ReadFile(flags.manifest, in);
    if (!text.ok()) return text.status();
    const std::string folder =
        flags.manifest == "-"
            ? std::string()
            : std::filesystem::path(flags.manifest).parent_path().string();
    absl::StatusOr<std::vector<ImportItem>> parsed =
        ParseManifest(*text, folder);
    if (!parsed.ok()) return parsed.status();
    items = *std::move(parsed);
  }
  for (ImportItem& item : items) {
    item.header.set_name(DocumentName(project, item.header.name()));
    item.header.set_aligned_lines(flags.aligned_lines);
    item.header.set_format(flags.lines || flags.aligned_lines ? v1::LINES
                                                              : v1::TRANSCRIPT);
  }
  return items;
}

std::string OutcomeWord(v1::ImportDocumentsResponse::Outcome outcome) {
  return absl::AsciiStrToLower(
      v1::ImportDocumentsResponse::Outcome_Name(outcome));
}

std::string WarningLine(const v1::ImportWarning& warning) {
  std::string place = warning.side() == "source"   ? "en"
                      : warning.side() == "target" ? "zh"
                                                   : warning.side();
  if (warning.line() > 0) {
    absl::StrAppend(&place, place.empty() ? "line " : " line ", warning.line());
  }
  return absl::StrCat(place, place.empty() ? "" : ": ", warning.message());
}

// An unchanged or retitled document was not aligned again, a refused one never:
// there is nothing to tell of how it went.
bool WasAligned(const v1::ImportDocumentsResponse& result) {
  return result.outcome() == v1::ImportDocumentsResponse::STORED ||
         result.outcome() == v1::ImportDocumentsResponse::REPLACED;
}

// The result in the words of the flags and files, and with a warning when the
// document came to nothing.
v1::ImportDocumentsResponse InUsersWords(v1::ImportDocumentsResponse result,
                                         const SideNames& names) {
  result.set_error_message(InSideWords(result.error_message(), names));
  if (WasAligned(result) && result.document().pairs() == 0) {
    result.add_warnings()->set_message(
        "no pair was found in these two texts; see that they belong together "
        "and hold sentences");
  }
  return result;
}

// What became of the pairs that were there.
std::string ChangeWords(const v1::ImportDocumentsResponse& result) {
  if (result.outcome() != v1::ImportDocumentsResponse::REPLACED) return "";
  std::string words =
      absl::StrCat("; kept ", result.kept_pairs(), ", added ",
                   result.added_pairs(), ", dropped ", result.dropped_pairs());
  if (result.outdated_pairs() > 0) {
    absl::StrAppend(&words, "; ", result.outdated_pairs(),
                    " reviewed ones kept are no longer in the texts");
  }
  return words;
}

// The pairs that the document has now, also when its texts were there already.
int32_t PairsNow(const v1::ImportDocumentsResponse& result) {
  return WasAligned(result) ? result.document().pairs() : result.kept_pairs();
}

// What came between the import and the same one again.
std::string SinceImportWords(const v1::ImportDocumentsResponse& result) {
  const int32_t imported = result.document().pairs(), now = PairsNow(result);
  if (now == imported) return "";
  return absl::StrCat(
      "; it was imported with ", imported,
      now < imported ? ", and the same texts bring none of them back" : "");
}

void PrintForPeople(const v1::ImportDocumentsResponse& result,
                    Console& console) {
  const bool colour = console.out_traits.colour;
  const std::string id = Printable(ShortName(result.name()));
  const std::string outcome = OutcomeWord(result.outcome());
  if (result.outcome() == v1::ImportDocumentsResponse::REFUSED) {
    console.out << Paint(outcome, Style::kRed, colour) << ' ' << id << ": "
                << Printable(result.error_message()) << '\n';
  } else {
    console.out << Paint(outcome, Style::kGreen, colour) << ' ' << id << ": "
                << PairCount(PairsNow(result));
    if (WasAligned(result)) {
      console.out << ", confidence " << ConfidenceWord(result.mean_confidence())
                  << "; unpaired " << result.unpaired_target_segments()
                  << " zh, " << result.unpaired_source_segments() << " en";
    }
    console.out << ChangeWords(result) << SinceImportWords(result) << '\n';
  }
  for (const v1::ImportWarning& warning : result.warnings()) {
    console.out << "  " << Paint("warning:", Style::kYellow, colour) << ' '
                << Printable(WarningLine(warning)) << '\n';
  }
}

nlohmann::ordered_json ResultToJson(const v1::ImportDocumentsResponse& result) {
  nlohmann::ordered_json warnings = nlohmann::ordered_json::array();
  for (const v1::ImportWarning& warning : result.warnings()) {
    warnings.push_back({{"side", warning.side()},
                        {"line", warning.line()},
                        {"message", warning.message()}});
  }
  nlohmann::ordered_json json = {
      {"name", result.name()},
      {"outcome", OutcomeWord(result.outcome())},
      {"source_segments", result.document().source_segments()},
      {"target_segments", result.document().target_segments()},
      {"pairs", PairsNow(result)}};
  if (WasAligned(result)) {
    json["unpaired_source_segments"] = result.unpaired_source_segments();
    json["unpaired_target_segments"] = result.unpaired_target_segments();
    json["mean_confidence"] = result.mean_confidence();
    json["kept_pairs"] = result.kept_pairs();
    json["added_pairs"] = result.added_pairs();
    json["dropped_pairs"] = result.dropped_pairs();
    json["outdated_pairs"] = result.outdated_pairs();
  }
  json["error"] = result.error_message();
  json["warnings"] = std::move(warnings);
  return json;
}

std::vector<std::string> ResultFields(
    const v1::ImportDocumentsResponse& result) {
  const bool aligned = WasAligned(result);
  return {result.name(),
          OutcomeWord(result.outcome()),
          absl::StrCat(PairsNow(result)),
          aligned ? absl::StrCat(result.unpaired_source_segments()) : "",
          aligned ? absl::StrCat(result.unpaired_target_segments()) : "",
          aligned ? absl::StrFormat("%.4f", result.mean_confidence()) : "",
          result.error_message()};
}

// Prints each result when it comes, in the format chosen.
class ResultPrinter {
 public:
  ResultPrinter(OutputFormat format, Console& console)
      : console_(console),
        rows_(format,
              {{},
               {"name", "outcome", "pairs", "unpaired_source_segments",
                "unpaired_target_segments", "mean_confidence", "error"}},
              console) {}

  void Print(const v1::ImportDocumentsResponse& result) {
    if (rows_.format() == OutputFormat::kTable) {
      PrintForPeople(result, console_);
    } else if (rows_.format() == OutputFormat::kJson) {
      rows_.AddJson(ResultToJson(result));
    } else {
      rows_.AddTsvRow(ResultFields(result));
      for (const v1::ImportWarning& warning : result.warnings()) {
        console_.err << "duilian: warning: " << Printable(result.name()) << ' '
                     << Printable(WarningLine(warning)) << '\n';
      }
    }
    console_.out << std::flush;
  }

  void Finish() {
    if (rows_.format() != OutputFormat::kTable) rows_.Finish("");
  }

 private:
  Console& console_;
  RowPrinter rows_;
};

// Sending and aligning both take time: half the bar each.
void DrawProgress(const ImportProgress& progress, ProgressBar& bar) {
  const double sent = progress.bytes_total == 0
                          ? 1.0
                          : static_cast<double>(progress.bytes_sent) /
                                static_cast<double>(progress.bytes_total);
  const double done = static_cast<double>(progress.documents_done) /
                      static_cast<double>(progress.documents_total);
  bar.Update(
      (sent + done) / 2,
      absl::StrCat(progress.documents_done, "/", progress.documents_total,
                   progress.bytes_sent == progress.bytes_total
                       ? " documents, aligning"
                       : " documents, sending"));
}

std::string NameList(const std::vector<std::string>& names) {
  if (names.empty()) return "none";
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() == kNamesInMessage) break;
    shown.push_back(ShortName(name));
  }
  std::string list = absl::StrJoin(shown, ", ");
  if (names.size() > shown.size()) {
    absl::StrAppend(&list, " and ", names.size() - shown.size(), " more");
  }
  return list;
}

absl::Status Verdict(const ImportEnd& end) {
  if (!end.status.ok()) {
    return absl::Status(
        end.status.code(),
        absl::StrCat("the import broke off: ", end.status.message(),
                     "; stored: ", NameList(end.stored),
                     "; refused: ", NameList(end.refused),
                     "; no result came for: ", NameList(end.unanswered),
                     "; repeating the same command is safe, what is stored "
                     "stays unchanged"));
  }
  if (!end.refused.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        end.refused.size(), " of ", end.refused.size() + end.stored.size(),
        " documents refused, for the reasons above; mend them and repeat the "
        "same command, what is stored stays unchanged"));
  }
  return absl::OkStatus();
}

// What the sides of each document, by its full name, are called.
absl::flat_hash_map<std::string, SideNames> NamesOf(
    const std::vector<ImportItem>& items) {
  absl::flat_hash_map<std::string, SideNames> names;
  for (const ImportItem& item : items) {
    names[item.header.name()] =
        item.line > 0
            ? SideNames{item.zh_path, item.en_path,
                        "name the Chinese file before the English one"}
            : SideNames{
                  absl::StrCat("--zh ", item.zh_path),
                  absl::StrCat("--en ", item.en_path),
                  "give the Chinese text to --zh and the English one to --en"};
  }
  return names;
}

absl::Status RunImport(const ImportFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<std::vector<ImportItem>> items =
      GatherItems(flags, globals.project, console.in);
  if (!items.ok()) return items.status();
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  ProgressBar bar(console.err, console.err_traits);
  ResultPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                        console);
  const absl::flat_hash_map<std::string, SideNames> names = NamesOf(*items);
  ImportListener listener;
  listener.on_result = [&](const v1::ImportDocumentsResponse& result) {
    bar.Clear();
    const auto known = names.find(result.name());
    printer.Print(known == names.end() ? result
                                       : InUsersWords(result, known->second));
  };
  listener.on_progress = [&](const ImportProgress& progress) {
    DrawProgress(progress, bar);
  };
  const absl::StatusOr<ImportEnd> end =
      ImportAll(*connection, *items, flags.streams, listener);
  bar.Clear();
  if (!end.ok()) return end.status();
  printer.Finish();
  return Verdict(*end);
}

}  // namespace

void AddImportCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<ImportFlags>();
  CLI::App* command =
      app.add_subcommand("import", "Align documents and store their pairs");
  CLI::Option* zh =
      command->add_option("--zh", flags->zh_path, "The Chinese text");
  CLI::Option* en =
      command->add_option("--en", flags->en_path, "The English text");
  CLI::Option* title =
      command->add_option("--title", flags->title, "The document's title")
          ->check(Utf8());
  CLI::Option_group* what = command->add_option_group("what");
  CLI::Option* document = what->add_option("--document", flags->document,
                                           "The document's id in the project")
                              ->check(Utf8());
  CLI::Option* manifest =
      what->add_option("--manifest", flags->manifest,
                       "Many documents, a line each: id, Chinese file, English "
                       "file, title, between tabs");
  what->require_option(1);
  document->needs(zh, en);
  zh->needs(document);
  en->needs(document);
  title->needs(document);
  command
      ->add_option("--streams", flags->streams,
                   "Documents of the manifest that the server works at at the "
                   "same time; 1: results come in the manifest's order")
      ->needs(manifest)
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_flag("--lines", flags->lines, "Each line is a segment as given");
  command->add_flag("--aligned-lines", flags->aligned_lines,
                    "Line 1 translates line 1, and so on");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunImport(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
