// Stored values to bytes and back. Every record carries its kind, a version
// and a checksum (record_io.h); docs/storage_format.md has each byte.
//
// Decoding takes any bytes. kDataLoss: damaged. kFailedPrecondition: intact,
// but written by a newer release.

#ifndef DUILIAN_STORAGE_CODEC_H_
#define DUILIAN_STORAGE_CODEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/penalties.h"
#include "storage/preferred_rendering.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// A project's row: the next id to issue, and what the project holds. The
// name is in the key; counts.id is not stored.
struct ProjectRow {
  UnitId next_id = 1;
  ProjectCounts counts;
};

// The change log's row: whose units changed. Their states are in the history
// rows of this position.
struct ChangeRow {
  std::string project;
  std::vector<UnitId> units;  // in the order of the change
};

// Version of the whole layout.
std::string EncodeFormat(uint32_t format_version);
absl::StatusOr<uint32_t> DecodeFormat(absl::string_view record);

std::string EncodeProject(const ProjectRow& row);
absl::StatusOr<ProjectRow> DecodeProject(absl::string_view record);

std::string EncodeUnit(const TranslationUnit& unit);
absl::StatusOr<TranslationUnit> DecodeUnit(absl::string_view record);

std::string EncodeDocument(const Document& document);
absl::StatusOr<Document> DecodeDocument(absl::string_view record);

std::string EncodeRevision(const Revision& revision);
absl::StatusOr<Revision> DecodeRevision(absl::string_view record);

std::string EncodeChange(const ChangeRow& change);
absl::StatusOr<ChangeRow> DecodeChange(absl::string_view record);

// The position of the change that a request made.
std::string EncodeRequest(uint64_t position);
absl::StatusOr<uint64_t> DecodeRequest(absl::string_view record);

std::string EncodeLookupSettings(const LookupSettings& settings);
absl::StatusOr<LookupSettings> DecodeLookupSettings(absl::string_view record);
std::string EncodePreferredRendering(const PreferredRendering& preferred);
absl::StatusOr<PreferredRendering> DecodePreferredRendering(
    absl::string_view record);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_CODEC_H_
