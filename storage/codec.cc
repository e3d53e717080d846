#include "storage/codec.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "storage/record_io.h"

namespace duilian::storage {
namespace {

// Raise one when its record's shape changes, and keep reading the old shape.
constexpr uint8_t kFormatRecord = 1;
constexpr uint8_t kProjectRecord = 1;
constexpr uint8_t kUnitRecord = 2;
constexpr uint8_t kDocumentRecord = 3;
constexpr uint8_t kRevisionRecord = 2;
constexpr uint8_t kChangeRecord = 1;
constexpr uint8_t kRequestRecord = 1;
constexpr uint8_t kLookupSettingsRecord = 2;
constexpr uint8_t kPreferredRecord = 1;

void WriteSide(const UnitSide& side, RecordWriter& out) {
  out.Text(side.language_code);
  out.Text(side.text);
  out.Varint(side.spans.size());
  for (const SegmentSpan& span : side.spans) {
    out.SignedVarint(span.segment);
    out.SignedVarint(span.begin_byte);
    out.SignedVarint(span.end_byte);
  }
  out.Text(side.speaker);
  out.Byte(side.timestamp_ms.has_value() ? 1 : 0);
  if (side.timestamp_ms.has_value()) out.SignedVarint(*side.timestamp_ms);
  out.Text(side.previous_text);
  out.Text(side.next_text);
}

UnitSide ReadSide(RecordReader& in) {
  UnitSide side;
  side.language_code = in.Text();
  side.text = in.Text();
  side.spans.resize(in.Count(/*least_bytes=*/3));
  for (SegmentSpan& span : side.spans) {
    span.segment = in.SignedVarint32();
    span.begin_byte = in.SignedVarint();
    span.end_byte = in.SignedVarint();
  }
  side.speaker = in.Text();
  if (in.Byte(0, 1) == 1) side.timestamp_ms = in.SignedVarint();
  side.previous_text = in.Text();
  side.next_text = in.Text();
  return side;
}

void WriteUnit(const TranslationUnit& unit, RecordWriter& out) {
  out.Varint(unit.id);
  WriteSide(unit.source, out);
  WriteSide(unit.target, out);
  out.Text(unit.document);
  out.Byte(static_cast<uint8_t>(unit.origin));
  out.Byte(static_cast<uint8_t>(unit.status));
  out.Double(unit.confidence);
  out.Text(unit.model_version);
  out.SignedVarint(unit.create_time_us);
  out.SignedVarint(unit.update_time_us);
  out.Varint(unit.revision);
  out.Byte(unit.reshaped ? 1 : 0);
}

TranslationUnit ReadUnit(RecordReader& in) {
  TranslationUnit unit;
  unit.id = in.Varint();
  unit.source = ReadSide(in);
  unit.target = ReadSide(in);
  unit.document = in.Text();
  unit.origin =
      static_cast<Origin>(in.Byte(static_cast<uint8_t>(Origin::kAligned),
                                  static_cast<uint8_t>(Origin::kManual)));
  unit.status = static_cast<ReviewStatus>(
      in.Byte(static_cast<uint8_t>(ReviewStatus::kUnreviewed),
              static_cast<uint8_t>(ReviewStatus::kRejected)));
  unit.confidence = in.Double();
  unit.model_version = in.Text();
  unit.create_time_us = in.SignedVarint();
  unit.update_time_us = in.SignedVarint();
  unit.revision = in.Varint();
  if (in.version() >= 2) unit.reshaped = in.Byte(0, 1) == 1;
  return unit;
}

void WritePrints(const std::vector<SegmentPrint>& prints, RecordWriter& out) {
  out.Varint(prints.size());
  int64_t before = 0;  // where the one before ends
  for (const SegmentPrint& print : prints) {
    out.SignedVarint(print.begin_byte - before);
    out.SignedVarint(print.end_byte - print.begin_byte);
    out.Varint(print.fingerprint);
    before = print.end_byte;
  }
}

// Sums wrap around rather than overflow: any bytes may stand in a record.
int64_t WrappingSum(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) +
                              static_cast<uint64_t>(b));
}

std::vector<SegmentPrint> ReadPrints(RecordReader& in) {
  std::vector<SegmentPrint> prints(in.Count(/*least_bytes=*/3));
  int64_t before = 0;
  for (SegmentPrint& print : prints) {
    print.begin_byte = WrappingSum(before, in.SignedVarint());
    print.end_byte = WrappingSum(print.begin_byte, in.SignedVarint());
    print.fingerprint = in.Varint();
    before = print.end_byte;
  }
  return prints;
}

void WriteAsides(const std::vector<Aside>& asides, RecordWriter& out) {
  out.Varint(asides.size());
  for (const Aside& aside : asides) {
    out.SignedVarint(aside.begin);
    out.SignedVarint(aside.end);
    out.Byte(static_cast<uint8_t>(aside.kind));
  }
}

std::vector<Aside> ReadAsides(RecordReader& in) {
  std::vector<Aside> asides(in.Count(/*least_bytes=*/3));
  for (Aside& aside : asides) {
    aside.begin = in.SignedVarint32();
    aside.end = in.SignedVarint32();
    aside.kind = static_cast<AsideKind>(
        in.Byte(static_cast<uint8_t>(AsideKind::kHeading),
                static_cast<uint8_t>(AsideKind::kEmpty)));
  }
  return asides;
}

// The fields of the record, in its order.
constexpr int32_t PenaltyPoints::*kStoredPoints[] = {
    &PenaltyPoints::unreviewed_alignment,
    &PenaltyPoints::doubtful_alignment,
    &PenaltyPoints::several_translations,
    &PenaltyPoints::width_difference,
    &PenaltyPoints::numbers_substituted,
    &PenaltyPoints::age,
    &PenaltyPoints::age_days,
};

// What a decoder returns: `value`, if all of the record was read.
template <typename T>
absl::StatusOr<T> Finished(const RecordReader& in, T value) {
  if (absl::Status status = in.Finish(); !status.ok()) return status;
  return value;
}

}  // namespace

std::string EncodeFormat(uint32_t format_version) {
  RecordWriter out(RecordKind::kFormat, kFormatRecord);
  out.Varint(format_version);
  return std::move(out).Finish();
}

absl::StatusOr<uint32_t> DecodeFormat(absl::string_view record) {
  absl::StatusOr<RecordReader> in =
      RecordReader::Open(record, RecordKind::kFormat, kFormatRecord);
  if (!in.ok()) return in.status();
  const uint64_t version = in->Varint();
  // A version beyond 32 bits is newer than any, whatever it is.
  return Finished(*in, static_cast<uint32_t>(std::min<uint64_t>(
                           version, std::numeric_limits<uint32_t>::max())));
}

std::string EncodeProject(const ProjectRow& row) {
  RecordWriter out(RecordKind::kProject, kProjectRecord);
  out.Varint(row.next_id);
  out.SignedVarint(row.counts.documents);
  out.SignedVarint(row.counts.units);
  out.SignedVarint(row.counts.accepted);
  out.SignedVarint(row.counts.rejected);
  return std::move(out).Finish();
}

absl::StatusOr<ProjectRow> DecodeProject(absl::string_view record) {
  absl::StatusOr<RecordReader> in =
      RecordReader::Open(record, RecordKind::kProject, kProjectRecord);
  if (!in.ok()) return in.status();
  ProjectRow row;
  row.next_id = in->Varint();
  row.counts.documents = in->SignedVarint();
  row.counts.units = in->SignedVarint();
  row.counts.accepted = in->SignedVarint();
  row.counts.rejected = in->SignedVarint();
  return Finished(*in, std::move(row));
}

std::string EncodeUnit(const TranslationUnit& unit) {
  RecordWriter out(RecordKind::kUnit, kUnitRecord);
  WriteUnit(unit, out);
  return std::move(out).Finish();
}

absl::StatusOr<TranslationUnit> DecodeUnit(absl::string_view record) {
  absl::StatusOr<RecordReader> in =
      RecordReader::Open(record, RecordKind::kUnit, kUnitRecord);
  if (!in.ok()) return in.status();
  TranslationUnit unit = ReadUnit(*in);
  return Finished(*in, std::move(unit));
}

std::string EncodeDocument(const Document& document) {
  RecordWriter out(RecordKind::kDocument, kDocumentRecord);
  out.Text(document.id);
  out.Text(document.title);
  out.Text(document.content_hash);
  out.SignedVarint(document.source_segments);
  out.SignedVarint(document.target_segments);
  out.SignedVarint(document.units);
  out.Text(document.model_version);
  out.SignedVarint(document.create_time_us);
  WritePrints(document.source_prints, out);
  WritePrints(document.target_prints, out);
  WriteAsides(document.source_asides, out);
  WriteAsides(document.target_asides, out);
  return std::move(out).Finish();
}

absl::StatusOr<Document> DecodeDocument(absl::string_view record) {
  absl::StatusOr<RecordReader> in =
      RecordReader::Open(record, RecordKind::kDocument, kDocumentRecord);
  if (!in.ok()) return in.status();
  Document document;
  document.id = in->Text();
  document.title = in->Text();
  document.content_hash = in->Text();
  document.source_segments = in->SignedVarint32();
  document.target_segments = in->SignedVarint32();
  document.units = in->SignedVarint32();
  document.model_version = in->Text();
  document.create_time_us = in->SignedVarint();
  if (in->version() >= 2) {
    document.source_prints = ReadPrints(*in);
    document.target_prints = ReadPrints(*in);
  }
  if (in->version() >= 3) {
    document.source_asides = ReadAsides(*in);
    document.target_asides = ReadAsides(*in);
  }
  return Finished(*in, std::move(document));
}

std::string EncodeRevision(const Revision& revision) {
  RecordWriter out(RecordKind::kRevision, kRevisionRecord);
  WriteUnit(revision.unit, out);
  out.Byte(revision.deleted ? 1 : 0);
  out.Byte(static_cast<uint8_t>(revision.action));
  out.Text(revision.reviewer);
  out.SignedVarint(revision.time_us);
  return std::move(out).Finish();
}

absl::StatusOr<Revision> DecodeRevision(absl::string_view record) {
  absl::StatusOr<RecordReader> in =
      RecordReader::Open(record, RecordKind::kRevision, kRevisionRecord);
  if (!in.ok()) return in.status();
  Revision revision;
  revision.unit = ReadUnit(*in);
  revision.deleted = in->Byte(0, 1) == 1;
  revision.action = static_cast<Action>(
      in->Byte(static_cast<uint8_t>(Action::kImport),
               static_cast<uint8_t>(Action::kDeleteDocument)));
  revision.reviewer = in->Text();
  revision.time_us = in->SignedVarint();
  return Finished(*in, std::move(revision));
}

std::string EncodeChange(const ChangeRow& change) {
  RecordWriter out(RecordKind::kChange, kChangeRecord);
  out.Text(change.project);
  out.Varint(change.units.size());
  for (const UnitId id : change.units) out.Varint(id);
  return std::move(out).Finish();
}

absl::StatusOr<ChangeRow> DecodeChange(absl::string_view record) {
  absl::StatusOr<RecordReader> in =
      RecordReader::Open(record, RecordKind::kChange, kChangeRecord);
  if (!in.ok()) return in.status();
  ChangeRow change;
  change.project = in->Text();
  change.units.resize(in->Count(/*least_bytes=*/1));
  for (UnitId& id : change.units) id = in->Varint();
  return Finished(*in, std::move(change));
}

std::string EncodeRequest(uint64_t position) {
  RecordWriter out(RecordKind::kRequest, kRequestRecord);
  out.Varint(position);
  return std::move(out).Finish();
}

absl::StatusOr<uint64_t> DecodeRequest(absl::string_view record) {
  absl::StatusOr<RecordReader> in =
      RecordReader::Open(record, RecordKind::kRequest, kRequestRecord);
  if (!in.ok()) return in.status();
  const uint64_t position = in->Varint();
  return Finished(*in, position);
}

std::string EncodeLookupSettings(const LookupSettings& settings) {
  RecordWriter out(RecordKind::kLookupSettings, kLookupSettingsRecord);
  out.Varint(settings.revision);
  for (const auto field : kStoredPoints) {
    out.SignedVarint(settings.penalties.*field);
  }
  out.SignedVarint(settings.penalties.other_project);
  return std::move(out).Finish();
}

absl::StatusOr<LookupSettings> DecodeLookupSettings(absl::string_view record) {
  absl::StatusOr<RecordReader> in = RecordReader::Open(
      record, RecordKind::kLookupSettings, kLookupSettingsRecord);
  if (!in.ok()) return in.status();
  LookupSettings settings;
  settings.revision = in->Varint();
  for (const auto field : kStoredPoints) {
    settings.penalties.*field = in->SignedVarint32();
  }
  // Version 1 ends here, and the default stands.
  if (in->version() >= 2) {
    settings.penalties.other_project = in->SignedVarint32();
  }
  return Finished(*in, settings);
}

std::string EncodePreferredRendering(const PreferredRendering& preferred) {
  RecordWriter out(RecordKind::kPreferredRendering, kPreferredRecord);
  out.Text(preferred.term);
  out.Text(preferred.rendering);
  out.Varint(preferred.also_good.size());
  for (const std::string& rendering : preferred.also_good) out.Text(rendering);
  out.Text(preferred.reviewer);
  out.SignedVarint(preferred.create_time_us);
  out.SignedVarint(preferred.update_time_us);
  return std::move(out).Finish();
}

absl::StatusOr<PreferredRendering> DecodePreferredRendering(
    absl::string_view record) {
  absl::StatusOr<RecordReader> in = RecordReader::Open(
      record, RecordKind::kPreferredRendering, kPreferredRecord);
  if (!in.ok()) return in.status();
  PreferredRendering preferred;
  preferred.term = in->Text();
  preferred.rendering = in->Text();
  preferred.also_good.resize(in->Count(/*least_bytes=*/1));
  for (std::string& rendering : preferred.also_good) rendering = in->Text();
  preferred.reviewer = in->Text();
  preferred.create_time_us = in->SignedVarint();
  preferred.update_time_us = in->SignedVarint();
  return Finished(*in, std::move(preferred));
}

}  // namespace duilian::storage
