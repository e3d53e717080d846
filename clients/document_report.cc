#include "clients/document_report.h"

#include <map>
#include <ostream>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "clients/pair_output.h"
#include "clients/table.h"
#include "clients/tsv.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

using nlohmann::ordered_json;

// Of a text in the page: its beginning says where it is.
constexpr size_t kShownCodepoints = 300;

double Percent(double part, double whole) {
  return whole > 0 ? 100 * part / whole : 100;
}

std::string Count(int count, absl::string_view one) {
  return absl::StrCat(count, " ", one, count == 1 ? "" : "s");
}

// "12", "12-15", or nothing.
std::string Lines(const ReportedSide& side) {
  if (side.begin == side.end || side.first_line == 0) return "";
  if (side.first_line == side.last_line) return absl::StrCat(side.first_line);
  return absl::StrCat(side.first_line, "-", side.last_line);
}

std::string Segments(const ReportedSide& side) {
  if (side.begin + 1 >= side.end) return absl::StrCat(side.begin);
  return absl::StrCat(side.begin, "-", side.end - 1);
}

// Where a reader finds it, and what the column is called.
std::string Where(const PrintedReport& report, const ReportedSide& side) {
  return report.is_stored ? Segments(side) : Lines(side);
}
std::string WhereHeader(const PrintedReport& report) {
  return report.is_stored ? "segments" : "lines";
}

Cell ConfidenceOf(const ReportedFinding& finding) {
  return finding.confidence.has_value() ? ConfidenceCell(*finding.confidence)
                                        : MakeCell("");
}

std::string Time(const ReportedSide& side) {
  if (!side.timestamp_seconds.has_value()) return "";
  const int seconds = *side.timestamp_seconds;
  return absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                         seconds % 60);
}

std::string Shown(const ReportedSide& side) {
  return text::Abbreviate(side.text, kShownCodepoints);
}

// ---- The page ----

std::vector<Cell> CoverageRow(absl::string_view name,
                              const ReportedCoverage& side, bool is_stored) {
  std::vector<Cell> row = {
      MakeCell(name),
      MakeCell(absl::StrCat(side.covered_sentences, " of ", side.sentences)),
      MakeCell(absl::StrFormat(
          "%.1f", Percent(side.covered_sentences, side.sentences)))};
  if (is_stored) return row;
  row.push_back(
      MakeCell(absl::StrCat(side.covered_codepoints, " of ", side.codepoints)));
  row.push_back(MakeCell(absl::StrFormat(
      "%.1f", Percent(static_cast<double>(side.covered_codepoints),
                      static_cast<double>(side.codepoints)))));
  return row;
}

void PrintCoverage(const PrintedReport& report, Console& console) {
  std::vector<Column> columns = {
      {"covered"},
      {report.is_stored ? "segments" : "sentences", false, true},
      {"%", false, true}};
  if (!report.is_stored) {
    columns.push_back({"characters", false, true});
    columns.push_back({"%", false, true});
  }
  Table table(std::move(columns), console.out_traits);
  table.Add(CoverageRow("English", report.en, report.is_stored));
  table.Add(CoverageRow("Chinese", report.zh, report.is_stored));
  console.out << table.Flush() << '\n' << Count(report.pairs, "pair");
  if (report.doubtful_pairs > 0) {
    console.out << ", " << report.doubtful_pairs
                << " of them likely wrong and not looked into";
  }
  console.out << '\n';
  std::vector<std::string> speakers;
  for (const ReportedSpeaker& speaker : report.speakers) {
    if (speaker.zh == speaker.en) continue;
    speakers.push_back(absl::StrCat(speaker.zh, " is ", speaker.en));
  }
  if (!speakers.empty()) {
    console.out << "speakers: " << Printable(absl::StrJoin(speakers, ", "))
                << '\n';
  }
}

void PrintTitle(absl::string_view title, size_t count, Console& console) {
  console.out << '\n'
              << Paint(absl::StrCat(title, ": ", count), Style::kBold,
                       console.out_traits.colour)
              << '\n';
}

using Findings = std::vector<const ReportedFinding*>;

Findings Select(const PrintedReport& report,
                std::initializer_list<absl::string_view> kinds, bool replies) {
  Findings found;
  for (const ReportedFinding& finding : report.findings) {
    if (finding.is_reply == replies &&
        absl::c_linear_search(kinds, finding.kind)) {
      found.push_back(&finding);
    }
  }
  return found;
}

// What stands alone in one side.
void PrintRuns(const PrintedReport& report, absl::string_view kind,
               absl::string_view title,
               const ReportedSide ReportedFinding::*side, Console& console) {
  const Findings runs = Select(report, {kind}, false);
  const Findings replies = Select(report, {kind}, true);
  if (runs.empty() && replies.empty()) return;
  PrintTitle(title, runs.size(), console);
  Table table({{"conf", false, true},
               {WhereHeader(report), false, true},
               {"time", false, true},
               {"speaker"},
               {report.is_stored ? "count" : "sentences", false, true},
               {"text", true}},
              console.out_traits);
  for (const ReportedFinding* run : runs) {
    const ReportedSide& alone = run->*side;
    const std::string unsure =
        run->phrase.empty() ? "" : absl::StrCat("(", run->phrase, ") ");
    table.Add({ConfidenceOf(*run), MakeCell(Where(report, alone)),
               MakeCell(Time(alone)), MakeCell(alone.speaker),
               MakeCell(absl::StrCat(alone.end - alone.begin)),
               MakeCell(absl::StrCat(unsure, Shown(alone)))});
  }
  console.out << table.Flush();
  std::vector<std::string> words;
  std::map<std::string, int> counts;
  for (const ReportedFinding* reply : replies) {
    if (counts[(reply->*side).text]++ == 0) {
      words.push_back((reply->*side).text);
    }
  }
  for (std::string& word : words) {
    if (const int count = counts[word]; count > 1) {
      absl::StrAppend(&word, " (", count, ")");
    }
  }
  if (words.empty()) return;
  console.out << "and short replies: "
              << Printable(text::Abbreviate(absl::StrJoin(words, " "),
                                            kShownCodepoints))
              << '\n';
}

// What does not correspond between two sides that do.
void PrintPairs(const PrintedReport& report,
                std::initializer_list<absl::string_view> kinds,
                absl::string_view title, Console& console) {
  const Findings found = Select(report, kinds, false);
  if (found.empty()) return;
  PrintTitle(title, found.size(), console);
  Table table({{"conf", false, true},
               {WhereHeader(report), false, true},
               {"what", true},
               {"zh", true},
               {"en", true}},
              console.out_traits);
  const ReportedFinding* last = nullptr;
  for (const ReportedFinding* finding : found) {
    // The texts of one pair are told once.
    const bool again = last != nullptr && last->en.begin == finding->en.begin &&
                       last->zh.begin == finding->zh.begin;
    table.Add({again ? MakeCell("") : ConfidenceOf(*finding),
               MakeCell(again ? "" : Where(report, finding->en)),
               MakeCell(finding->phrase),
               MakeCell(again ? "" : Shown(finding->zh)),
               MakeCell(again ? "" : Shown(finding->en))});
    last = finding;
  }
  console.out << table.Flush();
}

void PrintPage(const PrintedReport& report, Console& console) {
  PrintCoverage(report, console);
  PrintRuns(report, "never-translated", "English never translated",
            &ReportedFinding::en, console);
  PrintRuns(report, "without-source", "Chinese without a source",
            &ReportedFinding::zh, console);
  PrintPairs(report, {"swapped-turn", "merged-turn", "split-turn"},
             "turns that change their speaker", console);
  PrintPairs(report, {"shortened"}, "Chinese that leaves out a part", console);
  PrintPairs(report, {"number"}, "numbers that differ", console);
  PrintPairs(report, {"name"}, "names that differ", console);
  PrintPairs(report, {"negation"}, "negations that differ", console);
  if (report.findings.empty()) console.out << "\nnothing to look into\n";
  if (report.omitted_findings > 0) {
    console.out << "\nand " << Count(report.omitted_findings, "more finding")
                << " behind these\n";
  }
}

// ---- JSON and TSV ----

ordered_json CoverageToJson(const ReportedCoverage& side, bool is_stored) {
  if (is_stored) {
    return {{"segments", side.sentences},
            {"covered_segments", side.covered_sentences}};
  }
  return {{"sentences", side.sentences},
          {"covered_sentences", side.covered_sentences},
          {"codepoints", side.codepoints},
          {"covered_codepoints", side.covered_codepoints}};
}

ordered_json SideToJson(const ReportedSide& side) {
  ordered_json json = {{"begin", side.begin}, {"end", side.end}};
  if (side.begin == side.end) return json;
  if (side.first_line > 0) {
    json["first_line"] = side.first_line;
    json["last_line"] = side.last_line;
  }
  json["speaker"] = side.speaker;
  if (side.timestamp_seconds.has_value()) {
    json["timestamp_seconds"] = *side.timestamp_seconds;
  }
  json["text"] = side.text;
  return json;
}

void PrintJson(const PrintedReport& report, Console& console) {
  ordered_json speakers = ordered_json::array();
  for (const ReportedSpeaker& speaker : report.speakers) {
    speakers.push_back({{"zh", speaker.zh},
                        {"en", speaker.en},
                        {"beads", speaker.beads},
                        {"share", speaker.share}});
  }
  ordered_json findings = ordered_json::array();
  for (const ReportedFinding& finding : report.findings) {
    ordered_json json = {{"kind", finding.kind}};
    if (finding.confidence.has_value()) {
      json["confidence"] = *finding.confidence;
    }
    json["is_reply"] = finding.is_reply;
    json["phrase"] = finding.phrase;
    json["zh"] = SideToJson(finding.zh);
    json["en"] = SideToJson(finding.en);
    findings.push_back(std::move(json));
  }
  ordered_json json = ordered_json::object();
  if (!report.is_stored) json["model_version"] = report.model_version;
  json["zh"] = CoverageToJson(report.zh, report.is_stored);
  json["en"] = CoverageToJson(report.en, report.is_stored);
  json["pairs"] = report.pairs;
  json["doubtful_pairs"] = report.doubtful_pairs;
  json["speakers"] = std::move(speakers);
  json["findings"] = std::move(findings);
  json["omitted_findings"] = report.omitted_findings;
  if (!report.is_stored) json["warnings"] = report.warnings;
  console.out << JsonText(json, 2) << '\n';
}

void PrintTsv(const PrintedReport& report, Console& console) {
  RowPrinter::Layout layout;
  layout.tsv_header = {"kind",
                       "confidence",
                       "is_reply",
                       "phrase",
                       "zh_begin",
                       "zh_end",
                       "en_begin",
                       "en_end",
                       "zh_lines",
                       "en_lines",
                       "zh_speaker",
                       "en_speaker",
                       "timestamp_seconds",
                       "zh_text",
                       "en_text"};
  RowPrinter printer(OutputFormat::kTsv, std::move(layout), console);
  for (const ReportedFinding& finding : report.findings) {
    const ReportedSide& timed =
        finding.en.timestamp_seconds.has_value() ? finding.en : finding.zh;
    printer.AddTsvRow(
        {finding.kind,
         finding.confidence.has_value()
             ? absl::StrFormat("%.4f", *finding.confidence)
             : "",
         finding.is_reply ? "true" : "false", finding.phrase,
         absl::StrCat(finding.zh.begin), absl::StrCat(finding.zh.end),
         absl::StrCat(finding.en.begin), absl::StrCat(finding.en.end),
         Lines(finding.zh), Lines(finding.en), finding.zh.speaker,
         finding.en.speaker,
         timed.timestamp_seconds.has_value()
             ? absl::StrCat(*timed.timestamp_seconds)
             : "",
         finding.zh.text, finding.en.text});
  }
  printer.Finish("");
}

}  // namespace

void PrintReport(const PrintedReport& report, OutputFormat format,
                 Console& console) {
  if (format == OutputFormat::kJson) {
    PrintJson(report, console);
  } else if (format == OutputFormat::kTsv) {
    PrintTsv(report, console);
  } else {
    PrintPage(report, console);
  }
}

}  // namespace duilian::clients
