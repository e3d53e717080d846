// duilian quotes: where in a text quotes of the other language stand.

#include <algorithm>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/pair_output.h"
#include "duilian/v1/alignment_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr size_t kQuotesPerCall = 1000;  // what AlignQuotes takes
constexpr double kQuoteSeconds = 120;

struct QuotesFlags {
  std::string text_path;
  std::string language;
  std::vector<std::string> quotes;
  std::string quotes_path;
  bool lines = false;
};

void PrintPlaces(const std::string& quote, const v1::QuoteResult& result,
                 RowPrinter& printer) {
  if (printer.format() == OutputFormat::kJson) {
    nlohmann::ordered_json places = nlohmann::ordered_json::array();
    for (const v1::QuotePlace& place : result.places()) {
      places.push_back({{"segments", std::vector<int>(place.segments().begin(),
                                                      place.segments().end())},
                        {"text", place.text()},
                        {"begin_byte", place.begin_byte()},
                        {"end_byte", place.end_byte()},
                        {"confidence", place.confidence()}});
    }
    printer.AddJson({{"quote", quote}, {"places", std::move(places)}});
    return;
  }
  for (const v1::QuotePlace& place : result.places()) {
    const std::string segments = absl::StrJoin(place.segments(), ",");
    if (printer.format() == OutputFormat::kTsv) {
      printer.AddTsvRow({quote, segments, absl::StrCat(place.begin_byte()),
                         absl::StrCat(place.end_byte()),
                         absl::StrCat(place.confidence()), place.text()});
    } else {
      printer.AddTableRow({ConfidenceCell(place.confidence()), MakeCell(quote),
                           MakeCell(place.text()), MakeCell(segments)});
    }
  }
  if (result.places_size() == 0 && printer.format() == OutputFormat::kTable) {
    printer.AddTableRow({MakeCell("-", Style::kDim),
                         MakeCell(quote),
                         MakeCell("not in this text", Style::kDim),
                         {}});
  }
}

absl::Status FindQuotes(const QuotesFlags& flags, std::string text,
                        const std::vector<std::string>& quotes,
                        const Connection& connection, RowPrinter& printer) {
  v1::AlignmentService::Stub stub(connection.channel());
  v1::AlignQuotesRequest request;
  request.set_text(std::move(text));
  request.set_text_language_code(flags.language);
  request.set_format(flags.lines ? v1::LINES : v1::TRANSCRIPT);
  for (size_t begin = 0; begin < quotes.size(); begin += kQuotesPerCall) {
    const size_t end = std::min(begin + kQuotesPerCall, quotes.size());
    request.clear_quotes();
    for (size_t i = begin; i < end; ++i) request.add_quotes(quotes[i]);
    const absl::StatusOr<v1::AlignQuotesResponse> response =
        Call(connection, stub, &v1::AlignmentService::Stub::AlignQuotes,
             request, kQuoteSeconds);
    if (!response.ok()) return response.status();
    for (int i = 0; i < response->results_size(); ++i) {
      PrintPlaces(request.quotes(i), response->results(i), printer);
    }
    printer.FlushPage();
  }
  return absl::OkStatus();
}

absl::Status RunQuotes(const QuotesFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  absl::StatusOr<std::string> text = ReadFile(flags.text_path, console.in);
  if (!text.ok()) return text.status();
  std::vector<std::string> quotes = flags.quotes;
  if (!flags.quotes_path.empty()) {
    absl::StatusOr<std::vector<NumberedLine>> lines =
        ReadFilledLines(flags.quotes_path, console.in);
    if (!lines.ok()) return lines.status();
    for (NumberedLine& line : *lines) quotes.push_back(std::move(line.text));
  }
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  RowPrinter::Layout layout;
  layout.columns = {{"conf", false, true},
                    {"quote", true},
                    {"translated by", true},
                    {"segments", false, false, 16}};
  layout.tsv_header = {"quote",    "segments",   "begin_byte",
                       "end_byte", "confidence", "text"};
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     std::move(layout), console);
  absl::Status status =
      FindQuotes(flags, *std::move(text), quotes, *connection, printer);
  if (!status.ok()) return status;
  printer.Finish("no quotes given");
  return absl::OkStatus();
}

}  // namespace

void AddQuotesCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<QuotesFlags>();
  CLI::App* command = app.add_subcommand(
      "quotes", "Find where in a text quotes of the other language stand");
  command->add_option("--text", flags->text_path, "The text to search")
      ->required();
  command->add_option("--lang", flags->language, "Its language, en or zh")
      ->required();
  command->add_flag("--lines", flags->lines,
                    "Each line of the text is a segment as given");
  CLI::Option_group* quotes = command->add_option_group("quotes");
  quotes->add_option("QUOTE", flags->quotes, "The quotes");
  quotes->add_option("--quotes", flags->quotes_path,
                     "A file with one quote a line; - for standard input");
  quotes->require_option(1);
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunQuotes(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
