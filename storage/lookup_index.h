// Look-ups: exact, fuzzy and concordance, over an index derived from the
// change log of a TranslationMemory.

#ifndef DUILIAN_STORAGE_LOOKUP_INDEX_H_
#define DUILIAN_STORAGE_LOOKUP_INDEX_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/index_loading.h"
#include "storage/index_memory.h"
#include "storage/packing.h"
#include "storage/penalties.h"
#include "storage/search_stages.h"
#include "storage/translation_memory.h"
#include "storage/translation_unit.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::storage {

class ProjectIndexes;

// Half-open, in microseconds since the Unix epoch.
struct TimeRange {
  int64_t begin_us = std::numeric_limits<int64_t>::min();
  int64_t end_us = std::numeric_limits<int64_t>::max();
  bool operator==(const TimeRange&) const = default;

  bool Holds(int64_t time_us) const {
    return begin_us <= time_us && time_us < end_us;
  }
};

struct UnitFilter {
  std::string document;                // empty for any
  std::string speaker;                 // of the queried side; empty for any
  std::vector<ReviewStatus> statuses;  // empty: unreviewed and accepted
  double min_confidence = 0;  // seven digits of what it lacks to 1 count
  TimeRange changed;          // when the unit changed last
};

struct FuzzyQuery {
  std::string text;
  text::Language language = text::Language::kEnglish;  // the side searched
  int threshold_percent = 70;                          // [50, 100]
  size_t limit = 5;
  UnitFilter filter;
  std::string previous_text, next_text;  // for context matches
  std::string document;  // the query's own; empty when it is not known
  // Searched too, without context and, when the filter names a document, not at
  // all. None twice, nor the project that asks.
  std::vector<std::string> other_projects;
  PenaltyPoints penalties;
  int64_t now_us = 0;               // what a unit's age is told by
  std::function<bool()> cancelled;  // may be empty
  SearchStages* stages = nullptr;   // what the search does is added to it
};

struct FuzzyMatch {
  std::string project;  // that stores the unit
  TranslationUnit unit;
  text::Language language = text::Language::kEnglish;  // the side searched
  // 100 * (1 - distance / length of the longer text), rounded down, both in
  // code points of the matching forms (matching_form.h). Of equal texts: 101
  // when a neighbour is equal, too; 102 when both are, and the unit is of the
  // query's document, if that is known.
  int score_percent = 0;
  // The score, or 100 for a text that differs in numbers alone and whose
  // translation has them (text/numbers.h), less the penalties; at least 0.
  int suitability_percent = 0;
  std::vector<Penalty> penalties;
  bool identical = false;  // to the query, byte for byte, as written
  // Units that match with both texts equal to these, byte for byte; the best
  // of them is `unit`.
  int64_t occurrences = 1;
  // Different ones of the text on the queried side, this one among them: of
  // units that pass the filter, by the matching forms.
  int64_t translations = 1;
  std::string reviewer;  // of the unit's last change; empty when none was named
};

// The order of matches: the suitability, then identical ones, then accepted
// ones, then the later change, then the confidence, then the higher id.
bool IsBetterMatch(const FuzzyMatch& a, const FuzzyMatch& b);

struct ConcordanceQuery {
  std::string text;
  std::optional<text::Language> language;  // nullopt: either side
  size_t limit = 20;
  std::optional<std::string> after;  // a Page's `next`
  UnitFilter filter;
  std::vector<std::string> other_projects;  // as of a FuzzyQuery
  std::function<bool()> cancelled;
};

struct ConcordanceHit {
  std::string project;  // that stores the unit
  TranslationUnit unit;
  std::vector<text::ByteSpan> source_highlights;  // in unit.source.text
  std::vector<text::ByteSpan> target_highlights;
};

// A quote to be found again: a sentence, several in a row, or a part of one.
struct PassageQuery {
  std::string text;
  text::Language language = text::Language::kEnglish;  // the side searched
  int threshold_percent = 70;                          // [50, 100]
  size_t limit = 5;
  UnitFilter filter;
  std::vector<std::string> other_projects;  // as of a FuzzyQuery
  std::function<bool()> cancelled;          // may be empty
};

// A unit that a quote, or a part of it, stands in.
struct PassagePart {
  TranslationUnit unit;
  text::ByteSpan in_query;  // what of the query stands in this unit
  text::ByteSpan in_text;   // where, in the text of the side searched
  bool is_whole = false;    // in_text is all of it
};

// Where a quote stands: one unit, or several of a document, in its order.
struct Passage {
  // 100 * (1 - distance / length of the query), rounded down, both in matching
  // units: words of English, characters of Chinese. Punctuation, case and width
  // count for nothing; a stretch that the query leaves out counts for a few
  // units only (passage_places.cc).
  int score_percent = 0;
  std::vector<PassagePart> parts;
  std::string project;  // that stores the units
};

struct LookupIndexOptions {
  // Beside the callers' own: while a call is alone, they share its fuzzy
  // search, or what is to be taken in. One less than there are processors suits
  // a server.
  size_t threads = 0;
  // A thread is woken for every so many texts of lengths like the query's: for
  // few it comes too late. At least 1.
  size_t texts_a_thread = 20'000;
};

// Thread-safe; searches run beside each other. In memory; Memory() tells
// how much.
class LookupIndex {
 public:
  // An index of nothing, for Load(). `memory` must outlive it.
  explicit LookupIndex(const TranslationMemory& memory,
                       const LookupIndexOptions& options = {});
  // One that is loaded.
  static absl::StatusOr<std::unique_ptr<LookupIndex>> Build(
      const TranslationMemory& memory, const LookupIndexOptions& options = {});
  ~LookupIndex();

  // Brings the index to the memory's newest state: from the snapshot and the
  // change log behind it, or, where there is no snapshot or it is damaged, of
  // another version or of another memory, from all units. Once, before anything
  // else is asked of it.
  // kCancelled: the listener ended it.
  absl::StatusOr<LoadSummary> Load(const LoadOptions& options);

  // Saves the index as it stands, in the place of the snapshot that is there,
  // if it can be written whole: what that has, too, is not written again
  // (snapshot_head.h). Takes no more than an eighth of the free disk. Searches
  // go on meanwhile; changes wait while a project is gone through and what is
  // new of it copied to the system, but not for the disk, nor for the packing,
  // which takes a second for some 200 MB. Of two calls at a time the second
  // waits.
  // kUnavailable, kResourceExhausted: the message says why. kCancelled: it is
  // saved quickly, and `stop_packing`, which may be empty, ended the rest.
  absl::Status Save(const std::string& snapshot,
                    Packing packing = Packing::kQuick,
                    const std::function<bool()>& stop_packing = {}) const;

  // Applies the changes up to the memory's last position. Called after every
  // write, so that a reader sees its own writes; cheap when there are none. A
  // search sees a change whole or not at all; it waits for a part of one at the
  // most, however large the change is.
  absl::Status CatchUp();

  // The change up to which it stands.
  uint64_t position() const;

  // What it takes now. Some milliseconds.
  IndexMemory Memory() const;
  // How many units' states it took in from the change log since it was made;
  // rises.
  int64_t units_taken() const;

  // Best first (IsBetterMatch), units with the same texts as one. Exact: every
  // unit whose score reaches the threshold is considered (filters are lower
  // bounds of the distance, never a guess), and so is every one that differs in
  // numbers alone, if 100 less the penalty for that reaches it. Units are as
  // they were at position(), whatever was written since.
  // A look-up in several projects is as exact, and one round trip as well.
  // kNotFound: unknown project. kInvalidArgument: the threshold or the limit is
  // out of range, or the text has more than 20,000 code points. kCancelled.
  absl::StatusOr<std::vector<FuzzyMatch>> Lookup(absl::string_view project,
                                                 const FuzzyQuery& query) const;

  // Accepted units first, then the surest by whole percents, then the newest;
  // a page goes on where the last one ended, whatever changed in between, and a
  // unit that changed its place may come twice or not at all. Punctuation
  // beside a Chinese character counts (大模型 is not in “大”模型), between
  // words it does not. A run between white space is searched for as it stands,
  // in whole words and characters, but for a * at an end of a word
  // (concordance_terms.h); so is all between two quotation marks (also
  // 「」『』). Every one must stand in one side. Words are marked whole. Of
  // several projects, what is equal comes in the order in which they are named;
  // `after` is good with the same projects alone. One round trip.
  // kNotFound, kCancelled as above. kInvalidArgument: nothing to search for,
  // too many words with a *, or `after` is not a Page's `next`.
  absl::StatusOr<Page<ConcordanceHit>> SearchConcordance(
      absl::string_view project, const ConcordanceQuery& query) const;

  // The passages that reach the threshold: highest score first, then those
  // accepted, then the surest, then in id order, then in that of the projects.
  // A passage is of one project. One round trip. A quote that stands in a
  // single unit is found unless its words are so common that more units than
  // passage_search.h looks at share as many of them; of a quote that runs over
  // several units, a unit of a few common words is found only beside another
  // one. kNotFound, kCancelled as above. kInvalidArgument: the threshold or the
  // limit is out of range, the text is too long, or has no word in it.
  absl::StatusOr<std::vector<Passage>> FindPassages(
      absl::string_view project, const PassageQuery& query) const;

  // Units that changed last in `changed`, in id order. One round trip, and a
  // look at every unit of the project: some ten milliseconds of a million.
  // kNotFound as above. kInvalidArgument: the limit is out of range, or `after`
  // is not a Page's `next`.
  absl::StatusOr<Page<TranslationUnit>> ListChanged(
      absl::string_view project, const ListOptions& options,
      const TimeRange& changed) const;

 private:
  const TranslationMemory& memory_;
  const LookupIndexOptions options_;
  const std::unique_ptr<ProjectIndexes> indexes_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_LOOKUP_INDEX_H_
