// An array that grows at its end, and may begin with values in memory that a
// snapshot was read into: to load it copies nothing.

#ifndef DUILIAN_STORAGE_GROWING_ARRAY_H_
#define DUILIAN_STORAGE_GROWING_ARRAY_H_

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

#include "absl/types/span.h"
#include "storage/large_pages.h"

namespace duilian::storage {

// Grows by an eighth, not twofold: of what an index holds, most lies in such
// arrays. Values are plain bytes. Not thread-safe for writers; any number of
// readers without one.
template <typename T>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  GrowingArray() = default;
  // Begins with `values`, which lie in LargePages and outlive it. They are its
  // own from now on: written to, and given back to the system when it grows out
  // of them or ends.
  explicit GrowingArray(absl::Span<T> values)
      : data_(values.data()), size_(values.size()) {}
  // A copy has memory of its own, and no more than it needs.
  GrowingArray(const GrowingArray& other) { Append(other); }
  GrowingArray(GrowingArray&& other) noexcept { Swap(other); }
  GrowingArray& operator=(GrowingArray other) noexcept {
    Swap(other);
    return *this;
  }
  ~GrowingArray() { LetGo(); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // True while its values lie where they were borrowed: to grow copies them.
  bool borrows() const { return capacity_ == 0 && size_ > 0; }
  const T* data() const { return data_; }
  T* data() { return data_; }
  const T& operator[](size_t i) const { return data_[i]; }
  T& operator[](size_t i) { return data_[i]; }
  const T& back() const { return data_[size_ - 1]; }
  T& back() { return data_[size_ - 1]; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }

  void push_back(T value) {
    MakeRoom(size_ + 1);
    data_[size_++] = value;
  }
  // `values` are not its own.
  void Append(absl::Span<const T> values) {
    if (values.empty()) return;
    MakeRoom(size_ + values.size());
    std::memcpy(data_ + size_, values.data(), values.size() * sizeof(T));
    size_ += values.size();
  }
  // New values are zero bytes.
  void resize(size_t size) {
    if (size > size_) {
      MakeRoom(size);
      std::memset(static_cast<void*>(data_ + size_), 0,
                  (size - size_) * sizeof(T));
    }
    size_ = size;
  }
  void reserve(size_t size) {
    if (size > room()) Move(size);
  }
  void shrink_to_fit() {
    if (capacity_ > size_) Move(size_);
  }

  // Bytes of memory.
  size_t Memory() const { return room() * sizeof(T); }

 private:
  // Values that it can have where it is.
  size_t room() const { return std::max(capacity_, size_); }
  void MakeRoom(size_t size) {
    if (size > room()) Move(std::max(size, size_ + size_ / 8));
  }
  // Into memory of its own, for at least size() values. The C library grows
  // large memory without copying it.
  void Move(size_t capacity) {
    capacity = std::max<size_t>(capacity, 1);
    void* const own = capacity_ > 0 ? data_ : nullptr;
    void* const moved = std::realloc(own, capacity * sizeof(T));
    if (moved == nullptr) std::abort();  // out of memory
    if (borrows()) {
      std::memcpy(moved, data_, size_ * sizeof(T));
      LetGo();
    }
    data_ = static_cast<T*>(moved);
    capacity_ = capacity;
  }
  void LetGo() {
    if (capacity_ > 0) std::free(data_);
    if (borrows()) LargePages::GiveBack(data_, data_ + size_);
  }
  void Swap(GrowingArray& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;  // of its own memory; 0: it has none, or borrows
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_GROWING_ARRAY_H_
