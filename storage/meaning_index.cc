// The index in memory, trailing the change log. Like the look-up index, it
// answers with units as they were at the position where it stands.

#include "storage/meaning_index.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/cleanup/cleanup.h"
#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "storage/change_digest.h"
#include "storage/idle_threads.h"
#include "storage/meaning_project.h"
#include "storage/pending_units.h"
#include "storage/snapshot_file.h"
#include "storage/stored_rows.h"
#include "storage/text_hash.h"
#include "storage/vector_lists.h"
#include "storage/work_pieces.h"

namespace duilian::storage {
namespace {

constexpr size_t kUnitsPerPage = 1000;
constexpr size_t kProjectsPerPage = 1000;
// Pages of units that are copied between two looks at the log. They take a
// tenth of what it takes to make as many vectors.
constexpr size_t kPagesACopy = 10;
constexpr size_t kChangesPerRead = 100;

// Names the file's kind, and the layout of what is in it.
constexpr absl::string_view kSnapshotKind = "meaning 4";

// Candidates compared with their texts' own vectors, beyond those asked for:
// the quantised order is a rough one.
constexpr size_t kSpareCandidates = 7;
// Units that are worth a thread when they are compared so.
constexpr size_t kComparedAThread = 6;
// Units that are worth a thread when they are taken in.
constexpr size_t kUnitsAThread = 50;

// Lists for so many units: as many as their square root, a power of two.
constexpr size_t kLeastLists = 64;
constexpr size_t kMostLists = 4096;
constexpr size_t kSampledAList = 64;

using Stop = std::function<bool()>;

size_t ListsFor(size_t units) {
  size_t lists = kLeastLists;
  while (lists < kMostLists && lists * lists < units) lists *= 2;
  return lists;
}

float Product(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t d = 0; d < a.size(); ++d) sum += double{a[d]} * b[d];
  return static_cast<float>(sum);
}

double Similarity(const std::vector<float>& a, const std::vector<float>& b) {
  return std::clamp(static_cast<double>(Product(a, b)), 0.0, 1.0);
}

// A unit's sides, and the middle between them, of length 1.
struct UnitVectors {
  std::vector<float> source, target, middle;
};

UnitVectors VectorsOf(const MeaningModel& model, const TranslationUnit& unit) {
  UnitVectors vectors;
  vectors.source = model.vector(unit.source.text, text::Language::kEnglish);
  vectors.target = model.vector(unit.target.text, text::Language::kChinese);
  vectors.middle = vectors.source;
  for (size_t d = 0; d < vectors.middle.size(); ++d) {
    vectors.middle[d] += vectors.target[d];
  }
  const float square = Product(vectors.middle, vectors.middle);
  if (square <= 0) return vectors;
  const float scale = 1 / std::sqrt(square);
  for (float& value : vectors.middle) value *= scale;
  return vectors;
}

MeaningUnit PrepareUnit(const MeaningModel& model,
                        const TranslationUnit& unit) {
  MeaningUnit prepared;
  prepared.id = unit.id;
  prepared.revision = unit.revision;
  prepared.uncertainty = Uncertainty(unit.confidence);
  prepared.status = unit.status;
  prepared.update_time_us = unit.update_time_us;
  prepared.document = unit.document;
  prepared.source_speaker = unit.source.speaker;
  prepared.target_speaker = unit.target.speaker;
  prepared.texts_hash =
      ShortHash(StableHash(unit.target.text, StableHash(unit.source.text)));
  prepared.vector = VectorsOf(model, unit).middle;
  return prepared;
}

absl::Status Ended() {
  return absl::CancelledError("the work on the meaning index was ended");
}

absl::Status CheckStop(const Stop& stop) {
  return stop && stop() ? Ended() : absl::OkStatus();
}

bool IsBetterHit(const MeaningHit& a, const MeaningHit& b) {
  const auto order = [](const MeaningHit& hit) {
    return std::make_tuple(hit.similarity,
                           hit.unit.status == ReviewStatus::kAccepted,
                           hit.unit.confidence, hit.unit.revision, hit.unit.id);
  };
  return order(a) > order(b);
}

struct ProjectCandidate {
  const std::string* project = nullptr;
  MeaningCandidate unit;
};

// The best of several projects, until they have `wanted` different texts: which
// of those with the same texts is shown is told when they are read.
std::vector<ProjectCandidate> Likeliest(
    std::vector<ProjectCandidate> candidates, size_t wanted) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const ProjectCandidate& a, const ProjectCandidate& b) {
                     return a.unit.score > b.unit.score;
                   });
  absl::flat_hash_set<uint32_t> texts;
  std::erase_if(candidates, [&](const ProjectCandidate& candidate) {
    const uint32_t hash = candidate.unit.texts_hash;
    if (texts.contains(hash)) return false;
    if (texts.size() == wanted) return true;
    texts.insert(hash);
    return false;
  });
  return candidates;
}

// Leaves the first of those that have the same two texts.
void DropEqualTexts(std::vector<MeaningHit>& hits) {
  absl::flat_hash_set<std::pair<std::string, std::string>> seen;
  std::erase_if(hits, [&](const MeaningHit& hit) {
    return !seen.emplace(hit.unit.source.text, hit.unit.target.text).second;
  });
}

}  // namespace

class MeaningIndex::Tables {
 public:
  Tables(const TranslationMemory& memory, MeaningModel model,
         const MeaningIndexOptions& options)
      : memory_(memory),
        model_(std::move(model)),
        options_(options),
        pending_(memory),
        threads_(options.threads) {}

  uint64_t position() const {
    return position_.load(std::memory_order_acquire);
  }

  int64_t units_taken() const { return units_taken_.load(); }
  int64_t units_followed() const { return units_followed_.load(); }

  size_t Memory() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::ReaderMutexLock lock(&mutex_);
    size_t bytes = 0;
    for (const auto& [name, project] : projects_) {
      bytes += project->current->Memory();
    }
    return bytes;
  }

  absl::StatusOr<LoadSummary> Load(const LoadOptions& options)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  absl::Status Save(const std::string& path, Packing packing,
                    const Stop& stop_packing)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  absl::Status CatchUp(const Stop& stop)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  absl::StatusOr<size_t> RemakeOutgrown(const Stop& stop,
                                        const std::function<void()>& between)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_) {
    return RemakeAll({nullptr, stop, between}, [&](const MeaningProject& one) {
      return one.outgrown(options_.most_compared);
    });
  }
  absl::StatusOr<size_t> RemakeLarge(const Stop& stop,
                                     const std::function<void()>& between)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_) {
    return RemakeAll({nullptr, stop, between}, [&](const MeaningProject& one) {
      return !one.has_lists() && one.live_units() > options_.most_without_lists;
    });
  }
  size_t Compact() ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  absl::StatusOr<MeaningAnswer> Search(absl::string_view name,
                                       const MeaningQuery& query)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Project {
    std::unique_ptr<MeaningProject> current;
    // Its successor while that is being made; follows the log as well.
    std::unique_ptr<MeaningProject> next;
  };
  // What the making of a project anew asks and tells.
  struct Remaking {
    LoadListener listener;  // may be empty, and so the others
    Stop stop;
    std::function<void()> between;  // without catch_up_mutex_
    // The project's units are in memory, with their whole vectors.
    bool in_memory = false;
  };
  struct Found {
    std::vector<ProjectUnitVersion> candidates;
    uint64_t position = 0;
  };

  absl::StatusOr<Found> FindCandidates(const std::vector<std::string>& projects,
                                       const MeaningQuery& query,
                                       const std::vector<float>& vector)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::vector<MeaningHit>> Compare(
      const MeaningQuery& query, const std::vector<float>& vector,
      const std::vector<ProjectUnitVersion>& candidates) const;
  absl::Status CheckLoaded() const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<LoadSummary> LoadWhole(const LoadOptions& options)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);

  // What follows is the work of one thread, which holds catch_up_mutex_; it
  // alone changes the projects, so that it may read them without mutex_.
  absl::Status ReadSnapshot(const std::string& path, Packing& packing)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  absl::Status ReadAll(const LoadListener& listener, const Stop& stop)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  absl::Status Follow(const Stop& stop)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  void Apply(const Change& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  absl::StatusOr<size_t> RemakeAll(
      Remaking remaking,
      const std::function<bool(const MeaningProject&)>& wanted)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  absl::Status Remake(const std::string& name, size_t units,
                      const Remaking& remaking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  // Vectors of about so many of the project's units, [rows, dimension].
  absl::StatusOr<std::vector<float>> Sample(const std::string& name,
                                            size_t units, size_t step,
                                            const Remaking& remaking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  absl::StatusOr<std::unique_ptr<MeaningProject>> NewProject(
      const std::string& name, size_t units, const Remaking& remaking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  // Calls `take` with each page of the project's units, and rests behind it.
  absl::Status ReadUnits(
      const std::string& name, const Remaking& remaking,
      const std::function<void(const std::vector<TranslationUnit>&)>& take)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  // Puts a project's units, as they are stored, into its successor.
  absl::Status PutStored(const std::string& name, MeaningProject& successor,
                         const Remaking& remaking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  // Puts a project's units, which are in memory, into its successor, and rests
  // now and then.
  absl::Status CopyUnits(const Project& project, const Remaking& remaking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  // Follows the log for as long as a page takes, and lets catch_up_mutex_ go
  // for what others want.
  absl::Status Rest(const Remaking& remaking)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_);
  // What is known of units wherever they are put, in their order.
  std::vector<MeaningUnit> Prepare(
      absl::Span<const TranslationUnit* const> units) const;
  Project& ProjectOf(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_)
          ABSL_LOCKS_EXCLUDED(mutex_);
  void Put(MeaningProject& project, absl::Span<const MeaningUnit> units)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // That are worth having beside the caller's for so many units.
  size_t ThreadsFor(size_t units) const {
    return std::min(options_.threads, units / kUnitsAThread);
  }

  const TranslationMemory& memory_;
  const MeaningModel model_;
  const MeaningIndexOptions options_;
  PendingUnits pending_;
  mutable IdleThreads threads_;
  absl::Mutex catch_up_mutex_;
  bool remaking_ ABSL_GUARDED_BY(catch_up_mutex_) = false;
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(catch_up_mutex_);
  // By name; addresses stay. Changed with mutex_ held, by one thread.
  absl::btree_map<std::string, std::unique_ptr<Project>> projects_;
  std::atomic<uint64_t> position_{0};
  std::atomic<bool> loaded_{false};
  absl::Status not_loaded_why_ ABSL_GUARDED_BY(mutex_);  // OK: it may come yet
  std::atomic<int64_t> units_read_{0}, units_to_read_{0};  // to be told
  std::atomic<int64_t> units_taken_{0};     // into what is searched
  std::atomic<int64_t> units_followed_{0};  // of them, from the change log
};

// --- Searching ---

absl::Status MeaningIndex::Tables::CheckLoaded() const {
  if (loaded_.load(std::memory_order_acquire)) return absl::OkStatus();
  absl::ReaderMutexLock lock(&mutex_);
  if (!not_loaded_why_.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the meaning index could not be made: ", not_loaded_why_.message(),
        "; searches by meaning are answered by a server that made "
        "it; see to that, and start the server again"));
  }
  if (units_to_read_.load() == 0) {
    return absl::UnavailableError(
        "the meaning index is being read; call again in a few seconds");
  }
  return absl::UnavailableError(absl::StrCat(
      "the meaning index is being made: ", units_read_.load(), " of ",
      units_to_read_.load(),
      " pairs are in it; searches by meaning are answered when all are; call "
      "again in a minute"));
}

absl::StatusOr<MeaningIndex::Tables::Found>
MeaningIndex::Tables::FindCandidates(const std::vector<std::string>& projects,
                                     const MeaningQuery& query,
                                     const std::vector<float>& vector) {
  const size_t wanted = query.limit + kSpareCandidates;
  absl::ReaderMutexLock lock(&mutex_);
  Found found;
  found.position = position();
  std::vector<ProjectCandidate> candidates;
  for (const std::string& name : projects) {
    const auto project = projects_.find(name);
    if (project == projects_.end()) {
      if (pending_.Of(name) > 0) continue;
      return UnknownProject(name);
    }
    // A document is one of the first project.
    if (!query.filter.document.empty() && name != projects.front()) continue;
    for (const MeaningCandidate& unit : project->second->current->Search(
             {vector, query.filter, wanted, query.cancelled, threads_})) {
      candidates.push_back({&name, unit});
    }
  }
  for (const auto& [project, unit] : Likeliest(std::move(candidates), wanted)) {
    found.candidates.push_back({*project, {unit.id, unit.revision}});
  }
  return found;
}

absl::StatusOr<std::vector<MeaningHit>> MeaningIndex::Tables::Compare(
    const MeaningQuery& query, const std::vector<float>& vector,
    const std::vector<ProjectUnitVersion>& candidates) const {
  std::vector<MeaningHit> hits;
  if (candidates.empty()) return hits;
  absl::StatusOr<std::vector<std::optional<Revision>>> revisions =
      memory_.GetVersions(candidates);
  if (!revisions.ok()) return revisions.status();
  for (const std::optional<Revision>& revision : *revisions) {
    if (!revision.has_value()) return MissingRow("a unit that the index names");
  }
  std::vector<MeaningHit> compared(revisions->size());
  std::atomic<size_t> next = 0;
  threads_.Share(compared.size() / kComparedAThread, [&] {
    for (size_t i; (i = next.fetch_add(1)) < compared.size();) {
      MeaningHit& hit = compared[i];
      hit.project = candidates[i].project;
      hit.unit = std::move((*revisions)[i]->unit);
      const UnitVectors vectors = VectorsOf(model_, hit.unit);
      hit.similarity = Similarity(vector, vectors.middle);
      hit.source_similarity = Similarity(vector, vectors.source);
      hit.target_similarity = Similarity(vector, vectors.target);
    }
  });
  for (MeaningHit& hit : compared) {
    if (hit.similarity >= query.min_similarity) hits.push_back(std::move(hit));
  }
  std::sort(hits.begin(), hits.end(), IsBetterHit);
  DropEqualTexts(hits);
  if (hits.size() > query.limit) hits.resize(query.limit);
  return hits;
}

absl::StatusOr<MeaningAnswer> MeaningIndex::Tables::Search(
    absl::string_view name, const MeaningQuery& query) {
  if (absl::Status status = CheckLimit(query.limit); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckLoaded(); !status.ok()) return status;
  if (absl::Status status = pending_.Count(); !status.ok()) return status;
  std::vector<std::string> projects = {std::string(name)};
  projects.insert(projects.end(), query.other_projects.begin(),
                  query.other_projects.end());
  // Before the search: what is taken in beside it may not be in the answer.
  int64_t pending = 0;
  for (const std::string& project : projects) pending += pending_.Of(project);
  const std::vector<float> vector = model_.vector(query.text, query.language);
  const absl::StatusOr<Found> found = FindCandidates(projects, query, vector);
  if (!found.ok()) return found.status();
  if (query.cancelled && query.cancelled()) {
    return absl::CancelledError("the search was ended");
  }
  absl::StatusOr<std::vector<MeaningHit>> hits =
      Compare(query, vector, found->candidates);
  if (!hits.ok()) return hits.status();
  return MeaningAnswer{*std::move(hits), found->position, pending};
}

// --- Following the log ---

MeaningIndex::Tables::Project& MeaningIndex::Tables::ProjectOf(
    const std::string& name) {
  const auto known = projects_.find(name);
  if (known != projects_.end()) return *known->second;
  auto made = std::make_unique<Project>();
  made->current = std::make_unique<MeaningProject>(model_.dimension);
  absl::MutexLock lock(&mutex_);
  return *projects_.emplace(name, std::move(made)).first->second;
}

std::vector<MeaningUnit> MeaningIndex::Tables::Prepare(
    absl::Span<const TranslationUnit* const> units) const {
  std::vector<MeaningUnit> prepared(units.size());
  InPieces(units.size(), ThreadsFor(units.size()), [&](const WorkPiece& piece) {
    for (size_t i = piece.begin; i < piece.end; ++i) {
      prepared[i] = PrepareUnit(model_, *units[i]);
    }
  });
  return prepared;
}

void MeaningIndex::Tables::Put(MeaningProject& project,
                               absl::Span<const MeaningUnit> units) {
  const size_t threads = ThreadsFor(units.size());
  struct Piece {
    absl::Span<const MeaningUnit> units;
    MeaningProject::Coded coded;
  };
  std::vector<Piece> pieces(threads + 1);  // some may stay empty
  InPieces(units.size(), threads, [&](const WorkPiece& piece) {
    Piece& made = pieces[piece.number];
    made.units = units.subspan(piece.begin, piece.end - piece.begin);
    made.coded = project.Encode(made.units);
  });
  for (const Piece& piece : pieces) {
    absl::MutexLock lock(&mutex_);
    project.Put(piece.units, piece.coded);
  }
}

void MeaningIndex::Tables::Apply(const Change& change) {
  std::vector<const TranslationUnit*> changed;
  std::vector<UnitId> removed;
  for (const Revision& revision : change.revisions) {
    if (revision.deleted) {
      removed.push_back(revision.unit.id);
    } else {
      changed.push_back(&revision.unit);
    }
  }
  const std::vector<MeaningUnit> units = Prepare(changed);
  Project& project = ProjectOf(change.project);
  for (MeaningProject* one : {project.current.get(), project.next.get()}) {
    if (one == nullptr) continue;
    Put(*one, units);
    absl::MutexLock lock(&mutex_);
    for (const UnitId id : removed) one->Remove(id, change.position);
  }
  const auto taken = static_cast<int64_t>(change.revisions.size());
  pending_.Took(change.project, taken);
  units_read_ += taken;
  units_taken_ += taken;
  units_followed_ += taken;
  position_.store(change.position, std::memory_order_release);
}

absl::Status MeaningIndex::Tables::Follow(const Stop& stop) {
  const uint64_t newest = memory_.last_position();
  while (position() < newest) {
    const absl::StatusOr<std::vector<Change>> changes =
        memory_.ReadChanges(position(), kChangesPerRead);
    if (!changes.ok()) return changes.status();
    if (changes->empty()) return MissingRow("a change of the log");
    // What is taken in was counted before.
    if (absl::Status status = pending_.Count(); !status.ok()) return status;
    for (const Change& change : *changes) {
      if (absl::Status status = CheckStop(stop); !status.ok()) return status;
      Apply(change);
    }
  }
  return absl::OkStatus();
}

absl::Status MeaningIndex::Tables::CatchUp(const Stop& stop) {
  absl::MutexLock lock(&catch_up_mutex_);
  return loaded_ ? Follow(stop) : absl::OkStatus();
}

// Searches go on in the old ones while they are copied: nobody else writes.
size_t MeaningIndex::Tables::Compact() {
  absl::MutexLock no_changes(&catch_up_mutex_);
  size_t less = 0;
  if (remaking_) return less;
  for (const auto& [name, project] : projects_) {
    if (!project->current->mostly_gone()) continue;
    std::unique_ptr<MeaningProject> compacted = project->current->Compacted();
    absl::MutexLock lock(&mutex_);
    project->current.swap(compacted);
    const size_t before = compacted->Memory();
    less += before - std::min(before, project->current->Memory());
  }
  return less;
}

// --- Making a project anew ---

absl::StatusOr<size_t> MeaningIndex::Tables::RemakeAll(
    Remaking remaking,
    const std::function<bool(const MeaningProject&)>& wanted) {
  absl::MutexLock lock(&catch_up_mutex_);
  if (remaking_) return 0;
  remaking_ = true;
  const auto over = absl::MakeCleanup([&] { remaking_ = false; });
  std::vector<std::string> names;
  for (const auto& [name, project] : projects_) {
    if (wanted(*project->current)) names.push_back(name);
  }
  for (const std::string& name : names) {
    const MeaningProject& current = *ProjectOf(name).current;
    remaking.in_memory = !current.has_lists();
    if (absl::Status status = Remake(name, current.live_units(), remaking);
        !status.ok()) {
      return status;
    }
  }
  return names.size();
}

absl::Status MeaningIndex::Tables::Rest(const Remaking& remaking) {
  // A log that grows faster than it is followed is not followed to its end.
  const int64_t until = units_taken() + int64_t{kUnitsPerPage};
  const absl::Status status = Follow([&] {
    return units_taken() >= until || (remaking.stop && remaking.stop());
  });
  if (!status.ok() && !absl::IsCancelled(status)) return status;
  if (remaking.between) {
    catch_up_mutex_.Unlock();
    remaking.between();
    catch_up_mutex_.Lock();
  }
  return CheckStop(remaking.stop);
}

absl::Status MeaningIndex::Tables::ReadUnits(
    const std::string& name, const Remaking& remaking,
    const std::function<void(const std::vector<TranslationUnit>&)>& take) {
  ListOptions options;
  options.limit = kUnitsPerPage;
  do {
    absl::StatusOr<Page<TranslationUnit>> page =
        memory_.ListUnits(name, options);
    if (!page.ok()) return page.status();
    take(page->items);
    // Behind the page, so that what was removed since goes again.
    if (absl::Status status = Rest(remaking); !status.ok()) return status;
    options.after = std::move(page->next);
  } while (options.after.has_value());
  return absl::OkStatus();
}

// Units that come by the log meanwhile are put into both.
absl::Status MeaningIndex::Tables::CopyUnits(const Project& project,
                                             const Remaking& remaking) {
  const size_t slots = project.current->slots();
  size_t pages = 0;
  for (size_t begin = 0; begin < slots; begin += kUnitsPerPage) {
    const size_t end = std::min(begin + kUnitsPerPage, slots);
    Put(*project.next, project.current->Units(static_cast<SlotId>(begin),
                                              static_cast<SlotId>(end)));
    if (++pages % kPagesACopy != 0) continue;
    if (absl::Status status = Rest(remaking); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status MeaningIndex::Tables::PutStored(const std::string& name,
                                             MeaningProject& successor,
                                             const Remaking& remaking) {
  bool wanted = true;
  const Stop stop = [&] {
    return !wanted || (remaking.stop && remaking.stop());
  };
  return ReadUnits(
      name, {remaking.listener, stop, remaking.between},
      [&](const std::vector<TranslationUnit>& page) {
        std::vector<const TranslationUnit*> read;
        for (const TranslationUnit& unit : page) read.push_back(&unit);
        Put(successor, Prepare(read));
        units_read_ += static_cast<int64_t>(page.size());
        wanted = !remaking.listener ||
                 remaking.listener({units_read_.load(), units_to_read_.load()});
      });
}

absl::StatusOr<std::vector<float>> MeaningIndex::Tables::Sample(
    const std::string& name, size_t units, size_t step,
    const Remaking& remaking) {
  std::vector<float> sample;
  sample.reserve((units / step + 1) * model_.dimension);
  if (remaking.in_memory) {
    const MeaningProject& current = *ProjectOf(name).current;
    for (size_t slot = 0; slot < current.slots(); slot += step) {
      current.AppendVector(static_cast<SlotId>(slot), sample);
    }
    return sample;
  }
  size_t seen = 0;
  const absl::Status status =
      ReadUnits(name, remaking, [&](const std::vector<TranslationUnit>& page) {
        for (const TranslationUnit& unit : page) {
          if (seen++ % step != 0) continue;
          const std::vector<float> vector = VectorsOf(model_, unit).middle;
          sample.insert(sample.end(), vector.begin(), vector.end());
        }
      });
  if (!status.ok()) return status;
  return sample;
}

absl::StatusOr<std::unique_ptr<MeaningProject>>
MeaningIndex::Tables::NewProject(const std::string& name, size_t units,
                                 const Remaking& remaking) {
  if (absl::Status status = CheckStop(remaking.stop); !status.ok()) {
    return status;
  }
  if (units <= options_.most_compared) {
    return std::make_unique<MeaningProject>(model_.dimension);
  }
  const size_t lists = ListsFor(units);
  const size_t step = std::max<size_t>(1, units / (lists * kSampledAList));
  const absl::StatusOr<std::vector<float>> sample =
      Sample(name, units, step, remaking);
  if (!sample.ok()) return sample.status();
  absl::StatusOr<std::unique_ptr<VectorLists>> trained =
      VectorLists::Train(*sample, model_.dimension, lists, options_.threads);
  if (!trained.ok()) return trained.status();
  return std::make_unique<MeaningProject>(model_.dimension, *std::move(trained),
                                          units);
}

absl::Status MeaningIndex::Tables::Remake(const std::string& name, size_t units,
                                          const Remaking& remaking) {
  absl::StatusOr<std::unique_ptr<MeaningProject>> made =
      NewProject(name, units, remaking);
  if (!made.ok()) return made.status();
  Project& project = ProjectOf(name);
  project.next = *std::move(made);
  const auto forget = absl::MakeCleanup([&] { project.next.reset(); });
  const absl::Status status = remaking.in_memory
                                  ? CopyUnits(project, remaking)
                                  : PutStored(name, *project.next, remaking);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  project.current.swap(project.next);
  units_taken_ += static_cast<int64_t>(project.current->live_units());
  return absl::OkStatus();
}

// --- Loading and saving ---

// As in the look-up index, pages show states at `position_` or later, and the
// log from there brings them to one.
absl::Status MeaningIndex::Tables::ReadAll(const LoadListener& listener,
                                           const Stop& stop) {
  position_.store(memory_.last_position(), std::memory_order_release);
  pending_.Begin(position());
  std::vector<ProjectCounts> projects;
  std::optional<std::string> after;
  do {
    absl::StatusOr<Page<ProjectCounts>> page =
        memory_.ListProjects(kProjectsPerPage, after);
    if (!page.ok()) return page.status();
    for (ProjectCounts& project : page->items) {
      units_to_read_ += project.units;
      projects.push_back(std::move(project));
    }
    after = std::move(page->next);
  } while (after.has_value());
  for (const ProjectCounts& project : projects) {
    const auto units = static_cast<size_t>(std::max<int64_t>(project.units, 0));
    const Remaking remaking = {listener, stop, nullptr};
    if (absl::Status status = Remake(project.id, units, remaking);
        !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status MeaningIndex::Tables::ReadSnapshot(const std::string& path,
                                                Packing& packing) {
  absl::StatusOr<SnapshotReader> snapshot = SnapshotReader::Open(path);
  if (!snapshot.ok()) return snapshot.status();
  if (snapshot->Block() != kSnapshotKind) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is not of this release's kind; it is made anew"));
  }
  const std::string version = snapshot->Block();
  if (version != model_.version || snapshot->Number() != model_.dimension) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": was made with the model '", version, "', now '",
                     model_.version, "' is in use; it is made anew"));
  }
  const uint64_t position = snapshot->Number();
  const uint64_t digest = snapshot->Number();
  if (absl::Status ours = CheckDigest(memory_, position, digest); !ours.ok()) {
    return absl::Status(ours.code(), absl::StrCat(path, ": ", ours.message()));
  }
  absl::btree_map<std::string, std::unique_ptr<Project>> projects;
  const uint64_t count = snapshot->Number();
  for (uint64_t i = 0; i < count && snapshot->ok(); ++i) {
    const std::string name = snapshot->Block();
    auto project = std::make_unique<Project>();
    project->current = MeaningProject::Load(*snapshot, model_.dimension);
    if (project->current == nullptr) snapshot->Fail();
    projects[name] = std::move(project);
  }
  if (absl::Status whole = snapshot->Finish(); !whole.ok()) return whole;
  absl::MutexLock lock(&mutex_);
  projects_ = std::move(projects);
  position_.store(position, std::memory_order_release);
  pending_.Begin(position);
  packing = snapshot->is_small() ? Packing::kSmall : Packing::kQuick;
  return absl::OkStatus();
}

absl::StatusOr<LoadSummary> MeaningIndex::Tables::Load(
    const LoadOptions& options) {
  absl::StatusOr<LoadSummary> loaded = LoadWhole(options);
  if (!loaded.ok() && !absl::IsCancelled(loaded.status())) {
    absl::MutexLock lock(&mutex_);
    not_loaded_why_ = loaded.status();
  }
  return loaded;
}

absl::StatusOr<LoadSummary> MeaningIndex::Tables::LoadWhole(
    const LoadOptions& options) {
  absl::MutexLock lock(&catch_up_mutex_);
  LoadSummary summary;
  const bool read_all = [&] {
    if (options.snapshot.empty()) return true;
    summary.snapshot = ReadSnapshot(options.snapshot, summary.packing);
    if (summary.snapshot.ok()) return false;
    RefuseSnapshot(options, summary.snapshot);
    return true;
  }();
  const Stop stop = [&] {
    return options.listener &&
           !options.listener({units_read_.load(), units_to_read_.load()});
  };
  // What came behind a snapshot is left to CatchUp: searches are answered
  // without it sooner.
  if (read_all) {
    absl::Status status = ReadAll(options.listener, stop);
    if (status.ok()) status = Follow(stop);
    if (!status.ok()) return status;
  }
  summary.units_read = units_read_;
  for (const auto& [name, project] : projects_) {
    summary.units += static_cast<int64_t>(project->current->live_units());
  }
  loaded_.store(true, std::memory_order_release);
  return summary;
}

absl::Status MeaningIndex::Tables::Save(const std::string& path,
                                        Packing packing,
                                        const Stop& stop_packing) {
  absl::MutexLock no_changes(&catch_up_mutex_);
  if (!loaded_ || position() == 0) return absl::OkStatus();  // nothing to save
  const absl::StatusOr<uint64_t> digest = DigestOfChanges(memory_, position());
  if (!digest.ok()) return digest.status();
  absl::StatusOr<std::unique_ptr<SnapshotWriter>> snapshot =
      SnapshotWriter::Create(path, MostSnapshotBytes(path), packing);
  if (!snapshot.ok()) return snapshot.status();
  (*snapshot)->Block(kSnapshotKind);
  (*snapshot)->Block(model_.version);
  (*snapshot)->Number(model_.dimension);
  (*snapshot)->Number(position());
  (*snapshot)->Number(*digest);
  (*snapshot)->Number(projects_.size());
  for (const auto& [name, project] : projects_) {
    (*snapshot)->Block(name);
    project->current->Save(**snapshot);
  }
  return (*snapshot)->Finish(stop_packing);
}

MeaningIndex::MeaningIndex(const TranslationMemory& memory, MeaningModel model,
                           const MeaningIndexOptions& options)
    : tables_(std::make_unique<Tables>(memory, std::move(model), options)) {}
MeaningIndex::~MeaningIndex() = default;

absl::StatusOr<LoadSummary> MeaningIndex::Load(const LoadOptions& options) {
  return tables_->Load(options);
}

absl::Status MeaningIndex::Save(
    const std::string& snapshot, Packing packing,
    const std::function<bool()>& stop_packing) const {
  return tables_->Save(snapshot, packing, stop_packing);
}

absl::Status MeaningIndex::CatchUp(const std::function<bool()>& stop) {
  return tables_->CatchUp(stop);
}

absl::StatusOr<size_t> MeaningIndex::RemakeOutgrown(
    const std::function<bool()>& stop, const std::function<void()>& between) {
  return tables_->RemakeOutgrown(stop, between);
}

absl::StatusOr<size_t> MeaningIndex::RemakeLarge(
    const std::function<bool()>& stop, const std::function<void()>& between) {
  return tables_->RemakeLarge(stop, between);
}

size_t MeaningIndex::Compact() { return tables_->Compact(); }

uint64_t MeaningIndex::position() const { return tables_->position(); }

size_t MeaningIndex::Memory() const { return tables_->Memory(); }

int64_t MeaningIndex::units_taken() const { return tables_->units_taken(); }

int64_t MeaningIndex::units_followed() const {
  return tables_->units_followed();
}

absl::StatusOr<MeaningAnswer> MeaningIndex::Search(
    absl::string_view project, const MeaningQuery& query) const {
  return tables_->Search(project, query);
}

}  // namespace duilian::storage
