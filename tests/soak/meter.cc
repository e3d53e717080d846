#include "tests/soak/meter.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/support/percentiles.h"

namespace duilian::soak {
namespace {

constexpr size_t kLeastSamples = 30;
constexpr int64_t kSlackBytes = 32 << 20;

}  // namespace

void Meter::Enter(absl::string_view kind, absl::Duration took) {
  absl::MutexLock lock(&mutex_);
  ++calls_;
  taken_ms_[std::string(kind)].push_back(absl::ToDoubleMilliseconds(took));
}

std::string Meter::TakeLine() {
  absl::MutexLock lock(&mutex_);
  std::string kinds;
  size_t calls = 0;
  for (auto& [kind, taken] : taken_ms_) {
    if (taken.empty()) continue;
    const size_t count = taken.size();
    calls += count;
    const testing_support::Percentiles times(std::exchange(taken, {}));
    absl::StrAppendFormat(&kinds, "%s%s %d %.1f/%.1f",
                          kinds.empty() ? "" : ", ", kind, count, times.At(0.5),
                          times.At(0.99));
  }
  return absl::StrCat(calls, " calls, p50/p99 ms: ", kinds);
}

int64_t Meter::calls() const {
  absl::MutexLock lock(&mutex_);
  return calls_;
}

int64_t MedianOfThird(const std::vector<int64_t>& samples, size_t third) {
  const size_t each = samples.size() / 3;
  const auto begin =
      samples.begin() + static_cast<std::ptrdiff_t>(third * each);
  std::vector<int64_t> part(begin, begin + static_cast<std::ptrdiff_t>(each));
  std::sort(part.begin(), part.end());
  return part.empty() ? 0 : part[part.size() / 2];
}

bool IsFlat(const std::vector<int64_t>& resident_bytes) {
  if (resident_bytes.size() < kLeastSamples) return true;
  const int64_t middle = MedianOfThird(resident_bytes, 1);
  const int64_t last = MedianOfThird(resident_bytes, 2);
  return last <= middle + middle / 20 + kSlackBytes;
}

}  // namespace duilian::soak
