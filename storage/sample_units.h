// Units for tests.

#ifndef DUILIAN_STORAGE_SAMPLE_UNITS_H_
#define DUILIAN_STORAGE_SAMPLE_UNITS_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "storage/translation_memory.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

inline TranslationUnit MakeUnit(absl::string_view source,
                                absl::string_view target) {
  TranslationUnit unit;
  unit.source.language_code = "en";
  unit.source.text = std::string(source);
  unit.target.language_code = "zh";
  unit.target.text = std::string(target);
  unit.origin = Origin::kAligned;
  unit.confidence = 0.5;
  return unit;
}

inline Document MakeDocument(absl::string_view id, absl::string_view hash) {
  Document document;
  document.id = std::string(id);
  document.title = absl::StrCat("Talk ", id);
  document.content_hash = std::string(hash);
  document.source_segments = 3;
  document.target_segments = 2;
  document.model_version = "zh-en-1";
  return document;
}

// A change that stores `unit`; checks the revision that it was read with.
inline UnitChange Store(TranslationUnit unit) {
  UnitChange change;
  if (unit.id != 0) change.expected_revision = unit.revision;
  change.unit = std::move(unit);
  return change;
}

inline UnitChange Remove(const TranslationUnit& unit) {
  UnitChange change = Store(unit);
  change.remove = true;
  return change;
}

inline ChangeContext By(absl::string_view reviewer, Action action) {
  ChangeContext context;
  context.action = action;
  context.reviewer = std::string(reviewer);
  context.now_us = 1'000'000;
  return context;
}

using Random = std::mt19937;

// In [0, end).
inline size_t Below(size_t end, Random& random) {
  return std::uniform_int_distribution<size_t>(0, end - 1)(random);
}

inline std::string RandomBytes(size_t max_size, Random& random) {
  std::string bytes(Below(max_size + 1, random), '\0');
  for (char& byte : bytes) byte = static_cast<char>(Below(256, random));
  return bytes;
}

inline UnitSide RandomSide(Random& random) {
  UnitSide side;
  side.language_code = Below(2, random) == 0 ? "zh-Hans" : "en";
  side.text = RandomBytes(20, random);
  for (size_t i = Below(4, random); i > 0; --i) {
    side.spans.push_back({static_cast<int32_t>(Below(1000, random)) - 1,
                          static_cast<int64_t>(Below(1u << 30, random)) << 20,
                          static_cast<int64_t>(Below(1000, random)) - 500});
  }
  side.speaker = RandomBytes(4, random);
  if (Below(2, random) == 0) {
    side.timestamp_ms = static_cast<int64_t>(Below(100'000, random)) - 5;
  }
  side.previous_text = RandomBytes(8, random);
  side.next_text = RandomBytes(8, random);
  return side;
}

inline TranslationUnit RandomUnit(Random& random) {
  TranslationUnit unit;
  unit.id = (uint64_t{random()} << 32) | random();
  unit.source = RandomSide(random);
  unit.target = RandomSide(random);
  unit.document = RandomBytes(4, random);
  unit.origin = static_cast<Origin>(1 + Below(3, random));
  unit.status = static_cast<ReviewStatus>(1 + Below(3, random));
  unit.reshaped = Below(2, random) == 0;
  unit.confidence = static_cast<double>(Below(1001, random)) / 1000;
  unit.model_version = RandomBytes(4, random);
  unit.create_time_us = static_cast<int64_t>(random()) << 20;
  unit.update_time_us = -static_cast<int64_t>(random());
  unit.revision = random();
  return unit;
}

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_SAMPLE_UNITS_H_
