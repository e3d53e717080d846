// The index in memory, kept in step with the change log. It answers with units
// as they were at the position where it stands: their history rows never
// change, so a writer that is ahead of it cannot make an answer inconsistent.

#include "storage/lookup_index.h"

#include <algorithm>
#include <atomic>
#include <tuple>
#include <type_traits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "storage/change_digest.h"
#include "storage/concordance_search.h"
#include "storage/fuzzy_search.h"
#include "storage/idle_threads.h"
#include "storage/index_filter.h"
#include "storage/index_list.h"
#include "storage/lookup_scores.h"
#include "storage/page_place.h"
#include "storage/passage_places.h"
#include "storage/passage_search.h"
#include "storage/project_index.h"
#include "storage/snapshot_file.h"
#include "storage/stored_rows.h"
#include "storage/unit_preparation.h"

namespace duilian::storage {
namespace {

constexpr size_t kUnitsPerPage = 1000;
constexpr size_t kProjectsPerPage = 1000;
constexpr size_t kChangesPerRead = 1000;

// Symbols of a query have 16 bits.
constexpr size_t kMaxQueryCodepoints = 20'000;

// How many texts of units that are gone leave the index before the lock is let
// go.
constexpr size_t kSweptPerHold = 256;

absl::Status CheckQuery(int threshold_percent, size_t limit,
                        size_t codepoints) {
  if (threshold_percent < 50 || threshold_percent > 100) {
    return absl::InvalidArgumentError(absl::StrCat(
        "threshold_percent: ", threshold_percent,
        " given; 50 to 100 is accepted; choose a number in that range"));
  }
  if (codepoints > kMaxQueryCodepoints) {
    return absl::InvalidArgumentError(absl::StrCat(
        "text: ", codepoints, " code points given; up to ", kMaxQueryCodepoints,
        " are accepted; look a shorter text up"));
  }
  return CheckLimit(limit);
}

template <typename Scored>
std::vector<UnitVersion> VersionsOf(const std::vector<Scored>& scored) {
  std::vector<UnitVersion> versions;
  versions.reserve(scored.size());
  for (const Scored& unit : scored) versions.push_back(unit.version);
  return versions;
}

// What was read of versions that the index names: none is missing.
absl::StatusOr<std::vector<Revision>> AllOf(
    absl::StatusOr<std::vector<std::optional<Revision>>> found) {
  if (!found.ok()) return found.status();
  std::vector<Revision> revisions;
  revisions.reserve(found->size());
  for (std::optional<Revision>& revision : *found) {
    if (!revision.has_value()) return MissingRow("a unit that the index names");
    revisions.push_back(*std::move(revision));
  }
  return revisions;
}

absl::StatusOr<std::vector<Revision>> Fetch(
    const TranslationMemory& memory, absl::string_view project,
    const std::vector<UnitVersion>& versions) {
  if (versions.empty()) return std::vector<Revision>();
  return AllOf(memory.GetVersions(project, versions));
}

absl::StatusOr<std::vector<Revision>> Fetch(
    const TranslationMemory& memory,
    const std::vector<ProjectUnitVersion>& versions) {
  if (versions.empty()) return std::vector<Revision>();
  return AllOf(memory.GetVersions(versions));
}

// The projects that a look-up names, the one that asks first.
std::vector<std::string> NamedProjects(absl::string_view project,
                                       const FuzzyQuery& query) {
  std::vector<std::string> projects = {std::string(project)};
  projects.insert(projects.end(), query.other_projects.begin(),
                  query.other_projects.end());
  return projects;
}

// The best of all of them together.
absl::StatusOr<std::vector<ScoredUnit>> SearchProjects(
    absl::Span<const ProjectIndex* const> projects, const FuzzyQuery& query,
    const PreparedQuery& prepared, const Sharing& sharing) {
  // A document's name is one of the project that asks; in another one it is
  // another document's.
  if (!query.filter.document.empty()) projects = projects.first(1);
  LookupScores scores(query, prepared);
  for (const ProjectIndex* index : projects) {
    absl::Status status = FuzzySearch(*index, query, prepared, sharing, scores);
    if (!status.ok()) return status;
  }
  return std::move(scores).Best();
}

// An index that is being built.
struct Loading {
  const LoadListener& listener;
  LoadProgress progress;
  int64_t units_read = 0;
};

absl::Status TellProgress(const Loading& loading) {
  if (!loading.listener || loading.listener(loading.progress)) {
    return absl::OkStatus();
  }
  return absl::CancelledError("the loading of the index was ended");
}

}  // namespace

class LookupIndex::Tables {
 public:
  Tables(const TranslationMemory& memory, const LookupIndexOptions& options)
      : memory_(memory), options_(options), threads_(options.threads) {}

  const TranslationMemory& memory() const { return memory_; }
  uint64_t position() const {
    return position_.load(std::memory_order_acquire);
  }
  Sharing sharing() const { return {threads_, options_.texts_a_thread}; }

  int64_t units_taken() const {
    return units_taken_.load(std::memory_order_relaxed);
  }

  absl::StatusOr<LoadSummary> Load(const LoadOptions& options)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  absl::Status CatchUp() ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_) {
    return Follow(nullptr);
  }
  absl::Status Save(const std::string& path)
      ABSL_LOCKS_EXCLUDED(save_mutex_, catch_up_mutex_, mutex_);

  IndexMemory Memory() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls `search` with the project's index, which no one changes meanwhile.
  template <typename Function>
  std::invoke_result_t<Function, const ProjectIndex&> With(
      absl::string_view project, Function search) const
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = projects_.find(project);
    if (found == projects_.end()) return UnknownProject(project);
    return search(*found->second);
  }

  // The same with several.
  template <typename Function>
  std::invoke_result_t<Function, absl::Span<const ProjectIndex* const>> With(
      const std::vector<std::string>& projects, Function search) const
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::ReaderMutexLock lock(&mutex_);
    std::vector<const ProjectIndex*> indexes;
    for (const std::string& project : projects) {
      const auto found = projects_.find(project);
      if (found == projects_.end()) return UnknownProject(project);
      indexes.push_back(found->second.get());
    }
    return search(absl::MakeConstSpan(indexes));
  }

 private:
  struct StagedUnit {
    SlotId slot = 0;
    uint8_t grade = 0;
  };

  ProjectIndex& IndexOf(const std::string& project)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Null when there is none.
  ProjectIndex* FindIndex(const std::string& project) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status ReadSnapshot(const std::string& path, Loading& loading)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // CheckDigest, with the path in its message.
  absl::Status CheckSnapshotOf(const std::string& path, uint64_t position,
                               uint64_t digest) const;
  using Projects =
      absl::flat_hash_map<std::string, std::unique_ptr<ProjectIndex>>;
  // Those of a snapshot, which may fail.
  Projects ReadProjects(SnapshotReader& snapshot, Loading& loading);
  absl::Status ReadAll(Loading& loading);
  absl::Status ReadProject(const std::string& project, Loading& loading);
  // Goes through the change log; tells `loading`, if not null, of each read.
  absl::Status Follow(Loading* loading)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);
  // Takes a change in: it is seen whole or not at all, though searches go on
  // between the steps.
  void ApplyChange(const Change& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_)
          ABSL_LOCKS_EXCLUDED(mutex_);
  void CompactIfWorthIt(const std::string& project)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_)
          ABSL_LOCKS_EXCLUDED(mutex_);
  // Nobody else changes the project meanwhile.
  void NumberWordsIfWorthIt(const std::string& project)
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<StagedUnit> StageUnits(const Change& change, ProjectIndex& index)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(catch_up_mutex_)
          ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::string> ProjectNames() const ABSL_LOCKS_EXCLUDED(mutex_);
  // As it stands, without changes meanwhile.
  void SaveProject(const std::string& name, SnapshotWriter& snapshot)
      ABSL_LOCKS_EXCLUDED(catch_up_mutex_, mutex_);

  const TranslationMemory& memory_;
  absl::Mutex catch_up_mutex_;  // one reader of the log at a time
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(catch_up_mutex_);
  Projects projects_ ABSL_GUARDED_BY(mutex_);
  absl::Mutex save_mutex_ ABSL_ACQUIRED_BEFORE(catch_up_mutex_);
  std::atomic<uint64_t> position_{0};
  std::atomic<int64_t> units_taken_{0};
  const LookupIndexOptions options_;
  mutable IdleThreads threads_;
};

ProjectIndex& LookupIndex::Tables::IndexOf(const std::string& project) {
  std::unique_ptr<ProjectIndex>& index = projects_[project];
  if (index == nullptr) index = std::make_unique<ProjectIndex>();
  return *index;
}

ProjectIndex* LookupIndex::Tables::FindIndex(const std::string& project) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = projects_.find(project);
  return found == projects_.end() ? nullptr : found->second.get();
}

absl::Status LookupIndex::Tables::ReadProject(const std::string& project,
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
absl::Status LookupIndex::Tables::ReadAll(Loading& loading) {
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

absl::Status LookupIndex::Tables::CheckSnapshotOf(const std::string& path,
                                                  uint64_t position,
                                                  uint64_t digest) const {
  const absl::Status ours = CheckDigest(memory_, position, digest);
  return ours.ok() ? ours
                   : absl::Status(ours.code(),
                                  absl::StrCat(path, ": ", ours.message()));
}

LookupIndex::Tables::Projects LookupIndex::Tables::ReadProjects(
    SnapshotReader& snapshot, Loading& loading) {
  Projects projects;
  const uint64_t count = snapshot.Number();
  for (uint64_t i = 0; i < count && snapshot.ok(); ++i) {
    const std::string name = snapshot.Block();
    auto index = std::make_unique<ProjectIndex>();
    if (!index->Load(snapshot, threads_)) snapshot.Fail();
    loading.progress.units += static_cast<int64_t>(index->live_units());
    projects[name] = std::move(index);
  }
  return projects;
}

absl::Status LookupIndex::Tables::ReadSnapshot(const std::string& path,
                                               Loading& loading) {
  absl::StatusOr<SnapshotReader> snapshot =
      SnapshotReader::Open(path, &threads_);
  if (!snapshot.ok()) return snapshot.status();
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
    loading.progress.units = 0;
    return usable;
  }
  absl::MutexLock lock(&mutex_);
  projects_ = std::move(projects);
  position_.store(position, std::memory_order_release);
  return absl::OkStatus();
}

absl::StatusOr<LoadSummary> LookupIndex::Tables::Load(
    const LoadOptions& options) {
  Loading loading = {options.listener, {}, 0};
  LoadSummary summary;
  bool read_all = options.snapshot.empty();
  if (!read_all) {
    summary.snapshot = ReadSnapshot(options.snapshot, loading);
    read_all = !summary.snapshot.ok();
  }
  if (read_all) {
    if (absl::Status status = ReadAll(loading); !status.ok()) return status;
  }
  if (absl::Status status = Follow(&loading); !status.ok()) return status;
  summary.units_read = loading.units_read;
  absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [name, index] : projects_) {
    summary.units += static_cast<int64_t>(index->live_units());
  }
  return summary;
}

std::vector<std::string> LookupIndex::Tables::ProjectNames() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::string> names;
  for (const auto& [name, index] : projects_) names.push_back(name);
  return names;
}

// No change waits for mutex_ meanwhile, behind which searches would queue: it
// waits for catch_up_mutex_.
void LookupIndex::Tables::SaveProject(const std::string& name,
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
absl::Status LookupIndex::Tables::Save(const std::string& path) {
  absl::MutexLock one_file(&save_mutex_);
  const uint64_t from = position();
  if (from == 0) return absl::OkStatus();  // nothing to save
  const absl::StatusOr<uint64_t> digest = DigestOfChanges(memory_, from);
  if (!digest.ok()) return digest.status();
  absl::StatusOr<std::unique_ptr<SnapshotWriter>> snapshot =
      SnapshotWriter::Create(path, MostSnapshotBytes(path));
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
  return (*snapshot)->Finish();
}

// What is costly of a change, a portion of its units at a time: none of them is
// found yet.
std::vector<LookupIndex::Tables::StagedUnit> LookupIndex::Tables::StageUnits(
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

void LookupIndex::Tables::ApplyChange(const Change& change) {
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
void LookupIndex::Tables::CompactIfWorthIt(const std::string& project) {
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
void LookupIndex::Tables::NumberWordsIfWorthIt(const std::string& project) {
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

absl::Status LookupIndex::Tables::Follow(Loading* loading) {
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

bool IsBetterMatch(const FuzzyMatch& a, const FuzzyMatch& b) {
  const auto order = [](const FuzzyMatch& match) {
    return std::make_tuple(match.suitability_percent, match.identical,
                           match.unit.status == ReviewStatus::kAccepted,
                           match.unit.revision, match.unit.confidence,
                           match.unit.id);
  };
  return order(a) > order(b);
}

IndexMemory LookupIndex::Tables::Memory() const {
  absl::ReaderMutexLock lock(&mutex_);
  IndexMemory memory;
  for (const auto& [name, index] : projects_) index->AddMemory(memory);
  return memory;
}

LookupIndex::LookupIndex(const TranslationMemory& memory,
                         const LookupIndexOptions& options)
    : tables_(std::make_unique<Tables>(memory, options)) {}
LookupIndex::~LookupIndex() = default;

absl::StatusOr<std::unique_ptr<LookupIndex>> LookupIndex::Build(
    const TranslationMemory& memory, const LookupIndexOptions& options) {
  auto index = std::make_unique<LookupIndex>(memory, options);
  if (auto loaded = index->Load({}); !loaded.ok()) return loaded.status();
  return index;
}

absl::StatusOr<LoadSummary> LookupIndex::Load(const LoadOptions& options) {
  return tables_->Load(options);
}

absl::Status LookupIndex::Save(const std::string& snapshot) const {
  return tables_->Save(snapshot);
}

absl::Status LookupIndex::CatchUp() { return tables_->CatchUp(); }

IndexMemory LookupIndex::Memory() const { return tables_->Memory(); }

uint64_t LookupIndex::position() const { return tables_->position(); }

int64_t LookupIndex::units_taken() const { return tables_->units_taken(); }

absl::StatusOr<std::vector<FuzzyMatch>> LookupIndex::Lookup(
    absl::string_view project, const FuzzyQuery& query) const {
  const PreparedQuery prepared = PrepareQuery(query);
  if (absl::Status status = CheckQuery(query.threshold_percent, query.limit,
                                       prepared.codepoints.size());
      !status.ok()) {
    return status;
  }
  const std::vector<std::string> projects = NamedProjects(project, query);
  const absl::StatusOr<std::vector<ScoredUnit>> scored = tables_->With(
      projects, [&](absl::Span<const ProjectIndex* const> indexes) {
        return SearchProjects(indexes, query, prepared, tables_->sharing());
      });
  if (!scored.ok()) return scored.status();
  std::vector<ProjectUnitVersion> versions;
  for (const ScoredUnit& unit : *scored) {
    versions.push_back({projects[unit.project], unit.version});
  }
  absl::StatusOr<std::vector<Revision>> revisions =
      Fetch(tables_->memory(), versions);
  if (!revisions.ok()) return revisions.status();
  std::vector<FuzzyMatch> matches(revisions->size());
  for (size_t i = 0; i < matches.size(); ++i) {
    FuzzyMatch& match = matches[i];
    match.project = versions[i].project;
    match.unit = std::move((*revisions)[i].unit);
    match.language = query.language;
    match.reviewer = std::move((*revisions)[i].reviewer);
    match.score_percent = (*scored)[i].score_percent;
    match.suitability_percent = (*scored)[i].suitability_percent;
    match.penalties = TellPenalties((*scored)[i].penalties, query.penalties);
    match.occurrences = (*scored)[i].occurrences;
    match.translations = (*scored)[i].translations;
    const UnitSide& side = query.language == text::Language::kEnglish
                               ? match.unit.source
                               : match.unit.target;
    match.identical = side.text == query.text;
  }
  return matches;
}

absl::StatusOr<Page<ConcordanceHit>> LookupIndex::SearchConcordance(
    absl::string_view project, const ConcordanceQuery& query) const {
  if (absl::Status status = CheckLimit(query.limit); !status.ok()) {
    return status;
  }
  const absl::StatusOr<uint64_t> after = ReadNumber(query.after);
  if (!after.ok()) return after.status();
  const uint64_t below =
      query.after.has_value() ? *after : std::numeric_limits<uint64_t>::max();
  const absl::StatusOr<std::vector<Term>> terms =
      ParseConcordanceQuery(query.text);
  if (!terms.ok()) return terms.status();
  absl::StatusOr<std::vector<ConcordanceUnit>> found =
      tables_->With(project, [&](const ProjectIndex& index) {
        return ConcordanceSearch(index, query, *terms, below);
      });
  if (!found.ok()) return found.status();
  Page<ConcordanceHit> page;
  if (found->size() > query.limit) {
    found->resize(query.limit);
    page.next = WritePlace({found->back().rank});
  }
  absl::StatusOr<std::vector<Revision>> revisions =
      Fetch(tables_->memory(), project, VersionsOf(*found));
  if (!revisions.ok()) return revisions.status();
  for (size_t i = 0; i < revisions->size(); ++i) {
    ConcordanceHit hit;
    hit.unit = std::move((*revisions)[i].unit);
    if ((*found)[i].in_source) {
      hit.source_highlights = FindTerms(hit.unit.source.text, *terms);
    }
    if ((*found)[i].in_target) {
      hit.target_highlights = FindTerms(hit.unit.target.text, *terms);
    }
    page.items.push_back(std::move(hit));
  }
  return page;
}

absl::StatusOr<std::vector<Passage>> LookupIndex::FindPassages(
    absl::string_view project, const PassageQuery& query) const {
  if (absl::Status status = CheckQuery(query.threshold_percent, query.limit,
                                       text::CountCodepoints(query.text));
      !status.ok()) {
    return status;
  }
  const PreparedText text = PrepareText(query.text);
  if (text.units.empty()) {
    return absl::InvalidArgumentError(
        "query: nothing but white space, punctuation and signs given; a word, "
        "an "
        "emoji or a "
        "Chinese character is accepted; send the words to be found");
  }
  const absl::StatusOr<std::vector<UnitVersion>> versions =
      tables_->With(project, [&](const ProjectIndex& index) {
        return SearchPassageUnits(index, query, text,
                                  tables_->sharing().threads);
      });
  if (!versions.ok()) return versions.status();
  absl::StatusOr<std::vector<Revision>> revisions =
      Fetch(tables_->memory(), project, *versions);
  if (!revisions.ok()) return revisions.status();
  std::vector<TranslationUnit> units;
  for (Revision& revision : *revisions) {
    units.push_back(std::move(revision.unit));
  }
  return PlacePassages(query, std::move(units));
}

absl::StatusOr<Page<TranslationUnit>> LookupIndex::ListChanged(
    absl::string_view project, const ListOptions& options,
    const TimeRange& changed) const {
  if (absl::Status status = CheckLimit(options.limit); !status.ok()) {
    return status;
  }
  const absl::StatusOr<uint64_t> after = ReadNumber(options.after);
  if (!after.ok()) return after.status();
  UnitFilter filter;
  filter.document = options.document;
  filter.statuses = options.statuses;
  if (filter.statuses.empty()) {
    filter.statuses = {ReviewStatus::kUnreviewed, ReviewStatus::kAccepted,
                       ReviewStatus::kRejected};
  }
  filter.changed = changed;
  absl::StatusOr<std::vector<UnitVersion>> found =
      tables_->With(project, [&](const ProjectIndex& index) {
        return absl::StatusOr<std::vector<UnitVersion>>(FirstUnits(
            index, IndexFilter(filter, index), *after, options.limit + 1));
      });
  if (!found.ok()) return found.status();
  Page<TranslationUnit> page;
  if (found->size() > options.limit) {
    found->resize(options.limit);
    page.next = WritePlace({found->back().id});
  }
  absl::StatusOr<std::vector<Revision>> revisions =
      Fetch(tables_->memory(), project, *found);
  if (!revisions.ok()) return revisions.status();
  for (Revision& revision : *revisions) {
    page.items.push_back(std::move(revision.unit));
  }
  return page;
}

}  // namespace duilian::storage
