// Tested by lookup_index_test.cc and unit_preparation_test.cc.

#include "storage/unit_preparation.h"

#include <atomic>
#include <thread>
#include <vector>

namespace duilian::storage {
namespace {

// Portions, each prepared by the thread that comes for it first.
class Preparation {
 public:
  explicit Preparation(absl::Span<const TranslationUnit* const> units)
      : units_(units),
        portions_((units.size() + kUnitsPerPortion - 1) / kUnitsPerPortion),
        ready_(portions_.size()) {}

  size_t size() const { return portions_.size(); }

  // Prepares one that nobody has begun. False: there is none.
  bool PrepareNext() {
    const size_t number = next_.fetch_add(1);
    if (number >= size()) return false;
    TextHashes hashes;
    const absl::Span<const TranslationUnit* const> units =
        units_.subspan(number * kUnitsPerPortion, kUnitsPerPortion);
    std::vector<PreparedUnit>& portion = portions_[number];
    portion.reserve(units.size());
    for (size_t i = 0; i < units.size(); ++i) {
      portion.push_back(PrepareTexts(*units[i], hashes));
      if (i > 0) PrepareNeighbours(*units[i - 1], hashes, portion[i - 1]);
    }
    PrepareNeighbours(*units.back(), hashes, portion.back());
    ready_[number].store(true);
    ready_[number].notify_one();
    return true;
  }

  // Hands all over; prepares others while the next is not ready.
  void TakeAll(PortionTaker take) {
    for (size_t number = 0; number < size(); ++number) {
      while (!ready_[number] && PrepareNext()) continue;
      ready_[number].wait(false);
      take(portions_[number]);
      portions_[number] = {};
    }
  }

 private:
  const absl::Span<const TranslationUnit* const> units_;
  std::vector<std::vector<PreparedUnit>> portions_;
  std::vector<std::atomic<bool>> ready_;
  std::atomic<size_t> next_ = 0;  // portion that nobody has begun
};

}  // namespace

void PrepareUnits(absl::Span<const TranslationUnit* const> units,
                  IdleThreads& threads, PortionTaker take) {
  Preparation preparation(units);
  const std::thread::id caller = std::this_thread::get_id();
  const size_t helpers = preparation.size() > 1 ? preparation.size() - 1 : 0;
  threads.Share(helpers, [&] {
    if (std::this_thread::get_id() == caller) {
      preparation.TakeAll(take);
    } else {
      while (preparation.PrepareNext()) continue;
    }
  });
}

}  // namespace duilian::storage
