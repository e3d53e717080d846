#include "service/translation_memory_service.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/checks.h"
#include "service/conversion.h"
#include "service/counterparts.h"
#include "service/etag.h"
#include "service/limits.h"
#include "service/names.h"
#include "service/page_token.h"
#include "service/paging.h"
#include "service/query_fields.h"
#include "service/rendering_warnings.h"
#include "service/status.h"
#include "storage/concordance_terms.h"
#include "storage/import_plan.h"
#include "storage/match_details.h"
#include "storage/matching_units.h"
#include "text/language.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using Methods = TranslationMemoryMethods;

absl::Status CheckLookupTexts(const v1::LookupRequest& request) {
  absl::Status status =
      CheckText(request.query(), {"query", 1, kMaxQueryCodepoints});
  if (status.ok()) {
    status = CheckText(request.previous_text(),
                       {"previous_text", 0, kMaxSideCodepoints});
  }
  if (status.ok()) {
    status =
        CheckText(request.next_text(), {"next_text", 0, kMaxSideCodepoints});
  }
  return status;
}

// A query for each side that is searched.
absl::StatusOr<std::vector<storage::FuzzyQuery>> ReadFuzzyQueries(
    const v1::LookupRequest& request, absl::string_view project,
    const Call& call) {
  if (absl::Status status = CheckLookupTexts(request); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::vector<text::Language>> languages =
      QueryLanguages(request.query_language_code(), request.query());
  if (!languages.ok()) return languages.status();
  absl::StatusOr<int32_t> threshold =
      ReadNumber(request.threshold_percent(),
                 {"threshold_percent", kDefaultThresholdPercent,
                  kMinThresholdPercent, kMaxThresholdPercent});
  if (!threshold.ok()) return threshold.status();
  absl::StatusOr<int32_t> limit =
      ReadNumber(request.limit(), {"limit", kDefaultMatches, 1, kMaxMatches});
  if (!limit.ok()) return limit.status();
  absl::StatusOr<storage::UnitFilter> filter =
      FilterFromProto(request.filter(), project);
  if (!filter.ok()) return filter.status();
  absl::StatusOr<std::string> document =
      ParseDocumentOf("document", request.document(), project);
  if (!document.ok()) return document.status();
  absl::StatusOr<std::vector<std::string>> others =
      ReadOtherProjects(request.other_projects(), project);
  if (!others.ok()) return others.status();
  storage::FuzzyQuery query;
  query.text = request.query();
  query.other_projects = *std::move(others);
  query.threshold_percent = *threshold;
  query.limit = static_cast<size_t>(*limit);
  query.filter = *std::move(filter);
  query.previous_text = request.previous_text();
  query.next_text = request.next_text();
  query.document = *std::move(document);
  query.now_us = Microseconds(call.now);
  query.cancelled = call.cancelled;
  std::vector<storage::FuzzyQuery> queries;
  for (const text::Language language : *languages) {
    query.language = language;
    queries.push_back(query);
  }
  return queries;
}

absl::StatusOr<storage::ConcordanceQuery> ReadConcordanceQuery(
    const v1::SearchConcordanceRequest& request, absl::string_view project,
    const Call& call) {
  if (absl::Status status =
          CheckText(request.query(), {"query", 1, kMaxConcordanceCodepoints});
      !status.ok()) {
    return status;
  }
  absl::StatusOr<std::optional<text::Language>> language =
      ReadQueryLanguage(request.query_language_code());
  if (!language.ok()) return language.status();
  absl::StatusOr<storage::UnitFilter> filter =
      FilterFromProto(request.filter(), project);
  if (!filter.ok()) return filter.status();
  absl::StatusOr<std::vector<std::string>> others =
      ReadOtherProjects(request.other_projects(), project);
  if (!others.ok()) return others.status();
  storage::ConcordanceQuery query;
  query.text = request.query();
  query.language = *language;
  query.filter = *std::move(filter);
  query.other_projects = *std::move(others);
  query.cancelled = call.cancelled;
  return query;
}

absl::StatusOr<storage::MeaningQuery> ReadMeaningQuery(
    const v1::SearchMeaningRequest& request, absl::string_view project,
    const Call& call) {
  if (absl::Status status =
          CheckText(request.query(), {"query", 1, kMaxQueryCodepoints});
      !status.ok()) {
    return status;
  }
  if (storage::SplitUnits(text::NormalizeForMatching(request.query()))
          .empty()) {
    return absl::InvalidArgumentError(
        "query: nothing but white space, punctuation and signs given; a "
        "sentence is accepted; send what is to be found");
  }
  absl::StatusOr<std::optional<text::Language>> language =
      ReadQueryLanguage(request.query_language_code());
  if (!language.ok()) return language.status();
  if (!language->has_value()) language = text::DetectLanguage(request.query());
  absl::StatusOr<int32_t> limit =
      ReadNumber(request.limit(), {"limit", kDefaultMatches, 1, kMaxMatches});
  if (!limit.ok()) return limit.status();
  if (!(request.min_similarity() >= 0 && request.min_similarity() <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "min_similarity: ", request.min_similarity(),
        " given, 0 to 1 accepted; send e.g. 0.5, or leave it out"));
  }
  absl::StatusOr<storage::UnitFilter> filter =
      FilterFromProto(request.filter(), project);
  if (!filter.ok()) return filter.status();
  absl::StatusOr<std::vector<std::string>> others =
      ReadOtherProjects(request.other_projects(), project);
  if (!others.ok()) return others.status();
  storage::MeaningQuery query;
  query.text = request.query();
  // What shows no language (2024, 👍) is the same in both.
  query.language = language->value_or(text::Language::kEnglish);
  query.limit = static_cast<size_t>(*limit);
  query.min_similarity = request.min_similarity();
  query.filter = *std::move(filter);
  query.other_projects = *std::move(others);
  query.cancelled = call.cancelled;
  return query;
}

// Puts the matches of two sides together; a pair that matches on both is one.
void Join(std::vector<storage::FuzzyMatch> more, size_t limit,
          std::vector<storage::FuzzyMatch>& matches) {
  for (storage::FuzzyMatch& match : more) {
    const auto same = std::find_if(
        matches.begin(), matches.end(), [&](const storage::FuzzyMatch& other) {
          return other.unit.source.text == match.unit.source.text &&
                 other.unit.target.text == match.unit.target.text;
        });
    if (same == matches.end()) {
      matches.push_back(std::move(match));
    } else if (storage::IsBetterMatch(match, *same)) {
      *same = std::move(match);
    }
  }
  std::sort(matches.begin(), matches.end(), storage::IsBetterMatch);
  if (matches.size() > limit) matches.resize(limit);
}

// What look-ups of one project are answered with.
struct LookupParts {
  const Stores& stores;
  absl::string_view project;
  const LookupRules& rules;
  const aligner::Model* model;  // null: nothing is linked
};

// What a translator is told of a match beside its texts and scores.
void Annotate(const LookupParts& parts, const v1::LookupRequest& request,
              v1::Match& match) {
  const aligner::Model* const model =
      request.link_differences() ? parts.model : nullptr;
  if (model != nullptr) {
    LinkDifference(*model, request.query(),
                   *text::ParseLanguageCode(match.matched_language_code()),
                   match);
  }
  parts.rules.warner.Warn(model, match);
}

// The best matches, up to the answer's size.
absl::StatusOr<v1::LookupResponse> Answer(
    const LookupParts& parts, const v1::LookupRequest& request,
    std::vector<storage::FuzzyQuery> queries) {
  std::vector<storage::FuzzyMatch> matches;
  for (storage::FuzzyQuery& query : queries) {
    query.penalties = parts.rules.settings.penalties;
    absl::StatusOr<std::vector<storage::FuzzyMatch>> found =
        parts.stores.index.Lookup(parts.project, query);
    if (!found.ok()) return found.status();
    Join(*std::move(found), query.limit, matches);
  }
  v1::LookupResponse response;
  size_t bytes = 0;
  for (const storage::FuzzyMatch& match : matches) {
    const storage::FuzzyQuery& query = *std::find_if(
        queries.begin(), queries.end(),
        [&](const auto& one) { return one.language == match.language; });
    if (query.cancelled()) {
      return absl::CancelledError("the look-up was cancelled");
    }
    v1::Match out = ToProto(match, storage::DescribeMatch(query, match));
    Annotate(parts, request, out);
    bytes += out.ByteSizeLong();
    if (bytes > kMaxPageBytes && !response.matches().empty()) break;
    *response.add_matches() = std::move(out);
  }
  return response;
}

void LinkHits(const aligner::Model& model, const Call& call,
              v1::SearchConcordanceResponse& response) {
  for (v1::ConcordanceHit& hit : *response.mutable_hits()) {
    if (call.cancelled()) return;
    LinkHighlights(model, hit);
  }
}

absl::Status CheckRequestId(absl::string_view id) {
  const bool fits = id.size() <= kMaxRequestIdBytes &&
                    std::all_of(id.begin(), id.end(), [](unsigned char c) {
                      return absl::ascii_isalnum(c) || c == '-' || c == '_';
                    });
  if (fits) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "request_id: '", text::Abbreviate(id, kMaxRequestIdBytes), "' given, ",
      kMaxRequestIdBytes,
      " ASCII letters, digits, '-' and '_' at most accepted; send e.g. a UUID, "
      "or leave it empty"));
}

// Before anything is stored: a client that was told nothing would refuse the
// answer, and not know that the pairs are there.
absl::Status CheckCreatedSize(const v1::CreatePairsRequest& request) {
  size_t bytes = 0;
  for (const v1::Pair& pair : request.pairs()) bytes += pair.ByteSizeLong();
  if (bytes <= kMaxCreatedBytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "pairs: ", Grouped(bytes), " bytes given, up to ",
      Grouped(kMaxCreatedBytes),
      " accepted in one call; nothing was stored; send them in several calls"));
}

absl::StatusOr<storage::UnitChange> NewUnit(const v1::Pair& pair, int index,
                                            int64_t now_us) {
  const std::string field = absl::StrCat("pairs[", index, "]");
  absl::StatusOr<storage::UnitSide> source = SideFromProto(
      absl::StrCat(field, ".source"), pair.source(), text::Language::kEnglish);
  if (!source.ok()) return source.status();
  absl::StatusOr<storage::UnitSide> target = SideFromProto(
      absl::StrCat(field, ".target"), pair.target(), text::Language::kChinese);
  if (!target.ok()) return target.status();
  storage::UnitChange change;
  change.unit.source = *std::move(source);
  change.unit.target = *std::move(target);
  change.unit.create_time_us = now_us;
  change.unit.update_time_us = now_us;
  return change;
}

PageTokens ConcordanceTokens(const v1::SearchConcordanceRequest& request) {
  std::vector<std::string> list = {
      "SearchConcordance", request.parent(), request.query(),
      request.query_language_code(), request.filter().SerializeAsString()};
  // In their order: a place counts them.
  list.insert(list.end(), request.other_projects().begin(),
              request.other_projects().end());
  return PageTokens(std::move(list));
}

PageTokens ListTokens(const v1::ListPairsRequest& request) {
  return PageTokens({"ListPairs", request.parent(), request.document(),
                     absl::StrJoin(request.statuses(), ","),
                     request.changed_after().SerializeAsString(),
                     request.changed_before().SerializeAsString()});
}

}  // namespace

absl::StatusOr<v1::LookupResponse> Methods::Lookup(
    const v1::LookupRequest& request, const Call& call) const {
  absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  absl::StatusOr<std::vector<storage::FuzzyQuery>> queries =
      ReadFuzzyQueries(request, *project, call);
  if (!queries.ok()) return queries.status();
  const absl::StatusOr<std::shared_ptr<const LookupRules>> rules =
      rules_.Of(*project);
  if (!rules.ok()) return rules.status();
  return Answer({stores_, *project, **rules, model_}, request,
                *std::move(queries));
}

// It reads the texts of one length at most. But where substituted numbers cost
// nothing, it reads all that differ in them alone, too: a million of "Page 12".
bool Methods::IsShort(const v1::LookupRequest& request) const {
  if (request.threshold_percent() != kMaxThresholdPercent ||
      request.limit() > kDefaultMatches || request.other_projects_size() > 0 ||
      request.link_differences()) {
    return false;
  }
  const absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return true;  // it is refused
  const absl::StatusOr<std::shared_ptr<const LookupRules>> rules =
      rules_.Of(*project);
  return !rules.ok() || (*rules)->settings.penalties.numbers_substituted > 0;
}

absl::StatusOr<v1::BatchLookupResponse> Methods::BatchLookup(
    const v1::BatchLookupRequest& request, const Call& call) const {
  absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  if (absl::Status status = CheckCount(request.requests_size(),
                                       {"requests", 1, kMaxBatchedLookups});
      !status.ok()) {
    return status;
  }
  std::vector<std::vector<storage::FuzzyQuery>> queries;
  for (int i = 0; i < request.requests_size(); ++i) {
    const v1::LookupRequest& one = request.requests(i);
    const std::string field = absl::StrCat("requests[", i, "]");
    if (!one.parent().empty() && one.parent() != request.parent()) {
      return absl::InvalidArgumentError(absl::StrCat(
          field, ".parent: '", text::Abbreviate(one.parent(), 80),
          "' given, the batch's own parent accepted; leave it empty, or send "
          "a batch a project"));
    }
    absl::StatusOr<std::vector<storage::FuzzyQuery>> sides =
        ReadFuzzyQueries(one, *project, call);
    if (!sides.ok()) return Within(sides.status(), field);
    queries.push_back(*std::move(sides));
  }
  const absl::StatusOr<std::shared_ptr<const LookupRules>> rules =
      rules_.Of(*project);
  if (!rules.ok()) return rules.status();
  const LookupParts parts = {stores_, *project, **rules, model_};
  v1::BatchLookupResponse response;
  size_t bytes = 0;
  for (size_t i = 0; i < queries.size(); ++i) {
    absl::StatusOr<v1::LookupResponse> answer = Answer(
        parts, request.requests(static_cast<int>(i)), std::move(queries[i]));
    if (!answer.ok()) {
      return Within(answer.status(), absl::StrCat("requests[", i, "]"));
    }
    bytes += answer->ByteSizeLong();
    if (bytes > kMaxBatchBytes) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "requests: the answers to the first ", i + 1, " take more than ",
          Grouped(kMaxBatchBytes), " bytes, up to that accepted in a batch; ",
          "send fewer at once, or a lower limit with each"));
    }
    *response.add_responses() = *std::move(answer);
  }
  return response;
}

absl::StatusOr<v1::SearchConcordanceResponse> Methods::SearchConcordance(
    const v1::SearchConcordanceRequest& request, const Call& call) const {
  absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  absl::StatusOr<storage::ConcordanceQuery> query =
      ReadConcordanceQuery(request, *project, call);
  if (!query.ok()) return query.status();
  absl::StatusOr<size_t> size =
      ReadPageSize(request.page_size(), kConcordancePages);
  if (!size.ok()) return size.status();
  const PageTokens tokens = ConcordanceTokens(request);
  absl::StatusOr<std::optional<std::string>> after =
      tokens.Parse(request.page_token());
  if (!after.ok()) return after.status();
  query->after = *std::move(after);
  v1::SearchConcordanceResponse response;
  absl::StatusOr<std::optional<std::string>> next = FillPage(
      *size,
      [&](size_t limit) {
        query->limit = limit;
        return stores_.index.SearchConcordance(*project, *query);
      },
      [](const auto& hit) { return ToProto(hit); }, *response.mutable_hits());
  if (!next.ok()) return next.status();
  if (model_ != nullptr && request.link_counterparts()) {
    LinkHits(*model_, call, response);
  }
  response.set_next_page_token(tokens.Format(*next));
  for (std::string& term : storage::TermsWithIdleStars(query->text)) {
    response.add_terms_with_idle_stars(std::move(term));
  }
  return response;
}

absl::StatusOr<v1::SearchMeaningResponse> Methods::SearchMeaning(
    const v1::SearchMeaningRequest& request, const Call& call) const {
  absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  const absl::StatusOr<storage::MeaningQuery> query =
      ReadMeaningQuery(request, *project, call);
  if (!query.ok()) return query.status();
  if (stores_.meaning == nullptr) {
    return absl::FailedPreconditionError(
        "the server was started without a model pack, which searches by "
        "meaning need; start duiliand with --model PACK");
  }
  const absl::StatusOr<storage::MeaningAnswer> answer =
      stores_.meaning->index().Search(*project, *query);
  if (!answer.ok()) return answer.status();
  v1::SearchMeaningResponse response;
  size_t bytes = 0;
  for (const storage::MeaningHit& hit : answer->hits) {
    v1::MeaningMatch match = ToProto(hit);
    bytes += match.ByteSizeLong();
    if (bytes > kMaxPageBytes && !response.matches().empty()) break;
    *response.add_matches() = std::move(match);
  }
  response.set_pending_pairs(answer->pending_units);
  response.set_index_position(static_cast<int64_t>(answer->position));
  return response;
}

absl::StatusOr<v1::Pair> Methods::GetPair(const v1::GetPairRequest& request,
                                          const Call&) const {
  absl::StatusOr<PairName> name = ParsePairName("name", request.name());
  if (!name.ok()) return name.status();
  absl::StatusOr<storage::TranslationUnit> unit = ReadUnit(stores_, *name);
  if (!unit.ok()) return unit.status();
  return ToProto(name->project, *unit);
}

absl::StatusOr<v1::ListPairsResponse> Methods::ListPairs(
    const v1::ListPairsRequest& request, const Call&) const {
  absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  absl::StatusOr<std::string> document =
      ParseDocumentOf("document", request.document(), *project);
  if (!document.ok()) return document.status();
  absl::StatusOr<std::vector<storage::ReviewStatus>> statuses =
      ReviewStatusesFromProto("statuses", request.statuses());
  if (!statuses.ok()) return statuses.status();
  const absl::StatusOr<storage::TimeRange> changed = ChangedFromProto(
      "", request.has_changed_after() ? &request.changed_after() : nullptr,
      request.has_changed_before() ? &request.changed_before() : nullptr);
  if (!changed.ok()) return changed.status();
  absl::StatusOr<size_t> size = ReadPageSize(request.page_size(), kListPages);
  if (!size.ok()) return size.status();
  const PageTokens tokens = ListTokens(request);
  absl::StatusOr<std::optional<std::string>> after =
      tokens.Parse(request.page_token());
  if (!after.ok()) return after.status();
  storage::ListOptions options;
  options.after = *std::move(after);
  options.document = *std::move(document);
  options.statuses = *std::move(statuses);
  v1::ListPairsResponse response;
  absl::StatusOr<std::optional<std::string>> next = FillPage(
      *size,
      [&](size_t limit) {
        options.limit = limit;
        return *changed == storage::TimeRange()
                   ? stores_.memory.ListUnits(*project, options)
                   : stores_.index.ListChanged(*project, options, *changed);
      },
      [&](const auto& unit) { return ToProto(*project, unit); },
      *response.mutable_pairs());
  if (!next.ok()) return next.status();
  response.set_next_page_token(tokens.Format(*next));
  return response;
}

absl::StatusOr<v1::CreatePairsResponse> Methods::CreatePairs(
    const v1::CreatePairsRequest& request, const Call& call) const {
  absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  absl::Status status =
      CheckCount(request.pairs_size(), {"pairs", 1, kMaxCreatedPairs});
  if (status.ok()) status = CheckCreatedSize(request);
  if (status.ok()) status = CheckRequestId(request.request_id());
  if (!status.ok()) return status;
  const int64_t now_us = Microseconds(call.now);
  std::vector<storage::UnitChange> changes;
  for (int i = 0; i < request.pairs_size(); ++i) {
    absl::StatusOr<storage::UnitChange> change =
        NewUnit(request.pairs(i), i, now_us);
    if (!change.ok()) return change.status();
    changes.push_back(*std::move(change));
  }
  absl::StatusOr<std::vector<storage::TranslationUnit>> units =
      stores_.memory.Apply(*project, changes,
                           {storage::Action::kCreate, "", now_us},
                           request.request_id());
  if (!units.ok()) return units.status();
  CatchUp(stores_);
  v1::CreatePairsResponse response;
  for (const storage::TranslationUnit& unit : *units) {
    *response.add_pairs() = ToProto(*project, unit);
  }
  return response;
}

absl::StatusOr<google::protobuf::Empty> Methods::DeletePair(
    const v1::DeletePairRequest& request, const Call& call) const {
  absl::StatusOr<PairName> name = ParsePairName("name", request.name());
  if (!name.ok()) return name.status();
  absl::StatusOr<storage::TranslationUnit> unit = ReadUnit(stores_, *name);
  if (!unit.ok()) return unit.status();
  storage::UnitChange change;
  if (!request.etag().empty()) {
    if (absl::Status status = CheckEtag(request.etag(), *unit, request.name());
        !status.ok()) {
      return status;
    }
    change.expected_revision = unit->revision;
  }
  change.unit = *std::move(unit);
  change.remove = true;
  absl::StatusOr<std::vector<storage::TranslationUnit>> removed =
      stores_.memory.Apply(
          name->project, {change},
          {storage::Action::kDelete, "", Microseconds(call.now)}, "");
  if (!removed.ok()) return removed.status();
  CatchUp(stores_);
  return google::protobuf::Empty();
}

absl::StatusOr<v1::DeleteDocumentResponse> Methods::DeleteDocument(
    const v1::DeleteDocumentRequest& request, const Call& call) const {
  absl::StatusOr<DocumentName> name = ParseDocumentName("name", request.name());
  if (!name.ok()) return name.status();
  absl::StatusOr<std::vector<storage::TranslationUnit>> removed =
      stores_.memory.DeleteDocument(name->project, name->document,
                                    Microseconds(call.now));
  if (!removed.ok()) return removed.status();
  CatchUp(stores_);
  v1::DeleteDocumentResponse response;
  response.set_deleted_pairs(static_cast<int32_t>(removed->size()));
  response.set_deleted_reviewed_pairs(static_cast<int32_t>(
      std::count_if(removed->begin(), removed->end(), storage::IsReviewed)));
  return response;
}

absl::StatusOr<v1::ListProjectsResponse> Methods::ListProjects(
    const v1::ListProjectsRequest& request, const Call&) const {
  absl::StatusOr<size_t> size = ReadPageSize(request.page_size(), kListPages);
  if (!size.ok()) return size.status();
  const PageTokens tokens({"ListProjects"});
  absl::StatusOr<std::optional<std::string>> after =
      tokens.Parse(request.page_token());
  if (!after.ok()) return after.status();
  v1::ListProjectsResponse response;
  absl::StatusOr<std::optional<std::string>> next = FillPage(
      *size,
      [&](size_t limit) { return stores_.memory.ListProjects(limit, *after); },
      [](const auto& counts) { return ToProto(counts); },
      *response.mutable_projects());
  if (!next.ok()) return next.status();
  response.set_next_page_token(tokens.Format(*next));
  return response;
}

grpc::ServerUnaryReactor* TranslationMemoryService::Lookup(Context* context,
                                                           const Bytes* request,
                                                           Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/Lookup", context,
                     request, response},
                    &methods_, &Methods::Lookup, &Methods::IsShort);
}

grpc::ServerUnaryReactor* TranslationMemoryService::BatchLookup(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/BatchLookup", context,
                     request, response},
                    &methods_, &Methods::BatchLookup);
}

grpc::ServerUnaryReactor* TranslationMemoryService::SearchConcordance(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/SearchConcordance",
                     context, request, response},
                    &methods_, &Methods::SearchConcordance);
}

grpc::ServerUnaryReactor* TranslationMemoryService::SearchMeaning(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/SearchMeaning",
                     context, request, response},
                    &methods_, &Methods::SearchMeaning);
}

grpc::ServerUnaryReactor* TranslationMemoryService::GetPair(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/GetPair", context,
                     request, response},
                    &methods_, &Methods::GetPair);
}

grpc::ServerUnaryReactor* TranslationMemoryService::ListPairs(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/ListPairs", context,
                     request, response},
                    &methods_, &Methods::ListPairs);
}

grpc::ServerUnaryReactor* TranslationMemoryService::CreatePairs(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/CreatePairs", context,
                     request, response},
                    &methods_, &Methods::CreatePairs);
}

grpc::ServerUnaryReactor* TranslationMemoryService::DeletePair(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/DeletePair", context,
                     request, response},
                    &methods_, &Methods::DeletePair);
}

grpc::ServerUnaryReactor* TranslationMemoryService::DeleteDocument(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/DeleteDocument",
                     context, request, response},
                    &methods_, &Methods::DeleteDocument);
}

grpc::ServerUnaryReactor* TranslationMemoryService::ListProjects(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.TranslationMemoryService/ListProjects",
                     context, request, response},
                    &methods_, &Methods::ListProjects);
}

}  // namespace duilian::service
