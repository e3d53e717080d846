// Every key in the store, and the order that it makes. A key is one letter,
// then its parts: names end in a zero byte, numbers are 8 bytes big-endian, so
// that the order of keys is the order of names and numbers.

#ifndef DUILIAN_STORAGE_KEYS_H_
#define DUILIAN_STORAGE_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/ordered_store.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// kInvalidArgument: empty, or holds a zero byte. `field` names it.
absl::Status CheckName(absl::string_view field, absl::string_view name);

std::string FormatKey();

std::string ChangeKey(uint64_t position);
KeyRange ChangesAfter(uint64_t position, size_t limit);
KeyRange LastChange();

std::string ProjectKey(absl::string_view project);
// The project's row alone, for a scan beside others.
KeyRange ProjectRowRange(absl::string_view project);
KeyRange ProjectsAfter(absl::string_view project, size_t limit);
// The name in a key of ProjectsAfter.
absl::string_view ProjectOfKey(absl::string_view key);

std::string UnitKey(absl::string_view project, UnitId id);
KeyRange UnitsAfter(absl::string_view project, UnitId id, size_t limit);

std::string DocumentKey(absl::string_view project, absl::string_view document);

std::string HistoryKey(absl::string_view project, UnitId id, uint64_t position);
KeyRange HistoryAfter(absl::string_view project, UnitId id, uint64_t position,
                      size_t limit);
// The newest first.
KeyRange NewestHistory(absl::string_view project, UnitId id, size_t limit);

// The settings of a project's look-ups.
std::string LookupSettingsKey(absl::string_view project);
// Terms are normalised.
std::string RenderingKey(absl::string_view project, absl::string_view term);
// The term's row alone, for a scan beside others.
KeyRange RenderingRowRange(absl::string_view project, absl::string_view term);
// From the beginning when `term` is empty.
KeyRange RenderingsAfter(absl::string_view project, absl::string_view term,
                         size_t limit);

std::string RequestKey(absl::string_view project, absl::string_view request_id);

// Two indexes. Each unit stands in them under the whole project (an empty
// document) and, if it has one, under its document.
std::string StatusKey(absl::string_view project, absl::string_view document,
                      ReviewStatus status, UnitId id);
KeyRange StatusAfter(absl::string_view project, absl::string_view document,
                     ReviewStatus status, UnitId id, size_t limit);

// A place in the review queue.
struct QueuePlace {
  double confidence = 0;
  UnitId id = 0;
};
std::string QueueKey(absl::string_view project, absl::string_view document,
                     const QueuePlace& place);
// From the beginning when `after` is nullopt.
KeyRange QueueAfter(absl::string_view project, absl::string_view document,
                    std::optional<QueuePlace> after, size_t limit);

// The number that ends a key; 0 when the key is too short for one.
uint64_t LastNumber(absl::string_view key);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_KEYS_H_
