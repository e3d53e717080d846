#include "storage/meaning_project.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "storage/dot_products.h"

namespace duilian::storage {
namespace {

// Lists serve until there are so many times the units that they were made for.
constexpr uint64_t kGrowth = 4;
constexpr size_t kLeastGoneToCompact = 1024;
// What a search reads of all vectors in lists, docs/decisions has the figures.
constexpr double kShareRead = 0.4;
// Rows compared between two questions whether the search is still wanted.
constexpr size_t kRowsPerStep = 4096;
constexpr float kMostInt8 = 127;
// Times as many slots as wanted that a search looks at for different texts.
constexpr size_t kMostWidening = 64;

uint32_t BitOf(ReviewStatus status) {
  return uint32_t{1} << static_cast<uint32_t>(status);
}

}  // namespace

// A UnitFilter in the project's own numbers. A speaker may be of either side.
class MeaningProject::Filter {
 public:
  Filter(const UnitFilter& filter, const NameTable& names)
      : most_uncertain_(Uncertainty(filter.min_confidence)),
        changed_(filter.changed) {
    if (!filter.document.empty()) {
      document_ = names.Find(filter.document);
      possible_ = possible_ && document_.has_value();
    }
    if (!filter.speaker.empty()) {
      speaker_ = names.Find(filter.speaker);
      possible_ = possible_ && speaker_.has_value();
    }
    for (const ReviewStatus status : filter.statuses) {
      statuses_ |= BitOf(status);
    }
    if (filter.statuses.empty()) {
      statuses_ =
          BitOf(ReviewStatus::kUnreviewed) | BitOf(ReviewStatus::kAccepted);
    }
  }

  // False: no unit of the project can pass.
  bool possible() const { return possible_; }

  // Of a unit that is not gone.
  bool Passes(const Entry& entry, const Context& context) const {
    return (statuses_ & BitOf(context.status)) != 0 &&
           entry.uncertainty <= most_uncertain_ &&
           changed_.Holds(context.update_time_us) &&
           (!document_.has_value() || *document_ == context.document) &&
           (!speaker_.has_value() || *speaker_ == context.source_speaker ||
            *speaker_ == context.target_speaker);
  }

 private:
  std::optional<uint32_t> document_, speaker_;
  uint32_t statuses_ = 0;
  float most_uncertain_ = 1;
  TimeRange changed_;
  bool possible_ = true;
};

MeaningProject::MeaningProject(size_t dimension) : dimension_(dimension) {}

MeaningProject::MeaningProject(size_t dimension,
                               std::unique_ptr<VectorLists> lists, size_t units)
    : dimension_(dimension), lists_(std::move(lists)), made_for_(units) {}

MeaningProject::Coded MeaningProject::Encode(
    absl::Span<const MeaningUnit> units) const {
  Coded coded;
  if (lists_ != nullptr) {
    std::vector<float> vectors;
    vectors.reserve(units.size() * dimension_);
    for (const MeaningUnit& unit : units) {
      vectors.insert(vectors.end(), unit.vector.begin(), unit.vector.end());
    }
    coded.in_lists = lists_->Encode(vectors);
    return coded;
  }
  coded.whole.reserve(units.size() * dimension_);
  for (const MeaningUnit& unit : units) {
    float largest = 0;
    for (const float value : unit.vector) {
      largest = std::max(largest, std::abs(value));
    }
    const float scale = largest > 0 ? largest / kMostInt8 : 1;
    coded.scales.push_back(scale);
    for (const float value : unit.vector) {
      coded.whole.push_back(static_cast<int8_t>(std::lround(value / scale)));
    }
  }
  return coded;
}

void MeaningProject::Describe(const MeaningUnit& unit, Entry& entry) {
  entry.texts_hash = unit.texts_hash;
  entry.uncertainty = unit.uncertainty;
  Context described;
  described.revision = unit.revision;
  described.update_time_us = unit.update_time_us;
  described.document = names_.Intern(unit.document);
  described.source_speaker = names_.Intern(unit.source_speaker);
  described.target_speaker = names_.Intern(unit.target_speaker);
  described.status = unit.status;
  if (contexts_.size() == 0 || !(contexts_.back() == described)) {
    contexts_.push_back(described);
  }
  entry.context = static_cast<uint32_t>(contexts_.size() - 1);
}

void MeaningProject::AddVector(const Coded& coded, size_t row, SlotId slot) {
  if (lists_ != nullptr) {
    lists_->Add(coded.in_lists, row, slot);
    return;
  }
  whole_.Append(
      absl::MakeConstSpan(coded.whole).subspan(row * dimension_, dimension_));
  scales_.push_back(coded.scales[row]);
}

void MeaningProject::Put(absl::Span<const MeaningUnit> units,
                         const Coded& coded) {
  for (size_t row = 0; row < units.size(); ++row) {
    const MeaningUnit& unit = units[row];
    const auto slot = static_cast<SlotId>(entries_.size());
    if (const std::optional<SlotId> known = unit_slots_.Find(unit.id)) {
      Entry& entry = entries_[*known];
      if (context(entry).revision >= unit.revision) continue;
      if (entry.texts_hash == unit.texts_hash) {
        Describe(unit, entry);  // reviewed: its vector is the same
        continue;
      }
      entry.context = kGone;
      unit_slots_.Remove(unit.id);
    }
    unit_slots_.Add(unit.id, slot);
    Entry entry;
    Describe(unit, entry);
    ids_.push_back(unit.id);
    entries_.push_back(entry);
    AddVector(coded, row, slot);
  }
}

void MeaningProject::AppendVector(SlotId slot,
                                  std::vector<float>& vectors) const {
  const int8_t* const row = whole_.data() + size_t{slot} * dimension_;
  for (size_t d = 0; d < dimension_; ++d) {
    vectors.push_back(scales_[slot] * static_cast<float>(row[d]));
  }
}

std::vector<MeaningUnit> MeaningProject::Units(SlotId begin, SlotId end) const {
  std::vector<MeaningUnit> units;
  units.reserve(end - begin);
  for (SlotId slot = begin; slot < end; ++slot) {
    const Entry& entry = entries_[slot];
    if (entry.context == kGone) continue;
    const Context& described = context(entry);
    MeaningUnit& unit = units.emplace_back();
    unit.id = ids_[slot];
    unit.revision = described.revision;
    unit.uncertainty = entry.uncertainty;
    unit.status = described.status;
    unit.update_time_us = described.update_time_us;
    unit.document = std::string(names_.name(described.document));
    unit.source_speaker = std::string(names_.name(described.source_speaker));
    unit.target_speaker = std::string(names_.name(described.target_speaker));
    unit.texts_hash = entry.texts_hash;
    AppendVector(slot, unit.vector);
  }
  return units;
}

void MeaningProject::Remove(UnitId id, uint64_t position) {
  const std::optional<SlotId> known = unit_slots_.Find(id);
  if (!known.has_value()) return;
  Entry& entry = entries_[*known];
  if (context(entry).revision > position) return;
  entry.context = kGone;
  unit_slots_.Remove(id);
}

bool MeaningProject::outgrown(size_t most_compared) const {
  return live_units() >
         (lists_ == nullptr ? most_compared : kGrowth * made_for_);
}

// A review leaves its unit's slot, and a context.
bool MeaningProject::mostly_gone() const {
  const size_t live = live_units();
  const size_t held = std::max(entries_.size(), contexts_.size());
  return held - live > std::max(live, kLeastGoneToCompact);
}

// `kept` are slots of it, ascending; this is empty.
void MeaningProject::CopyUnits(const MeaningProject& from,
                               absl::Span<const SlotId> kept) {
  uint32_t last = kGone;  // the context that the last copied one was made of
  for (const SlotId old : kept) {
    Entry entry = from.entries_[old];
    if (entry.context != last) {
      last = entry.context;
      Context described = from.context(entry);
      for (uint32_t* const name :
           {&described.document, &described.source_speaker,
            &described.target_speaker}) {
        *name = names_.Intern(from.names_.name(*name));
      }
      contexts_.push_back(described);
    }
    entry.context = static_cast<uint32_t>(contexts_.size() - 1);
    unit_slots_.Add(from.ids_[old], static_cast<SlotId>(entries_.size()));
    ids_.push_back(from.ids_[old]);
    entries_.push_back(entry);
  }
}

std::unique_ptr<MeaningProject> MeaningProject::Compacted() const {
  std::vector<SlotId> kept, renumbered(entries_.size(), kNoSlot);
  kept.reserve(live_units());
  for (SlotId old = 0; old < entries_.size(); ++old) {
    if (entries_[old].context == kGone) continue;
    renumbered[old] = static_cast<SlotId>(kept.size());
    kept.push_back(old);
  }
  auto made = std::make_unique<MeaningProject>(dimension_);
  made->made_for_ = made_for_;
  made->CopyUnits(*this, kept);
  if (lists_ != nullptr) {
    made->lists_ = lists_->Compacted(renumbered);
    return made;
  }
  made->whole_.reserve(kept.size() * dimension_);
  for (const SlotId old : kept) {
    made->whole_.Append(absl::MakeConstSpan(
        whole_.data() + size_t{old} * dimension_, dimension_));
    made->scales_.push_back(scales_[old]);
  }
  return made;
}

std::vector<ScoredSlot> MeaningProject::CompareAll(
    const CandidateSearch& search,
    const std::function<bool(SlotId)>& accept) const {
  std::vector<ScoredSlot> found;
  std::vector<float> products(kRowsPerStep);
  for (size_t begin = 0; begin < entries_.size(); begin += kRowsPerStep) {
    if (search.cancelled && search.cancelled()) return {};
    const size_t rows = std::min(kRowsPerStep, entries_.size() - begin);
    DotProducts(search.query.data(), whole_.data() + begin * dimension_, rows,
                dimension_, products.data());
    for (size_t row = 0; row < rows; ++row) {
      const auto slot = static_cast<SlotId>(begin + row);
      if (accept(slot)) found.push_back({slot, products[row] * scales_[slot]});
    }
  }
  const auto better = [](const ScoredSlot& a, const ScoredSlot& b) {
    return std::make_pair(-a.score, a.slot) < std::make_pair(-b.score, b.slot);
  };
  const size_t kept = std::min(search.wanted, found.size());
  std::partial_sort(found.begin(),
                    found.begin() + static_cast<std::ptrdiff_t>(kept),
                    found.end(), better);
  found.resize(kept);
  return found;
}

std::vector<MeaningCandidate> MeaningProject::JoinEqualTexts(
    const std::vector<ScoredSlot>& found) const {
  const auto rank = [&](SlotId slot) {
    const Entry& entry = entries_[slot];
    return std::make_tuple(context(entry).status == ReviewStatus::kAccepted,
                           -entry.uncertainty, context(entry).revision,
                           ids_[slot]);
  };
  std::vector<ScoredSlot> joined;
  absl::flat_hash_map<uint32_t, size_t> place_of;  // by the texts' hash
  for (const ScoredSlot& one : found) {
    const auto [place, is_new] =
        place_of.try_emplace(entries_[one.slot].texts_hash, joined.size());
    if (is_new) {
      joined.push_back(one);
    } else if (rank(one.slot) > rank(joined[place->second].slot)) {
      joined[place->second].slot = one.slot;
    }
  }
  std::vector<MeaningCandidate> candidates;
  for (const ScoredSlot& one : joined) {
    const Entry& entry = entries_[one.slot];
    candidates.push_back(
        {ids_[one.slot], context(entry).revision, one.score, entry.texts_hash});
  }
  return candidates;
}

std::vector<MeaningCandidate> MeaningProject::Search(
    const CandidateSearch& search) const {
  const Filter filter(search.filter, names_);
  if (!filter.possible()) return {};
  const std::function<bool(SlotId)> accept = [&](SlotId slot) {
    const Entry& entry = entries_[slot];
    return entry.context != kGone && filter.Passes(entry, context(entry));
  };
  // Equal texts may take all the places: then more are asked for.
  for (size_t wanted = search.wanted;; wanted *= 4) {
    const CandidateSearch wider = {search.query, search.filter, wanted,
                                   search.cancelled, search.threads};
    const std::vector<ScoredSlot> found =
        lists_ == nullptr ? CompareAll(wider, accept)
                          : lists_->Search({.query = search.query.data(),
                                            .wanted = wanted,
                                            .share = kShareRead,
                                            .accept = accept,
                                            .cancelled = search.cancelled},
                                           search.threads);
    std::vector<MeaningCandidate> candidates = JoinEqualTexts(found);
    if (found.size() == wanted && 2 * candidates.size() < search.wanted &&
        wanted < kMostWidening * search.wanted) {
      continue;
    }
    if (candidates.size() > search.wanted) candidates.resize(search.wanted);
    return candidates;
  }
}

size_t MeaningProject::Memory() const {
  return contexts_.Memory() + ids_.Memory() + entries_.Memory() +
         unit_slots_.Memory() + whole_.Memory() + scales_.Memory() +
         (lists_ == nullptr ? 0 : lists_->Memory());
}

void MeaningProject::Save(SnapshotWriter& snapshot) const {
  names_.Save(snapshot);
  contexts_.Save(snapshot);
  ids_.Save(snapshot);
  entries_.Save(snapshot);
  snapshot.Number(lists_ == nullptr ? 0 : made_for_);
  if (lists_ != nullptr) return lists_->Save(snapshot);
  snapshot.Array(whole_);
  snapshot.Array(scales_);
}

bool MeaningProject::LoadUnits(SnapshotReader& snapshot) {
  // In the snapshot's memory, which is let go.
  NameTable names;
  ChunkedArray<Context> contexts;
  ChunkedArray<Entry> entries;
  if (!names.Load(snapshot) || !contexts.Load(snapshot) ||
      !ids_.Load(snapshot) || !entries.Load(snapshot) ||
      ids_.size() != entries.size()) {
    return false;
  }
  for (uint32_t name = 0; name < names.size(); ++name) {
    names_.Intern(names.name(name));
  }
  for (size_t i = 0; i < contexts.size(); ++i) contexts_.push_back(contexts[i]);
  for (SlotId slot = 0; slot < entries.size(); ++slot) {
    const Entry& entry = entries[slot];
    entries_.push_back(entry);
    if (entry.context == kGone) continue;
    if (entry.context >= contexts_.size()) return false;
    if (!unit_slots_.Add(ids_[slot], slot)) return false;
  }
  return true;
}

std::unique_ptr<MeaningProject> MeaningProject::Load(SnapshotReader& snapshot,
                                                     size_t dimension) {
  auto made = std::make_unique<MeaningProject>(dimension);
  if (!made->LoadUnits(snapshot)) return nullptr;
  made->made_for_ = snapshot.Number();
  const size_t slots = made->entries_.size();
  if (made->made_for_ > 0) {
    made->lists_ = VectorLists::Load(snapshot, dimension, slots);
    if (made->lists_ == nullptr || made->lists_->size() != slots) {
      return nullptr;
    }
  } else {
    made->whole_.Append(snapshot.View<int8_t>());
    made->scales_.Append(snapshot.View<float>());
    if (made->whole_.size() != slots * dimension ||
        made->scales_.size() != slots) {
      return nullptr;
    }
  }
  if (!snapshot.ok()) return nullptr;
  return made;
}

}  // namespace duilian::storage
