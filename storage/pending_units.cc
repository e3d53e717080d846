#include "storage/pending_units.h"

#include <vector>

#include "storage/stored_rows.h"

namespace duilian::storage {
namespace {

constexpr size_t kChangesPerRead = 1000;

}  // namespace

void PendingUnits::Begin(uint64_t position) {
  absl::MutexLock lock(&mutex_);
  counted_ = position;
  units_.clear();
}

void PendingUnits::Took(const std::string& project, int64_t units) {
  absl::MutexLock lock(&mutex_);
  const auto found = units_.find(project);
  if (found == units_.end()) return;
  found->second -= units;
  if (found->second <= 0) units_.erase(found);
}

absl::Status PendingUnits::Count() {
  absl::MutexLock lock(&mutex_);
  const uint64_t newest = memory_.last_position();
  while (counted_ < newest) {
    const absl::StatusOr<std::vector<ChangeSize>> sizes =
        memory_.ReadChangeSizes(counted_, kChangesPerRead);
    if (!sizes.ok()) return sizes.status();
    if (sizes->empty()) return MissingRow("a change of the log");
    for (const ChangeSize& size : *sizes) {
      counted_ = size.position;
      if (size.units > 0) units_[size.project] += size.units;
    }
  }
  return absl::OkStatus();
}

int64_t PendingUnits::Of(absl::string_view project) const {
  absl::MutexLock lock(&mutex_);
  const auto found = units_.find(project);
  return found == units_.end() ? 0 : found->second;
}

}  // namespace duilian::storage
