#include "service/review_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/doubts.h"
#include "service/checks.h"
#include "service/conversion.h"
#include "service/etag.h"
#include "service/limits.h"
#include "service/names.h"
#include "service/page_token.h"
#include "service/paging.h"
#include "service/unit_edits.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using Methods = ReviewMethods;
using storage::TranslationUnit;

v1::QueuedPair QueuedPair(absl::string_view project,
                          const TranslationUnit& unit) {
  aligner::DoubtInput input;
  input.source = unit.source.text;
  input.target = unit.target.text;
  input.source_segments = static_cast<int>(unit.source.spans.size());
  input.target_segments = static_cast<int>(unit.target.spans.size());
  input.confidence = unit.confidence;
  v1::QueuedPair queued;
  *queued.mutable_pair() = ToProto(project, unit);
  for (std::string& reason : aligner::Doubts(input, {})) {
    queued.add_reasons(std::move(reason));
  }
  return queued;
}

// A unit as the caller read it. kAborted: it changed since.
absl::StatusOr<TranslationUnit> ReadUnchanged(const Stores& stores,
                                              const PairName& name,
                                              absl::string_view etag) {
  absl::StatusOr<TranslationUnit> unit = ReadUnit(stores, name);
  if (!unit.ok()) return unit.status();
  if (absl::Status status =
          CheckEtag(etag, *unit, FormatPairName(name.project, name.pair));
      !status.ok()) {
    return status;
  }
  return unit;
}

// A change of a unit that holds only if nobody else changes it meanwhile.
storage::UnitChange Replace(TranslationUnit unit, int64_t now_us) {
  storage::UnitChange change;
  change.expected_revision = unit.revision;
  change.unit = std::move(unit);
  change.unit.update_time_us = now_us;
  return change;
}

storage::UnitChange Add(TranslationUnit unit, int64_t now_us) {
  storage::UnitChange change;
  change.unit = std::move(unit);
  change.unit.create_time_us = now_us;
  change.unit.update_time_us = now_us;
  return change;
}

storage::UnitChange Remove(const TranslationUnit& unit) {
  storage::UnitChange change;
  change.expected_revision = unit.revision;
  change.unit = unit;
  change.remove = true;
  return change;
}

absl::StatusOr<std::vector<TranslationUnit>> ApplyReview(
    const Stores& stores, absl::string_view project,
    const std::vector<storage::UnitChange>& changes,
    const storage::ChangeContext& context) {
  absl::StatusOr<std::vector<TranslationUnit>> units =
      stores.memory.Apply(project, changes, context, "");
  if (units.ok()) CatchUp(stores);
  return units;
}

storage::Action ActionOf(storage::ReviewStatus status) {
  switch (status) {
    case storage::ReviewStatus::kAccepted:
      return storage::Action::kAccept;
    case storage::ReviewStatus::kRejected:
      return storage::Action::kReject;
    case storage::ReviewStatus::kUnreviewed:
      break;
  }
  return storage::Action::kReopen;
}

absl::Status EditText(absl::string_view field, const std::string& text,
                      std::string& out, bool& edited) {
  if (absl::Status status = CheckText(text, {field, 1, kMaxSideCodepoints});
      !status.ok()) {
    return status;
  }
  edited |= out != text;
  out = text;
  return absl::OkStatus();
}

// Takes one field of the mask. `edited` becomes true when a text changed.
absl::Status TakeField(absl::string_view path, const v1::Pair& pair,
                       TranslationUnit& unit, bool& edited) {
  if (path == "status") {
    absl::StatusOr<storage::ReviewStatus> status =
        ReviewStatusFromProto("pair.status", pair.status());
    if (!status.ok()) return status.status();
    unit.status = *status;
    return absl::OkStatus();
  }
  if (path == "source.text") {
    return EditText("pair.source.text", pair.source().text(), unit.source.text,
                    edited);
  }
  if (path == "target.text") {
    return EditText("pair.target.text", pair.target().text(), unit.target.text,
                    edited);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "update_mask: '", text::Abbreviate(path, 80),
      "' given, status, source.text and target.text accepted; name the fields "
      "to change among those"));
}

// Applies the mask to a unit and says what was done to it.
absl::StatusOr<storage::Action> TakeFields(const v1::ReviewPairRequest& request,
                                           TranslationUnit& unit) {
  bool edited = false;
  for (const std::string& path : request.update_mask().paths()) {
    if (absl::Status status = TakeField(path, request.pair(), unit, edited);
        !status.ok()) {
      return status;
    }
  }
  if (!edited) return ActionOf(unit.status);
  unit.origin = storage::Origin::kManual;
  unit.model_version.clear();
  unit.confidence = 1;
  return storage::Action::kEdit;
}

// The pairs' ids, all of one project, each once.
absl::StatusOr<std::vector<PairName>> ReadMergedNames(
    const v1::MergePairsRequest& request) {
  if (absl::Status status = CheckCount(
          request.names_size(), {"names", kMinMergedPairs, kMaxMergedPairs});
      !status.ok()) {
    return status;
  }
  if (request.etags_size() != request.names_size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "etags: ", request.etags_size(), " given for ", request.names_size(),
        " names, one for each accepted; send them in the names' order"));
  }
  std::vector<PairName> names;
  for (int i = 0; i < request.names_size(); ++i) {
    const std::string field = absl::StrCat("names[", i, "]");
    absl::StatusOr<PairName> name = ParsePairName(field, request.names(i));
    if (!name.ok()) return name.status();
    const bool repeated =
        std::find(names.begin(), names.end(), *name) != names.end();
    if (repeated || (!names.empty() && name->project != names[0].project)) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, ": '", request.names(i), "' given, ",
                       repeated ? "each pair once" : "pairs of one project",
                       " accepted; leave it out"));
    }
    names.push_back(*std::move(name));
  }
  return names;
}

absl::StatusOr<std::vector<TranslationUnit>> ReadMerged(
    const Stores& stores, const v1::MergePairsRequest& request,
    const std::vector<PairName>& names) {
  std::vector<storage::UnitId> ids;
  for (const PairName& name : names) ids.push_back(name.pair);
  absl::StatusOr<std::vector<TranslationUnit>> units =
      ReadUnits(stores, names.front().project, ids);
  if (!units.ok()) return units.status();
  for (size_t i = 0; i < units->size(); ++i) {
    const int index = static_cast<int>(i);
    if (absl::Status status =
            CheckEtag(request.etags(index), (*units)[i], request.names(index));
        !status.ok()) {
      return status;
    }
  }
  return units;
}

}  // namespace

absl::StatusOr<v1::ListReviewQueueResponse> Methods::ListReviewQueue(
    const v1::ListReviewQueueRequest& request, const Call&) const {
  absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  absl::StatusOr<std::string> document =
      ParseDocumentOf("document", request.document(), *project);
  if (!document.ok()) return document.status();
  absl::StatusOr<size_t> size = ReadPageSize(request.page_size(), kListPages);
  if (!size.ok()) return size.status();
  const PageTokens tokens({"ListReviewQueue", *project, *document});
  absl::StatusOr<std::optional<std::string>> after =
      tokens.Parse(request.page_token());
  if (!after.ok()) return after.status();
  storage::ListOptions options;
  options.after = *std::move(after);
  options.document = *std::move(document);
  v1::ListReviewQueueResponse response;
  absl::StatusOr<std::optional<std::string>> next = FillPage(
      *size,
      [&](size_t limit) {
        options.limit = limit;
        return stores_.memory.ListReviewQueue(*project, options);
      },
      [&](const auto& unit) { return QueuedPair(*project, unit); },
      *response.mutable_pairs());
  if (!next.ok()) return next.status();
  response.set_next_page_token(tokens.Format(*next));
  return response;
}

absl::StatusOr<v1::Pair> Methods::ReviewPair(
    const v1::ReviewPairRequest& request, const Call& call) const {
  absl::StatusOr<PairName> name =
      ParsePairName("pair.name", request.pair().name());
  if (!name.ok()) return name.status();
  if (absl::Status status = CheckReviewer(request.reviewer()); !status.ok()) {
    return status;
  }
  if (request.update_mask().paths().empty()) {
    return absl::InvalidArgumentError(
        "update_mask: empty, one or more of status, source.text and "
        "target.text accepted; name the fields to change");
  }
  absl::StatusOr<TranslationUnit> unit =
      ReadUnchanged(stores_, *name, request.pair().etag());
  if (!unit.ok()) return unit.status();
  absl::StatusOr<storage::Action> action = TakeFields(request, *unit);
  if (!action.ok()) return action.status();
  const int64_t now_us = Microseconds(call.now);
  absl::StatusOr<std::vector<TranslationUnit>> units =
      ApplyReview(stores_, name->project, {Replace(*std::move(unit), now_us)},
                  {*action, request.reviewer(), now_us});
  if (!units.ok()) return units.status();
  return ToProto(name->project, units->front());
}

absl::StatusOr<v1::SplitPairResponse> Methods::SplitPair(
    const v1::SplitPairRequest& request, const Call& call) const {
  absl::StatusOr<PairName> name = ParsePairName("name", request.name());
  if (!name.ok()) return name.status();
  if (absl::Status status = CheckReviewer(request.reviewer()); !status.ok()) {
    return status;
  }
  absl::StatusOr<TranslationUnit> unit =
      ReadUnchanged(stores_, *name, request.etag());
  if (!unit.ok()) return unit.status();
  absl::StatusOr<UnitParts> parts =
      SplitUnit(*unit, {request.source_offset(), request.target_offset()});
  if (!parts.ok()) return parts.status();
  const int64_t now_us = Microseconds(call.now);
  absl::StatusOr<std::vector<TranslationUnit>> units =
      ApplyReview(stores_, name->project,
                  {Replace(std::move(parts->first), now_us),
                   Add(std::move(parts->second), now_us)},
                  {storage::Action::kSplit, request.reviewer(), now_us});
  if (!units.ok()) return units.status();
  v1::SplitPairResponse response;
  *response.mutable_first() = ToProto(name->project, units->front());
  *response.mutable_second() = ToProto(name->project, units->back());
  return response;
}

absl::StatusOr<v1::Pair> Methods::MergePairs(
    const v1::MergePairsRequest& request, const Call& call) const {
  absl::StatusOr<std::vector<PairName>> names = ReadMergedNames(request);
  if (!names.ok()) return names.status();
  if (absl::Status status = CheckReviewer(request.reviewer()); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::vector<TranslationUnit>> units =
      ReadMerged(stores_, request, *names);
  if (!units.ok()) return units.status();
  absl::StatusOr<TranslationUnit> merged = MergeUnits(*units);
  if (!merged.ok()) return merged.status();
  const int64_t now_us = Microseconds(call.now);
  std::vector<storage::UnitChange> changes = {
      Replace(*std::move(merged), now_us)};
  for (size_t i = 1; i < units->size(); ++i) {
    changes.push_back(Remove((*units)[i]));
  }
  const std::string& project = names->front().project;
  absl::StatusOr<std::vector<TranslationUnit>> applied =
      ApplyReview(stores_, project, changes,
                  {storage::Action::kMerge, request.reviewer(), now_us});
  if (!applied.ok()) return applied.status();
  return ToProto(project, applied->front());
}

absl::StatusOr<v1::ListPairHistoryResponse> Methods::ListPairHistory(
    const v1::ListPairHistoryRequest& request, const Call&) const {
  absl::StatusOr<PairName> name = ParsePairName("name", request.name());
  if (!name.ok()) return name.status();
  absl::StatusOr<size_t> size = ReadPageSize(request.page_size(), kListPages);
  if (!size.ok()) return size.status();
  const PageTokens tokens({"ListPairHistory", request.name()});
  absl::StatusOr<std::optional<std::string>> after =
      tokens.Parse(request.page_token());
  if (!after.ok()) return after.status();
  storage::ListOptions options;
  options.after = *std::move(after);
  v1::ListPairHistoryResponse response;
  absl::StatusOr<std::optional<std::string>> next = FillPage(
      *size,
      [&](size_t limit) {
        options.limit = limit;
        return stores_.memory.ListHistory(name->project, name->pair, options);
      },
      [&](const auto& revision) { return ToProto(name->project, revision); },
      *response.mutable_revisions());
  if (!next.ok()) return next.status();
  response.set_next_page_token(tokens.Format(*next));
  return response;
}

absl::StatusOr<v1::UndoReviewResponse> Methods::UndoReview(
    const v1::UndoReviewRequest& request, const Call& call) const {
  absl::StatusOr<PairName> name = ParsePairName("name", request.name());
  if (!name.ok()) return name.status();
  if (absl::Status status = CheckReviewer(request.reviewer()); !status.ok()) {
    return status;
  }
  absl::StatusOr<TranslationUnit> unit =
      ReadUnchanged(stores_, *name, request.etag());
  if (!unit.ok()) return unit.status();
  absl::StatusOr<std::vector<TranslationUnit>> units = stores_.memory.Undo(
      name->project, name->pair, unit->revision,
      {storage::Action::kUndo, request.reviewer(), Microseconds(call.now)});
  if (!units.ok()) return units.status();
  CatchUp(stores_);
  v1::UndoReviewResponse response;
  for (const TranslationUnit& changed : *units) {
    *response.add_pairs() = ToProto(name->project, changed);
  }
  return response;
}

grpc::ServerUnaryReactor* ReviewService::ListReviewQueue(Context* context,
                                                         const Bytes* request,
                                                         Bytes* response) {
  return calls_.Run(
      {"duilian.v1.ReviewService/ListReviewQueue", context, request, response},
      &methods_, &Methods::ListReviewQueue);
}

grpc::ServerUnaryReactor* ReviewService::ReviewPair(Context* context,
                                                    const Bytes* request,
                                                    Bytes* response) {
  return calls_.Run(
      {"duilian.v1.ReviewService/ReviewPair", context, request, response},
      &methods_, &Methods::ReviewPair);
}

grpc::ServerUnaryReactor* ReviewService::SplitPair(Context* context,
                                                   const Bytes* request,
                                                   Bytes* response) {
  return calls_.Run(
      {"duilian.v1.ReviewService/SplitPair", context, request, response},
      &methods_, &Methods::SplitPair);
}

grpc::ServerUnaryReactor* ReviewService::MergePairs(Context* context,
                                                    const Bytes* request,
                                                    Bytes* response) {
  return calls_.Run(
      {"duilian.v1.ReviewService/MergePairs", context, request, response},
      &methods_, &Methods::MergePairs);
}

grpc::ServerUnaryReactor* ReviewService::ListPairHistory(Context* context,
                                                         const Bytes* request,
                                                         Bytes* response) {
  return calls_.Run(
      {"duilian.v1.ReviewService/ListPairHistory", context, request, response},
      &methods_, &Methods::ListPairHistory);
}

grpc::ServerUnaryReactor* ReviewService::UndoReview(Context* context,
                                                    const Bytes* request,
                                                    Bytes* response) {
  return calls_.Run(
      {"duilian.v1.ReviewService/UndoReview", context, request, response},
      &methods_, &Methods::UndoReview);
}

}  // namespace duilian::service
