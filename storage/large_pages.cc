// Tested by growing_array_test.cc.

#include "storage/large_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "absl/memory/memory.h"

namespace duilian::storage {
namespace {

constexpr size_t kLargePage = 2 << 20;

uintptr_t RoundUp(uintptr_t number, size_t to) {
  return (number + to - 1) / to * to;
}

}  // namespace

std::unique_ptr<LargePages> LargePages::Take(size_t bytes) {
  // Of less than a large page there is none to be had.
  const size_t unit = bytes < kLargePage
                          ? static_cast<size_t>(sysconf(_SC_PAGESIZE))
                          : kLargePage;
  const size_t size = RoundUp(std::max<size_t>(bytes, 1), unit);
  // A large page begins at a multiple of its size: what lies before the first
  // one, and behind the last, goes back at once.
  const size_t taken = size + unit;
  void* const at = mmap(nullptr, taken, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return nullptr;
  char* const begin = static_cast<char*>(at);
  const size_t before = RoundUp(reinterpret_cast<uintptr_t>(begin), unit) -
                        reinterpret_cast<uintptr_t>(begin);
  if (before > 0) munmap(begin, before);
  if (before < unit) munmap(begin + before + size, unit - before);
  // Without large pages it is memory all the same.
  if (unit == kLargePage) madvise(begin + before, size, MADV_HUGEPAGE);
  return absl::WrapUnique(new LargePages(begin + before, size));
}

LargePages::~LargePages() { munmap(data_, size_); }

void LargePages::GiveBack(void* begin, const void* end) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t from = RoundUp(reinterpret_cast<uintptr_t>(begin), page);
  const uintptr_t to = reinterpret_cast<uintptr_t>(end) / page * page;
  if (from >= to) return;
  madvise(
      static_cast<char*>(begin) + (from - reinterpret_cast<uintptr_t>(begin)),
      to - from, MADV_DONTNEED);
}

}  // namespace duilian::storage
