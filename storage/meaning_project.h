// What is known of one project's units to search them by their meaning: a
// vector a unit, exact while there are few and quantised when there are many.

#ifndef DUILIAN_STORAGE_MEANING_PROJECT_H_
#define DUILIAN_STORAGE_MEANING_PROJECT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "storage/chunked_array.h"
#include "storage/growing_array.h"
#include "storage/idle_threads.h"
#include "storage/lookup_index.h"
#include "storage/project_index.h"
#include "storage/slot_ids.h"
#include "storage/snapshot_file.h"
#include "storage/translation_unit.h"
#include "storage/unit_slots.h"
#include "storage/vector_lists.h"

namespace duilian::storage {

// A unit made ready, outside of any lock.
struct MeaningUnit {
  UnitId id = 0;
  uint64_t revision = 0;
  float uncertainty = 0;  // as ProjectIndex::uncertainty
  ReviewStatus status = ReviewStatus::kUnreviewed;
  int64_t update_time_us = 0;
  std::string document;
  std::string source_speaker, target_speaker;
  uint32_t texts_hash = 0;    // of both texts as written
  std::vector<float> vector;  // of length 1, or all zero
};

// A unit that a search found; `score` is about its cosine with the query.
struct MeaningCandidate {
  UnitId id = 0;
  uint64_t revision = 0;
  float score = 0;
  uint32_t texts_hash = 0;  // as MeaningUnit's
};

struct CandidateSearch {
  const std::vector<float>& query;
  const UnitFilter& filter;
  size_t wanted = 1;
  const std::function<bool()>& cancelled;  // may be empty
  IdleThreads& threads;                    // that may take part
};

// Not thread-safe for writers; any number of readers without one. With a
// vector of 256 numbers: some 270 bytes a unit while each is compared, then
// 115.
class MeaningProject {
 public:
  // One that compares the query with every unit.
  explicit MeaningProject(size_t dimension);
  // One that keeps its vectors in lists made for about `units` units.
  MeaningProject(size_t dimension, std::unique_ptr<VectorLists> lists,
                 size_t units);

  // What is kept of units' vectors.
  struct Coded {
    VectorLists::Coded in_lists;
    std::vector<int8_t> whole;
    std::vector<float> scales;
  };
  // The costly part of Put; beside a writer, too.
  Coded Encode(absl::Span<const MeaningUnit> units) const;

  // Adds or replaces units; nothing is done about one that is there in a state
  // as new. `coded` is what Encode made of them.
  void Put(absl::Span<const MeaningUnit> units, const Coded& coded);
  // Removes a unit unless its state is newer than `position`.
  void Remove(UnitId id, uint64_t position);

  // Best first, at most `wanted`. Units with the same texts are one: the
  // accepted, then the surest, then the newest. Nothing when cancelled.
  std::vector<MeaningCandidate> Search(const CandidateSearch& search) const;

  size_t live_units() const { return unit_slots_.size(); }
  bool has_lists() const { return lists_ != nullptr; }
  size_t slots() const { return entries_.size(); }  // of units, gone ones too

  // Without lists: the units in slots [begin, end) that are not gone, as they
  // were put, but that a number of a vector is off by the 254th part of its
  // largest at the most.
  std::vector<MeaningUnit> Units(SlotId begin, SlotId end) const;
  // The vector of one of them, gone or not, behind `vectors`.
  void AppendVector(SlotId slot, std::vector<float>& vectors) const;

  // It should be made anew for more units: there are too many for its lists, or
  // more than `most_compared` without any.
  bool outgrown(size_t most_compared) const;
  // It is worth compacting: most of it is of units that are gone, or of states
  // that were replaced.
  bool mostly_gone() const;
  // The same units without what is gone, which takes one copy of each; with
  // lists in the same ones.
  std::unique_ptr<MeaningProject> Compacted() const;

  // Bytes of memory, but for names.
  size_t Memory() const;

  void Save(SnapshotWriter& snapshot) const;
  // Null: it cannot be what Save wrote.
  static std::unique_ptr<MeaningProject> Load(SnapshotReader& snapshot,
                                              size_t dimension);

 private:
  // What units have in common that stand one behind the other; kept once for
  // each run of them.
  struct Context {
    uint64_t revision = 0;
    int64_t update_time_us = 0;
    uint32_t document = 0;  // names by number, these three
    uint32_t source_speaker = 0, target_speaker = 0;
    ReviewStatus status = ReviewStatus::kUnreviewed;
    bool operator==(const Context&) const = default;
  };
  // 12 bytes. The hash joins units with the same texts among the few dozen that
  // a search finds, and tells whether a unit was given other texts. Unlike
  // texts share one by chance, one time in 2^32: then one of two units that are
  // found is missing, or a unit is found as its old texts would be.
  struct Entry {
    uint32_t texts_hash = 0;
    float uncertainty = 0;  // as MeaningUnit's
    uint32_t context = 0;   // kGone: the unit was removed or replaced
  };
  static constexpr uint32_t kGone = std::numeric_limits<uint32_t>::max();
  class Filter;

  const Context& context(const Entry& entry) const {
    return contexts_[entry.context];
  }
  void Describe(const MeaningUnit& unit, Entry& entry);
  void CopyUnits(const MeaningProject& from, absl::Span<const SlotId> kept);
  bool LoadUnits(SnapshotReader& snapshot);
  void AddVector(const Coded& coded, size_t row, SlotId slot);
  std::vector<ScoredSlot> CompareAll(
      const CandidateSearch& search,
      const std::function<bool(SlotId)>& accept) const;
  std::vector<MeaningCandidate> JoinEqualTexts(
      const std::vector<ScoredSlot>& found) const;

  const size_t dimension_;
  std::unique_ptr<VectorLists> lists_;  // null: each unit is compared
  uint64_t made_for_ = 0;               // units, with lists
  NameTable names_;                     // documents and speakers
  ChunkedArray<Context> contexts_;
  SlotIds ids_;                  // by slot
  ChunkedArray<Entry> entries_;  // by slot
  UnitSlots unit_slots_;
  // Without lists: vector = scale * row. They grow without being copied, which
  // would take twice the memory for a moment, and hold searches up.
  GrowingArray<int8_t> whole_;  // [slots, dimension]
  GrowingArray<float> scales_;  // [slots]
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_MEANING_PROJECT_H_
