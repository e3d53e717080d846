#include "storage/memory_store.h"

#include <cstdint>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace duilian::storage {
namespace {

// Values by the number of the write that made them, nullopt for a delete. A
// snapshot is such a number; old versions are kept only while one is alive.
using Versions = std::map<uint64_t, std::optional<std::string>>;

class VersionedMap : public OrderedStore {
 public:
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys,
      const Snapshot* snapshot) const override;
  absl::StatusOr<std::vector<std::vector<KeyValue>>> MultiScan(
      absl::Span<const KeyRange> ranges,
      const Snapshot* snapshot) const override;
  absl::Status Write(const WriteBatch& batch) override;
  std::unique_ptr<Snapshot> TakeSnapshot() const override;

 private:
  class View;

  uint64_t SequenceOf(const Snapshot* snapshot) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::vector<KeyValue> Scan(const KeyRange& range, uint64_t sequence) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  mutable int views_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Versions> rows_ ABSL_GUARDED_BY(mutex_);
};

class VersionedMap::View : public Snapshot {
 public:
  View(const VersionedMap& store, uint64_t sequence)
      : store_(store), sequence_(sequence) {}
  ~View() override {
    absl::MutexLock lock(&store_.mutex_);
    --store_.views_;
  }
  uint64_t sequence() const { return sequence_; }

 private:
  const VersionedMap& store_;
  const uint64_t sequence_;
};

// The value that stood after write number `sequence`; null for none.
const std::string* ValueAt(const Versions& versions, uint64_t sequence) {
  auto after = versions.upper_bound(sequence);
  if (after == versions.begin()) return nullptr;
  --after;
  return after->second.has_value() ? &*after->second : nullptr;
}

uint64_t VersionedMap::SequenceOf(const Snapshot* snapshot) const {
  return snapshot == nullptr ? sequence_
                             : static_cast<const View*>(snapshot)->sequence();
}

absl::StatusOr<std::vector<std::optional<std::string>>> VersionedMap::MultiGet(
    absl::Span<const std::string> keys, const Snapshot* snapshot) const {
  absl::ReaderMutexLock lock(&mutex_);
  const uint64_t sequence = SequenceOf(snapshot);
  std::vector<std::optional<std::string>> values(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto row = rows_.find(keys[i]);
    if (row == rows_.end()) continue;
    const std::string* value = ValueAt(row->second, sequence);
    if (value != nullptr) values[i] = *value;
  }
  return values;
}

std::vector<KeyValue> VersionedMap::Scan(const KeyRange& range,
                                         uint64_t sequence) const {
  std::vector<KeyValue> found;
  // Returns false when the range has all that it may.
  const auto take = [&](const auto& row) {
    const std::string* value = ValueAt(row.second, sequence);
    if (value != nullptr) found.push_back({row.first, *value});
    return range.limit == 0 || found.size() < range.limit;
  };
  if (!range.end.empty() && range.end <= range.begin) return found;
  auto first = rows_.lower_bound(range.begin);
  auto last = range.end.empty() ? rows_.end() : rows_.lower_bound(range.end);
  if (range.reverse) {
    while (last != first && take(*--last)) {
    }
  } else {
    while (first != last && take(*first++)) {
    }
  }
  return found;
}

absl::StatusOr<std::vector<std::vector<KeyValue>>> VersionedMap::MultiScan(
    absl::Span<const KeyRange> ranges, const Snapshot* snapshot) const {
  absl::ReaderMutexLock lock(&mutex_);
  const uint64_t sequence = SequenceOf(snapshot);
  std::vector<std::vector<KeyValue>> found;
  found.reserve(ranges.size());
  for (const KeyRange& range : ranges) found.push_back(Scan(range, sequence));
  return found;
}

absl::Status VersionedMap::Write(const WriteBatch& batch) {
  absl::MutexLock lock(&mutex_);
  ++sequence_;
  for (const WriteBatch::Operation& operation : batch.operations) {
    Versions& versions = rows_[operation.key];
    if (views_ == 0) versions.clear();
    versions[sequence_] = operation.value;
    if (views_ == 0 && !operation.value.has_value()) rows_.erase(operation.key);
  }
  return absl::OkStatus();
}

std::unique_ptr<Snapshot> VersionedMap::TakeSnapshot() const {
  absl::MutexLock lock(&mutex_);
  ++views_;
  return std::make_unique<View>(*this, sequence_);
}

}  // namespace

std::unique_ptr<OrderedStore> NewMemoryStore() {
  return std::make_unique<VersionedMap>();
}

}  // namespace duilian::storage
