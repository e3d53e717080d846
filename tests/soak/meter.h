#ifndef DUILIAN_TESTS_SOAK_METER_H_
#define DUILIAN_TESTS_SOAK_METER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace duilian::soak {

// How long the calls took, by kind. Thread-safe.
class Meter {
 public:
  void Enter(absl::string_view kind, absl::Duration took);

  // "1,234 calls: exact 120 0.9/4.1, ..." of what was entered since the last
  // call: how many of each kind, and the p50 and p99 in milliseconds.
  std::string TakeLine();

  int64_t calls() const;  // in all

 private:
  mutable absl::Mutex mutex_;
  int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::vector<double>, std::less<>> taken_ms_
      ABSL_GUARDED_BY(mutex_);
};

// Whether the memory of a process, sampled at even times, is flat at the end:
// the first third is for caches to fill; in the last third the median is at
// most 5 % and 32 MB above that of the second. Less than 30 samples are flat.
bool IsFlat(const std::vector<int64_t>& resident_bytes);

// The median of the samples [begin, end), given in thirds.
int64_t MedianOfThird(const std::vector<int64_t>& samples, size_t third);

}  // namespace duilian::soak

#endif  // DUILIAN_TESTS_SOAK_METER_H_
