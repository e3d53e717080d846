// From beads to the translation units that are stored.

#ifndef DUILIAN_SERVICE_BEAD_UNITS_H_
#define DUILIAN_SERVICE_BEAD_UNITS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/transcript.h"
#include "duilian/v1/import_service.pb.h"
#include "storage/translation_unit.h"

namespace duilian::service {

// The first 99 warnings of a document as they come; the hundredth and later
// ones are counted in one last line.
class WarningList {
 public:
  void Add(absl::string_view side, int line, absl::string_view message);
  // The reader's own, "line 12: …".
  void AddRead(absl::string_view side, const std::vector<std::string>& read);

  std::vector<v1::ImportWarning> Finish() &&;

 private:
  std::vector<v1::ImportWarning> warnings_;
  int more_ = 0;
};

// What every unit of a document has in common.
struct UnitStamp {
  std::string document;
  storage::Origin origin = storage::Origin::kAligned;
  std::string model_version;
  int64_t now_us = 0;
};

// A unit a bead that has a text on both sides, in the beads' order. A bead
// with a side over the limit of a pair makes none, and a warning.
std::vector<storage::TranslationUnit> UnitsFromBeads(
    const aligner::Transcript& source, const aligner::Transcript& target,
    absl::Span<const aligner::Bead> beads, const UnitStamp& stamp,
    WarningList& warnings);

// The prints of a side's segments, in order.
std::vector<storage::SegmentPrint> PrintsOf(const aligner::Transcript& side);

// What of a side is no speech: headings, front matter, empty lines.
std::vector<storage::Aside> AsidesOf(const aligner::Transcript& side);

// Line i with line i. kInvalidArgument: the sides differ in their number of
// lines.
absl::StatusOr<std::vector<aligner::Bead>> BeadsOfAlignedLines(
    const aligner::Transcript& source, const aligner::Transcript& target);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_BEAD_UNITS_H_
