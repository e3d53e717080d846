// What is stored: translation units, documents, revisions. Plain data; how it
// looks on disk is docs/storage_format.md and storage/codec.h.

#ifndef DUILIAN_STORAGE_TRANSLATION_UNIT_H_
#define DUILIAN_STORAGE_TRANSLATION_UNIT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "text/language.h"

namespace duilian::storage {

// Issued by the store, per project, rising, never reused.
using UnitId = uint64_t;

struct SegmentSpan {
  int32_t segment = 0;     // index in that side of the document
  int64_t begin_byte = 0;  // half-open, in that side's text as sent
  int64_t end_byte = 0;
  bool operator==(const SegmentSpan&) const = default;
};

struct UnitSide {
  std::string language_code;  // "en", "zh", "zh-Hans", "zh-Hant"
  std::string text;
  std::vector<SegmentSpan> spans;
  std::string speaker;
  std::optional<int64_t> timestamp_ms;
  std::string previous_text, next_text;
  bool operator==(const UnitSide&) const = default;
};

// The numbers stand on disk: never reuse one.
enum class Origin : uint8_t { kAligned = 1, kImported = 2, kManual = 3 };
enum class ReviewStatus : uint8_t {
  kUnreviewed = 1,
  kAccepted = 2,
  kRejected = 3,
};

struct TranslationUnit {
  UnitId id = 0;
  UnitSide source;       // English
  UnitSide target;       // Chinese
  std::string document;  // id within the project; empty for one made by hand
  Origin origin = Origin::kManual;
  ReviewStatus status = ReviewStatus::kUnreviewed;
  // Split or merged in review: an import keeps it as it keeps a reviewed one.
  bool reshaped = false;
  double confidence = 1;  // in [0, 1]
  std::string model_version;
  int64_t create_time_us = 0;  // since the Unix epoch
  int64_t update_time_us = 0;
  // Position of the change that wrote it; rises with every change of the
  // unit. The wire's etag is made of it.
  uint64_t revision = 0;
  bool operator==(const TranslationUnit&) const = default;
};

// A segment of a document's side without its text: enough to find it again
// when the side is imported anew.
struct SegmentPrint {
  int64_t begin_byte = 0;  // half-open, in the side's text as sent
  int64_t end_byte = 0;
  uint64_t fingerprint = 0;  // of the text; stands on disk
  bool operator==(const SegmentPrint&) const = default;
};

// What a segment of a document is besides speech. The numbers stand on disk:
// never reuse one.
enum class AsideKind : uint8_t {
  kHeading = 1,
  kFrontMatter = 2,  // menus, contents, links around the talk
  kEmpty = 3,        // a line with nothing on it
};

// Segments in a row that are no speech, of one kind: nobody has to translate
// them.
struct Aside {
  int32_t begin = 0;  // half-open
  int32_t end = 0;
  AsideKind kind = AsideKind::kHeading;
  bool operator==(const Aside&) const = default;
};

struct Document {
  std::string id;
  std::string title;
  // Of both sides and their format, not of the title: equal means that the
  // pairs would be the same.
  std::string content_hash;
  int32_t source_segments = 0;
  int32_t target_segments = 0;
  int32_t units = 0;
  std::string model_version;
  int64_t create_time_us = 0;
  // Of every segment, in order; empty where an older release stored it.
  std::vector<SegmentPrint> source_prints, target_prints;
  // In order; empty, too, where an older release stored it.
  std::vector<Aside> source_asides, target_asides;
};

enum class Action : uint8_t {
  kImport = 1,
  kCreate = 2,
  kAccept = 3,
  kReject = 4,
  kReopen = 5,
  kEdit = 6,
  kSplit = 7,
  kMerge = 8,
  kDelete = 9,
  kUndo = 10,
  kDeleteDocument = 11,
};

// One unit's state after a change.
struct Revision {
  TranslationUnit unit;  // as it was after the change; before it if deleted
  bool deleted = false;
  Action action = Action::kImport;
  std::string reviewer;
  int64_t time_us = 0;
};

struct ProjectCounts {
  std::string id;
  int64_t documents = 0;
  int64_t units = 0;
  int64_t accepted = 0;
  int64_t rejected = 0;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_TRANSLATION_UNIT_H_
