#include "storage/keys.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace duilian::storage {
namespace {

// First letters of the keys. They stand on disk: never reuse one.
constexpr char kFormat = '!';
constexpr char kChanges = 'C';
constexpr char kDocuments = 'D';
constexpr char kHistory = 'H';
constexpr char kRequests = 'K';
constexpr char kLookupSettings = 'L';
constexpr char kProjects = 'P';
constexpr char kQueue = 'Q';
constexpr char kStatuses = 'S';
constexpr char kRenderings = 'T';
constexpr char kUnits = 'U';

constexpr size_t kNumberBytes = 8;

void AppendName(absl::string_view name, std::string& key) {
  key.append(name.data(), name.size());
  key.push_back('\0');
}

void AppendNumber(uint64_t number, std::string& key) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>(number >> shift));
  }
}

// For a confidence in [0, 1] the order of the bits is that of the numbers.
uint64_t Bits(double confidence) {
  uint64_t bits;
  std::memcpy(&bits, &confidence, sizeof bits);
  return bits;
}

std::string NamedKey(char letter, absl::string_view project) {
  std::string key(1, letter);
  AppendName(project, key);
  return key;
}

std::string ScopedKey(char letter, absl::string_view project,
                      absl::string_view document) {
  std::string key = NamedKey(letter, project);
  AppendName(document, key);
  return key;
}

// The keys that begin with `prefix` and end in a number above `number`.
KeyRange NumbersAfter(std::string prefix, uint64_t number, size_t limit) {
  KeyRange range = PrefixRange(prefix);
  AppendNumber(number, prefix);
  prefix.push_back('\0');  // the key itself is behind us
  range.begin = std::move(prefix);
  range.limit = limit;
  return range;
}

KeyRange RowRange(std::string key) {
  KeyRange range;
  range.begin = std::move(key);
  range.end = range.begin;
  range.end.push_back('\0');
  range.limit = 1;
  return range;
}

}  // namespace

absl::Status CheckName(absl::string_view field, absl::string_view name) {
  if (!name.empty() && name.find('\0') == absl::string_view::npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      field, ": ", name.empty() ? "an empty name" : "a name with a zero byte",
      " given; a name of one byte or more without zero bytes is accepted; "
      "choose another name"));
}

std::string FormatKey() {
  return absl::StrCat(std::string(1, kFormat), "format");
}

std::string ChangeKey(uint64_t position) {
  std::string key(1, kChanges);
  AppendNumber(position, key);
  return key;
}

KeyRange ChangesAfter(uint64_t position, size_t limit) {
  return NumbersAfter(std::string(1, kChanges), position, limit);
}

KeyRange LastChange() {
  KeyRange range = PrefixRange(std::string(1, kChanges));
  range.reverse = true;
  range.limit = 1;
  return range;
}

std::string ProjectKey(absl::string_view project) {
  return absl::StrCat(std::string(1, kProjects), project);
}

KeyRange ProjectRowRange(absl::string_view project) {
  return RowRange(ProjectKey(project));
}

KeyRange ProjectsAfter(absl::string_view project, size_t limit) {
  KeyRange range = PrefixRange(std::string(1, kProjects));
  if (!project.empty()) {
    range.begin = ProjectKey(project);
    range.begin.push_back('\0');
  }
  range.limit = limit;
  return range;
}

absl::string_view ProjectOfKey(absl::string_view key) { return key.substr(1); }

std::string UnitKey(absl::string_view project, UnitId id) {
  std::string key = NamedKey(kUnits, project);
  AppendNumber(id, key);
  return key;
}

KeyRange UnitsAfter(absl::string_view project, UnitId id, size_t limit) {
  return NumbersAfter(NamedKey(kUnits, project), id, limit);
}

std::string DocumentKey(absl::string_view project, absl::string_view document) {
  return absl::StrCat(NamedKey(kDocuments, project), document);
}

std::string HistoryKey(absl::string_view project, UnitId id,
                       uint64_t position) {
  std::string key = NamedKey(kHistory, project);
  AppendNumber(id, key);
  AppendNumber(position, key);
  return key;
}

KeyRange HistoryAfter(absl::string_view project, UnitId id, uint64_t position,
                      size_t limit) {
  std::string prefix = NamedKey(kHistory, project);
  AppendNumber(id, prefix);
  return NumbersAfter(std::move(prefix), position, limit);
}

KeyRange NewestHistory(absl::string_view project, UnitId id, size_t limit) {
  KeyRange range = HistoryAfter(project, id, 0, limit);
  range.reverse = true;
  return range;
}

std::string LookupSettingsKey(absl::string_view project) {
  return absl::StrCat(std::string(1, kLookupSettings), project);
}

std::string RenderingKey(absl::string_view project, absl::string_view term) {
  return absl::StrCat(NamedKey(kRenderings, project), term);
}

KeyRange RenderingRowRange(absl::string_view project, absl::string_view term) {
  return RowRange(RenderingKey(project, term));
}

KeyRange RenderingsAfter(absl::string_view project, absl::string_view term,
                         size_t limit) {
  KeyRange range = PrefixRange(NamedKey(kRenderings, project));
  if (!term.empty()) {
    range.begin = RenderingKey(project, term);
    range.begin.push_back('\0');
  }
  range.limit = limit;
  return range;
}

std::string RequestKey(absl::string_view project,
                       absl::string_view request_id) {
  return absl::StrCat(NamedKey(kRequests, project), request_id);
}

std::string StatusKey(absl::string_view project, absl::string_view document,
                      ReviewStatus status, UnitId id) {
  std::string key = ScopedKey(kStatuses, project, document);
  key.push_back(static_cast<char>(status));
  AppendNumber(id, key);
  return key;
}

KeyRange StatusAfter(absl::string_view project, absl::string_view document,
                     ReviewStatus status, UnitId id, size_t limit) {
  std::string prefix = ScopedKey(kStatuses, project, document);
  prefix.push_back(static_cast<char>(status));
  return NumbersAfter(std::move(prefix), id, limit);
}

std::string QueueKey(absl::string_view project, absl::string_view document,
                     const QueuePlace& place) {
  std::string key = ScopedKey(kQueue, project, document);
  AppendNumber(Bits(place.confidence), key);
  AppendNumber(place.id, key);
  return key;
}

KeyRange QueueAfter(absl::string_view project, absl::string_view document,
                    std::optional<QueuePlace> after, size_t limit) {
  KeyRange range = PrefixRange(ScopedKey(kQueue, project, document));
  if (after.has_value()) {
    range.begin = QueueKey(project, document, *after);
    range.begin.push_back('\0');
  }
  range.limit = limit;
  return range;
}

uint64_t LastNumber(absl::string_view key) {
  if (key.size() < kNumberBytes) return 0;
  uint64_t number = 0;
  for (const char c : key.substr(key.size() - kNumberBytes)) {
    number = number << 8 | static_cast<unsigned char>(c);
  }
  return number;
}

}  // namespace duilian::storage
