// Tested by lookup_index_test.cc and index_saving_test.cc.

#include "storage/project_indexes.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/change_digest.h"
#include "storage/unit_preparation.h"

namespace duilian::storage {
namespace {

constexpr size_t kUnitsPerPage = 1000;
constexpr size_t kProjectsPerPage = 1000;
constexpr size_t kChangesPerRead = 1000;

// How many texts of units that are gone leave the index before the lock is let
// go.
constexpr size_t kSweptPerHold = 256;

}  // namespace

absl::Status ProjectIndexes::TellProgress(const Loading& loading) {
  if (!loading.listener || loading.listener(loading.progress)) {
    return absl::OkStatus();
  }
  return absl::CancelledError("the loading of the index was ended");
}

ProjectIndex& ProjectIndexes::IndexOf(const std::string& project) {
  std::unique_ptr<ProjectIndex>& index = projects_[project];
  if (index == nullptr) index = std::make_unique<ProjectIndex>();
  return *index;
}

ProjectIndex* ProjectIndexes::FindIndex(const std::string& project) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = projects_.find(project);
  return found == projects_.end() ? nullptr : found->second.get();
}

absl::Status ProjectIndexes::ReadProject(const std::string& project,
                                         Loading& loading) {
  {
    absl::MutexLock lock(&mutex_);
    IndexOf(project);  // though it may have no unit
  }
  ListOptions options;
  options.limit = kUnitsPerPage;
  do {
    absl::StatusOr<Page<TranslationUnit>> page =
        memory_.ListUnits(project, options);
    if (!page.ok()) return page.status();
    std::vector<const TranslationUnit*> units;
    for (const TranslationUnit& unit : page->items) units.push_back(&unit);
    PrepareUnits(units, threads_, [&](absl::Span<const PreparedUnit> ready) {
      absl::MutexLock lock(&mutex_);
      ProjectIndex& index = IndexOf(project);
      for (const PreparedUnit& unit : ready) index.Put(unit);
    });
    loading.progress.units += static_cast<int64_t>(units.size());
    loading.units_read += static_cast<int64_t>(units.size());
    if (absl::Status status = TellProgress(loading); !status.ok()) {
      return status;
    }
    options.after = std::move(page->next);
  } while (options.after.has_value());
  NumberWordsIfWorthIt(project);
  return absl::OkStatus();
}

// The pages show states at `position_` or later, each at its own time. Going
// through the log from there brings all of them to one position: an older
// state never replaces a newer one.
absl::Status ProjectIndexes::ReadAll(Loading& loading) {
  position_.store(memory_.last_position(), std::memory_order_release);
  std::vector<std::string> projects;
  std::optional<std::string> after;
  do {
    absl::StatusOr<Page<ProjectCounts>> page =
        memory_.ListProjects(kProjectsPerPage, after);
    if (!page.ok()) return page.status();
    for (const ProjectCounts& project : page->items) {
      projects.push_back(project.id);
      loading.progress.of_units += project.units;
    }
    after = std::move(page->next);
  } while (after.has_value());
  for (const std::string& project : projects) {
    if (absl::Status status = ReadProject(project, loading); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status ProjectIndexes::CheckSnapshotOf(const std::string& path,
                                             uint64_t position,
                                             uint64_t digest) const {
  const absl::Status ours = CheckDigest(memory_, position, digest);
  return ours.ok() ? ours
                   : absl::Status(ours.code(),
                                  absl::StrCat(path, ": ", ours.message()));
}

ProjectIndexes::Projects ProjectIndexes::ReadProjects(SnapshotReader& snapshot,
                                                      Loading& loading) {
  Projects projects;
  const uint64_t count = snapshot.Number();
  for (uint64_t i = 0; i < count && snapshot.ok(); ++i) {
    const std::string name = snapshot.Block();
    auto index = std::make_unique<ProjectIndex>();
    if (!index->Load(snapshot, threads_)) snapshot.Fail();
    loading.progress.units += static_cast<int64_t>(index->live_units());
    loading.progress.of_units = loading.progress.units;
    projects[name] = std::move(index);
  }
  return projects;
}

absl::Status ProjectIndexes::ReadSnapshot(const std::string& path,
                                          Loading& loading) {
  absl::StatusOr<SnapshotReader> snapshot =
      SnapshotReader::Open(path, &threads_);
  if (!snapshot.ok()) return snapshot.status();
  const Packing packing =
      snapshot->is_small() ? Packing::kSmall : Packing::kQuick;
  const uint64_t position = snapshot->Number();
  const uint64_t digest = snapshot->Number();
  // Whether the snapshot is of this store is found out while it is read: that
  // takes as long.
  Projects projects;
  absl::Status ours;
  std::atomic<int> next = 0;
  threads_.Share(1, [&] {
    for (int step = next++; step < 2; step = next++) {
      if (step == 0) projects = ReadProjects(*snapshot, loading);
      if (step == 1) ours = CheckSnapshotOf(path, position, digest);
    }
  });
  const uint64_t to = snapshot->Number();
  const uint64_t digest_to = snapshot->Number();
  absl::Status usable = std::move(ours);
  if (usable.ok()) usable = snapshot->Finish();
  if (usable.ok() && (to != position || digest_to != digest)) {
    usable = CheckSnapshotOf(path, to, digest_to);
  }
  if (!usable.ok()) {
    loading.progress = {};
    return usable;
  }
  loading.packing = packing;
  absl::MutexLock lock(&mutex_);
  projects_ = std::move(projects);
  position_.store(position, std::memory_order_release);
  return absl::OkStatus();
}

absl::StatusOr<LoadSummary> ProjectIndexes::Load(const LoadOptions& options) {
  Loading loading = {options.listener, {}, 0, {}};
  LoadSummary summary;
  bool read_all = options.snapshot.empty();
  if (!read_all) {
    summary.snapshot = ReadSnapshot(options.snapshot, loading);
    read_all = !summary.snapshot.ok();
    if (read_all) RefuseSnapshot(options, summary.snapshot);
  }
  if (read_all) {
    if (absl::Status status = ReadAll(loading); !status.ok()) return status;
  }
  if (absl::Status status = Follow(&loading); !status.ok()) return status;
  summary.units_read = loading.units_read;
  summary.packing = loading.packing;
  absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [name, index] : projects_) {
    summary.units += static_cast<int64_t>(index->live_units());
  }
  return summary;
}

std::vector<std::string> ProjectIndexes::ProjectNames() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::string> names;
  for (const auto& [name, index] : projects_) names.push_back(name);
  return names;
}

// No change waits for mutex_ meanwhile, behind which searches would queue: it
// waits for catch_up_mutex_.
void ProjectIndexes::SaveProject(const std::string& name,
                                 SnapshotWriter& snapshot) {
  absl::MutexLock no_changes(&catch_up_mutex_);
  absl::ReaderMutexLock lock(&mutex_);
  snapshot.Block(name);
  projects_.at(name)->Save(snapshot);
}

// Each project is written as it stands when its turn comes, at `from` or later.
// Going through the log from there brings them to one state, as after ReadAll.
// The file is good for a memory that also has the changes up to `to`, of which
// some are in it.
absl::Status ProjectIndexes::Save(const std::string& path, Packing packing,
                                  const std::function<bool()>& stop_packing) {
  absl::MutexLock one_file(&save_mutex_);
  const uint64_t from = position();
  if (from == 0) return absl::OkStatus();  // nothing to save
  const absl::StatusOr<uint64_t> digest = DigestOfChanges(memory_, from);
  if (!digest.ok()) return digest.status();
  absl::StatusOr<std::unique_ptr<SnapshotWriter>> snapshot =
      SnapshotWriter::Create(path, MostSnapshotBytes(path), packing);
  if (!snapshot.ok()) return snapshot.status();
  (*snapshot)->Number(from);
  (*snapshot)->Number(*digest);
  const std::vector<std::string> names = ProjectNames();
  (*snapshot)->Number(names.size());
  for (const std::string& name : names) SaveProject(name, **snapshot);
  const uint64_t to = position();
  const absl::StatusOr<uint64_t> digest_to = DigestOfChanges(memory_, to);
  if (!digest_to.ok()) return digest_to.status();
  (*snapshot)->Number(to);
  (*snapshot)->Number(*digest_to);
  return (*snapshot)->Finish(stop_packing);
}

// What is costly of a change, a portion of its units at a time: none of them is
// found yet.
std::vector<ProjectIndexes::StagedUnit> ProjectIndexes::StageUnits(
    const Change& change, ProjectIndex& index) {
  std::vector<const TranslationUnit*> units;
  for (const Revision& revision : change.revisions) {
    if (!revision.deleted) units.push_back(&revision.unit);
  }
  std::vector<StagedUnit> staged;
  PrepareUnits(units, threads_, [&](absl::Span<const PreparedUnit> ready) {
    absl::MutexLock lock(&mutex_);
    for (const PreparedUnit& unit : ready) {
      const std::optional<SlotId> slot = index.Stage(unit);
      if (!slot.has_value()) continue;
      staged.push_back({*slot, ProjectIndex::GradeOf(unit)});
    }
  });
  return staged;
}

void ProjectIndexes::ApplyChange(const Change& change) {
  ProjectIndex* index = FindIndex(change.project);
  std::unique_ptr<ProjectIndex> of_new_project;
  if (index == nullptr) {
    of_new_project = std::make_unique<ProjectIndex>();
    index = of_new_project.get();
  }
  const std::vector<StagedUnit> staged = StageUnits(change, *index);
  {
    absl::MutexLock lock(&mutex_);
    if (of_new_project != nullptr) {
      projects_[change.project] = std::move(of_new_project);
    }
    for (const Revision& revision : change.revisions) {
      if (revision.deleted) index->Remove(revision.unit.id, change.position);
    }
    for (const StagedUnit& unit : staged) {
      index->Publish(unit.slot, unit.grade);
    }
    position_.store(change.position, std::memory_order_release);
  }
  bool more = true;
  while (more) {
    absl::MutexLock lock(&mutex_);
    more = index->Sweep(kSweptPerHold);
  }
  CompactIfWorthIt(change.project);
  NumberWordsIfWorthIt(change.project);
}

// Searches go on in the old one while the new one is made: nobody else writes.
void ProjectIndexes::CompactIfWorthIt(const std::string& project) {
  std::unique_ptr<ProjectIndex> compacted;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const ProjectIndex& index = *projects_.at(project);
    if (!index.IsWorthCompacting()) return;
    compacted = index.Compacted();
  }
  absl::MutexLock lock(&mutex_);
  projects_.at(project).swap(compacted);
}

// Searches go on with the old numbers while the new ones are made.
void ProjectIndexes::NumberWordsIfWorthIt(const std::string& project) {
  NumberedWords numbered;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const ProjectIndex& index = *projects_.at(project);
    if (!index.IsWorthNumbering()) return;
    numbered = index.Numbered();
  }
  absl::MutexLock lock(&mutex_);
  projects_.at(project)->SetWords(std::move(numbered));
}

absl::Status ProjectIndexes::Follow(Loading* loading) {
  const uint64_t newest = memory_.last_position();
  if (position() >= newest) return absl::OkStatus();
  absl::MutexLock lock(&catch_up_mutex_);
  while (position() < newest) {
    const absl::StatusOr<std::vector<Change>> changes =
        memory_.ReadChanges(position(), kChangesPerRead);
    if (!changes.ok()) return changes.status();
    if (changes->empty()) return MissingRow("a change of the log");
    for (const Change& change : *changes) {
      ApplyChange(change);
      units_taken_.fetch_add(static_cast<int64_t>(change.revisions.size()),
                             std::memory_order_relaxed);
      if (loading == nullptr) continue;
      loading->units_read += static_cast<int64_t>(change.revisions.size());
    }
    if (loading == nullptr) continue;
    if (absl::Status status = TellProgress(*loading); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

IndexMemory ProjectIndexes::Memory() const {
  absl::ReaderMutexLock lock(&mutex_);
  IndexMemory memory;
  for (const auto& [name, index] : projects_) index->AddMemory(memory);
  return memory;
}

}  // namespace duilian::storage
