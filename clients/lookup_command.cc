// duilian lookup: stored pairs that equal or resemble a text.

#include <algorithm>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/pair_output.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr size_t kQueriesPerCall = 100;  // what BatchLookup takes

struct LookupFlags {
  std::vector<std::string> words;
  std::string file;
  std::string language;
  std::string document;
  int threshold = 0;
  int limit = 0;
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
  return request;
}

RowPrinter::Layout MatchLayout(bool with_queries) {
  RowPrinter::Layout layout;
  if (with_queries) layout.columns.push_back({"query", true});
  layout.columns.push_back({"%", false, true});
  layout.columns.push_back({"zh", true});
  layout.columns.push_back({"en", true});
  layout.columns.push_back({"conf", false, true});
  layout.columns.push_back({"status"});
  layout.columns.push_back({"document"});
  layout.tsv_header = {"query", "score_percent", "identical"};
  for (std::string& column : PairTsvHeader()) {
    layout.tsv_header.push_back(std::move(column));
  }
  return layout;
}

void AddMatchRow(const std::string& query, const v1::Match& match,
                 bool with_queries, RowPrinter& printer) {
  if (printer.format() == OutputFormat::kTsv) {
    std::vector<std::string> fields = {query,
                                       absl::StrCat(match.score_percent()),
                                       match.identical() ? "true" : "false"};
    for (std::string& field : PairTsvFields(match.pair())) {
      fields.push_back(std::move(field));
    }
    printer.AddTsvRow(fields);
    return;
  }
  std::vector<Cell> cells;
  if (with_queries) cells.push_back(MakeCell(query, Style::kDim));
  const v1::Pair& pair = match.pair();
  cells.push_back(MakeCell(absl::StrCat(match.score_percent()), Style::kBold));
  cells.push_back(MakeCell(pair.target().text()));
  cells.push_back(MakeCell(pair.source().text()));
  cells.push_back(ConfidenceCell(pair.confidence()));
  cells.push_back(StatusCell(pair.status()));
  cells.push_back(MakeCell(ShortName(pair.document())));
  printer.AddTableRow(std::move(cells));
}

void PrintMatches(const std::string& query, const v1::LookupResponse& response,
                  bool with_queries, RowPrinter& printer) {
  if (printer.format() == OutputFormat::kJson) {
    nlohmann::ordered_json matches = nlohmann::ordered_json::array();
    for (const v1::Match& match : response.matches()) {
      matches.push_back({{"score_percent", match.score_percent()},
                         {"identical", match.identical()},
                         {"pair", PairToJson(match.pair())}});
    }
    printer.AddJson({{"query", query}, {"matches", std::move(matches)}});
    return;
  }
  for (const v1::Match& match : response.matches()) {
    AddMatchRow(query, match, with_queries, printer);
  }
}

absl::Status LookUpFile(const LookupFlags& flags, const GlobalFlags& globals,
                        const Connection& connection,
                        v1::TranslationMemoryService::Stub& stub,
                        std::istream& in, RowPrinter& printer) {
  const absl::StatusOr<std::vector<NumberedLine>> lines =
      ReadFilledLines(flags.file, in);
  if (!lines.ok()) return lines.status();
  for (size_t begin = 0; begin < lines->size(); begin += kQueriesPerCall) {
    const size_t end = std::min(begin + kQueriesPerCall, lines->size());
    v1::BatchLookupRequest request;
    request.set_parent(ProjectName(globals.project));
    for (size_t i = begin; i < end; ++i) {
      *request.add_requests() = MakeRequest(flags, globals, (*lines)[i].text);
    }
    const absl::StatusOr<v1::BatchLookupResponse> response =
        Call(connection, stub, &v1::TranslationMemoryService::Stub::BatchLookup,
             request);
    if (!response.ok()) {
      return absl::Status(
          response.status().code(),
          absl::StrCat(flags.file, " lines ", (*lines)[begin].number, " to ",
                       (*lines)[end - 1].number, ": ",
                       response.status().message()));
    }
    for (size_t i = begin; i < end; ++i) {
      const int index = static_cast<int>(i - begin);
      if (index >= response->responses_size()) break;
      PrintMatches((*lines)[i].text, response->responses(index), true, printer);
    }
    printer.FlushPage();
  }
  return absl::OkStatus();
}

absl::Status RunLookup(const LookupFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  v1::TranslationMemoryService::Stub stub(connection->channel());
  const bool from_file = !flags.file.empty();
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     MatchLayout(from_file), console);
  if (from_file) {
    absl::Status status =
        LookUpFile(flags, globals, *connection, stub, console.in, printer);
    if (!status.ok()) return status;
  } else {
    const std::string query = absl::StrJoin(flags.words, " ");
    const absl::StatusOr<v1::LookupResponse> response =
        Call(*connection, stub, &v1::TranslationMemoryService::Stub::Lookup,
             MakeRequest(flags, globals, query));
    if (!response.ok()) return response.status();
    PrintMatches(query, *response, false, printer);
  }
  printer.Finish(
      "no match; a lower --threshold (down to 50) finds less similar ones");
  return absl::OkStatus();
}

}  // namespace

void AddLookupCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<LookupFlags>();
  CLI::App* command = app.add_subcommand(
      "lookup", "Find stored pairs that equal or resemble a text");
  CLI::Option_group* query = command->add_option_group("query");
  query->add_option("TEXT", flags->words,
                    "The text; several words are joined by spaces");
  query->add_option("--file", flags->file,
                    "A file with one query a line; - for standard input");
  query->require_option(1);
  command->add_option("--threshold", flags->threshold,
                      "Least match percentage, 50 to 100 (default 70)");
  command->add_option("--limit", flags->limit,
                      "At most this many matches a query (default 5)");
  command->add_option("--lang", flags->language,
                      "Language of the text, en or zh (default: its script's)");
  command->add_option("--document", flags->document,
                      "Only pairs of this document");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunLookup(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
