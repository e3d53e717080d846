// duilian cite: who said it, where, and in which words of the other language.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/flag_rules.h"
#include "clients/highlights.h"
#include "clients/known_document.h"
#include "clients/lookup_filter.h"
#include "clients/other_projects.h"
#include "clients/pair_output.h"
#include "clients/query_script.h"
#include "duilian/v1/quote_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr int kLeastThreshold = 50;
constexpr int kMaxPassages = 50;  // what FindQuote gives at most

struct CiteFlags {
  std::vector<std::string> words;
  std::string file;
  std::string language;
  LookupFilterFlags filter;
  std::vector<std::string> also;
  int threshold = 0;
  int limit = 0;
  bool simplify = false;
};

RowPrinter::Layout PassageLayout() {
  RowPrinter::Layout layout;
  layout.columns = {
      {"%", false, true}, {"zh", true}, {"en", true}, {"said by", true}};
  layout.tsv_header = {"passage",         "score_percent", "source_citation",
                       "target_citation", "in_query",      "quoted",
                       "counterpart",     "confidence"};
  for (std::string& column : PairTsvHeader()) {
    layout.tsv_header.push_back(std::move(column));
  }
  return layout;
}

// A part's texts: the one that was searched, and the other.
struct PartSides {
  const v1::Side& quoted;
  const v1::Side& other;
};

PartSides SidesOf(const v1::QuotedPassage& passage,
                  const v1::PassagePart& part) {
  const v1::Pair& pair = part.pair();
  if (passage.language_code() == "en") return {pair.source(), pair.target()};
  return {pair.target(), pair.source()};
}

std::string Words(const v1::PassagePart& part, const v1::Side& other) {
  return part.has_counterpart() ? Cut(other.text(), part.counterpart()) : "";
}

void AddJson(const v1::QuotedPassage& passage, const std::string& query,
             RowPrinter& printer) {
  nlohmann::ordered_json parts = nlohmann::ordered_json::array();
  for (const v1::PassagePart& part : passage.parts()) {
    const PartSides sides = SidesOf(passage, part);
    nlohmann::ordered_json json = {
        {"in_query", SpanToJson(part.in_query(), query)},
        {"quoted", SpanToJson(part.quoted(), sides.quoted.text())}};
    if (part.has_counterpart()) {
      json["counterpart"] =
          CounterpartToJson(part.counterpart(), sides.other.text());
    }
    json["pair"] = PairToJson(part.pair());
    parts.push_back(std::move(json));
  }
  printer.AddJson({{"score_percent", passage.score_percent()},
                   {"language_code", passage.language_code()},
                   {"document_title", passage.document_title()},
                   {"source_citation", passage.source_citation()},
                   {"target_citation", passage.target_citation()},
                   {"parts", std::move(parts)}});
}

// A row a part.
void AddTsvRows(const v1::QuotedPassage& passage, int number,
                const std::string& query, RowPrinter& printer) {
  for (const v1::PassagePart& part : passage.parts()) {
    const PartSides sides = SidesOf(passage, part);
    std::vector<std::string> fields = {
        absl::StrCat(number),
        absl::StrCat(passage.score_percent()),
        passage.source_citation(),
        passage.target_citation(),
        Cut(query, part.in_query()),
        Cut(sides.quoted.text(), part.quoted()),
        Words(part, sides.other),
        part.has_counterpart() ? absl::StrCat(part.counterpart().confidence())
                               : ""};
    for (std::string& field : PairTsvFields(part.pair())) {
      fields.push_back(std::move(field));
    }
    printer.AddTsvRow(fields);
  }
}

// A text with the words in question marked, unless there are none or all.
Cell MarkedCell(const v1::Side& side, const v1::Highlight& highlight,
                bool colour) {
  const text::ByteSpan span = SpanOf(highlight);
  if (span.size() == 0 || span.size() == side.text().size())
    return MakeCell(side.text());
  return MakeMarkedCell(side.text(), {span}, colour);
}

// In English and in Chinese, for a person to take the one that is wanted.
std::string Citations(const v1::QuotedPassage& passage) {
  if (passage.source_citation() == passage.target_citation()) {
    return passage.source_citation();
  }
  return absl::StrCat(passage.source_citation(), " / ",
                      passage.target_citation());
}

// The citations, and the project that has the passage when it is another than
// `own`.
std::string SaidBy(const v1::QuotedPassage& passage, const std::string& own) {
  const std::string project = OtherProjectOf(passage.parts(0).pair(), own);
  return project.empty()
             ? Citations(passage)
             : absl::StrCat(Citations(passage), " (in ", project, ")");
}

// What stands before, the parts, what stands behind; beside the first part who
// said it.
void AddTableRows(const v1::QuotedPassage& passage, const std::string& project,
                  RowPrinter& printer) {
  if (passage.parts().empty()) return;
  const v1::Pair& first = passage.parts(0).pair();
  const v1::Pair& last = passage.parts(passage.parts_size() - 1).pair();
  const auto add_neighbours = [&](const char* word, const std::string& zh,
                                  const std::string& en) {
    if (zh.empty() && en.empty()) return;
    printer.AddTableRow({MakeCell(word, Style::kDim),
                         MakeCell(zh, Style::kDim),
                         MakeCell(en, Style::kDim),
                         {}});
  };
  add_neighbours("before", first.target().previous_text(),
                 first.source().previous_text());
  for (int i = 0; i < passage.parts_size(); ++i) {
    const v1::PassagePart& part = passage.parts(i);
    const bool english = passage.language_code() == "en";
    const v1::Highlight& zh = english ? part.counterpart() : part.quoted();
    const v1::Highlight& en = english ? part.quoted() : part.counterpart();
    printer.AddTableRow(
        {i == 0 ? MakeCell(absl::StrCat(passage.score_percent()), Style::kBold)
                : MakeCell("and", Style::kDim),
         MarkedCell(part.pair().target(), zh, printer.colour()),
         MarkedCell(part.pair().source(), en, printer.colour()),
         MakeCell(i == 0 ? SaidBy(passage, project) : "")});
  }
  add_neighbours("after", last.target().next_text(), last.source().next_text());
}

void PrintPassages(const v1::FindQuoteResponse& response,
                   const std::string& query, const std::string& project,
                   RowPrinter& printer) {
  for (int i = 0; i < response.passages_size(); ++i) {
    const v1::QuotedPassage& passage = response.passages(i);
    if (printer.format() == OutputFormat::kJson) {
      AddJson(passage, query, printer);
    } else if (printer.format() == OutputFormat::kTsv) {
      AddTsvRows(passage, i + 1, query, printer);
    } else {
      AddTableRows(passage, project, printer);
    }
  }
}

absl::StatusOr<std::string> ReadQuery(const CiteFlags& flags,
                                      Console& console) {
  if (flags.file.empty()) return absl::StrJoin(flags.words, " ");
  absl::StatusOr<std::string> text = ReadFile(flags.file, console.in);
  if (!text.ok()) return text.status();
  if (absl::Status status = CheckUtf8(flags.file, *text); !status.ok()) {
    return status;
  }
  return text;
}

absl::Status RunCite(const CiteFlags& flags, const GlobalFlags& globals,
                     Console& console) {
  absl::StatusOr<std::string> query = ReadQuery(flags, console);
  if (query.ok()) query = InScript(*std::move(query), flags.simplify);
  if (!query.ok()) return query.status();
  const absl::StatusOr<Connection> connection =
      OpenForDocument(globals, flags.filter.document);
  if (!connection.ok()) return connection.status();
  v1::QuoteService::Stub stub(connection->channel());
  v1::FindQuoteRequest request;
  request.set_parent(ProjectName(globals.project));
  request.set_query(*query);
  request.set_query_language_code(flags.language);
  request.set_threshold_percent(flags.threshold);
  request.set_limit(flags.limit);
  *request.mutable_filter() = MakeLookupFilter(flags.filter, globals.project);
  SetOtherProjects(flags.also, *request.mutable_other_projects());
  const absl::StatusOr<v1::FindQuoteResponse> response =
      Call(*connection, stub, &v1::QuoteService::Stub::FindQuote, request);
  if (!response.ok()) return response.status();
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     PassageLayout(), console);
  PrintPassages(*response, *query, globals.project, printer);
  printer.Finish(NothingFor(
      *query, flags.threshold == kLeastThreshold
                  ? "no stored pair says this"
                  : "no stored pair says this; a lower --threshold (down to "
                    "50) finds what differs more"));
  return absl::OkStatus();
}

}  // namespace

void AddCiteCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<CiteFlags>();
  CLI::App* command = app.add_subcommand(
      "cite",
      "Say who said a quote, where, and in which words of the other "
      "language");
  CLI::Option_group* query = command->add_option_group("query");
  query
      ->add_option(
          "TEXT", flags->words,
          "The quote, in either language: a sentence, several, or a "
          "part, 2,000 characters at most; words are joined by spaces; "
          "what is left out may be marked by …")
      ->check(Utf8());
  query->add_option("--file", flags->file,
                    "A file that holds the quote; - for standard input");
  query->require_option(1);
  command
      ->add_option("--threshold", flags->threshold,
                   "Least share of its words that stand there, 50 to 100 "
                   "(default 70)")
      ->check(WholeNumberWithin(kLeastThreshold, 100));
  command
      ->add_option("--limit", flags->limit,
                   "At most this many passages, 1 to 50 (default 5)")
      ->check(WholeNumberWithin(1, kMaxPassages));
  command
      ->add_option("--lang", flags->language,
                   "Language of the quote, en or zh (default: its script's)")
      ->check(EnglishOrChinese());
  AddAlsoFlag(*command, flags->also);
  AddLookupFilterFlags(*command, flags->filter);
  AddSimplifyFlag(*command, flags->simplify);
  command->footer(
      "In a file's text instead of the stored pairs: duilian quotes.");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunCite(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
