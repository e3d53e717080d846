// Searches by meaning, in both languages at once, over an index derived from
// the change log of a TranslationMemory.

#ifndef DUILIAN_STORAGE_MEANING_INDEX_H_
#define DUILIAN_STORAGE_MEANING_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/lookup_index.h"
#include "storage/packing.h"
#include "storage/translation_memory.h"
#include "storage/translation_unit.h"
#include "text/language.h"

namespace duilian::storage {

// How a text becomes a vector: storage knows no model, it is given one.
struct MeaningModel {
  // Vectors of another version are never compared with these.
  std::string version;
  size_t dimension = 0;  // a multiple of 8, at most 512
  // [dimension], of length 1, or all zero for a text without meaning.
  // Thread-safe; must not throw.
  std::function<std::vector<float>(absl::string_view text, text::Language)>
      vector;
};

struct MeaningQuery {
  std::string text;
  text::Language language = text::Language::kEnglish;  // what it is written in
  size_t limit = 5;
  double min_similarity = 0;                // in [0, 1]
  UnitFilter filter;                        // a speaker may be of either side
  std::vector<std::string> other_projects;  // as of a FuzzyQuery
  std::function<bool()> cancelled;
};

struct MeaningHit {
  std::string project;  // that stores the unit
  TranslationUnit unit;
  // Cosines, in [0, 1] (negative ones are 0): of the query with the unit, whose
  // vector is the middle of its sides', and with each side.
  double similarity = 0;
  double source_similarity = 0;
  double target_similarity = 0;
};

struct MeaningAnswer {
  std::vector<MeaningHit> hits;
  uint64_t position = 0;  // the change up to which the index stood
  // Changes of the searched projects' units since that are not in it yet.
  int64_t pending_units = 0;
};

struct MeaningIndexOptions {
  // Beside the callers' own: while a search is alone, they share it. So many
  // more, of the priority of its caller, make an index anew.
  size_t threads = 0;
  // Up to so many units of a project, each is compared with a query.
  size_t most_compared = 20'000;
  // Of a project that is behind the log, so many are kept without lists.
  size_t most_without_lists = 1'000'000;
};

// Thread-safe; searches run beside each other and beside CatchUp, which holds
// them up for moments only. In memory: docs/decisions says how much.
class MeaningIndex {
 public:
  // An index of nothing, for Load(). `memory` must outlive it.
  MeaningIndex(const TranslationMemory& memory, MeaningModel model,
               const MeaningIndexOptions& options = {});
  ~MeaningIndex();

  // As LookupIndex::Load, but what came behind a snapshot is left to CatchUp();
  // a snapshot of another model is not used either. Reading all units takes up
  // to 0.2 ms each; until it is done, searches are kUnavailable and say how far
  // it is.
  absl::StatusOr<LoadSummary> Load(const LoadOptions& options);

  // As LookupIndex::Save. Nothing before Load() has ended.
  absl::Status Save(const std::string& snapshot,
                    Packing packing = Packing::kQuick,
                    const std::function<bool()>& stop_packing = {}) const;

  // Applies the changes up to the memory's last position at the time of the
  // call; nothing before Load() has ended. `stop` may be empty; true ends it
  // behind a change, with kCancelled.
  absl::Status CatchUp(const std::function<bool()>& stop);

  // Makes projects anew that have outgrown their lists, and says how many: a
  // minute or two for a million units, half of that where they had no lists.
  // Changes are followed meanwhile, but for the seconds in which lists are
  // trained. `stop` as above; `between`, which may be empty, is called now and
  // then, and may save the index, which is then the old one with those changes.
  // While one call is at it another does nothing.
  absl::StatusOr<size_t> RemakeOutgrown(
      const std::function<bool()>& stop,
      const std::function<void()>& between = {});

  // The same for an index that is far behind the log, whose projects will
  // outgrow what is made for them now: only those that would take much memory.
  absl::StatusOr<size_t> RemakeLarge(const std::function<bool()>& stop,
                                     const std::function<void()>& between = {});

  // Takes units that are gone, and states that were replaced, out of projects
  // of which they are the most, and says how many bytes less there are. A
  // project is copied, behind as many changes as it has units, so that memory
  // grows with the units and not with the changes; the log waits for the copy.
  // While a project is made anew it does nothing.
  size_t Compact();

  // The change up to which it stands.
  uint64_t position() const;

  // Bytes that it takes, but for names of documents and speakers.
  size_t Memory() const;

  // How many units' states it took in since it was made, from the store or the
  // change log, into what is searched; rises.
  int64_t units_taken() const;
  // Of them, those from the change log.
  int64_t units_followed() const;

  // Best first, units with the same texts as one. While a project is small,
  // each of its units is compared with the query; of a large one, those that
  // quantised vectors name (MeaningProject). What is returned was compared with
  // its texts' own vectors. Units are as they were at the answer's position.
  // One round trip, however many projects are searched. kNotFound: unknown
  // project. kInvalidArgument: the limit is 0. kUnavailable: not loaded yet.
  // kFailedPrecondition: loading failed; the message says why. kCancelled.
  absl::StatusOr<MeaningAnswer> Search(absl::string_view project,
                                       const MeaningQuery& query) const;

 private:
  class Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_MEANING_INDEX_H_
