// duilian quotes: where in a text quotes of the other language stand.

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/flag_rules.h"
#include "clients/pair_output.h"
#include "duilian/v1/alignment_service.grpc.pb.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

// What AlignQuotes takes.
constexpr size_t kQuotesPerCall = 1000;
constexpr size_t kMaxQuoteCodepoints = 5000;
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

// A quote, and where it was given: "quotes.txt line 3", "quote 1".
struct PlacedQuote {
  std::string place;
  std::string text;
};

// Why the quote cannot be sent; empty for one that can.
std::string Complaint(absl::string_view quote) {
  if (const auto invalid = text::FindInvalidUtf8(quote)) {
    return absl::StrCat("byte ", *invalid,
                        " is not UTF-8, which alone is accepted; convert it");
  }
  const size_t length = text::CountCodepoints(quote);
  if (length > 0 && length <= kMaxQuoteCodepoints) return "";
  return absl::StrCat(length, " code points, 1 to ", kMaxQuoteCodepoints,
                      " accepted; give one that fits");
}

// The quotes given that can be sent; the others are told on console.err.
absl::StatusOr<std::vector<PlacedQuote>> GatherQuotes(const QuotesFlags& flags,
                                                      Console& console,
                                                      size_t& refused) {
  std::vector<PlacedQuote> given;
  for (const std::string& quote : flags.quotes) {
    given.push_back({absl::StrCat("quote ", given.size() + 1), quote});
  }
  if (!flags.quotes_path.empty()) {
    absl::StatusOr<std::vector<NumberedLine>> lines =
        ReadFilledLines(flags.quotes_path, console.in);
    if (!lines.ok()) return lines.status();
    for (NumberedLine& line : *lines) {
      given.push_back({absl::StrCat(flags.quotes_path, " line ", line.number),
                       std::move(line.text)});
    }
  }
  std::vector<PlacedQuote> quotes;
  for (PlacedQuote& quote : given) {
    const std::string complaint = Complaint(quote.text);
    if (complaint.empty()) {
      quotes.push_back(std::move(quote));
    } else {
      console.err << "duilian: " << Printable(quote.place) << ": " << complaint
                  << '\n';
      ++refused;
    }
  }
  return quotes;
}

// What the server would only say of a source and a target.
absl::Status CheckText(const QuotesFlags& flags, const std::string& text) {
  if (absl::Status status = CheckUtf8(flags.text_path, text); !status.ok()) {
    return status;
  }
  const std::optional<text::Language> seen = text::DetectLanguage(text);
  if (!seen.has_value() || seen == text::ParseLanguageCode(flags.language)) {
    return absl::OkStatus();
  }
  const bool chinese = seen == text::Language::kChinese;
  return absl::InvalidArgumentError(absl::StrCat(
      flags.text_path, ": looks like ", chinese ? "Chinese" : "English",
      ", where --lang ", flags.language, " was given; use --lang ",
      chinese ? "zh" : "en", ", or name another text"));
}

absl::Status FindQuotes(const QuotesFlags& flags, std::string text,
                        const std::vector<PlacedQuote>& quotes,
                        const Connection& connection, RowPrinter& printer) {
  v1::AlignmentService::Stub stub(connection.channel());
  v1::AlignQuotesRequest request;
  request.set_text(std::move(text));
  request.set_text_language_code(flags.language);
  request.set_format(flags.lines ? v1::LINES : v1::TRANSCRIPT);
  for (size_t begin = 0; begin < quotes.size(); begin += kQuotesPerCall) {
    const size_t end = std::min(begin + kQuotesPerCall, quotes.size());
    request.clear_quotes();
    for (size_t i = begin; i < end; ++i) request.add_quotes(quotes[i].text);
    const absl::StatusOr<v1::AlignQuotesResponse> response =
        Call(connection, stub, &v1::AlignmentService::Stub::AlignQuotes,
             request, kQuoteSeconds);
    if (!response.ok()) {
      absl::string_view message = response.status().message();
      const bool about_text = absl::ConsumePrefix(&message, "text: ");
      return absl::Status(
          response.status().code(),
          about_text ? absl::StrCat(flags.text_path, ": ", message) : message);
    }
    for (int i = 0; i < response->results_size(); ++i) {
      PrintPlaces(request.quotes(i), response->results(i), printer);
    }
    printer.FlushPage();
  }
  return absl::OkStatus();
}

RowPrinter::Layout PlaceLayout() {
  RowPrinter::Layout layout;
  layout.columns = {{"conf", false, true},
                    {"quote", true},
                    {"translated by", true},
                    {"segments", false, false, 16}};
  layout.tsv_header = {"quote",    "segments",   "begin_byte",
                       "end_byte", "confidence", "text"};
  return layout;
}

absl::Status RunQuotes(const QuotesFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  absl::StatusOr<std::string> text = ReadFile(flags.text_path, console.in);
  if (!text.ok()) return text.status();
  absl::Status status = CheckText(flags, *text);
  if (!status.ok()) return status;
  size_t refused = 0;
  const absl::StatusOr<std::vector<PlacedQuote>> quotes =
      GatherQuotes(flags, console, refused);
  if (!quotes.ok()) return quotes.status();
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     PlaceLayout(), console);
  status = FindQuotes(flags, *std::move(text), *quotes, *connection, printer);
  if (!status.ok()) return status;
  printer.Finish("no quotes given");
  if (refused == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      refused, " of ", quotes->size() + refused,
      " quotes refused, for the reasons above; the others are answered"));
}

}  // namespace

void AddQuotesCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<QuotesFlags>();
  CLI::App* command = app.add_subcommand(
      "quotes", "Find where in a text quotes of the other language stand");
  command->add_option("--text", flags->text_path, "The text to search")
      ->required();
  command->add_option("--lang", flags->language, "Its language, en or zh")
      ->required()
      ->check(EnglishOrChinese());
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
