// duilian lookup: stored pairs that equal or resemble a text.

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/flag_rules.h"
#include "clients/known_document.h"
#include "clients/lookup_filter.h"
#include "clients/match_output.h"
#include "clients/other_projects.h"
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
  std::string previous;
  std::string next;
  std::string translating;  // the translator's own document
  LookupFilterFlags filter;
  std::vector<std::string> also;
  int threshold = 0;
  int limit = 0;
  bool link_differences = false;
  bool simplify = false;
};

// What is looked up, and what stands before and behind it in the text that is
// being translated; empty where nothing does, or nothing that is known.
struct TextInPlace {
  absl::string_view text;
  absl::string_view previous;
  absl::string_view next;
};

v1::LookupRequest MakeRequest(const LookupFlags& flags,
                              const GlobalFlags& globals,
                              const TextInPlace& query) {
  v1::LookupRequest request;
  request.set_parent(ProjectName(globals.project));
  request.set_query(std::string(query.text));
  request.set_previous_text(std::string(query.previous));
  request.set_next_text(std::string(query.next));
  request.set_document(DocumentName(globals.project, flags.translating));
  request.set_query_language_code(flags.language);
  request.set_threshold_percent(flags.threshold);
  request.set_limit(flags.limit);
  request.set_link_differences(flags.link_differences);
  *request.mutable_filter() = MakeLookupFilter(flags.filter, globals.project);
  SetOtherProjects(flags.also, *request.mutable_other_projects());
  return request;
}

// A line of the file, and what came of it.
struct Query {
  NumberedLine line;
  std::string refusal;  // why it is no query; empty for one that was answered
  TextInPlace place;    // of the lines that the queries hold
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

absl::StatusOr<std::vector<Query>> ReadQueries(const LookupFlags& flags,
                                               Console& console) {
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
    queries.push_back({std::move(line), std::move(complaint), {}, {}});
  }
  // Beside a line that cannot be sent stands nothing that is known: what lies
  // beyond it is no neighbour.
  const auto text_of = [&](size_t i) {
    const bool can_be_sent = i < queries.size() && queries[i].refusal.empty();
    return can_be_sent ? absl::string_view(queries[i].line.text) : "";
  };
  for (size_t i = 0; i < queries.size(); ++i) {
    queries[i].place = {text_of(i), i > 0 ? text_of(i - 1) : "",
                        text_of(i + 1)};
  }
  return queries;
}

// The filter's document is known by now: what the server says of a document is
// said of the other.
absl::Status InLookupWords(const absl::Status& status) {
  absl::string_view rest = status.message();
  if (!absl::ConsumePrefix(&rest, "--document:")) return status;
  return absl::Status(status.code(), absl::StrCat("--translating:", rest));
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
      *request.add_requests() = MakeRequest(flags, globals, query.place);
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
    if (refusal->of_every_item) {
      return InLookupWords(
          absl::Status(response.status().code(), refusal->reason));
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
  absl::StatusOr<std::vector<Query>> queries = ReadQueries(flags, console);
  if (!queries.ok()) return queries.status();
  size_t refused = 0;
  for (size_t begin = 0; begin < queries->size(); begin += kQueriesPerCall) {
    const absl::Span<Query> batch =
        absl::MakeSpan(*queries).subspan(begin, kQueriesPerCall);
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
        PrintMatches(query.line.text, query.response, globals.project, true,
                     printer);
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
      refused, " of ", queries->size(),
      " lines refused, for the reasons above; the others are answered"));
}

absl::Status LookUpText(const LookupFlags& flags, const GlobalFlags& globals,
                        const Connection& connection,
                        v1::TranslationMemoryService::Stub& stub,
                        RowPrinter& printer) {
  std::string texts[] = {absl::StrJoin(flags.words, " "), flags.previous,
                         flags.next};
  for (std::string& text : texts) {
    absl::StatusOr<std::string> asked =
        InScript(std::move(text), flags.simplify);
    if (!asked.ok()) return asked.status();
    text = *std::move(asked);
  }
  const auto& [query, previous, next] = texts;
  const absl::StatusOr<v1::LookupResponse> response =
      Call(connection, stub, &v1::TranslationMemoryService::Stub::Lookup,
           MakeRequest(flags, globals, {query, previous, next}));
  if (!response.ok()) return InLookupWords(response.status());
  PrintMatches(query, *response, globals.project, false, printer);
  printer.Finish(NothingFor(query, flags.threshold == kLeastThreshold
                                       ? "no match"
                                       : "no match; a lower --threshold (down "
                                         "to 50) finds less similar ones"));
  return absl::OkStatus();
}

absl::Status RunLookup(const LookupFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<Connection> connection =
      OpenForDocument(globals, flags.filter.document);
  if (!connection.ok()) return connection.status();
  v1::TranslationMemoryService::Stub stub(connection->channel());
  const bool from_file = !flags.file.empty();
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     MatchLayout(from_file), console);
  if (!from_file) {
    return LookUpText(flags, globals, *connection, stub, printer);
  }
  const absl::Status status =
      LookUpFile(flags, globals, *connection, stub, console, printer);
  // Each line that is answered has a row.
  printer.Finish(status.ok()
                     ? absl::StrCat("no query: ",
                                    flags.file == "-" ? "standard input"
                                                      : Printable(flags.file),
                                    " holds no line with text")
                     : "no line was answered");
  return status;
}

// Where in the translator's text the query stands.
void AddPlaceFlags(CLI::App& command, CLI::Option& file, LookupFlags& flags) {
  command
      .add_option("--previous", flags.previous,
                  "The sentence before the text where it is translated")
      ->check(Utf8())
      ->excludes(&file);
  command.add_option("--next", flags.next, "The sentence after it")
      ->check(Utf8())
      ->excludes(&file);
  command
      .add_option("--translating", flags.translating,
                  "The document that is being translated, if it may be stored "
                  "already: then 102 is for its own pairs (--document leaves "
                  "out those of others)")
      ->type_name("DOCUMENT")
      ->check(Utf8());
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
  CLI::Option* file =
      query->add_option("--file", flags->file,
                        "A file with one query a line, which is looked up "
                        "between the lines beside it; - for standard input");
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
  AddAlsoFlag(*command, flags->also);
  AddPlaceFlags(*command, *file, *flags);
  AddLookupFilterFlags(*command, flags->filter);
  command->add_flag("--link-differences", flags->link_differences,
                    "Also find what renders the place where a text differs, "
                    "by the server's model; in a table it is marked by colour");
  AddSimplifyFlag(*command, flags->simplify);
  command->footer(
      "A pair with the same text is 100 %; 101 when one of its neighbours is "
      "the same, too, 102 when both are. Of a file, the lines before and after "
      "a query are its neighbours, blank lines passed over; one that cannot be "
      "sent (not UTF-8, or over 2,000 characters) is nobody's.");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunLookup(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
