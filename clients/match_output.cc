#include "clients/match_output.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/highlights.h"
#include "clients/other_projects.h"
#include "clients/pair_output.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

// Behind the pair's columns in a TSV.
constexpr const char* kScoreColumns[] = {
    "suitability_percent",
    "similarity_percent",
    "token_percent",
    "number_blind_percent",
    "quality_percent",
    "penalties",
    "explanation",
    "occurrences",
    "translations",
    "reviewer",
    "suggested_text",
    "warnings",
    "missing_placeholders",
    "project",
    "difference",
    "difference_bytes",
    "difference_counterpart",
    "difference_counterpart_bytes",
    "difference_counterpart_confidence",
};

std::string PenaltyList(const v1::Match& match) {
  return absl::StrJoin(match.penalties(), ", ",
                       [](std::string* out, const v1::Penalty& one) {
                         absl::StrAppend(out, one.words(), ": -", one.points());
                       });
}

std::string WarningList(const v1::Match& match) {
  return absl::StrJoin(match.warnings(), "; ",
                       [](std::string* out, const v1::MatchWarning& warning) {
                         absl::StrAppend(out, warning.message());
                       });
}

nlohmann::ordered_json WarningsToJson(const v1::Match& match) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const v1::MatchWarning& warning : match.warnings()) {
    nlohmann::ordered_json one = {
        {"message", warning.message()},
        {"term", warning.term()},
        {"preferred_rendering", warning.preferred_rendering()}};
    if (warning.has_term_place()) {
      one["term_place"] =
          SpanToJson(warning.term_place(), match.pair().source().text());
    }
    if (warning.has_rendered_as()) {
      one["rendered_as"] = CounterpartToJson(warning.rendered_as(),
                                             match.pair().target().text());
    }
    json.push_back(std::move(one));
  }
  return json;
}

// The text on the query's side, and its translation.
struct MatchTexts {
  const std::string& matched;
  const std::string& other;
};

MatchTexts TextsOf(const v1::Match& match) {
  const std::string& source = match.pair().source().text();
  const std::string& target = match.pair().target().text();
  if (match.matched_language_code() == "en") return {source, target};
  return {target, source};
}

// The last of kScoreColumns, empty where nothing was linked.
void AddDifferenceFields(const v1::Match& match,
                         std::vector<std::string>& fields) {
  const MatchTexts texts = TextsOf(match);
  const v1::Highlight& counterpart = match.difference_counterpart();
  const bool is_rendered = match.has_difference_counterpart();
  fields.push_back(Cut(texts.matched, match.difference()));
  fields.push_back(match.has_difference() ? BytesWord(match.difference()) : "");
  fields.push_back(Cut(texts.other, counterpart));
  fields.push_back(is_rendered ? BytesWord(counterpart) : "");
  fields.push_back(is_rendered ? absl::StrCat(counterpart.confidence()) : "");
}

// As kScoreColumns.
std::vector<std::string> ScoreFields(const v1::Match& match) {
  std::vector<std::string> fields = {
      absl::StrCat(match.suitability_percent()),
      absl::StrCat(match.similarity_percent()),
      absl::StrCat(match.token_percent()),
      absl::StrCat(match.number_blind_percent()),
      absl::StrCat(match.quality_percent()),
      PenaltyList(match),
      match.explanation(),
      absl::StrCat(match.occurrences()),
      absl::StrCat(match.translations()),
      match.reviewer(),
      match.suggested_text(),
      WarningList(match),
      absl::StrJoin(match.missing_placeholders(), " "),
      ShortName(match.project())};
  AddDifferenceFields(match, fields);
  return fields;
}

// Ranges of code points as byte ranges of the text; empty ones are left out.
std::vector<text::ByteSpan> BytesOf(
    const std::string& text, const std::vector<v1::CodepointRange>& ranges) {
  std::vector<size_t> offsets;  // of each code point, and the end
  for (size_t offset = 0; offset < text.size();) {
    offsets.push_back(offset);
    text::NextCodepoint(text, offset);
  }
  offsets.push_back(text.size());
  const auto at = [&](int codepoint) {
    return offsets[std::min(static_cast<size_t>(std::max(codepoint, 0)),
                            offsets.size() - 1)];
  };
  std::vector<text::ByteSpan> spans;
  for (const v1::CodepointRange& range : ranges) {
    if (range.begin() >= range.end()) continue;
    spans.push_back({at(range.begin()), at(range.end())});
  }
  return spans;
}

// The matched side with its differences marked where there is colour; the other
// with the query's numbers in it, marked, if they were put there, or else with
// what surely renders the difference, where there is colour.
Cell SideCell(const v1::Match& match, absl::string_view language,
              const std::string& text, const RowPrinter& printer) {
  std::vector<v1::CodepointRange> marks;
  if (match.matched_language_code() == language) {
    if (!printer.colour()) return MakeCell(text);
    for (const v1::Edit& edit : match.edits()) marks.push_back(edit.text());
    return MakeMarkedCell(text, BytesOf(text, marks), true);
  }
  const std::string& suggested = match.suggested_text();
  if (suggested.empty()) {
    const v1::Highlight& counterpart = match.difference_counterpart();
    if (!printer.colour() || counterpart.confidence() < kShownConfidence) {
      return MakeCell(text);
    }
    return MakeMarkedCell(text, {SpanOf(counterpart)}, true);
  }
  marks.assign(match.substituted_numbers().begin(),
               match.substituted_numbers().end());
  return MakeMarkedCell(suggested, BytesOf(suggested, marks), printer.colour());
}

nlohmann::ordered_json RangeToJson(const v1::CodepointRange& range) {
  return {{"begin", range.begin()}, {"end", range.end()}};
}

void AddDifference(const v1::Match& match, nlohmann::ordered_json& json) {
  const MatchTexts texts = TextsOf(match);
  if (match.has_difference()) {
    json["difference"] = SpanToJson(match.difference(), texts.matched);
  }
  if (match.has_difference_counterpart()) {
    json["difference_counterpart"] =
        CounterpartToJson(match.difference_counterpart(), texts.other);
  }
}

// The field names of the API, enumerations as words.
nlohmann::ordered_json MatchToJson(const v1::Match& match) {
  using Json = nlohmann::ordered_json;
  Json penalties = Json::array();
  for (const v1::Penalty& one : match.penalties()) {
    penalties.push_back(
        {{"kind", absl::AsciiStrToLower(v1::Penalty::Kind_Name(one.kind()))},
         {"points", one.points()},
         {"words", one.words()}});
  }
  Json edits = Json::array();
  for (const v1::Edit& edit : match.edits()) {
    edits.push_back(
        {{"kind", absl::AsciiStrToLower(v1::Edit::Kind_Name(edit.kind()))},
         {"query", RangeToJson(edit.query())},
         {"text", RangeToJson(edit.text())}});
  }
  Json numbers = Json::array();
  for (const v1::CodepointRange& range : match.substituted_numbers()) {
    numbers.push_back(RangeToJson(range));
  }
  Json missing = Json::array();
  for (const std::string& one : match.missing_placeholders()) {
    missing.push_back(one);
  }
  Json json = {{"score_percent", match.score_percent()},
               {"identical", match.identical()},
               {"occurrences", match.occurrences()},
               {"warnings", WarningsToJson(match)},
               {"pair", PairToJson(match.pair())},
               {"similarity_percent", match.similarity_percent()},
               {"token_percent", match.token_percent()},
               {"number_blind_percent", match.number_blind_percent()},
               {"quality_percent", match.quality_percent()},
               {"suitability_percent", match.suitability_percent()},
               {"penalties", std::move(penalties)},
               {"edits", std::move(edits)},
               {"explanation", match.explanation()},
               {"reviewer", match.reviewer()},
               {"translations", match.translations()},
               {"suggested_text", match.suggested_text()},
               {"substituted_numbers", std::move(numbers)},
               {"missing_placeholders", std::move(missing)},
               {"matched_language_code", match.matched_language_code()},
               {"project", match.project()}};
  AddDifference(match, json);
  return json;
}

// Below the match, where its translation stands.
void AddWarningRows(const v1::Match& match, bool with_queries,
                    RowPrinter& printer) {
  for (const v1::MatchWarning& warning : match.warnings()) {
    std::vector<Cell> cells(with_queries ? 8 : 7);
    cells[with_queries ? 1 : 0] = MakeCell("!", Style::kYellow);
    cells[with_queries ? 3 : 2] = MakeCell(warning.message(), Style::kYellow);
    printer.AddTableRow(std::move(cells));
  }
}

// How the texts differ and what speaks against the pair; and, where a choice
// may hang on it, that there are other translations, and who has seen this one.
// A column of its own would take its width from the texts.
std::string WhyOf(const v1::Match& match) {
  std::vector<std::string> reasons;
  if (!match.explanation().empty()) reasons.push_back(match.explanation());
  if (match.translations() > 1) {
    reasons.push_back(absl::StrCat(match.translations(), " translations"));
  }
  if (!match.reviewer().empty()) {
    reasons.push_back(absl::StrCat("changed by ", match.reviewer()));
  }
  return absl::StrJoin(reasons, "; ");
}

void AddMatchRow(const std::string& query, const v1::Match& match,
                 const std::string& project, bool with_queries,
                 RowPrinter& printer) {
  if (printer.format() == OutputFormat::kTsv) {
    std::vector<std::string> fields = {query,
                                       absl::StrCat(match.score_percent()),
                                       match.identical() ? "true" : "false"};
    for (std::string& field : PairTsvFields(match.pair())) {
      fields.push_back(std::move(field));
    }
    for (std::string& field : ScoreFields(match)) {
      fields.push_back(std::move(field));
    }
    printer.AddTsvRow(fields);
    return;
  }
  std::vector<Cell> cells;
  if (with_queries) cells.push_back(MakeCell(query, Style::kDim));
  const v1::Pair& pair = match.pair();
  std::string score = absl::StrCat(match.score_percent());
  // Pairs with the same texts are one match.
  if (match.occurrences() > 1) {
    absl::StrAppend(&score, " ×", match.occurrences());
  }
  cells.push_back(
      MakeCell(absl::StrCat(match.suitability_percent()), Style::kBold));
  cells.push_back(MakeCell(score));
  cells.push_back(SideCell(match, "zh", pair.target().text(), printer));
  cells.push_back(SideCell(match, "en", pair.source().text(), printer));
  cells.push_back(MakeCell(WhyOf(match), Style::kDim));
  cells.push_back(StatusCell(pair.status()));
  cells.push_back(MakeCell(PlaceOf(pair, project)));
  printer.AddTableRow(std::move(cells));
  AddWarningRows(match, with_queries, printer);
}

// One of many queries must not vanish from the list.
void AddNoMatchRow(const std::string& query, RowPrinter& printer) {
  if (printer.format() == OutputFormat::kTsv) {
    std::vector<std::string> fields(3 + PairTsvHeader().size() +
                                    std::size(kScoreColumns));
    fields[0] = query;
    printer.AddTsvRow(fields);
    return;
  }
  printer.AddTableRow({MakeCell(query, Style::kDim),
                       MakeCell("-", Style::kDim),
                       {},
                       MakeCell("no match", Style::kDim),
                       {},
                       {},
                       {},
                       {}});
}

}  // namespace

RowPrinter::Layout MatchLayout(bool with_queries) {
  RowPrinter::Layout layout;
  if (with_queries) layout.columns.push_back({"query", true});
  layout.columns.push_back({"fit", false, true});
  layout.columns.push_back({"%", false, true});
  layout.columns.push_back({"zh", true});
  layout.columns.push_back({"en", true});
  layout.columns.push_back({"why", true});
  layout.columns.push_back({"status"});
  layout.columns.push_back({"document"});
  layout.tsv_header = {"query", "score_percent", "identical"};
  for (std::string& column : PairTsvHeader()) {
    layout.tsv_header.push_back(std::move(column));
  }
  for (const char* column : kScoreColumns) layout.tsv_header.push_back(column);
  return layout;
}

void PrintMatches(const std::string& query, const v1::LookupResponse& response,
                  const std::string& project, bool with_queries,
                  RowPrinter& printer) {
  if (printer.format() == OutputFormat::kJson) {
    nlohmann::ordered_json matches = nlohmann::ordered_json::array();
    for (const v1::Match& match : response.matches()) {
      matches.push_back(MatchToJson(match));
    }
    printer.AddJson({{"query", query}, {"matches", std::move(matches)}});
    return;
  }
  for (const v1::Match& match : response.matches()) {
    AddMatchRow(query, match, project, with_queries, printer);
  }
  if (with_queries && response.matches().empty()) AddNoMatchRow(query, printer);
}

}  // namespace duilian::clients
