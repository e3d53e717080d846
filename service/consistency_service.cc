#include "service/consistency_service.h"

#include <malloc.h>

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/terms.h"
#include "google/protobuf/util/time_util.h"
#include "service/checks.h"
#include "service/conversion.h"
#include "service/limits.h"
#include "service/names.h"
#include "service/page_token.h"
#include "service/paging.h"
#include "service/query_fields.h"
#include "service/stored_consistency.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using Methods = ConsistencyMethods;
using google::protobuf::util::TimeUtil;

v1::PreferredRendering ToProto(const storage::PreferredRendering& preferred) {
  v1::PreferredRendering out;
  out.set_term(preferred.term);
  out.set_rendering(preferred.rendering);
  for (const std::string& rendering : preferred.also_good) {
    out.add_also_good(rendering);
  }
  out.set_reviewer(preferred.reviewer);
  *out.mutable_create_time() =
      TimeUtil::MicrosecondsToTimestamp(preferred.create_time_us);
  *out.mutable_update_time() =
      TimeUtil::MicrosecondsToTimestamp(preferred.update_time_us);
  return out;
}

// A text that has a word to be looked for.
absl::Status CheckWords(const std::string& field, const std::string& text) {
  if (absl::Status status = CheckText(text, {field, 1, kMaxTermCodepoints});
      !status.ok()) {
    return status;
  }
  if (!aligner::SplitTermWords(text).empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": '", text,
                   "' given, a text with a letter, a digit or a Chinese "
                   "character accepted; send the words"));
}

absl::StatusOr<storage::PreferredRendering> FromProto(
    const v1::PreferredRendering& given) {
  const std::string field = "preferred_rendering";
  absl::Status status = CheckWords(field + ".term", given.term());
  if (status.ok() &&
      text::DetectLanguage(given.term()) == text::Language::kChinese) {
    status = absl::InvalidArgumentError(absl::StrCat(
        field, ".term: '", given.term(),
        "' given, English accepted; send the English term, and the Chinese as "
        "its rendering"));
  }
  if (status.ok()) {
    status = CheckWords(field + ".rendering", given.rendering());
  }
  if (status.ok()) {
    status = CheckCount(given.also_good_size(),
                        {field + ".also_good", 0, kMaxAlsoGood});
  }
  for (int i = 0; status.ok() && i < given.also_good_size(); ++i) {
    status = CheckWords(absl::StrCat(field, ".also_good[", i, "]"),
                        given.also_good(i));
  }
  if (status.ok()) {
    status = CheckText(given.reviewer(),
                       {field + ".reviewer", 0, kMaxReviewerCodepoints});
  }
  if (!status.ok()) return status;
  storage::PreferredRendering preferred;
  preferred.term = given.term();
  preferred.rendering = given.rendering();
  preferred.also_good = {given.also_good().begin(), given.also_good().end()};
  preferred.reviewer = given.reviewer();
  return preferred;
}

absl::StatusOr<ConsistencyOptions> ReadOptions(
    const v1::ReportConsistencyRequest& request, const Call& call) {
  const absl::StatusOr<int32_t> near = ReadNumber(
      request.near_percent(), {"near_percent", kDefaultNearPercent,
                               kMinThresholdPercent, kMaxThresholdPercent});
  if (!near.ok()) return near.status();
  const absl::StatusOr<int32_t> words =
      ReadNumber(request.min_source_words(),
                 {"min_source_words", kDefaultSourceWords, 1, kMaxSourceWords});
  if (!words.ok()) return words.status();
  const absl::StatusOr<int32_t> limit =
      ReadNumber(request.limit(), {"limit", kDefaultGroups, 1, kMaxGroups});
  if (!limit.ok()) return limit.status();
  const absl::StatusOr<int32_t> places = ReadNumber(
      request.max_places(),
      {"max_places", kDefaultRenderingPlaces, 1, kMaxRenderingPlaces});
  if (!places.ok()) return places.status();
  ConsistencyOptions options;
  options.near_percent = *near;
  options.least_words = static_cast<size_t>(*words);
  options.limit = static_cast<size_t>(*limit);
  options.most_places = static_cast<size_t>(*places);
  options.cancelled = call.cancelled;
  return options;
}

// Of units that were listed by their documents, statuses and times.
bool IsCompared(const storage::TranslationUnit& unit,
                const storage::UnitFilter& filter) {
  if (filter.statuses.empty() &&
      unit.status == storage::ReviewStatus::kRejected) {
    return false;
  }
  if (!filter.speaker.empty() && unit.source.speaker != filter.speaker &&
      unit.target.speaker != filter.speaker) {
    return false;
  }
  return unit.status == storage::ReviewStatus::kAccepted ||
         unit.confidence >= filter.min_confidence;
}

// Reads the units that are compared, as many as there may be.
class ComparedReader {
 public:
  // All outlive it; `large_report` is true while any report is large.
  ComparedReader(const Stores& stores, const ReportLimits& limits,
                 std::atomic<bool>& large_report)
      : stores_(stores), limits_(limits), large_report_(large_report) {}
  ~ComparedReader() {
    if (!is_large_) return;
    units_ = ComparedUnits();
    malloc_trim(0);  // it was hundreds of megabytes: the system gets them back
    large_report_.store(false);
  }
  ComparedReader(const ComparedReader&) = delete;
  ComparedReader& operator=(const ComparedReader&) = delete;

  // Once, page by page. kResourceExhausted: there are many, and another report
  // has many, too.
  absl::Status Read(absl::string_view project,
                    const storage::UnitFilter& filter, const Call& call) {
    storage::ListOptions options;
    options.limit = static_cast<size_t>(kListPages.max_size);
    options.document = filter.document;
    options.statuses = filter.statuses;
    do {
      if (call.cancelled()) return absl::CancelledError("the caller has gone");
      absl::StatusOr<storage::Page<storage::TranslationUnit>> page =
          filter.changed == storage::TimeRange()
              ? stores_.memory.ListUnits(project, options)
              : stores_.index.ListChanged(project, options, filter.changed);
      if (!page.ok()) return page.status();
      for (const storage::TranslationUnit& unit : page->items) {
        if (!IsCompared(unit, filter)) continue;
        absl::Status status = Add(unit);
        if (more_ || !status.ok()) return status;
      }
      options.after = std::move(page->next);
    } while (options.after.has_value());
    return absl::OkStatus();
  }

  const ComparedUnits& units() const { return units_; }
  bool more() const { return more_; }  // than there may be

 private:
  absl::Status Add(const storage::TranslationUnit& unit) {
    const size_t bytes =
        units_.text_bytes() + unit.source.text.size() + unit.target.text.size();
    more_ = units_.size() >= limits_.pairs || bytes > limits_.bytes;
    if (more_) return absl::OkStatus();
    const bool is_large =
        units_.size() >= limits_.small_pairs || bytes > limits_.small_bytes;
    if (is_large && !is_large_) {
      is_large_ = !large_report_.exchange(true);
      if (!is_large_) {
        return absl::ResourceExhaustedError(absl::StrCat(
            "another report on more than ", Grouped(limits_.small_pairs),
            " pairs is being made, one at a time accepted; ask again when it "
            "is done, or for a document"));
      }
    }
    units_.Add(unit);
    return absl::OkStatus();
  }

  const Stores& stores_;
  const ReportLimits& limits_;
  std::atomic<bool>& large_report_;
  bool is_large_ = false;
  bool more_ = false;
  ComparedUnits units_;
};

absl::StatusOr<std::vector<storage::PreferredRendering>> AllPreferred(
    const Stores& stores, absl::string_view project) {
  absl::StatusOr<storage::Page<storage::PreferredRendering>> page =
      stores.memory.ListPreferredRenderings(
          project, storage::kMostPreferredRenderings, std::nullopt);
  if (!page.ok()) return page.status();
  return std::move(page->items);
}

}  // namespace

absl::StatusOr<v1::ReportConsistencyResponse> Methods::ReportConsistency(
    const v1::ReportConsistencyRequest& request, const Call& call) const {
  const absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  const absl::StatusOr<storage::UnitFilter> filter =
      FilterFromProto(request, *project);
  if (!filter.ok()) return filter.status();
  const absl::StatusOr<ConsistencyOptions> options = ReadOptions(request, call);
  if (!options.ok()) return options.status();
  const absl::StatusOr<std::vector<storage::PreferredRendering>> preferred =
      AllPreferred(stores_, *project);
  if (!preferred.ok()) return preferred.status();
  ComparedReader reader(stores_, limits_, large_report_);
  if (absl::Status status = reader.Read(*project, *filter, call);
      !status.ok()) {
    return status;
  }
  absl::StatusOr<v1::ReportConsistencyResponse> response = ReportConsistencyOf(
      *project, reader.units(), *preferred, model_, *options);
  if (response.ok()) response->set_more_pairs(reader.more());
  return response;
}

absl::StatusOr<v1::PreferredRendering> Methods::SetPreferredRendering(
    const v1::SetPreferredRenderingRequest& request, const Call& call) const {
  const absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  absl::StatusOr<storage::PreferredRendering> preferred =
      FromProto(request.preferred_rendering());
  if (!preferred.ok()) return preferred.status();
  const absl::StatusOr<storage::PreferredRendering> stored =
      stores_.memory.SetPreferredRendering(*project, *std::move(preferred),
                                           Microseconds(call.now));
  if (!stored.ok()) return stored.status();
  CatchUp(stores_);
  return ToProto(*stored);
}

absl::StatusOr<google::protobuf::Empty> Methods::DeletePreferredRendering(
    const v1::DeletePreferredRenderingRequest& request,
    const Call& call) const {
  const absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  if (absl::Status status = CheckWords("term", request.term()); !status.ok()) {
    return status;
  }
  if (absl::Status status = stores_.memory.DeletePreferredRendering(
          *project, request.term(), Microseconds(call.now));
      !status.ok()) {
    return status;
  }
  CatchUp(stores_);
  return google::protobuf::Empty();
}

absl::StatusOr<v1::ListPreferredRenderingsResponse>
Methods::ListPreferredRenderings(
    const v1::ListPreferredRenderingsRequest& request, const Call&) const {
  const absl::StatusOr<std::string> project =
      ParseProjectName("parent", request.parent());
  if (!project.ok()) return project.status();
  const absl::StatusOr<size_t> size =
      ReadPageSize(request.page_size(), kListPages);
  if (!size.ok()) return size.status();
  const PageTokens tokens({"ListPreferredRenderings", *project});
  const absl::StatusOr<std::optional<std::string>> after =
      tokens.Parse(request.page_token());
  if (!after.ok()) return after.status();
  v1::ListPreferredRenderingsResponse response;
  const absl::StatusOr<std::optional<std::string>> next = FillPage(
      *size,
      [&](size_t limit) {
        return stores_.memory.ListPreferredRenderings(*project, limit, *after);
      },
      [](const auto& preferred) { return ToProto(preferred); },
      *response.mutable_preferred_renderings());
  if (!next.ok()) return next.status();
  response.set_next_page_token(tokens.Format(*next));
  return response;
}

grpc::ServerUnaryReactor* ConsistencyService::ReportConsistency(
    Context* context, const Bytes* request, Bytes* response) {
  return long_.Run({"duilian.v1.ConsistencyService/ReportConsistency", context,
                    request, response},
                   &methods_, &Methods::ReportConsistency);
}

grpc::ServerUnaryReactor* ConsistencyService::SetPreferredRendering(
    Context* context, const Bytes* request, Bytes* response) {
  return short_.Run({"duilian.v1.ConsistencyService/SetPreferredRendering",
                     context, request, response},
                    &methods_, &Methods::SetPreferredRendering);
}

grpc::ServerUnaryReactor* ConsistencyService::DeletePreferredRendering(
    Context* context, const Bytes* request, Bytes* response) {
  return short_.Run({"duilian.v1.ConsistencyService/DeletePreferredRendering",
                     context, request, response},
                    &methods_, &Methods::DeletePreferredRendering);
}

grpc::ServerUnaryReactor* ConsistencyService::ListPreferredRenderings(
    Context* context, const Bytes* request, Bytes* response) {
  return short_.Run({"duilian.v1.ConsistencyService/ListPreferredRenderings",
                     context, request, response},
                    &methods_, &Methods::ListPreferredRenderings);
}

}  // namespace duilian::service
