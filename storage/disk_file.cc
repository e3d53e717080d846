// Tested by snapshot_file_test.cc.

#include "storage/disk_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"

namespace duilian::storage {

Descriptor::Descriptor(Descriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void Descriptor::Close() {
  if (is_open()) close(std::exchange(number_, -1));
}

absl::Status FileError(const std::string& path, const char* what, int error) {
  const std::string message =
      absl::StrCat(path, ": ", what, ": ", std::strerror(error),
                   "; see to the disk and the permissions");
  return error == ENOSPC || error == EDQUOT
             ? absl::ResourceExhaustedError(message)
             : absl::UnavailableError(message);
}

// Through "." in front, a name alone has a directory too.
std::string DirectoryOf(const std::string& file) {
  return (std::filesystem::path(".") / file).parent_path().string();
}

absl::Status SyncDirectory(const std::string& file) {
  const std::string path = DirectoryOf(file);
  const Descriptor directory(
      open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return FileError(path, "cannot be opened", errno);
  return fsync(directory.number()) == 0
             ? absl::OkStatus()
             : FileError(path, "cannot be synced", errno);
}

bool ReadAt(int descriptor, uint64_t place, char* to, size_t bytes,
            int& error) {
  while (bytes > 0) {
    const ssize_t got = pread(descriptor, to, bytes, static_cast<off_t>(place));
    if (got < 0 && errno == EINTR) continue;
    error = got < 0 ? errno : 0;
    if (got <= 0) return false;
    to += got;
    place += static_cast<uint64_t>(got);
    bytes -= static_cast<size_t>(got);
  }
  return true;
}

void ExpectReads(int descriptor, uint64_t place, uint64_t bytes) {
  posix_fadvise(descriptor, static_cast<off_t>(place),
                static_cast<off_t>(bytes), POSIX_FADV_WILLNEED);
}

int WriteAll(int descriptor, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

absl::Status CopyFile(int descriptor, const std::string& name,
                      const std::string& to) {
  const Descriptor copy(
      open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!copy.is_open()) return FileError(to, "cannot be made", errno);
  std::string bytes(1 << 20, '\0');
  for (uint64_t place = 0;;) {
    const ssize_t got = pread(descriptor, bytes.data(), bytes.size(),
                              static_cast<off_t>(place));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(name, "cannot be read", errno);
    if (got == 0) break;
    const auto size = static_cast<size_t>(got);
    const int error = WriteAll(copy.number(), {bytes.data(), size});
    if (error != 0) return FileError(to, "cannot be written", error);
    place += size;
  }
  return fsync(copy.number()) == 0 ? absl::OkStatus()
                                   : FileError(to, "cannot be synced", errno);
}

}  // namespace duilian::storage
