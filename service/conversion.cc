#include "service/conversion.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "service/checks.h"
#include "service/etag.h"
#include "service/limits.h"
#include "service/names.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using google::protobuf::util::TimeUtil;

google::protobuf::Timestamp Timestamp(int64_t microseconds) {
  return TimeUtil::MicrosecondsToTimestamp(microseconds);
}

v1::Side SideToProto(const storage::UnitSide& side) {
  v1::Side out;
  out.set_language_code(side.language_code);
  out.set_text(side.text);
  for (const storage::SegmentSpan& span : side.spans) {
    v1::Span& added = *out.add_spans();
    added.set_segment(span.segment);
    added.set_begin_byte(span.begin_byte);
    added.set_end_byte(span.end_byte);
  }
  out.set_speaker(side.speaker);
  if (side.timestamp_ms.has_value()) {
    *out.mutable_timestamp() =
        TimeUtil::MillisecondsToDuration(*side.timestamp_ms);
  }
  out.set_previous_text(side.previous_text);
  out.set_next_text(side.next_text);
  return out;
}

v1::Origin OriginToProto(storage::Origin origin) {
  switch (origin) {
    case storage::Origin::kAligned:
      return v1::ALIGNED;
    case storage::Origin::kImported:
      return v1::IMPORTED;
    case storage::Origin::kManual:
      return v1::MANUAL;
  }
  return v1::ORIGIN_UNSPECIFIED;
}

v1::ReviewStatus StatusToProto(storage::ReviewStatus status) {
  switch (status) {
    case storage::ReviewStatus::kUnreviewed:
      return v1::UNREVIEWED;
    case storage::ReviewStatus::kAccepted:
      return v1::ACCEPTED;
    case storage::ReviewStatus::kRejected:
      return v1::REJECTED;
  }
  return v1::REVIEW_STATUS_UNSPECIFIED;
}

void AddHighlights(
    const std::vector<text::ByteSpan>& spans,
    google::protobuf::RepeatedPtrField<v1::Highlight>& highlights) {
  for (const text::ByteSpan& span : spans) {
    v1::Highlight& added = *highlights.Add();
    added.set_begin_byte(static_cast<int32_t>(span.begin));
    added.set_end_byte(static_cast<int32_t>(span.end));
  }
}

v1::FragmentKind KindToProto(aligner::FragmentKind kind) {
  switch (kind) {
    case aligner::FragmentKind::kName:
      return v1::NAME;
    case aligner::FragmentKind::kOrganization:
      return v1::ORGANIZATION;
    case aligner::FragmentKind::kProduct:
      return v1::PRODUCT;
    case aligner::FragmentKind::kTerm:
      return v1::TERM;
    case aligner::FragmentKind::kReply:
      return v1::REPLY;
    case aligner::FragmentKind::kQuoted:
      return v1::QUOTED;
  }
  return v1::FRAGMENT_KIND_UNSPECIFIED;
}

v1::CodepointRange RangeToProto(text::CodepointSpan span) {
  v1::CodepointRange range;
  range.set_begin(static_cast<int32_t>(span.begin));
  range.set_end(static_cast<int32_t>(span.end));
  return range;
}

v1::Penalty::Kind KindToProto(storage::PenaltyKind kind) {
  switch (kind) {
    case storage::PenaltyKind::kUnreviewedAlignment:
      return v1::Penalty::UNREVIEWED_ALIGNMENT;
    case storage::PenaltyKind::kDoubtfulAlignment:
      return v1::Penalty::DOUBTFUL_ALIGNMENT;
    case storage::PenaltyKind::kSeveralTranslations:
      return v1::Penalty::SEVERAL_TRANSLATIONS;
    case storage::PenaltyKind::kWidthDifference:
      return v1::Penalty::WIDTH_DIFFERENCE;
    case storage::PenaltyKind::kNumbersSubstituted:
      return v1::Penalty::NUMBERS_SUBSTITUTED;
    case storage::PenaltyKind::kAge:
      return v1::Penalty::AGE;
    case storage::PenaltyKind::kOtherProject:
      return v1::Penalty::OTHER_PROJECT;
  }
  return v1::Penalty::KIND_UNSPECIFIED;
}

v1::Penalty PenaltyToProto(const storage::Penalty& penalty) {
  v1::Penalty out;
  out.set_kind(KindToProto(penalty.kind));
  out.set_points(penalty.points);
  out.set_words(penalty.words);
  return out;
}

v1::Edit EditToProto(const storage::Edit& edit) {
  v1::Edit out;
  out.set_kind(edit.query.size() == 0  ? v1::Edit::INSERT
               : edit.text.size() == 0 ? v1::Edit::DELETE
                                       : v1::Edit::REPLACE);
  *out.mutable_query() = RangeToProto(edit.query);
  *out.mutable_text() = RangeToProto(edit.text);
  return out;
}

absl::Status CheckSideTexts(absl::string_view field, const v1::Side& side) {
  const struct {
    absl::string_view name;
    const std::string& text;
    size_t min_codepoints;
    size_t max_codepoints;
  } texts[] = {
      {"text", side.text(), 1, kMaxSideCodepoints},
      {"speaker", side.speaker(), 0, kMaxSpeakerCodepoints},
      {"previous_text", side.previous_text(), 0, kMaxSideCodepoints},
      {"next_text", side.next_text(), 0, kMaxSideCodepoints},
  };
  for (const auto& text : texts) {
    const std::string path = absl::StrCat(field, ".", text.name);
    if (absl::Status status = CheckText(
            text.text, {path, text.min_codepoints, text.max_codepoints});
        !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> LanguageCodeOf(absl::string_view field,
                                           const v1::Side& side,
                                           text::Language language) {
  const absl::string_view base = text::LanguageCode(language);
  if (side.language_code().empty()) return std::string(base);
  if (text::ParseLanguageCode(side.language_code()) != language) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, ".language_code: '", text::Abbreviate(side.language_code(), 40),
        "' given, ", base, " accepted; sources are English, targets Chinese"));
  }
  for (const absl::string_view kept : {"zh-Hans", "zh-Hant"}) {
    if (side.language_code() == kept) return std::string(kept);
  }
  return std::string(base);
}

absl::StatusOr<std::optional<int64_t>> TimestampOf(absl::string_view field,
                                                   const v1::Side& side) {
  if (!side.has_timestamp()) return std::nullopt;
  const google::protobuf::Duration& time = side.timestamp();
  if (time.seconds() < 0 || time.nanos() < 0 ||
      time.seconds() > TimeUtil::kDurationMaxSeconds) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, ".timestamp: ", time.seconds(), " seconds and ", time.nanos(),
        " nanoseconds given, a time from the start of the recording accepted; "
        "send one that is not negative, or leave it out"));
  }
  return std::optional<int64_t>(TimeUtil::DurationToMilliseconds(time));
}

// Rounded up, so that a range of whole microseconds means the same.
absl::StatusOr<int64_t> MicrosecondsOf(
    absl::string_view field, const google::protobuf::Timestamp& time) {
  constexpr int32_t kNanosPerSecond = 1'000'000'000;
  if (time.seconds() < TimeUtil::kTimestampMinSeconds ||
      time.seconds() > TimeUtil::kTimestampMaxSeconds || time.nanos() < 0 ||
      time.nanos() >= kNanosPerSecond) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, ": ", time.seconds(), " seconds and ", time.nanos(),
        " nanoseconds given, a time of the years 1 to 9999 accepted; send one, "
        "or leave it out"));
  }
  return time.seconds() * 1'000'000 + (time.nanos() + 999) / 1'000;
}

}  // namespace

v1::Pair ToProto(absl::string_view project,
                 const storage::TranslationUnit& unit) {
  v1::Pair pair;
  pair.set_name(FormatPairName(project, unit.id));
  *pair.mutable_source() = SideToProto(unit.source);
  *pair.mutable_target() = SideToProto(unit.target);
  if (!unit.document.empty()) {
    pair.set_document(FormatDocumentName(project, unit.document));
  }
  pair.set_origin(OriginToProto(unit.origin));
  pair.set_status(StatusToProto(unit.status));
  pair.set_confidence(unit.confidence);
  pair.set_model_version(unit.model_version);
  *pair.mutable_create_time() = Timestamp(unit.create_time_us);
  *pair.mutable_update_time() = Timestamp(unit.update_time_us);
  pair.set_etag(Etag(unit));
  return pair;
}

v1::Document ToProto(absl::string_view project,
                     const storage::Document& document) {
  v1::Document out;
  out.set_name(FormatDocumentName(project, document.id));
  out.set_title(document.title);
  out.set_source_segments(document.source_segments);
  out.set_target_segments(document.target_segments);
  out.set_pairs(document.units);
  *out.mutable_create_time() = Timestamp(document.create_time_us);
  out.set_model_version(document.model_version);
  return out;
}

v1::Project ToProto(const storage::ProjectCounts& counts) {
  v1::Project project;
  project.set_name(FormatProjectName(counts.id));
  project.set_documents(counts.documents);
  project.set_pairs(counts.units);
  project.set_accepted(counts.accepted);
  project.set_rejected(counts.rejected);
  return project;
}

v1::Match ToProto(const storage::FuzzyMatch& match,
                  const storage::MatchDetails& details) {
  v1::Match out;
  *out.mutable_pair() = ToProto(match.project, match.unit);
  out.set_project(FormatProjectName(match.project));
  out.set_score_percent(match.score_percent);
  out.set_identical(match.identical);
  out.set_occurrences(match.occurrences);
  out.set_similarity_percent(details.similarity_percent);
  out.set_token_percent(details.token_percent);
  out.set_number_blind_percent(details.number_blind_percent);
  out.set_quality_percent(details.quality_percent);
  out.set_suitability_percent(match.suitability_percent);
  for (const storage::Penalty& penalty : match.penalties) {
    *out.add_penalties() = PenaltyToProto(penalty);
  }
  for (const storage::Edit& edit : details.edits) {
    *out.add_edits() = EditToProto(edit);
  }
  out.set_explanation(details.explanation);
  out.set_reviewer(match.reviewer);
  out.set_translations(static_cast<int32_t>(match.translations));
  out.set_suggested_text(details.suggested_text);
  for (const text::CodepointSpan& span : details.substituted) {
    *out.add_substituted_numbers() = RangeToProto(span);
  }
  out.set_matched_language_code(
      std::string(text::LanguageCode(match.language)));
  for (const std::string& placeholder : details.missing_placeholders) {
    out.add_missing_placeholders(placeholder);
  }
  return out;
}

v1::ConcordanceHit ToProto(const storage::ConcordanceHit& hit) {
  v1::ConcordanceHit out;
  *out.mutable_pair() = ToProto(hit.project, hit.unit);
  AddHighlights(hit.source_highlights, *out.mutable_source_highlights());
  AddHighlights(hit.target_highlights, *out.mutable_target_highlights());
  return out;
}

v1::MeaningMatch ToProto(const storage::MeaningHit& hit) {
  v1::MeaningMatch out;
  *out.mutable_pair() = ToProto(hit.project, hit.unit);
  out.set_similarity(hit.similarity);
  out.set_source_similarity(hit.source_similarity);
  out.set_target_similarity(hit.target_similarity);
  return out;
}

v1::PairRevision ToProto(absl::string_view project,
                         const storage::Revision& revision) {
  v1::PairRevision out;
  *out.mutable_pair() = ToProto(project, revision.unit);
  out.set_action(std::string(ActionName(revision.action)));
  out.set_reviewer(revision.reviewer);
  *out.mutable_time() = Timestamp(revision.time_us);
  return out;
}

v1::TextSegment ToProto(const aligner::Segment& segment) {
  v1::TextSegment out;
  out.set_text(segment.text);
  out.set_begin_byte(static_cast<int64_t>(segment.span.begin));
  out.set_end_byte(static_cast<int64_t>(segment.span.end));
  out.set_line(segment.line);
  out.set_speaker(segment.speaker);
  out.set_timestamp_seconds(segment.timestamp_seconds.value_or(-1));
  return out;
}

v1::Bead ToProto(const aligner::Bead& bead) {
  v1::Bead out;
  for (int i = bead.source.begin; i < bead.source.end; ++i) {
    out.add_source_segments(i);
  }
  for (int i = bead.target.begin; i < bead.target.end; ++i) {
    out.add_target_segments(i);
  }
  out.set_confidence(bead.confidence);
  return out;
}

v1::Fragment ToProto(const aligner::Fragment& fragment, int line) {
  v1::Fragment out;
  out.set_text(fragment.text);
  out.set_begin_byte(static_cast<int64_t>(fragment.span.begin));
  out.set_end_byte(static_cast<int64_t>(fragment.span.end));
  out.set_line(line);
  out.set_kind(KindToProto(fragment.kind));
  out.set_rendering(fragment.rendering);
  return out;
}

v1::FragmentLink::Finding ToProto(aligner::FragmentFinding finding) {
  switch (finding) {
    case aligner::FragmentFinding::kSame:
      return v1::FragmentLink::SAME;
    case aligner::FragmentFinding::kForm:
      return v1::FragmentLink::FORM;
    case aligner::FragmentFinding::kPart:
      return v1::FragmentLink::PART;
    case aligner::FragmentFinding::kMisspelled:
      return v1::FragmentLink::MISSPELLED;
    case aligner::FragmentFinding::kMissing:
      return v1::FragmentLink::MISSING;
  }
  return v1::FragmentLink::FINDING_UNSPECIFIED;
}

v1::FragmentLink ToProto(const aligner::FragmentLink& link) {
  v1::FragmentLink out;
  out.set_target_segment(static_cast<int>(link.chinese_text));
  out.set_begin_byte(static_cast<int64_t>(link.fragment.span.begin));
  out.set_end_byte(static_cast<int64_t>(link.fragment.span.end));
  out.set_text(link.fragment.text);
  out.set_kind(KindToProto(link.fragment.kind));
  out.set_rendering(link.fragment.rendering);
  out.set_finding(ToProto(link.finding));
  if (link.finding == aligner::FragmentFinding::kMissing) return out;
  out.set_source_segment(static_cast<int>(link.english_text));
  out.set_source_begin_byte(static_cast<int64_t>(link.place.begin));
  out.set_source_end_byte(static_cast<int64_t>(link.place.end));
  return out;
}

v1::ImportDocumentsResponse::Outcome ToProto(storage::ImportOutcome outcome) {
  switch (outcome) {
    case storage::ImportOutcome::kStored:
      return v1::ImportDocumentsResponse::STORED;
    case storage::ImportOutcome::kUnchanged:
      return v1::ImportDocumentsResponse::UNCHANGED;
    case storage::ImportOutcome::kReplaced:
      return v1::ImportDocumentsResponse::REPLACED;
    case storage::ImportOutcome::kRetitled:
      return v1::ImportDocumentsResponse::RETITLED;
  }
  return v1::ImportDocumentsResponse::OUTCOME_UNSPECIFIED;
}

absl::string_view ActionName(storage::Action action) {
  switch (action) {
    case storage::Action::kImport:
      return "import";
    case storage::Action::kCreate:
      return "create";
    case storage::Action::kAccept:
      return "accept";
    case storage::Action::kReject:
      return "reject";
    case storage::Action::kReopen:
      return "reopen";
    case storage::Action::kEdit:
      return "edit";
    case storage::Action::kSplit:
      return "split";
    case storage::Action::kMerge:
      return "merge";
    case storage::Action::kDelete:
    case storage::Action::kDeleteDocument:
      return "delete";
    case storage::Action::kUndo:
      return "undo";
  }
  return "";
}

absl::StatusOr<storage::ReviewStatus> ReviewStatusFromProto(
    absl::string_view field, int status) {
  switch (status) {
    case v1::UNREVIEWED:
      return storage::ReviewStatus::kUnreviewed;
    case v1::ACCEPTED:
      return storage::ReviewStatus::kAccepted;
    case v1::REJECTED:
      return storage::ReviewStatus::kRejected;
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          field, ": ", status,
          " given, UNREVIEWED, ACCEPTED and REJECTED (1 to 3) accepted; send "
          "one of them"));
  }
}

absl::StatusOr<std::vector<storage::ReviewStatus>> ReviewStatusesFromProto(
    absl::string_view field,
    const google::protobuf::RepeatedField<int>& statuses) {
  std::vector<storage::ReviewStatus> out;
  for (const int status : statuses) {
    absl::StatusOr<storage::ReviewStatus> one =
        ReviewStatusFromProto(field, status);
    if (!one.ok()) return one.status();
    out.push_back(*one);
  }
  return out;
}

absl::StatusOr<storage::UnitSide> SideFromProto(absl::string_view field,
                                                const v1::Side& side,
                                                text::Language language) {
  if (absl::Status status = CheckSideTexts(field, side); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::string> code = LanguageCodeOf(field, side, language);
  if (!code.ok()) return code.status();
  absl::StatusOr<std::optional<int64_t>> time = TimestampOf(field, side);
  if (!time.ok()) return time.status();
  storage::UnitSide out;
  out.language_code = *std::move(code);
  out.text = side.text();
  out.speaker = side.speaker();
  out.timestamp_ms = *time;
  out.previous_text = side.previous_text();
  out.next_text = side.next_text();
  return out;
}

absl::StatusOr<storage::TimeRange> ChangedFromProto(
    absl::string_view prefix, const google::protobuf::Timestamp* after,
    const google::protobuf::Timestamp* before) {
  storage::TimeRange changed;
  if (after != nullptr) {
    const absl::StatusOr<int64_t> begin =
        MicrosecondsOf(absl::StrCat(prefix, "changed_after"), *after);
    if (!begin.ok()) return begin.status();
    changed.begin_us = *begin;
  }
  if (before != nullptr) {
    const absl::StatusOr<int64_t> end =
        MicrosecondsOf(absl::StrCat(prefix, "changed_before"), *before);
    if (!end.ok()) return end.status();
    changed.end_us = *end;
  }
  if (changed.begin_us < changed.end_us) return changed;
  return absl::InvalidArgumentError(absl::StrCat(
      prefix, "changed_before: ", TimeUtil::ToString(*before),
      " given, a time ", "later than changed_after, ",
      TimeUtil::ToString(*after),
      ", accepted; nothing changed between them: exchange or move them"));
}

namespace {

// Of a message that has the fields of a filter, each under `prefix`.
template <typename Fields>
absl::StatusOr<storage::UnitFilter> ReadFilter(absl::string_view prefix,
                                               const Fields& fields,
                                               absl::string_view project) {
  absl::StatusOr<std::string> document = ParseDocumentOf(
      absl::StrCat(prefix, "document"), fields.document(), project);
  if (!document.ok()) return document.status();
  const std::string speaker = absl::StrCat(prefix, "speaker");
  if (absl::Status status =
          CheckText(fields.speaker(), {speaker, 0, kMaxSpeakerCodepoints});
      !status.ok()) {
    return status;
  }
  absl::StatusOr<std::vector<storage::ReviewStatus>> statuses =
      ReviewStatusesFromProto(absl::StrCat(prefix, "statuses"),
                              fields.statuses());
  if (!statuses.ok()) return statuses.status();
  // Written so that a NaN fails too.
  if (!(fields.min_confidence() >= 0 && fields.min_confidence() <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat(
        prefix, "min_confidence: ", fields.min_confidence(),
        " given, 0 to 1 accepted; send e.g. 0.8, or leave it out"));
  }
  const absl::StatusOr<storage::TimeRange> changed = ChangedFromProto(
      prefix, fields.has_changed_after() ? &fields.changed_after() : nullptr,
      fields.has_changed_before() ? &fields.changed_before() : nullptr);
  if (!changed.ok()) return changed.status();
  storage::UnitFilter out;
  out.changed = *changed;
  out.document = *std::move(document);
  out.speaker = fields.speaker();
  out.statuses = *std::move(statuses);
  out.min_confidence = fields.min_confidence();
  return out;
}

}  // namespace

absl::StatusOr<storage::UnitFilter> FilterFromProto(
    const v1::LookupFilter& filter, absl::string_view project) {
  return ReadFilter("filter.", filter, project);
}

absl::StatusOr<storage::UnitFilter> FilterFromProto(
    const v1::ReportConsistencyRequest& request, absl::string_view project) {
  return ReadFilter("", request, project);
}

}  // namespace duilian::service
