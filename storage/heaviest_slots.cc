// The simple version: add the weight of each list to each of its slots, and
// sort the slots. The complications:
//
// 1. Sums of a million slots do not stay in the cache: slots are looked at by
//    windows, and each list is gone through window by window.
// 2. Once `wanted` are found, the lightest of them is a floor. Lists that do
//    not weigh as much together bring nobody over it: they, the longest ones,
//    are only asked for slots that others brought near (MaxScore: Turtle, Flood
//    1995; by windows as in Lucene).
// 3. The floor is the threads' common one, and a slot below it is never among
//    the best, so the answer is that of one thread.
//
// Tested by heaviest_slots_test.cc against the simple version.

#include "storage/heaviest_slots.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/synchronization/mutex.h"

namespace duilian::storage {
namespace {

constexpr size_t kWindow = 8192;  // slots; 32 KiB of sums

bool IsHeavier(const HeavySlot& a, const HeavySlot& b) {
  return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
}

// The best that one thread found.
class Heaviest {
 public:
  explicit Heaviest(size_t wanted) : wanted_(wanted) {}

  // What a slot must reach; 0 until there are as many as wanted.
  uint32_t floor() const { return last_.weight; }

  // True: it would be among the best.
  bool Wants(const HeavySlot& slot) const {
    return last_.weight == 0 || IsHeavier(slot, last_);
  }
  void Add(const HeavySlot& slot) {
    found_.push_back(slot);
    if (found_.size() >= 2 * wanted_) Prune();
  }

  std::vector<HeavySlot>& found() { return found_; }

 private:
  void Prune() {
    const auto last = found_.begin() + static_cast<std::ptrdiff_t>(wanted_ - 1);
    std::nth_element(found_.begin(), last, found_.end(), IsHeavier);
    last_ = *last;
    found_.resize(wanted_);
  }

  const size_t wanted_;
  HeavySlot last_;  // of the best, once there are as many as wanted
  std::vector<HeavySlot> found_;
};

// What the threads have in common.
struct Shared {
  std::atomic<size_t> next_window{0};
  std::atomic<uint32_t> floor{0};
  absl::Mutex mutex;
  std::vector<HeavySlot> found;  // with `mutex` held
};

// One thread's way through the lists.
class Walk {
 public:
  Walk(const HeaviestSearch& search, Shared& shared)
      : search_(search),
        shared_(shared),
        heaviest_(search.wanted),
        sums_(kWindow, 0) {
    for (const WeightedList& list : search.lists) {
      cursors_.emplace_back(list.slots);
    }
    from_.assign(search.lists.size() + 1, 0);
    for (size_t i = search.lists.size(); i-- > 0;) {
      from_[i] = from_[i + 1] + search.lists[i].weight;
    }
  }

  // False: it was cancelled.
  bool Go(bool may_cancel) {
    const size_t windows = (search_.slots + kWindow - 1) / kWindow;
    while (true) {
      if (may_cancel && search_.cancelled && search_.cancelled()) {
        shared_.next_window = windows;  // nothing is left to begin
        return false;
      }
      const size_t window = shared_.next_window.fetch_add(1);
      if (window >= windows) break;
      Look(window * kWindow, std::min(search_.slots, (window + 1) * kWindow));
    }
    const absl::MutexLock lock(&shared_.mutex);
    shared_.found.insert(shared_.found.end(), heaviest_.found().begin(),
                         heaviest_.found().end());
    return true;
  }

 private:
  void Look(size_t begin, size_t end) {
    const uint32_t floor = Floor();
    size_t essential = 0;  // lists; the rest do not reach the floor
    while (essential < cursors_.size() && from_[essential] >= floor) {
      ++essential;
    }
    for (size_t i = 0; i < essential; ++i) {
      const uint32_t weight = search_.lists[i].weight;
      cursors_[i].MoveTo(static_cast<SlotId>(begin));
      cursors_[i].TakeBelow(static_cast<SlotId>(end), [&](SlotId slot) {
        sums_[slot - begin] += weight;
      });
    }
    Gather(begin, end, floor - std::min(floor, from_[essential]));
    for (size_t i = essential; i < cursors_.size() && !near_.empty(); ++i) {
      AskList(i, floor);
    }
    for (HeavySlot& slot : near_) {
      if (slot.weight < heaviest_.floor()) continue;
      slot.id = search_.id(slot.slot);
      if (heaviest_.Wants(slot) && search_.accept(slot.slot)) {
        heaviest_.Add(slot);
      }
    }
    Raise(heaviest_.floor());
  }

  // Fills near_ with the slots whose sums are `least`, or more, and not 0;
  // clears the sums.
  void Gather(size_t begin, size_t end, uint32_t least) {
    near_.clear();
    least = std::max(least, uint32_t{1});
    constexpr size_t kStep = 64;
    for (size_t at = 0; at < end - begin; at += kStep) {
      uint32_t most = 0;
      for (size_t i = 0; i < kStep; ++i) most = std::max(most, sums_[at + i]);
      if (most == 0) continue;
      for (size_t i = at; most >= least && i < at + kStep; ++i) {
        if (sums_[i] < least) continue;
        near_.push_back({static_cast<SlotId>(begin + i), sums_[i], 0});
      }
      std::fill_n(sums_.begin() + static_cast<std::ptrdiff_t>(at), kStep, 0u);
    }
  }

  // Adds the list's weight to those of near_ that stand in it, and forgets
  // those that cannot reach the floor.
  void AskList(size_t list, uint32_t floor) {
    SlotCursor& cursor = cursors_[list];
    std::erase_if(near_, [&](HeavySlot& slot) {
      if (slot.weight + from_[list] < floor) return true;
      cursor.MoveTo(slot.slot);
      if (!cursor.done() && cursor.slot() == slot.slot) {
        slot.weight += search_.lists[list].weight;
      }
      return slot.weight + from_[list + 1] < floor;
    });
  }

  uint32_t Floor() const {
    return std::max(heaviest_.floor(),
                    shared_.floor.load(std::memory_order_relaxed));
  }
  void Raise(uint32_t floor) {
    uint32_t known = shared_.floor.load(std::memory_order_relaxed);
    while (known < floor &&
           !shared_.floor.compare_exchange_weak(known, floor)) {
    }
  }

  const HeaviestSearch& search_;
  Shared& shared_;
  Heaviest heaviest_;
  std::vector<SlotCursor> cursors_;
  std::vector<uint32_t> from_;   // the weights of this list and those behind it
  std::vector<uint32_t> sums_;   // of the window's slots; zero between windows
  std::vector<HeavySlot> near_;  // of the window, ascending
};

}  // namespace

std::vector<HeavySlot> HeaviestSlots(const HeaviestSearch& search,
                                     IdleThreads& threads) {
  size_t entries = 0;
  for (const WeightedList& list : search.lists) entries += list.slots.size();
  Shared shared;
  std::atomic<bool> cancelled = false;
  const std::thread::id caller = std::this_thread::get_id();
  threads.Share(entries / search.entries_a_thread, [&] {
    Walk walk(search, shared);
    if (!walk.Go(std::this_thread::get_id() == caller)) cancelled = true;
  });
  if (cancelled) return {};
  const absl::MutexLock lock(&shared.mutex);
  std::vector<HeavySlot>& found = shared.found;
  std::sort(found.begin(), found.end(), IsHeavier);
  if (found.size() > search.wanted) found.resize(search.wanted);
  return std::move(found);
}

}  // namespace duilian::storage
