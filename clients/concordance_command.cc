// duilian concordance: where the words of a query stand in stored pairs.

#include <algorithm>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/pair_output.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr int kHitsPerPage = 100;  // what SearchConcordance gives at most

struct ConcordanceFlags {
  std::vector<std::string> words;
  std::string language;
  std::string document;
  int limit = 20;
};

using Highlights = google::protobuf::RepeatedPtrField<v1::Highlight>;

std::vector<text::ByteSpan> Spans(const Highlights& highlights) {
  std::vector<text::ByteSpan> spans;
  for (const v1::Highlight& highlight : highlights) {
    spans.push_back({static_cast<size_t>(std::max(0, highlight.begin_byte())),
                     static_cast<size_t>(std::max(0, highlight.end_byte()))});
  }
  return spans;
}

std::string SpanList(const Highlights& highlights) {
  return absl::StrJoin(
      highlights, ",", [](std::string* out, const v1::Highlight& highlight) {
        absl::StrAppend(out, highlight.begin_byte(), "-", highlight.end_byte());
      });
}

nlohmann::ordered_json HighlightsToJson(const Highlights& highlights) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const v1::Highlight& highlight : highlights) {
    json.push_back({{"begin_byte", highlight.begin_byte()},
                    {"end_byte", highlight.end_byte()}});
  }
  return json;
}

RowPrinter::Layout HitLayout() {
  RowPrinter::Layout layout;
  layout.columns = {{"zh", true},
                    {"en", true},
                    {"conf", false, true},
                    {"status"},
                    {"document"}};
  layout.tsv_header = {"source_highlights", "target_highlights"};
  for (std::string& column : PairTsvHeader()) {
    layout.tsv_header.push_back(std::move(column));
  }
  return layout;
}

void PrintHit(const v1::ConcordanceHit& hit, RowPrinter& printer) {
  const v1::Pair& pair = hit.pair();
  if (printer.format() == OutputFormat::kJson) {
    printer.AddJson(
        {{"source_highlights", HighlightsToJson(hit.source_highlights())},
         {"target_highlights", HighlightsToJson(hit.target_highlights())},
         {"pair", PairToJson(pair)}});
  } else if (printer.format() == OutputFormat::kTsv) {
    std::vector<std::string> fields = {SpanList(hit.source_highlights()),
                                       SpanList(hit.target_highlights())};
    for (std::string& field : PairTsvFields(pair)) {
      fields.push_back(std::move(field));
    }
    printer.AddTsvRow(fields);
  } else {
    printer.AddTableRow(
        {MakeMarkedCell(pair.target().text(), Spans(hit.target_highlights()),
                        printer.colour()),
         MakeMarkedCell(pair.source().text(), Spans(hit.source_highlights()),
                        printer.colour()),
         ConfidenceCell(pair.confidence()), StatusCell(pair.status()),
         MakeCell(ShortName(pair.document()))});
  }
}

absl::Status RunConcordance(const ConcordanceFlags& flags,
                            const GlobalFlags& globals, Console& console) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  v1::TranslationMemoryService::Stub stub(connection->channel());
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     HitLayout(), console);
  v1::SearchConcordanceRequest request;
  request.set_parent(ProjectName(globals.project));
  request.set_query(absl::StrJoin(flags.words, " "));
  request.set_query_language_code(flags.language);
  request.mutable_filter()->set_document(
      DocumentName(globals.project, flags.document));
  int left = flags.limit;
  do {
    request.set_page_size(std::min(left, kHitsPerPage));
    const absl::StatusOr<v1::SearchConcordanceResponse> response =
        Call(*connection, stub,
             &v1::TranslationMemoryService::Stub::SearchConcordance, request);
    if (!response.ok()) return response.status();
    for (const v1::ConcordanceHit& hit : response->hits()) {
      if (left == 0) break;
      PrintHit(hit, printer);
      --left;
    }
    printer.FlushPage();
    request.set_page_token(response->next_page_token());
  } while (left > 0 && !request.page_token().empty());
  printer.Finish("no pair holds these words");
  return absl::OkStatus();
}

}  // namespace

void AddConcordanceCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<ConcordanceFlags>();
  CLI::App* command = app.add_subcommand(
      "concordance", "Find pairs that contain words, on either side");
  command
      ->add_option("QUERY", flags->words,
                   "The words, in any order; '\"words like these\"' together")
      ->required();
  command->add_option("--limit", flags->limit, "At most this many pairs")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--lang", flags->language,
                      "Search one side only: en or zh");
  command->add_option("--document", flags->document,
                      "Only pairs of this document");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunConcordance(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
