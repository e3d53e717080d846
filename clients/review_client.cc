#include "clients/review_client.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/pair_output.h"

namespace duilian::clients {
namespace {

constexpr int kQueuePage = 50;
constexpr int kPairsPage = 1000;
constexpr int kHistoryPage = 1000;

// Where a pair stands in its document; nullopt for one without spans.
std::optional<std::pair<int, int>> Place(const v1::Pair& pair) {
  if (pair.source().spans().empty() || pair.target().spans().empty()) {
    return std::nullopt;
  }
  return std::pair(pair.source().spans(0).segment(),
                   pair.target().spans(0).segment());
}

// Keeps in `best` the nearest pair behind `place`.
void Consider(const v1::Pair& candidate, std::pair<int, int> place,
              std::optional<v1::Pair>& best) {
  const std::optional<std::pair<int, int>> there = Place(candidate);
  if (!there.has_value() || *there <= place) return;
  if (best.has_value() && Place(*best) <= there) return;
  best = candidate;
}

}  // namespace

ReviewClient::ReviewClient(const Connection& connection, ReviewScope scope)
    : connection_(connection),
      scope_(std::move(scope)),
      reviews_(connection.channel()),
      memory_(connection.channel()) {}

absl::StatusOr<v1::ListReviewQueueResponse> ReviewClient::ListQueue(
    const std::string& page_token) {
  v1::ListReviewQueueRequest request;
  request.set_parent(ProjectName(scope_.project));
  request.set_document(DocumentName(scope_.project, scope_.document));
  request.set_page_size(kQueuePage);
  request.set_page_token(page_token);
  return Call(connection_, reviews_, &v1::ReviewService::Stub::ListReviewQueue,
              request);
}

absl::StatusOr<v1::Pair> ReviewClient::Get(const std::string& name) {
  v1::GetPairRequest request;
  request.set_name(name);
  return Call(connection_, memory_,
              &v1::TranslationMemoryService::Stub::GetPair, request);
}

absl::StatusOr<v1::Pair> ReviewClient::Update(
    const v1::Pair& pair, const std::vector<std::string>& mask) {
  v1::ReviewPairRequest request;
  *request.mutable_pair() = pair;
  for (const std::string& path : mask) {
    request.mutable_update_mask()->add_paths(path);
  }
  request.set_reviewer(scope_.reviewer);
  return Call(connection_, reviews_, &v1::ReviewService::Stub::ReviewPair,
              request);
}

absl::StatusOr<v1::SplitPairResponse> ReviewClient::Split(const v1::Pair& pair,
                                                          CutPlace place) {
  v1::SplitPairRequest request;
  request.set_name(pair.name());
  request.set_etag(pair.etag());
  request.set_source_offset(place.source);
  request.set_target_offset(place.target);
  request.set_reviewer(scope_.reviewer);
  return Call(connection_, reviews_, &v1::ReviewService::Stub::SplitPair,
              request);
}

absl::StatusOr<v1::Pair> ReviewClient::Merge(
    const std::vector<v1::Pair>& pairs) {
  v1::MergePairsRequest request;
  for (const v1::Pair& pair : pairs) {
    request.add_names(pair.name());
    request.add_etags(pair.etag());
  }
  request.set_reviewer(scope_.reviewer);
  return Call(connection_, reviews_, &v1::ReviewService::Stub::MergePairs,
              request);
}

absl::StatusOr<std::vector<v1::Pair>> ReviewClient::Undo(const v1::Pair& pair) {
  v1::UndoReviewRequest request;
  request.set_name(pair.name());
  request.set_etag(pair.etag());
  request.set_reviewer(scope_.reviewer);
  const absl::StatusOr<v1::UndoReviewResponse> response = Call(
      connection_, reviews_, &v1::ReviewService::Stub::UndoReview, request);
  if (!response.ok()) return response.status();
  return std::vector<v1::Pair>(response->pairs().begin(),
                               response->pairs().end());
}

absl::StatusOr<std::vector<v1::PairRevision>> ReviewClient::History(
    const std::string& name) {
  std::vector<v1::PairRevision> revisions;
  v1::ListPairHistoryRequest request;
  request.set_name(name);
  request.set_page_size(kHistoryPage);
  do {
    const absl::StatusOr<v1::ListPairHistoryResponse> response =
        Call(connection_, reviews_, &v1::ReviewService::Stub::ListPairHistory,
             request);
    if (!response.ok()) return response.status();
    revisions.insert(revisions.end(), response->revisions().begin(),
                     response->revisions().end());
    request.set_page_token(response->next_page_token());
  } while (!request.page_token().empty());
  return revisions;
}

absl::StatusOr<v1::Pair> ReviewClient::Following(const v1::Pair& pair) {
  const std::optional<std::pair<int, int>> place = Place(pair);
  if (pair.document().empty() || !place.has_value()) {
    return absl::NotFoundError(
        "this pair stands in no document, so none follows it; merge by name "
        "with duilian review --script");
  }
  v1::ListPairsRequest request;
  request.set_parent(ProjectName(scope_.project));
  request.set_document(pair.document());
  request.set_page_size(kPairsPage);
  request.add_statuses(v1::UNREVIEWED);
  request.add_statuses(v1::ACCEPTED);
  std::optional<v1::Pair> best;
  do {
    const absl::StatusOr<v1::ListPairsResponse> response =
        Call(connection_, memory_,
             &v1::TranslationMemoryService::Stub::ListPairs, request);
    if (!response.ok()) return response.status();
    for (const v1::Pair& candidate : response->pairs()) {
      if (candidate.name() != pair.name()) Consider(candidate, *place, best);
    }
    request.set_page_token(response->next_page_token());
  } while (!request.page_token().empty());
  if (best.has_value()) return *std::move(best);
  return absl::NotFoundError(
      "this is the last pair of its document; none follows to merge with");
}

}  // namespace duilian::clients
