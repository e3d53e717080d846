#include "service/document_importer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/align.h"
#include "service/alignment_service.h"
#include "service/bead_units.h"
#include "service/conversion.h"
#include "service/digest.h"
#include "service/limits.h"
#include "service/read_side.h"
#include "service/status.h"
#include "service/unary_calls.h"

namespace duilian::service {
namespace {

aligner::ReadLimits DocumentLimits() {
  aligner::ReadLimits limits;
  limits.max_bytes = kMaxSideBytes;
  limits.max_line_bytes = kMaxLineBytes;
  limits.max_lines = kMaxLines;
  limits.max_segments = kMaxSegments;
  return limits;
}

// Everything that the stored pairs depend on but the model: a new model does
// not make an old document a new one, nor does a new title.
std::string ContentHash(const IncomingDocument& document) {
  return Digest()
      .Add(document.source)
      .Add(document.target)
      .Add(absl::StrCat(document.format, document.aligned_lines ? "=" : "~"))
      .Finish();
}

struct Sides {
  aligner::Transcript source, target;
};

absl::StatusOr<Sides> ReadSides(const IncomingDocument& document) {
  const int format = document.aligned_lines ? v1::LINES : document.format;
  absl::StatusOr<aligner::Transcript> source =
      ReadSide({"source", document.source, text::Language::kEnglish}, format,
               DocumentLimits());
  if (!source.ok()) return source.status();
  absl::StatusOr<aligner::Transcript> target =
      ReadSide({"target", document.target, text::Language::kChinese}, format,
               DocumentLimits());
  if (!target.ok()) return target.status();
  return Sides{*std::move(source), *std::move(target)};
}

absl::StatusOr<std::vector<aligner::Bead>> BeadsOf(
    const IncomingDocument& document, const Sides& sides,
    const aligner::Model* model, const Call& call) {
  if (document.aligned_lines) {
    return BeadsOfAlignedLines(sides.source, sides.target);
  }
  aligner::AlignOptions options;
  options.cancelled = call.cancelled;
  return aligner::Align(*model, sides.source, sides.target, options);
}

absl::Status CheckCancelled(const Call& call) {
  if (!call.cancelled()) return absl::OkStatus();
  return absl::CancelledError(
      "the call was cancelled before the document was stored; send it again");
}

// The stored document when the same texts are there already.
absl::StatusOr<std::optional<storage::Document>> FindSameTexts(
    const Stores& stores, const IncomingDocument& document,
    const std::string& hash) {
  absl::StatusOr<std::optional<storage::Document>> stored =
      stores.memory.FindDocument(document.name.project, document.name.document);
  if (!stored.ok()) return stored.status();
  if (stored->has_value() && (*stored)->content_hash != hash) stored->reset();
  return stored;
}

UnitStamp StampOf(const IncomingDocument& document, const aligner::Model* model,
                  const Call& call) {
  UnitStamp stamp;
  stamp.document = document.name.document;
  stamp.now_us = Microseconds(call.now);
  if (document.aligned_lines) {
    stamp.origin = storage::Origin::kImported;
  } else {
    stamp.origin = storage::Origin::kAligned;
    stamp.model_version = std::string(model->version());
  }
  return stamp;
}

// The document's own record; the memory counts its units.
storage::Document Record(const IncomingDocument& document, const Sides& sides,
                         const std::string& hash, const UnitStamp& stamp) {
  storage::Document record;
  record.id = document.name.document;
  record.title = document.title;
  record.content_hash = hash;
  record.source_segments = static_cast<int32_t>(sides.source.segments.size());
  record.target_segments = static_cast<int32_t>(sides.target.segments.size());
  record.model_version = stamp.model_version;
  record.create_time_us = stamp.now_us;
  record.source_prints = PrintsOf(sides.source);
  record.target_prints = PrintsOf(sides.target);
  record.source_asides = AsidesOf(sides.source);
  record.target_asides = AsidesOf(sides.target);
  return record;
}

int32_t CountTexts(const aligner::Transcript& side) {
  return static_cast<int32_t>(std::count_if(
      side.segments.begin(), side.segments.end(),
      [](const aligner::Segment& segment) { return !segment.text.empty(); }));
}

void Describe(const storage::ImportResult& result,
              const IncomingDocument& document,
              v1::ImportDocumentsResponse& response) {
  response.set_outcome(ToProto(result.outcome));
  *response.mutable_document() =
      ToProto(document.name.project, result.document);
  response.set_kept_pairs(result.kept);
  response.set_added_pairs(result.added);
  response.set_dropped_pairs(result.dropped);
  response.set_outdated_pairs(result.outdated);
  response.set_mean_confidence(result.mean_confidence);
}

}  // namespace

v1::ImportDocumentsResponse Refused(const std::string& name,
                                    const absl::Status& why) {
  v1::ImportDocumentsResponse response;
  response.set_name(name);
  response.set_outcome(v1::ImportDocumentsResponse::REFUSED);
  const grpc::Status status = ToGrpcStatus(why);
  response.set_error_code(status.error_code());
  response.set_error_message(status.error_message());
  return response;
}

v1::ImportDocumentsResponse DocumentImporter::Import(
    const IncomingDocument& document, const Call& call) const {
  v1::ImportDocumentsResponse response;
  response.set_name(document.full_name);
  absl::Status status = document.refusal;
  if (status.ok()) {
    status = Guarded([&] { return Store(document, call, response); });
  }
  if (!status.ok()) response = Refused(document.full_name, status);
  return response;
}

absl::Status DocumentImporter::Store(
    const IncomingDocument& document, const Call& call,
    v1::ImportDocumentsResponse& response) const {
  if (absl::Status status = CheckCancelled(call); !status.ok()) return status;
  const std::string hash = ContentHash(document);
  absl::StatusOr<std::optional<storage::Document>> same =
      FindSameTexts(stores_, document, hash);
  if (!same.ok()) return same.status();
  if (same->has_value()) {
    (*same)->title = document.title;
    return Write(document, **same, {}, Microseconds(call.now), response)
        .status();
  }
  if (!document.aligned_lines) {
    const absl::StatusOr<const aligner::Model*> model = RequireModel(model_);
    if (!model.ok()) return model.status();
  }
  absl::StatusOr<Sides> sides = ReadSides(document);
  if (!sides.ok()) return sides.status();
  absl::StatusOr<std::vector<aligner::Bead>> beads =
      BeadsOf(document, *sides, model_, call);
  if (!beads.ok()) return beads.status();
  WarningList warnings;
  warnings.AddRead("source", sides->source.warnings);
  warnings.AddRead("target", sides->target.warnings);
  const UnitStamp stamp = StampOf(document, model_, call);
  std::vector<storage::TranslationUnit> units =
      UnitsFromBeads(sides->source, sides->target, *beads, stamp, warnings);
  for (v1::ImportWarning& warning : std::move(warnings).Finish()) {
    *response.add_warnings() = std::move(warning);
  }
  // The last moment at which a cancelled document leaves nothing behind.
  if (absl::Status status = CheckCancelled(call); !status.ok()) return status;
  absl::StatusOr<storage::ImportResult> result =
      Write(document, Record(document, *sides, hash, stamp), std::move(units),
            stamp.now_us, response);
  if (!result.ok()) return result.status();
  response.set_unpaired_source_segments(CountTexts(sides->source) -
                                        result->paired_source_segments);
  response.set_unpaired_target_segments(CountTexts(sides->target) -
                                        result->paired_target_segments);
  return absl::OkStatus();
}

absl::StatusOr<storage::ImportResult> DocumentImporter::Write(
    const IncomingDocument& document, const storage::Document& record,
    std::vector<storage::TranslationUnit> units, int64_t now_us,
    v1::ImportDocumentsResponse& response) const {
  absl::StatusOr<storage::ImportResult> result = stores_.memory.ImportDocument(
      document.name.project, record, std::move(units), now_us);
  if (!result.ok()) return result.status();
  CatchUp(stores_);
  Describe(*result, document, response);
  return result;
}

}  // namespace duilian::service
