// duilian meaning: stored pairs that mean what a sentence says, in whichever
// language and words.

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/flag_rules.h"
#include "clients/known_document.h"
#include "clients/lookup_filter.h"
#include "clients/other_projects.h"
#include "clients/pair_output.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr int kMaxMatches = 100;  // what SearchMeaning gives at most

struct MeaningFlags {
  std::vector<std::string> words;
  std::string language;
  LookupFilterFlags filter;
  std::vector<std::string> also;
  int limit = 0;
  int min_percent = 0;
};

RowPrinter::Layout MatchLayout() {
  RowPrinter::Layout layout;
  layout.columns = {{"sim", false, true},  {"zh", true}, {"en", true},
                    {"conf", false, true}, {"status"},   {"document"}};
  layout.tsv_header = {"similarity", "source_similarity", "target_similarity"};
  for (std::string& column : PairTsvHeader()) {
    layout.tsv_header.push_back(std::move(column));
  }
  return layout;
}

// Pairs of another project than `project` are shown with theirs.
void PrintMatch(const v1::MeaningMatch& match, const std::string& project,
                RowPrinter& printer) {
  const v1::Pair& pair = match.pair();
  if (printer.format() == OutputFormat::kTsv) {
    std::vector<std::string> fields = {
        absl::StrFormat("%.4f", match.similarity()),
        absl::StrFormat("%.4f", match.source_similarity()),
        absl::StrFormat("%.4f", match.target_similarity())};
    for (std::string& field : PairTsvFields(pair)) {
      fields.push_back(std::move(field));
    }
    printer.AddTsvRow(fields);
    return;
  }
  printer.AddTableRow(
      {MakeCell(ConfidenceWord(match.similarity()), Style::kBold),
       MakeCell(pair.target().text()), MakeCell(pair.source().text()),
       ConfidenceCell(pair.confidence()), StatusCell(pair.status()),
       MakeCell(PlaceOf(pair, project))});
}

nlohmann::ordered_json AnswerToJson(const std::string& query,
                                    const v1::SearchMeaningResponse& response) {
  nlohmann::ordered_json matches = nlohmann::ordered_json::array();
  for (const v1::MeaningMatch& match : response.matches()) {
    matches.push_back({{"similarity", match.similarity()},
                       {"source_similarity", match.source_similarity()},
                       {"target_similarity", match.target_similarity()},
                       {"pair", PairToJson(match.pair())}});
  }
  return {{"query", query},
          {"pending_pairs", response.pending_pairs()},
          {"index_position", response.index_position()},
          {"matches", std::move(matches)}};
}

absl::Status RunMeaning(const MeaningFlags& flags, const GlobalFlags& globals,
                        Console& console) {
  const absl::StatusOr<Connection> connection =
      OpenForDocument(globals, flags.filter.document);
  if (!connection.ok()) return connection.status();
  v1::TranslationMemoryService::Stub stub(connection->channel());
  const std::string query = absl::StrJoin(flags.words, " ");
  v1::SearchMeaningRequest request;
  request.set_parent(ProjectName(globals.project));
  request.set_query(query);
  request.set_query_language_code(flags.language);
  request.set_limit(flags.limit);
  request.set_min_similarity(flags.min_percent / 100.0);
  *request.mutable_filter() = MakeLookupFilter(flags.filter, globals.project);
  SetOtherProjects(flags.also, *request.mutable_other_projects());
  const absl::StatusOr<v1::SearchMeaningResponse> response =
      Call(*connection, stub,
           &v1::TranslationMemoryService::Stub::SearchMeaning, request);
  if (!response.ok()) return response.status();
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     MatchLayout(), console);
  if (printer.format() == OutputFormat::kJson) {
    printer.AddJson(AnswerToJson(query, *response));
  } else {
    for (const v1::MeaningMatch& match : response->matches()) {
      PrintMatch(match, globals.project, printer);
    }
  }
  printer.Finish(flags.min_percent > 0
                     ? "no pair is as near in meaning; a lower --min finds "
                       "those that are less so"
                     : "no pair to compare with");
  if (response->pending_pairs() > 0) {
    console.err << "duilian: note: " << response->pending_pairs()
                << " changed pairs are not in the meaning index yet; ask again "
                   "in a few seconds\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddMeaningCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<MeaningFlags>();
  CLI::App* command = app.add_subcommand(
      "meaning", "Find pairs that mean what a sentence says, in any words");
  command
      ->add_option(
          "QUERY", flags->words,
          "The sentence, in either language, 2,000 characters at most; "
          "several words are joined by spaces")
      ->required()
      ->check(Utf8());
  command
      ->add_option("--limit", flags->limit,
                   "At most this many pairs, 1 to 100 (default 5)")
      ->check(WholeNumberWithin(1, kMaxMatches));
  command
      ->add_option("--min", flags->min_percent,
                   "Least similarity in percent, 0 to 100 (default 0)")
      ->check(WholeNumberWithin(0, 100));
  command
      ->add_option("--lang", flags->language,
                   "Language of the sentence, en or zh (default: its script's)")
      ->check(EnglishOrChinese());
  AddAlsoFlag(*command, flags->also);
  AddLookupFilterFlags(*command, flags->filter);
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunMeaning(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
