#include "service/quote_service.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "service/checks.h"
#include "service/citation.h"
#include "service/conversion.h"
#include "service/counterparts.h"
#include "service/limits.h"
#include "service/names.h"
#include "service/query_fields.h"
#include "storage/lookup_index.h"
#include "text/language.h"

namespace duilian::service {
namespace {

using Methods = QuoteMethods;
using storage::UnitSide;
using text::Language;

// A passage, and the side that it was found in.
struct FoundPassage {
  Language language = Language::kEnglish;
  storage::Passage passage;
};

absl::StatusOr<std::vector<storage::PassageQuery>> ReadQueries(
    const v1::FindQuoteRequest& request, absl::string_view project,
    const Call& call) {
  if (absl::Status status =
          CheckText(request.query(), {"query", 1, kMaxQueryCodepoints});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<std::vector<Language>> languages =
      QueryLanguages(request.query_language_code(), request.query());
  if (!languages.ok()) return languages.status();
  const absl::StatusOr<int32_t> threshold =
      ReadNumber(request.threshold_percent(),
                 {"threshold_percent", kDefaultThresholdPercent,
                  kMinThresholdPercent, kMaxThresholdPercent});
  if (!threshold.ok()) return threshold.status();
  const absl::StatusOr<int32_t> limit =
      ReadNumber(request.limit(), {"limit", kDefaultPassages, 1, kMaxPassages});
  if (!limit.ok()) return limit.status();
  absl::StatusOr<storage::UnitFilter> filter =
      FilterFromProto(request.filter(), project);
  if (!filter.ok()) return filter.status();
  absl::StatusOr<std::vector<std::string>> others =
      ReadOtherProjects(request.other_projects(), project);
  if (!others.ok()) return others.status();
  storage::PassageQuery query;
  query.text = request.query();
  query.threshold_percent = *threshold;
  query.limit = static_cast<size_t>(*limit);
  query.filter = *std::move(filter);
  query.other_projects = *std::move(others);
  query.cancelled = call.cancelled;
  std::vector<storage::PassageQuery> queries;
  for (const Language language : *languages) {
    query.language = language;
    queries.push_back(query);
  }
  return queries;
}

absl::StatusOr<std::vector<FoundPassage>> FindPassages(
    const storage::LookupIndex& index, absl::string_view project,
    const std::vector<storage::PassageQuery>& queries) {
  std::vector<FoundPassage> found;
  for (const storage::PassageQuery& query : queries) {
    absl::StatusOr<std::vector<storage::Passage>> passages =
        index.FindPassages(project, query);
    if (!passages.ok()) return passages.status();
    for (storage::Passage& passage : *passages) {
      found.push_back({query.language, std::move(passage)});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const FoundPassage& a, const FoundPassage& b) {
                     return a.passage.score_percent > b.passage.score_percent;
                   });
  const size_t limit = queries.front().limit;
  if (found.size() > limit) found.resize(limit);
  return found;
}

storage::ProjectDocument DocumentOf(const storage::Passage& passage) {
  return {passage.project, passage.parts.front().unit.document};
}

using Titles = std::map<storage::ProjectDocument, std::string>;

// The titles of the passages' documents, in one round trip.
absl::StatusOr<Titles> TitlesOf(const storage::TranslationMemory& memory,
                                const std::vector<FoundPassage>& found) {
  std::set<storage::ProjectDocument> distinct;
  for (const FoundPassage& one : found) {
    storage::ProjectDocument document = DocumentOf(one.passage);
    if (!document.document.empty()) distinct.insert(std::move(document));
  }
  Titles titles;
  if (distinct.empty()) return titles;
  const std::vector<storage::ProjectDocument> names(distinct.begin(),
                                                    distinct.end());
  const absl::StatusOr<std::vector<std::optional<storage::Document>>>
      documents = memory.FindDocuments(names);
  if (!documents.ok()) return documents.status();
  for (size_t i = 0; i < names.size(); ++i) {
    // Gone since, perhaps.
    if ((*documents)[i].has_value()) titles[names[i]] = (*documents)[i]->title;
  }
  return titles;
}

std::string Cite(const storage::Passage& passage, std::string title,
                 Language language) {
  const bool english = language == Language::kEnglish;
  Citation citation;
  citation.title = std::move(title);
  for (const storage::PassagePart& part : passage.parts) {
    const UnitSide& own = english ? part.unit.source : part.unit.target;
    const UnitSide& other = english ? part.unit.target : part.unit.source;
    citation.speakers.push_back(own.speaker.empty() ? other.speaker
                                                    : own.speaker);
    const std::optional<int64_t> time =
        own.timestamp_ms.has_value() ? own.timestamp_ms : other.timestamp_ms;
    if (!time.has_value()) continue;
    if (!citation.begin_ms.has_value()) citation.begin_ms = time;
    citation.end_ms = time;
  }
  return FormatCitation(citation, language);
}

void SetSpan(text::ByteSpan span, double confidence, v1::Highlight& out) {
  out.set_begin_byte(static_cast<int32_t>(span.begin));
  out.set_end_byte(static_cast<int32_t>(span.end));
  out.set_confidence(confidence);
}

v1::PassagePart PartToProto(absl::string_view project, Language language,
                            const storage::PassagePart& part) {
  v1::PassagePart out;
  *out.mutable_pair() = ToProto(project, part.unit);
  SetSpan(part.in_query, 0, *out.mutable_in_query());
  SetSpan(part.in_text, 0, *out.mutable_quoted());
  if (!part.is_whole) return out;
  const UnitSide& other =
      language == Language::kEnglish ? part.unit.target : part.unit.source;
  const bool accepted = part.unit.status == storage::ReviewStatus::kAccepted;
  SetSpan({0, other.text.size()}, accepted ? 1 : part.unit.confidence,
          *out.mutable_counterpart());
  return out;
}

// Fills the answer up to its size; what does not fit is left out.
v1::FindQuoteResponse Answer(const std::vector<FoundPassage>& found,
                             const Titles& titles) {
  v1::FindQuoteResponse response;
  size_t bytes = 0;
  for (const auto& [language, passage] : found) {
    v1::QuotedPassage quoted;
    const std::string& document = passage.parts.front().unit.document;
    const auto title = titles.find(DocumentOf(passage));
    if (title != titles.end()) quoted.set_document_title(title->second);
    const std::string name =
        quoted.document_title().empty() ? document : quoted.document_title();
    quoted.set_score_percent(passage.score_percent);
    quoted.set_source_citation(Cite(passage, name, Language::kEnglish));
    quoted.set_target_citation(Cite(passage, name, Language::kChinese));
    quoted.set_language_code(std::string(text::LanguageCode(language)));
    for (const storage::PassagePart& part : passage.parts) {
      v1::PassagePart out = PartToProto(passage.project, language, part);
      bytes += out.ByteSizeLong();
      const bool is_first =
          response.passages().empty() && quoted.parts().empty();
      if (bytes > kMaxPageBytes && !is_first) break;
      *quoted.add_parts() = std::move(out);
    }
    if (quoted.parts().empty()) break;
    *response.add_passages() = std::move(quoted);
  }
  return response;
}

void LinkParts(const aligner::Model& model, const Call& call,
               v1::FindQuoteResponse& response) {
  int linked = 0;
  for (v1::QuotedPassage& quoted : *response.mutable_passages()) {
    const Language language = *text::ParseLanguageCode(quoted.language_code());
    for (v1::PassagePart& part : *quoted.mutable_parts()) {
      if (part.has_counterpart()) continue;
      if (call.cancelled() || linked++ >= kMaxLinkedParts) return;
      LinkQuoted(model, language, part);
    }
  }
}

}  // namespace

absl::StatusOr<v1::FindQuoteResponse> Methods::FindQuote(
    const v1::FindQuoteRequest& request, const Call& call) const {
  const absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  const absl::StatusOr<std::vector<storage::PassageQuery>> queries =
      ReadQueries(request, *project, call);
  if (!queries.ok()) return queries.status();
  const absl::StatusOr<std::vector<FoundPassage>> found =
      FindPassages(stores_.index, *project, *queries);
  if (!found.ok()) return found.status();
  const absl::StatusOr<Titles> titles = TitlesOf(stores_.memory, *found);
  if (!titles.ok()) return titles.status();
  v1::FindQuoteResponse response = Answer(*found, *titles);
  if (model_ != nullptr) LinkParts(*model_, call, response);
  return response;
}

grpc::ServerUnaryReactor* QuoteService::FindQuote(Context* context,
                                                  const Bytes* request,
                                                  Bytes* response) {
  return calls_.Run(
      {"duilian.v1.QuoteService/FindQuote", context, request, response},
      &methods_, &Methods::FindQuote);
}

}  // namespace duilian::service
