// duilian concordance: where the words of a query stand in stored pairs.

#include <algorithm>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/command.h"
#include "clients/flag_rules.h"
#include "clients/highlights.h"
#include "clients/known_document.h"
#include "clients/lookup_filter.h"
#include "clients/other_projects.h"
#include "clients/pair_output.h"
#include "clients/query_script.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

constexpr int kHitsPerPage = 100;  // what SearchConcordance gives at most

struct ConcordanceFlags {
  std::vector<std::string> words;
  std::string language;
  LookupFilterFlags filter;
  std::vector<std::string> also;
  int limit = 20;
  bool simplify = false;
};

using Highlights = google::protobuf::RepeatedPtrField<v1::Highlight>;

std::vector<text::ByteSpan> Spans(const Highlights& highlights) {
  std::vector<text::ByteSpan> spans;
  for (const v1::Highlight& highlight : highlights) {
    spans.push_back(SpanOf(highlight));
  }
  return spans;
}

// Where the query stands and, where it stands in the other side, what renders
// it.
std::vector<text::ByteSpan> Marks(const Highlights& highlights,
                                  const Highlights& counterparts) {
  std::vector<text::ByteSpan> marks = Spans(highlights);
  if (!marks.empty()) return marks;
  Highlights sure;
  for (const v1::Highlight& counterpart : counterparts) {
    if (counterpart.confidence() >= kShownConfidence) *sure.Add() = counterpart;
  }
  return Spans(sure);
}

std::string SpanList(const Highlights& highlights) {
  return absl::StrJoin(highlights, ",",
                       [](std::string* out, const v1::Highlight& highlight) {
                         absl::StrAppend(out, BytesWord(highlight));
                       });
}

nlohmann::ordered_json CounterpartsToJson(const Highlights& counterparts) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const v1::Highlight& counterpart : counterparts) {
    json.push_back({{"begin_byte", counterpart.begin_byte()},
                    {"end_byte", counterpart.end_byte()},
                    {"confidence", counterpart.confidence()}});
  }
  return json;
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
  layout.tsv_header.push_back("source_counterparts");
  layout.tsv_header.push_back("target_counterparts");
  return layout;
}

// Pairs of another project than `project` are shown with theirs.
void PrintHit(const v1::ConcordanceHit& hit, const std::string& project,
              RowPrinter& printer) {
  const v1::Pair& pair = hit.pair();
  if (printer.format() == OutputFormat::kJson) {
    printer.AddJson(
        {{"source_highlights", HighlightsToJson(hit.source_highlights())},
         {"target_highlights", HighlightsToJson(hit.target_highlights())},
         {"source_counterparts", CounterpartsToJson(hit.source_counterparts())},
         {"target_counterparts", CounterpartsToJson(hit.target_counterparts())},
         {"pair", PairToJson(pair)}});
  } else if (printer.format() == OutputFormat::kTsv) {
    std::vector<std::string> fields = {SpanList(hit.source_highlights()),
                                       SpanList(hit.target_highlights())};
    for (std::string& field : PairTsvFields(pair)) {
      fields.push_back(std::move(field));
    }
    fields.push_back(SpanList(hit.source_counterparts()));
    fields.push_back(SpanList(hit.target_counterparts()));
    printer.AddTsvRow(fields);
  } else {
    printer.AddTableRow(
        {MakeMarkedCell(
             pair.target().text(),
             Marks(hit.target_highlights(), hit.target_counterparts()),
             printer.colour()),
         MakeMarkedCell(
             pair.source().text(),
             Marks(hit.source_highlights(), hit.source_counterparts()),
             printer.colour()),
         ConfidenceCell(pair.confidence()), StatusCell(pair.status()),
         MakeCell(PlaceOf(pair, project))});
  }
}

// What people write for other search engines and this one takes otherwise.
absl::Status CheckQuery(const std::string& query, Console& console) {
  if (std::count(query.begin(), query.end(), '"') % 2 != 0) {
    return absl::InvalidArgumentError(
        "the query: a quotation mark is opened and not closed, pairs of them "
        "are accepted; close it, or leave it out");
  }
  for (const absl::string_view word : absl::StrSplit(query, ' ')) {
    if (word.size() > 1 && word[0] == '-') {
      console.err << "duilian: warning: " << Printable(word)
                  << " excludes nothing; the minus is passed over\n";
    }
  }
  return absl::OkStatus();
}

void WarnOfIdleStars(const v1::SearchConcordanceResponse& response,
                     Console& console) {
  constexpr int kMostWarnings = 5;
  const int terms = response.terms_with_idle_stars_size();
  for (int i = 0; i < std::min(terms, kMostWarnings); ++i) {
    console.err << "duilian: warning: "
                << Printable(response.terms_with_idle_stars(i))
                << " has a * that stands for nothing; it stands for letters "
                   "where a word of two letters or more begins or ends\n";
  }
  if (terms > kMostWarnings) {
    console.err << "duilian: warning: so have " << terms - kMostWarnings
                << " more\n";
  }
}

// Words of both languages never stand together in one side.
absl::string_view NothingFound(const std::string& query) {
  bool han = false, latin = false;
  for (const char32_t c : text::Codepoints(query)) {
    han = han || text::IsHan(c);
    latin = latin || text::IsLatin(c);
  }
  return han && latin ? "no pair holds these words on one side; a query is "
                        "not spread over both, so ask for the words of one "
                        "language"
                      : "no pair holds these words";
}

absl::Status RunConcordance(const ConcordanceFlags& flags,
                            const GlobalFlags& globals, Console& console) {
  const absl::StatusOr<std::string> simplified =
      InScript(absl::StrJoin(flags.words, " "), flags.simplify);
  if (!simplified.ok()) return simplified.status();
  const std::string& query = *simplified;
  if (absl::Status status = CheckQuery(query, console); !status.ok()) {
    return status;
  }
  const absl::StatusOr<Connection> connection =
      OpenForDocument(globals, flags.filter.document);
  if (!connection.ok()) return connection.status();
  v1::TranslationMemoryService::Stub stub(connection->channel());
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     HitLayout(), console);
  v1::SearchConcordanceRequest request;
  request.set_parent(ProjectName(globals.project));
  request.set_query(query);
  request.set_query_language_code(flags.language);
  request.set_link_counterparts(true);
  *request.mutable_filter() = MakeLookupFilter(flags.filter, globals.project);
  SetOtherProjects(flags.also, *request.mutable_other_projects());
  int left = flags.limit;
  bool more = false;
  do {
    request.set_page_size(std::min(left, kHitsPerPage));
    const absl::StatusOr<v1::SearchConcordanceResponse> response =
        Call(*connection, stub,
             &v1::TranslationMemoryService::Stub::SearchConcordance, request);
    if (!response.ok()) return response.status();
    if (request.page_token().empty()) WarnOfIdleStars(*response, console);
    const int shown = std::min(left, response->hits_size());
    for (int i = 0; i < shown; ++i) {
      PrintHit(response->hits(i), globals.project, printer);
    }
    left -= shown;
    printer.FlushPage();
    request.set_page_token(response->next_page_token());
    more = !request.page_token().empty() || shown < response->hits_size();
  } while (left > 0 && more);
  printer.Finish(NothingFor(query, NothingFound(query)));
  if (more) NoteMore(flags.limit, console);
  return absl::OkStatus();
}

}  // namespace

void AddConcordanceCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<ConcordanceFlags>();
  CLI::App* command = app.add_subcommand(
      "concordance", "Find pairs that hold all of the words on one side");
  command
      ->add_option("QUERY", flags->words,
                   "The words of one language, in any order; "
                   "'\"words like these\"' together, 'transl*' any that begin "
                   "so, '*lation' any that end so, '*ransl*' any that hold it; "
                   "Chinese needs no *")
      ->required()
      ->check(Utf8());
  command->add_option("--limit", flags->limit, "At most this many pairs")
      ->check(AtLeastOne())
      ->capture_default_str();
  command
      ->add_option("--lang", flags->language, "Search one side only: en or zh")
      ->check(EnglishOrChinese());
  AddAlsoFlag(*command, flags->also);
  AddLookupFilterFlags(*command, flags->filter);
  AddSimplifyFlag(*command, flags->simplify);
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunConcordance(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
