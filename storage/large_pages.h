#ifndef DUILIAN_STORAGE_LARGE_PAGES_H_
#define DUILIAN_STORAGE_LARGE_PAGES_H_

#include <cstddef>
#include <memory>

namespace duilian::storage {

// Memory in one piece, in the system's large pages where it has them: to touch
// it for the first time costs a five-hundredth of the interruptions. Zeros.
class LargePages {
 public:
  // Null: the system has no such memory left.
  static std::unique_ptr<LargePages> Take(size_t bytes);
  ~LargePages();
  LargePages(const LargePages&) = delete;
  LargePages& operator=(const LargePages&) = delete;

  // Begins at a multiple of any power of two up to 4,096.
  char* data() const { return data_; }
  size_t size() const { return size_; }

  // Gives the system back what lies in whole pages between the two; what was
  // there is lost. Both lie in memory of this kind.
  static void GiveBack(void* begin, const void* end);

 private:
  LargePages(char* data, size_t size) : data_(data), size_(size) {}

  char* const data_;
  const size_t size_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LARGE_PAGES_H_
