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
#include "storage/concordance_terms.h"
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

using ProjectSpan = absl::Span<const ProjectIndex* const>;

// The projects that a search names, the one that asks first.
std::vector<std::string> NamedProjects(absl::string_view project,
                                       const std::vector<std::string>& others) {
  std::vector<std::string> projects = {std::string(project)};
  projects.insert(projects.end(), others.begin(), others.end());
  return projects;
}

// A document's name is one of the project that asks; in another one it is
// another document's.
ProjectSpan SearchedProjects(ProjectSpan projects, const UnitFilter& filter) {
  return filter.document.empty() ? projects : projects.first(1);
}

// The best of all of them together.
absl::StatusOr<std::vector<ScoredUnit>> SearchProjects(
    ProjectSpan projects, const FuzzyQuery& query,
    const PreparedQuery& prepared, const Sharing& sharing) {
  LookupScores scores(query, prepared);
  for (const ProjectIndex* index : SearchedProjects(projects, query.filter)) {
    absl::Status status = FuzzySearch(*index, query, prepared, sharing, scores);
    if (!status.ok()) return status;
  }
  return std::move(scores).Best();
}

// A unit of a concordance, and the number of its project among those named.
struct NumberedUnit {
  ConcordanceUnit unit;
  uint64_t project = 0;
};

// Ranks of two projects may be equal.
bool ComesBefore(const NumberedUnit& a, const NumberedUnit& b) {
  if (a.unit.rank != b.unit.rank) return a.unit.rank > b.unit.rank;
  return a.project < b.project;
}

// The unit that a page ended with.
struct ConcordancePlace {
  uint64_t rank = std::numeric_limits<uint64_t>::max();
  uint64_t project = std::numeric_limits<uint64_t>::max();

  // What the ranks of that project's units are below, behind it.
  uint64_t BelowIn(uint64_t other) const {
    return other > project ? rank + 1 : rank;
  }
};

std::string WriteConcordancePlace(const NumberedUnit& last,
                                  const ConcordanceQuery& query) {
  return query.other_projects.empty()
             ? WritePlace({last.unit.rank})
             : WritePlace({last.unit.rank, last.project});
}

// kInvalidArgument: not a place of a search in so many projects.
absl::StatusOr<ConcordancePlace> ReadConcordancePlace(
    const ConcordanceQuery& query) {
  ConcordancePlace place;
  if (!query.after.has_value()) return place;
  const absl::StatusOr<std::vector<uint64_t>> numbers =
      ReadPlace(*query.after, query.other_projects.empty() ? 1 : 2);
  if (!numbers.ok()) return numbers.status();
  place.rank = numbers->front();
  if (!query.other_projects.empty()) place.project = numbers->back();
  return place;
}

// As ConcordanceSearch, of all the projects together.
absl::StatusOr<std::vector<NumberedUnit>> SearchConcordances(
    ProjectSpan projects, const ConcordanceQuery& query,
    const std::vector<Term>& terms, const ConcordancePlace& place) {
  projects = SearchedProjects(projects, query.filter);
  std::vector<NumberedUnit> all;
  for (uint64_t number = 0; number < projects.size(); ++number) {
    const absl::StatusOr<std::vector<ConcordanceUnit>> found =
        ConcordanceSearch(*projects[number], query, terms,
                          place.BelowIn(number));
    if (!found.ok()) return found.status();
    for (const ConcordanceUnit& unit : *found) all.push_back({unit, number});
  }
  std::sort(all.begin(), all.end(), ComesBefore);
  if (all.size() > query.limit + 1) all.resize(query.limit + 1);
  return all;
}

// As SearchPassageUnits, of each of the projects, one behind the other.
absl::StatusOr<std::vector<ProjectUnitVersion>> SearchPassages(
    ProjectSpan projects, const std::vector<std::string>& names,
    const PassageQuery& query, const PreparedText& text, IdleThreads& threads) {
  projects = SearchedProjects(projects, query.filter);
  std::vector<ProjectUnitVersion> all;
  for (size_t i = 0; i < projects.size(); ++i) {
    const absl::StatusOr<std::vector<UnitVersion>> found =
        SearchPassageUnits(*projects[i], query, text, threads);
    if (!found.ok()) return found.status();
    for (const UnitVersion& version : *found)
      all.push_back({names[i], version});
  }
  return all;
}

// The passages in units that were read, each project's by themselves: a
// document of the same name is another one. `versions` are what was read.
absl::StatusOr<std::vector<Passage>> PlaceInProjects(
    const PassageQuery& query, const std::vector<ProjectUnitVersion>& versions,
    std::vector<Revision> revisions) {
  std::vector<Passage> all;
  for (size_t i = 0; i < revisions.size();) {
    const std::string& project = versions[i].project;
    std::vector<TranslationUnit> units;
    for (; i < revisions.size() && versions[i].project == project; ++i) {
      units.push_back(std::move(revisions[i].unit));
    }
    absl::StatusOr<std::vector<Passage>> passages =
        PlacePassages(query, std::move(units));
    if (!passages.ok()) return passages.status();
    for (Passage& passage : *passages) {
      passage.project = project;
      all.push_back(std::move(passage));
    }
  }
  std::stable_sort(all.begin(), all.end(), IsBetterPassage);
  if (all.size() > query.limit) all.resize(query.limit);
  return all;
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
  const std::vector<std::string> projects =
      NamedProjects(project, query.other_projects);
  const absl::StatusOr<std::vector<ScoredUnit>> scored =
      indexes_->With(projects, [&](ProjectSpan indexes) {
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
  const absl::StatusOr<ConcordancePlace> place = ReadConcordancePlace(query);
  if (!place.ok()) return place.status();
  const absl::StatusOr<std::vector<Term>> terms =
      ParseConcordanceQuery(query.text);
  if (!terms.ok()) return terms.status();
  const std::vector<std::string> projects =
      NamedProjects(project, query.other_projects);
  absl::StatusOr<std::vector<NumberedUnit>> found =
      indexes_->With(projects, [&](ProjectSpan indexes) {
        return SearchConcordances(indexes, query, *terms, *place);
      });
  if (!found.ok()) return found.status();
  Page<ConcordanceHit> page;
  if (found->size() > query.limit) {
    found->resize(query.limit);
    page.next = WriteConcordancePlace(found->back(), query);
  }
  std::vector<ProjectUnitVersion> versions;
  for (const auto& [unit, number] : *found) {
    versions.push_back({projects[number], unit.version});
  }
  absl::StatusOr<std::vector<Revision>> revisions = Fetch(memory_, versions);
  if (!revisions.ok()) return revisions.status();
  for (size_t i = 0; i < revisions->size(); ++i) {
    ConcordanceHit hit;
    hit.project = std::move(versions[i].project);
    hit.unit = std::move((*revisions)[i].unit);
    if ((*found)[i].unit.in_source) {
      hit.source_highlights = FindTerms(hit.unit.source.text, *terms);
    }
    if ((*found)[i].unit.in_target) {
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
  const std::vector<std::string> projects =
      NamedProjects(project, query.other_projects);
  const absl::StatusOr<std::vector<ProjectUnitVersion>> versions =
      indexes_->With(projects, [&](ProjectSpan indexes) {
        return SearchPassages(indexes, projects, query, text,
                              indexes_->threads());
      });
  if (!versions.ok()) return versions.status();
  absl::StatusOr<std::vector<Revision>> revisions = Fetch(memory_, *versions);
  if (!revisions.ok()) return revisions.status();
  return PlaceInProjects(query, *versions, *std::move(revisions));
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
