// duilian lookup: stored pairs that equal or resemble a text.

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "clients/change_times.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/flag_rules.h"
#include "clients/known_document.h"
#include "clients/pair_output.h"
#include "clients/query_script.h"
#include "clients/server_words.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

// What the server takes.
constexpr size_t kQueriesPerCall = 100;
constexpr size_t kMaxQueryCodepoints = 2000;
constexpr int kLeastThreshold = 50;
constexpr int kMaxMatches = 100;

struct LookupFlags {
  std::vector<std::string> words;
  std::string file;
  std::string language;
  std::string document;
  ChangeTimes changed;
  std::vector<std::string> also;
  int threshold = 0;
  int limit = 0;
  bool simplify = false;
};

v1::LookupRequest MakeRequest(const LookupFlags& flags,
                              const GlobalFlags& globals,
                              const std::string& query) {
  v1::LookupRequest request;
  request.set_parent(ProjectName(globals.project));
  request.set_query(query);
  request.set_query_language_code(flags.language);
  request.set_threshold_percent(flags.threshold);
  request.set_limit(flags.limit);
  request.mutable_filter()->set_document(
      DocumentName(globals.project, flags.document));
  SetChangeTimes(flags.changed, *request.mutable_filter());
  for (const std::string& project : flags.also) {
    request.add_other_projects(ProjectName(project));
  }
  return request;
}

// Behind the pair's columns in a TSV.
constexpr const char* kScoreColumns[] = {
    "suitability_percent",  "similarity_percent",
    "token_percent",        "number_blind_percent",
    "quality_percent",      "penalties",
    "explanation",          "occurrences",
    "translations",         "reviewer",
    "suggested_text",       "warnings",
    "missing_placeholders", "project",
};

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
    json.push_back({{"message", warning.message()},
                    {"term", warning.term()},
                    {"preferred_rendering", warning.preferred_rendering()}});
  }
  return json;
}

// As kScoreColumns.
std::vector<std::string> ScoreFields(const v1::Match& match) {
  return {absl::StrCat(match.suitability_percent()),
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
// with the query's numbers in it, marked, if they were put there.
Cell SideCell(const v1::Match& match, absl::string_view language,
              const std::string& text, const RowPrinter& printer) {
  std::vector<v1::CodepointRange> marks;
  if (match.matched_language_code() == language) {
    if (!printer.colour()) return MakeCell(text);
    for (const v1::Edit& edit : match.edits()) marks.push_back(edit.text());
    return MakeMarkedCell(text, BytesOf(text, marks), true);
  }
  const std::string& suggested = match.suggested_text();
  if (suggested.empty()) return MakeCell(text);
  marks.assign(match.substituted_numbers().begin(),
               match.substituted_numbers().end());
  return MakeMarkedCell(suggested, BytesOf(suggested, marks), printer.colour());
}

nlohmann::ordered_json RangeToJson(const v1::CodepointRange& range) {
  return {{"begin", range.begin()}, {"end", range.end()}};
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
  return {{"score_percent", match.score_percent()},
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

// The document, behind its project where that is another than `own`.
std::string PlaceOf(const v1::Match& match, const std::string& own) {
  const std::string document = ShortName(match.pair().document());
  if (match.project().empty() || match.project() == ProjectName(own)) {
    return document;
  }
  return absl::StrCat(ShortName(match.project()), "/", document);
}

void AddMatchRow(const std::string& query, const v1::Match& match,
                 const GlobalFlags& globals, bool with_queries,
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
  cells.push_back(MakeCell(match.explanation(), Style::kDim));
  cells.push_back(StatusCell(pair.status()));
  cells.push_back(MakeCell(PlaceOf(match, globals.project)));
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

void PrintMatches(const std::string& query, const v1::LookupResponse& response,
                  const GlobalFlags& globals, bool with_queries,
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
    AddMatchRow(query, match, globals, with_queries, printer);
  }
  if (with_queries && response.matches().empty()) AddNoMatchRow(query, printer);
}

// A line of the file, and what came of it.
struct Query {
  NumberedLine line;
  std::string refusal;  // why it is no query; empty for one that was answered
  v1::LookupResponse response;
};

// Why the line cannot be sent; empty for one that can.
std::string Complaint(absl::string_view line) {
  if (const auto invalid = text::FindInvalidUtf8(line)) {
    return absl::StrCat("byte ", *invalid,
                        " is not UTF-8, which alone is accepted; convert it");
  }
  const size_t length = text::CountCodepoints(line);
  if (length <= kMaxQueryCodepoints) return "";
  return absl::StrCat("the query: ", length, " code points, 1 to ",
                      kMaxQueryCodepoints, " accepted; shorten it");
}

// Sends the queries that have no refusal, and again without the one that the
// server refuses, until it answers or refuses the call as a whole.
absl::Status LookUpBatch(const LookupFlags& flags, const GlobalFlags& globals,
                         const Connection& connection,
                         v1::TranslationMemoryService::Stub& stub,
                         absl::Span<Query> queries) {
  while (true) {
    v1::BatchLookupRequest request;
    request.set_parent(ProjectName(globals.project));
    std::vector<Query*> sent;
    for (Query& query : queries) {
      if (!query.refusal.empty()) continue;
      sent.push_back(&query);
      *request.add_requests() = MakeRequest(flags, globals, query.line.text);
    }
    if (sent.empty()) return absl::OkStatus();
    absl::StatusOr<v1::BatchLookupResponse> response =
        Call(connection, stub, &v1::TranslationMemoryService::Stub::BatchLookup,
             request);
    if (response.ok()) {
      const size_t answered = static_cast<size_t>(response->responses_size());
      for (size_t i = 0; i < std::min(answered, sent.size()); ++i) {
        sent[i]->response =
            std::move(*response->mutable_responses(static_cast<int>(i)));
      }
      return absl::OkStatus();
    }
    const std::optional<ItemRefusal> refusal =
        ReadItemRefusal(response.status().message(), "requests");
    if (!refusal.has_value() || refusal->item >= sent.size()) {
      return response.status();
    }
    sent[refusal->item]->refusal = refusal->reason;
  }
}

void PrintRefusal(const LookupFlags& flags, const Query& query,
                  RowPrinter& printer, Console& console) {
  console.err << "duilian: " << Printable(flags.file) << " line "
              << query.line.number << ": " << Printable(query.refusal) << '\n';
  if (printer.format() == OutputFormat::kJson) {
    printer.AddJson({{"query", query.line.text},
                     {"line", query.line.number},
                     {"error", query.refusal}});
  }
}

absl::Status LookUpFile(const LookupFlags& flags, const GlobalFlags& globals,
                        const Connection& connection,
                        v1::TranslationMemoryService::Stub& stub,
                        Console& console, RowPrinter& printer) {
  absl::StatusOr<std::vector<NumberedLine>> lines =
      ReadFilledLines(flags.file, console.in);
  if (!lines.ok()) return lines.status();
  std::vector<Query> queries;
  for (NumberedLine& line : *lines) {
    absl::StatusOr<std::string> query =
        InScript(std::move(line.text), flags.simplify);
    if (!query.ok()) return query.status();
    line.text = *std::move(query);
    std::string complaint = Complaint(line.text);
    queries.push_back({std::move(line), std::move(complaint), {}});
  }
  size_t refused = 0;
  for (size_t begin = 0; begin < queries.size(); begin += kQueriesPerCall) {
    const absl::Span<Query> batch =
        absl::MakeSpan(queries).subspan(begin, kQueriesPerCall);
    if (absl::Status status =
            LookUpBatch(flags, globals, connection, stub, batch);
        !status.ok()) {
      return absl::Status(
          status.code(),
          absl::StrCat(flags.file, " lines ", batch.front().line.number, " to ",
                       batch.back().line.number, ": ", status.message()));
    }
    for (const Query& query : batch) {
      if (query.refusal.empty()) {
        PrintMatches(query.line.text, query.response, globals, true, printer);
      } else {
        PrintRefusal(flags, query, printer, console);
        ++refused;
      }
    }
    printer.FlushPage();
    for (Query& query : batch) query.response.Clear();
  }
  if (refused == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      refused, " of ", queries.size(),
      " lines refused, for the reasons above; the others are answered"));
}

absl::Status RunLookup(const LookupFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<Connection> connection =
      OpenForDocument(globals, flags.document);
  if (!connection.ok()) return connection.status();
  absl::Status status;
  v1::TranslationMemoryService::Stub stub(connection->channel());
  const bool from_file = !flags.file.empty();
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     MatchLayout(from_file), console);
  std::string nothing;
  if (from_file) {
    status = LookUpFile(flags, globals, *connection, stub, console, printer);
    // Each line that is answered has a row.
    nothing = status.ok()
                  ? absl::StrCat("no query: ",
                                 flags.file == "-" ? "standard input"
                                                   : Printable(flags.file),
                                 " holds no line with text")
                  : "no line was answered";
  } else {
    const absl::StatusOr<std::string> query =
        InScript(absl::StrJoin(flags.words, " "), flags.simplify);
    if (!query.ok()) return query.status();
    const absl::StatusOr<v1::LookupResponse> response =
        Call(*connection, stub, &v1::TranslationMemoryService::Stub::Lookup,
             MakeRequest(flags, globals, *query));
    if (!response.ok()) return response.status();
    PrintMatches(*query, *response, globals, false, printer);
    nothing = NothingFor(*query, flags.threshold == kLeastThreshold
                                     ? "no match"
                                     : "no match; a lower --threshold (down "
                                       "to 50) finds less similar ones");
  }
  printer.Finish(nothing);
  return status;
}

}  // namespace

void AddLookupCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<LookupFlags>();
  CLI::App* command = app.add_subcommand(
      "lookup", "Find stored pairs that equal or resemble a text");
  CLI::Option_group* query = command->add_option_group("query");
  query
      ->add_option("TEXT", flags->words,
                   "The text; several words are joined by spaces")
      ->check(Utf8());
  query->add_option("--file", flags->file,
                    "A file with one query a line; - for standard input");
  query->require_option(1);
  command
      ->add_option("--threshold", flags->threshold,
                   "Least match percentage, 50 to 100 (default 70)")
      ->check(WholeNumberWithin(kLeastThreshold, 100));
  command
      ->add_option("--limit", flags->limit,
                   "At most this many matches a query, 1 to 100 (default 5)")
      ->check(WholeNumberWithin(1, kMaxMatches));
  command
      ->add_option("--lang", flags->language,
                   "Language of the text, en or zh (default: its script's)")
      ->check(EnglishOrChinese());
  command
      ->add_option("--also", flags->also,
                   "Another project to search, too; may be given again")
      ->type_name("PROJECT")
      ->allow_extra_args(false)
      ->check(Utf8());
  AddDocumentFlag(*command, flags->document);
  AddChangeTimeFlags(*command, flags->changed);
  AddSimplifyFlag(*command, flags->simplify);
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunLookup(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
