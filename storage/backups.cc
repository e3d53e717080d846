#include "storage/backups.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "storage/disk_file.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

namespace fs = std::filesystem;

// E4: four digits of the year, and no more.
constexpr char kIdFormat[] = "%E4Y%m%d-%H%M%S";
// What is being made or removed has this behind its id. RocksDB makes a copy
// under such a name by itself.
constexpr absl::string_view kUnfinished = ".tmp";

std::string IdOf(int64_t time_us) {
  return absl::FormatTime(kIdFormat, absl::FromUnixMicros(time_us),
                          absl::UTCTimeZone());
}

// nullopt: not as IdOf writes it.
std::optional<int64_t> TimeOf(absl::string_view id) {
  absl::Time time;
  if (!absl::ParseTime(kIdFormat, id, &time, nullptr)) return std::nullopt;
  const int64_t time_us = absl::ToUnixMicros(time);
  if (IdOf(time_us) != id) return std::nullopt;
  return time_us;
}

absl::Status DirectoryError(const std::string& directory, const char* what,
                            const std::error_code& error) {
  return FileError(directory, what, error.value());
}

uint64_t BytesIn(const std::string& directory) {
  uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const uintmax_t size = entry.file_size(error);
    if (!error) bytes += size;
  }
  return bytes;
}

// The names in a directory; none when it is not there.
absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end;
       !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return DirectoryError(directory, "cannot be read", error);
  }
  return names;
}

absl::Status RemoveAll(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  return error ? DirectoryError(path, "cannot be removed", error)
               : absl::OkStatus();
}

}  // namespace

std::string Backups::PathOf(absl::string_view id) const {
  return absl::StrCat(directory_, "/", id);
}

absl::StatusOr<std::vector<Backup>> Backups::List() const {
  const absl::StatusOr<std::vector<std::string>> names = NamesIn(directory_);
  if (!names.ok()) return names.status();
  std::vector<Backup> backups;
  for (const std::string& name : *names) {
    const std::optional<int64_t> begun_us = TimeOf(name);
    if (!begun_us.has_value()) continue;
    const std::string path = PathOf(name);
    backups.push_back({name, *begun_us, path, BytesIn(path)});
  }
  std::sort(
      backups.begin(), backups.end(),
      [](const Backup& a, const Backup& b) { return a.begun_us < b.begun_us; });
  return backups;
}

absl::Status Backups::RemoveUnfinished() {
  const absl::StatusOr<std::vector<std::string>> names = NamesIn(directory_);
  if (!names.ok()) return names.status();
  for (absl::string_view name : *names) {
    absl::string_view id = name;
    if (!absl::ConsumeSuffix(&id, kUnfinished) || !TimeOf(id)) continue;
    if (absl::Status status = RemoveAll(PathOf(name)); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Backup> Backups::Make(int64_t now_us) {
  if (!mutex_.TryLock()) {
    return absl::AbortedError(
        "another backup is being made or deleted, one at a time is accepted; "
        "call again when it is done");
  }
  absl::StatusOr<Backup> made = MakeUnderLock(now_us);
  mutex_.Unlock();
  return made;
}

absl::StatusOr<Backup> Backups::MakeUnderLock(int64_t now_us) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) return DirectoryError(directory_, "cannot be made", error);
  if (absl::Status status = RemoveUnfinished(); !status.ok()) return status;
  const absl::StatusOr<std::vector<Backup>> others = List();
  if (!others.ok()) return others.status();
  if (others->size() >= kMost) {
    return absl::FailedPreconditionError(
        absl::StrCat(directory_, " holds ", others->size(), " backups, ", kMost,
                     " are accepted; delete one that is not needed, e.g. ",
                     others->front().id));
  }
  const std::string id = IdOf(now_us);
  const std::string path = PathOf(id);
  if (fs::exists(path, error)) {
    return absl::AbortedError(
        absl::StrCat("a backup was begun within the same second (", id,
                     "), one a second is accepted; call again"));
  }
  if (absl::Status status = store_.CopyTo(path); !status.ok()) return status;
  if (absl::Status status = SyncDirectory(path); !status.ok()) return status;
  return Backup{id, *TimeOf(id), path, BytesIn(path)};
}

absl::Status Backups::Delete(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  const std::string path = PathOf(id);
  std::error_code error;
  if (!TimeOf(id).has_value() || !fs::exists(path, error)) {
    return absl::NotFoundError(absl::StrCat(
        "'", text::Abbreviate(id, 100), "' given, but ", directory_,
        " holds no such backup; name one that the list of backups has"));
  }
  // Under its name there is a whole one, or none.
  const std::string unfinished = absl::StrCat(path, kUnfinished);
  fs::rename(path, unfinished, error);
  if (error) return DirectoryError(path, "cannot be removed", error);
  if (absl::Status status = SyncDirectory(path); !status.ok()) return status;
  return RemoveAll(unfinished);
}

}  // namespace duilian::storage
