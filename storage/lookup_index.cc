// Answers are units as they were at the position where the index stands: their
// history rows never change, so a writer that is ahead of it cannot make an
// answer inconsistent.

#include "storage/lookup_index.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "storage/concordance_search.h"
#include "storage/fuzzy_search.h"
#include "storage/index_filter.h"
#include "storage/index_list.h"
#include "storage/lookup_scores.h"
#include "storage/page_place.h"
#include "storage/passage_places.h"
#include "storage/passage_search.h"
#include "storage/project_index.h"
#include "storage/project_indexes.h"
#include "storage/stored_rows.h"

namespace duilian::storage {
namespace {

// Symbols of a query have 16 bits.
constexpr size_t kMaxQueryCodepoints = 20'000;

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

}  // namespace

bool IsBetterMatch(const FuzzyMatch& a, const FuzzyMatch& b) {
  const auto order = [](const FuzzyMatch& match) {
    return std::make_tuple(match.suitability_percent, match.identical,
                           match.unit.status == ReviewStatus::kAccepted,
                           match.unit.revision, match.unit.confidence,
                           match.unit.id);
  };
  return order(a) > order(b);
}

LookupIndex::LookupIndex(const TranslationMemory& memory,
                         const LookupIndexOptions& options)
    : memory_(memory),
      options_(options),
      indexes_(std::make_unique<ProjectIndexes>(memory, options.threads)) {}
LookupIndex::~LookupIndex() = default;

absl::StatusOr<std::unique_ptr<LookupIndex>> LookupIndex::Build(
    const TranslationMemory& memory, const LookupIndexOptions& options) {
  auto index = std::make_unique<LookupIndex>(memory, options);
  if (auto loaded = index->Load({}); !loaded.ok()) return loaded.status();
  return index;
}

absl::StatusOr<LoadSummary> LookupIndex::Load(const LoadOptions& options) {
  return indexes_->Load(options);
}

absl::Status LookupIndex::Save(
    const std::string& snapshot, Packing packing,
    const std::function<bool()>& stop_packing) const {
  return indexes_->Save(snapshot, packing, stop_packing);
}

absl::Status LookupIndex::CatchUp() { return indexes_->CatchUp(); }

IndexMemory LookupIndex::Memory() const { return indexes_->Memory(); }

uint64_t LookupIndex::position() const { return indexes_->position(); }

int64_t LookupIndex::units_taken() const { return indexes_->units_taken(); }

absl::StatusOr<std::vector<FuzzyMatch>> LookupIndex::Lookup(
    absl::string_view project, const FuzzyQuery& query) const {
  const PreparedQuery prepared = PrepareQuery(query);
  if (absl::Status status = CheckQuery(query.threshold_percent, query.limit,
                                       prepared.codepoints.size());
      !status.ok()) {
    return status;
  }
  const std::vector<std::string> projects = NamedProjects(project, query);
  const absl::StatusOr<std::vector<ScoredUnit>> scored = indexes_->With(
      projects, [&](absl::Span<const ProjectIndex* const> indexes) {
        return SearchProjects(
            indexes, query, prepared,
            Sharing{indexes_->threads(), options_.texts_a_thread});
      });
  if (!scored.ok()) return scored.status();
  std::vector<ProjectUnitVersion> versions;
  for (const ScoredUnit& unit : *scored) {
    versions.push_back({projects[unit.project], unit.version});
  }
  absl::StatusOr<std::vector<Revision>> revisions = Fetch(memory_, versions);
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
      indexes_->With(project, [&](const ProjectIndex& index) {
        return ConcordanceSearch(index, query, *terms, below);
      });
  if (!found.ok()) return found.status();
  Page<ConcordanceHit> page;
  if (found->size() > query.limit) {
    found->resize(query.limit);
    page.next = WritePlace({found->back().rank});
  }
  absl::StatusOr<std::vector<Revision>> revisions =
      Fetch(memory_, project, VersionsOf(*found));
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
        "an emoji or a Chinese character is accepted; send the words to be "
        "found");
  }
  const absl::StatusOr<std::vector<UnitVersion>> versions =
      indexes_->With(project, [&](const ProjectIndex& index) {
        return SearchPassageUnits(index, query, text, indexes_->threads());
      });
  if (!versions.ok()) return versions.status();
  absl::StatusOr<std::vector<Revision>> revisions =
      Fetch(memory_, project, *versions);
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
      indexes_->With(project, [&](const ProjectIndex& index) {
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
      Fetch(memory_, project, *found);
  if (!revisions.ok()) return revisions.status();
  for (Revision& revision : *revisions) {
    page.items.push_back(std::move(revision.unit));
  }
  return page;
}

}  // namespace duilian::storage
