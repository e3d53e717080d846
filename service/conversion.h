// Between the wire and the domain, field by field. Nothing here decides.

#ifndef DUILIAN_SERVICE_CONVERSION_H_
#define DUILIAN_SERVICE_CONVERSION_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "aligner/align.h"
#include "aligner/fragment_places.h"
#include "aligner/fragments.h"
#include "aligner/transcript.h"
#include "duilian/v1/alignment_service.pb.h"
#include "duilian/v1/consistency_service.pb.h"
#include "duilian/v1/import_service.pb.h"
#include "duilian/v1/pair.pb.h"
#include "duilian/v1/review_service.pb.h"
#include "duilian/v1/translation_memory_service.pb.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "storage/lookup_index.h"
#include "storage/match_details.h"
#include "storage/meaning_index.h"
#include "storage/translation_memory.h"
#include "storage/translation_unit.h"

namespace duilian::service {

// To the wire. `project` is the unit's, for names.
v1::Pair ToProto(absl::string_view project,
                 const storage::TranslationUnit& unit);
v1::Document ToProto(absl::string_view project,
                     const storage::Document& document);
v1::Project ToProto(const storage::ProjectCounts& counts);
v1::Match ToProto(const storage::FuzzyMatch& match,
                  const storage::MatchDetails& details);
v1::ConcordanceHit ToProto(const storage::ConcordanceHit& hit);
v1::MeaningMatch ToProto(const storage::MeaningHit& hit);
v1::PairRevision ToProto(absl::string_view project,
                         const storage::Revision& revision);
v1::TextSegment ToProto(const aligner::Segment& segment);
v1::Bead ToProto(const aligner::Bead& bead);
v1::Fragment ToProto(const aligner::Fragment& fragment, int line);
v1::FragmentLink::Finding ToProto(aligner::FragmentFinding finding);
// Segments are counted as the link counts texts.
v1::FragmentLink ToProto(const aligner::FragmentLink& link);
v1::ImportDocumentsResponse::Outcome ToProto(storage::ImportOutcome outcome);

// "import", "create" …
absl::string_view ActionName(storage::Action action);

// From the wire. `field` is where it stood in the request.

// kInvalidArgument: unspecified, or not a value of this release.
absl::StatusOr<storage::ReviewStatus> ReviewStatusFromProto(
    absl::string_view field, int status);
absl::StatusOr<std::vector<storage::ReviewStatus>> ReviewStatusesFromProto(
    absl::string_view field,
    const google::protobuf::RepeatedField<int>& statuses);

// Text, speaker, timestamp and neighbours; the language is `language_code`,
// or the message's own if that is a kind of it. kInvalidArgument: empty, over
// a limit, in another language, or the timestamp is negative.
absl::StatusOr<storage::UnitSide> SideFromProto(absl::string_view field,
                                                const v1::Side& side,
                                                text::Language language);

// A request's changed_after and changed_before, null where it has none; their
// names follow `prefix`. Times between two microseconds count as the later.
// kInvalidArgument: not of the years 1 to 9999, or nothing lies between them.
absl::StatusOr<storage::TimeRange> ChangedFromProto(
    absl::string_view prefix, const google::protobuf::Timestamp* after,
    const google::protobuf::Timestamp* before);

// kInvalidArgument: a document of another project, a speaker over its limit,
// a status that is none, a confidence outside of [0, 1], or times as above.
absl::StatusOr<storage::UnitFilter> FilterFromProto(
    const v1::LookupFilter& filter, absl::string_view project);
absl::StatusOr<storage::UnitFilter> FilterFromProto(
    const v1::ReportConsistencyRequest& request, absl::string_view project);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_CONVERSION_H_
