// What the system has for files, with errors that say which and what to do.

#ifndef DUILIAN_STORAGE_DISK_FILE_H_
#define DUILIAN_STORAGE_DISK_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace duilian::storage {

// A file that is open as long as this lives.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { Close(); }

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  void Close();

 private:
  int number_ = -1;
};

// An error of the system (errno) as a status: kResourceExhausted when the disk
// is full, kUnavailable else.
absl::Status FileError(const std::string& path, const char* what, int error);

// The directory that the file is in; of a name alone, the current one.
std::string DirectoryOf(const std::string& file);

// Makes what was made, renamed or removed in the file's directory outlive a
// loss of power. As FileError.
absl::Status SyncDirectory(const std::string& file);

// False: the disk did not give them; `error` is 0 when the file ends before.
bool ReadAt(int descriptor, uint64_t place, char* to, size_t bytes, int& error);

// Asks the system to fetch them from the disk meanwhile, for a ReadAt that
// comes soon. Nothing comes of it where it cannot.
void ExpectReads(int descriptor, uint64_t place, uint64_t bytes);

// At the file's end. Returns 0, or errno.
int WriteAll(int descriptor, absl::string_view bytes);

// Copies an open file, from its beginning, to one that is made, or emptied, and
// makes that durable but for its name. As FileError; `name` is the open one's.
absl::Status CopyFile(int descriptor, const std::string& name,
                      const std::string& to);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_DISK_FILE_H_
