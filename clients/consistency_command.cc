// duilian consistency: what a project renders in different ways.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/flag_rules.h"
#include "clients/known_document.h"
#include "clients/lookup_filter.h"
#include "clients/pair_output.h"
#include "clients/progress.h"
#include "clients/status_flag.h"
#include "duilian/v1/consistency_service.grpc.pb.h"

namespace duilian::clients {
namespace {

// All pairs are read, and some hundred terms linked.
constexpr double kReportSeconds = 600;
constexpr int kMaxGroups = 200;  // what ReportConsistency gives at most

using Places = google::protobuf::RepeatedPtrField<v1::RenderingPlace>;
using nlohmann::ordered_json;

struct ConsistencyFlags {
  LookupFilterFlags filter;
  int near = 0;
  int words = 0;
  int limit = 0;
};

// "12 15 19 …", the pairs' ids; the ellipsis when there are more.
std::string PlaceList(const Places& places, int pairs) {
  std::vector<std::string> ids;
  for (const v1::RenderingPlace& place : places) {
    ids.push_back(ShortName(place.pair()));
  }
  if (pairs > places.size()) ids.push_back("…");
  return absl::StrJoin(ids, " ");
}

ordered_json PlacesToJson(const Places& places) {
  ordered_json json = ordered_json::array();
  for (const v1::RenderingPlace& place : places) {
    json.push_back({{"pair", place.pair()}, {"document", place.document()}});
  }
  return json;
}

template <typename Renderings>
ordered_json RenderingsToJson(const Renderings& renderings) {
  ordered_json json = ordered_json::array();
  for (const v1::CompetingRendering& rendering : renderings) {
    json.push_back({{"text", rendering.text()},
                    {"pairs", rendering.pairs()},
                    {"accepted_pairs", rendering.accepted_pairs()},
                    {"preferred", rendering.preferred()},
                    {"also_good", rendering.also_good()},
                    {"places", PlacesToJson(rendering.places())}});
  }
  return json;
}

void PrintJson(const v1::ReportConsistencyResponse& report, Console& console) {
  ordered_json terms = ordered_json::array();
  for (const v1::TermRenderings& term : report.terms()) {
    terms.push_back({{"term", term.term()},
                     {"pairs", term.pairs()},
                     {"preferred_rendering", term.preferred_rendering()},
                     {"renderings", RenderingsToJson(term.renderings())},
                     {"pairs_without", term.pairs_without()},
                     {"places_without", PlacesToJson(term.places_without())}});
  }
  ordered_json sources = ordered_json::array();
  for (const v1::SourceRenderings& group : report.sources()) {
    sources.push_back(
        {{"sources", std::vector<std::string>(group.sources().begin(),
                                              group.sources().end())},
         {"pairs", group.pairs()},
         {"renderings", RenderingsToJson(group.renderings())},
         {"omitted_renderings", group.omitted_renderings()},
         {"omitted_pairs", group.omitted_pairs()}});
  }
  const ordered_json json = {
      {"pairs", report.pairs()},
      {"more_pairs", report.more_pairs()},
      {"terms", std::move(terms)},
      {"omitted_terms", report.omitted_terms()},
      {"sources", std::move(sources)},
      {"omitted_sources", report.omitted_sources()},
      {"partly_compared_sources", report.partly_compared_sources()}};
  console.out << JsonText(json, 2) << '\n';
}

std::string RankWord(const v1::CompetingRendering& rendering) {
  return rendering.preferred()   ? "preferred"
         : rendering.also_good() ? "good"
                                 : "";
}

// A row a rendering.
void PrintTsv(const v1::ReportConsistencyResponse& report, Console& console) {
  RowPrinter printer(OutputFormat::kTsv,
                     {{},
                      {"kind", "english", "rendering", "pairs",
                       "accepted_pairs", "rank", "places"}},
                     console);
  const auto add = [&](const char* kind, const std::string& english,
                       const v1::CompetingRendering& rendering) {
    printer.AddTsvRow(
        {kind, english, rendering.text(), absl::StrCat(rendering.pairs()),
         absl::StrCat(rendering.accepted_pairs()), RankWord(rendering),
         PlaceList(rendering.places(), rendering.pairs())});
  };
  for (const v1::TermRenderings& term : report.terms()) {
    for (const v1::CompetingRendering& rendering : term.renderings()) {
      add("term", term.term(), rendering);
    }
  }
  for (const v1::SourceRenderings& group : report.sources()) {
    for (const v1::CompetingRendering& rendering : group.renderings()) {
      add("source", group.sources_size() > 0 ? group.sources(0) : "",
          rendering);
    }
  }
  printer.Finish("");
}

void PrintTitle(absl::string_view title, int shown, int omitted,
                Console& console) {
  console.out << '\n'
              << Paint(absl::StrCat(title, ": ", shown + omitted), Style::kBold,
                       console.out_traits.colour);
  if (omitted > 0) console.out << ", of which the first " << shown;
  console.out << '\n';
}

Cell RenderingCell(const v1::CompetingRendering& rendering) {
  const std::string rank = RankWord(rendering);
  return MakeCell(rank.empty()
                      ? rendering.text()
                      : absl::StrCat(rendering.text(), " (", rank, ")"),
                  rank.empty() ? Style::kPlain : Style::kGreen);
}

void PrintTerms(const v1::ReportConsistencyResponse& report, Console& console) {
  if (report.terms().empty()) return;
  PrintTitle("names and terms with competing renderings", report.terms_size(),
             report.omitted_terms(), console);
  Table table({{"term"},
               {"rendering", true},
               {"pairs", false, true},
               {"which", false, false, 40}},
              console.out_traits);
  for (const v1::TermRenderings& term : report.terms()) {
    std::string name = term.term();
    bool preferred_seen = term.preferred_rendering().empty();
    for (const v1::CompetingRendering& rendering : term.renderings()) {
      preferred_seen = preferred_seen || rendering.preferred();
      table.Add({MakeCell(std::exchange(name, ""), Style::kBold),
                 RenderingCell(rendering),
                 MakeCell(absl::StrCat(rendering.pairs())),
                 MakeCell(PlaceList(rendering.places(), rendering.pairs()))});
    }
    if (!preferred_seen) {
      table.Add(
          {MakeCell(""),
           MakeCell(absl::StrCat(term.preferred_rendering(), " (preferred)"),
                    Style::kGreen),
           MakeCell("0"), MakeCell("")});
    }
    if (term.pairs_without() > 0) {
      table.Add(
          {MakeCell(""), MakeCell("none of these", Style::kDim),
           MakeCell(absl::StrCat(term.pairs_without())),
           MakeCell(PlaceList(term.places_without(), term.pairs_without()))});
    }
  }
  console.out << table.Flush();
}

void PrintSources(const v1::ReportConsistencyResponse& report,
                  Console& console) {
  if (report.sources().empty()) return;
  PrintTitle("the same English in different words", report.sources_size(),
             report.omitted_sources(), console);
  Table table({{"en", true},
               {"zh", true},
               {"pairs", false, true},
               {"which", false, false, 40}},
              console.out_traits);
  for (const v1::SourceRenderings& group : report.sources()) {
    int row = 0;
    for (const v1::CompetingRendering& rendering : group.renderings()) {
      // Near sources stand below each other.
      const std::string en =
          row < group.sources_size() ? group.sources(row) : "";
      ++row;
      table.Add({MakeCell(en), RenderingCell(rendering),
                 MakeCell(absl::StrCat(rendering.pairs())),
                 MakeCell(PlaceList(rendering.places(), rendering.pairs()))});
    }
    for (; row < group.sources_size(); ++row) {
      table.Add({MakeCell(group.sources(row)), {}, {}, {}});
    }
  }
  console.out << table.Flush();
}

void PrintPage(const v1::ReportConsistencyResponse& report, Console& console) {
  console.out << PairCount(report.pairs()) << " compared";
  if (report.more_pairs()) {
    console.out << "; there are more: ask for single documents, or for what "
                   "changed in some time (--changed-after)";
  }
  console.out << '\n';
  if (report.pairs() == 0) {
    console.out << "\nno pair is there that the flags ask for\n";
    return;
  }
  PrintTerms(report, console);
  PrintSources(report, console);
  if (report.partly_compared_sources() > 0) {
    console.out << '\n'
                << report.partly_compared_sources()
                << " English texts are like too many others to be compared "
                   "with all of them: one that is nearly the same may be "
                   "missing above; ask for single documents\n";
  }
  if (report.terms().empty() && report.sources().empty()) {
    console.out << "\nnothing is rendered in two ways\n";
  }
}

v1::ReportConsistencyRequest MakeRequest(const ConsistencyFlags& flags,
                                         absl::string_view project) {
  v1::ReportConsistencyRequest request;
  request.set_parent(ProjectName(project));
  request.set_document(DocumentName(project, flags.filter.document));
  request.set_speaker(flags.filter.speaker);
  AddStatuses(flags.filter.statuses, request);
  request.set_min_confidence(flags.filter.min_confidence);
  SetChangeTimes(flags.filter.changed, request);
  request.set_near_percent(flags.near);
  request.set_min_source_words(flags.words);
  request.set_limit(flags.limit);
  return request;
}

absl::StatusOr<v1::ReportConsistencyResponse> AskForReport(
    const Connection& connection, const v1::ReportConsistencyRequest& request,
    Console& console) {
  const WaitingLine line(console.err, console.err_traits, "comparing pairs");
  v1::ConsistencyService::Stub stub(connection.channel());
  return Call(connection, stub,
              &v1::ConsistencyService::Stub::ReportConsistency, request,
              kReportSeconds);
}

absl::Status RunConsistency(const ConsistencyFlags& flags,
                            const GlobalFlags& globals, Console& console) {
  const absl::StatusOr<Connection> connection =
      OpenForDocument(globals, flags.filter.document);
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<v1::ReportConsistencyResponse> response =
      AskForReport(*connection, MakeRequest(flags, globals.project), console);
  if (!response.ok()) return response.status();
  switch (ChooseOutput(globals.output, OutputFormat::kTable)) {
    case OutputFormat::kJson:
      PrintJson(*response, console);
      break;
    case OutputFormat::kTsv:
      PrintTsv(*response, console);
      break;
    default:
      PrintPage(*response, console);
  }
  return absl::OkStatus();
}

}  // namespace

void AddConsistencyCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<ConsistencyFlags>();
  CLI::App* command = app.add_subcommand(
      "consistency",
      "Say which sentences, names and terms are rendered in different ways");
  AddLookupFilterFlags(*command, flags->filter);
  command
      ->add_option("--near", flags->near,
                   "How much of two sentences' words is the same, in percent, "
                   "for them to be one; 50 to 100 (default 85)")
      ->check(WholeNumberWithin(50, 100));
  command
      ->add_option("--words", flags->words,
                   "Leave sentences of fewer words out, 1 to 50 (default 3)")
      ->check(WholeNumberWithin(1, 50));
  command
      ->add_option("--limit", flags->limit,
                   "At most so many sentences and so many terms, 1 to 200 "
                   "(default 50)")
      ->check(WholeNumberWithin(1, kMaxGroups));
  command->footer(
      "Pairs that a flag leaves out are not compared: --changed-after tells "
      "what the pairs of that time render in different ways among themselves. "
      "A report on a million pairs takes a minute or two. To say how a term is "
      "to be rendered: duilian prefer.");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunConsistency(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
