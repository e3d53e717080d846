// The translation memory: units, documents and their history over an ordered
// store, and the change log from which every index is derived.

#ifndef DUILIAN_STORAGE_TRANSLATION_MEMORY_H_
#define DUILIAN_STORAGE_TRANSLATION_MEMORY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "storage/ordered_store.h"
#include "storage/penalties.h"
#include "storage/preferred_rendering.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

enum class ImportOutcome { kStored, kUnchanged, kReplaced, kRetitled };

struct ImportResult {
  ImportOutcome outcome = ImportOutcome::kStored;
  Document document;  // as stored now
  // Units: those that stayed under their ids, the new ones, those that went. Of
  // an unchanged or retitled document all that it has now stay.
  int32_t kept = 0;
  int32_t added = 0;
  int32_t dropped = 0;
  // Of those kept: reviewed, but no longer in the texts.
  int32_t outdated = 0;
  // Of the document's units now. Not told of an unchanged or retitled one.
  int32_t paired_source_segments = 0;
  int32_t paired_target_segments = 0;
  double mean_confidence = 0;
};

// A page of a list, and the key to go on from; nullopt on the last page.
template <typename T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next;
};

struct ListOptions {
  size_t limit = 50;
  std::optional<std::string> after;    // a Page's `next`
  std::string document;                // empty for all
  std::vector<ReviewStatus> statuses;  // empty for all
};

// What becomes of one unit in a change. A unit with id 0 is new; its
// document, origin and times are the caller's.
struct UnitChange {
  TranslationUnit unit;
  bool remove = false;
  // The revision that the caller read; nullopt does not check.
  std::optional<uint64_t> expected_revision;
};

struct ChangeContext {
  Action action = Action::kEdit;
  std::string reviewer;
  int64_t now_us = 0;
};

// A unit as one change left it.
struct UnitVersion {
  UnitId id = 0;
  uint64_t revision = 0;
};

struct ProjectUnitVersion {
  std::string project;
  UnitVersion version;
};

struct ProjectDocument {
  std::string project;
  std::string document;
  auto operator<=>(const ProjectDocument&) const = default;
};

// An entry of the change log.
struct Change {
  uint64_t position = 0;
  std::string project;
  std::vector<Revision> revisions;
};

// What is in the change log without the units' states.
struct ChangeSize {
  uint64_t position = 0;
  std::string project;
  int64_t units = 0;  // changed or removed
};

// Thread-safe: reads run beside each other and beside the one writer. Each
// operation costs a constant number of round trips. A project comes into
// being with its first write; reading an unknown one is kNotFound.
class TranslationMemory {
 public:
  // Reads the format version, writing it into an empty store. `store` must
  // outlive it. kFailedPrecondition: written by a newer release.
  static absl::StatusOr<std::unique_ptr<TranslationMemory>> Open(
      OrderedStore& store);

  // Stores the document and its units, all or none. The same content hash
  // under the same id changes nothing but the title, and an empty title keeps
  // the one that is there. With another hash, units that stand in the new
  // texts too keep their ids and reviews, and reviewed ones hold their place:
  // import_plan.h. The history of reviewed ones names again who changed them
  // last; those that only moved, with the same speakers, keep the time of that.
  absl::StatusOr<ImportResult> ImportDocument(
      absl::string_view project, const Document& document,
      std::vector<TranslationUnit> units, int64_t now_us);

  // Removes the document and all its units, reviewed or not, in one change,
  // and returns them. Their history stays.
  // kNotFound: unknown project or document.
  absl::StatusOr<std::vector<TranslationUnit>> DeleteDocument(
      absl::string_view project, absl::string_view document, int64_t now_us);

  // The document as it is stored; nullopt also for an unknown project. With
  // the same content hash, the caller can save the alignment.
  absl::StatusOr<std::optional<Document>> FindDocument(
      absl::string_view project, absl::string_view document) const;

  // The same of several, of one project or of more, in the names' order.
  absl::StatusOr<std::vector<std::optional<Document>>> FindDocuments(
      absl::Span<const ProjectDocument> names) const;

  // In the ids' order; nullopt where there is none (or it was deleted).
  absl::StatusOr<std::vector<std::optional<TranslationUnit>>> GetUnits(
      absl::string_view project, absl::Span<const UnitId> ids) const;

  // In id order.
  absl::StatusOr<Page<TranslationUnit>> ListUnits(
      absl::string_view project, const ListOptions& options) const;

  // Unreviewed units, least certain first, then in id order.
  absl::StatusOr<Page<TranslationUnit>> ListReviewQueue(
      absl::string_view project, const ListOptions& options) const;

  // Applies all changes or none and returns the units as stored (removed
  // ones as they were), in the changes' order. `request_id`, if not empty,
  // makes a repeated call return the first one's units.
  // A stored unit keeps its creation time; a new one's times are the
  // context's where they are 0.
  // kAborted: a revision differs (the message says which unit).
  // kNotFound: a unit is gone. kInvalidArgument: the same unit twice.
  absl::StatusOr<std::vector<TranslationUnit>> Apply(
      absl::string_view project, absl::Span<const UnitChange> changes,
      const ChangeContext& context, absl::string_view request_id);

  // Takes back the last change of a unit that is neither an undo nor undone
  // already, with every unit that changed in it, as a change of its own
  // (Action::kUndo), and returns those of them that stand afterwards. A deleted
  // unit comes back under its id. So each undo goes one change further back,
  // and none is undone itself.
  // kFailedPrecondition: nothing to undo (an import, a creation or a document's
  // deletion is not), or a unit of that change has changed since.
  absl::StatusOr<std::vector<TranslationUnit>> Undo(
      absl::string_view project, UnitId id,
      std::optional<uint64_t> expected_revision, const ChangeContext& context);

  // How the project's look-ups are scored: as it was set, or the defaults.
  absl::StatusOr<LookupSettings> GetLookupSettings(
      absl::string_view project) const;

  // Sets all points, and returns them as stored; in the change log a change of
  // no unit. `expected_revision` is the one that was read; nullopt does not
  // check.
  // kAborted: the settings changed since. kInvalidArgument: out of range; the
  // message names the field.
  absl::StatusOr<LookupSettings> SetLookupSettings(
      absl::string_view project, const PenaltyPoints& penalties,
      std::optional<uint64_t> expected_revision, int64_t now_us);

  // Oldest first.
  absl::StatusOr<Page<Revision>> ListHistory(absl::string_view project,
                                             UnitId id,
                                             const ListOptions& options) const;

  // Stores how a term is to be rendered, in the place of what was stored for
  // it, and returns it as stored: the times are `now_us`, but for the creation
  // time of one that was there.
  // kResourceExhausted: the project has kMostPreferredRenderings others.
  // kInvalidArgument: a term that is nothing but white space.
  absl::StatusOr<PreferredRendering> SetPreferredRendering(
      absl::string_view project, PreferredRendering preferred, int64_t now_us);

  // kNotFound: unknown project, or the term has none.
  absl::Status DeletePreferredRendering(absl::string_view project,
                                        absl::string_view term, int64_t now_us);

  // In the order of the normalised terms.
  absl::StatusOr<Page<PreferredRendering>> ListPreferredRenderings(
      absl::string_view project, size_t limit,
      std::optional<std::string> after) const;

  absl::StatusOr<Page<ProjectCounts>> ListProjects(
      size_t limit, std::optional<std::string> after) const;

  // Changes with position > `after`, in order, at most `limit`; fewer when
  // they are large, none only when there are none.
  absl::StatusOr<std::vector<Change>> ReadChanges(uint64_t after,
                                                  size_t limit) const;

  // The same of their sizes alone, always `limit` while there are as many. One
  // row a change is read.
  absl::StatusOr<std::vector<ChangeSize>> ReadChangeSizes(uint64_t after,
                                                          size_t limit) const;

  // Takes notice of the changes that a FollowingStore shows since it caught up;
  // a memory that writes its store itself has no need of it.
  // kFailedPrecondition: the store ends before a change that was there: it was
  // put back to an older state, and what was read of it is no longer true.
  absl::Status NoticeChanges();

  // Position of the last change; 0 when there was none.
  uint64_t last_position() const {
    return last_position_.load(std::memory_order_acquire);
  }

  // Units as the changes at these positions left them, in the order asked;
  // nullopt where that change did not touch the unit. They never change, so
  // an index that stands at an older position can answer from them.
  absl::StatusOr<std::vector<std::optional<Revision>>> GetVersions(
      absl::string_view project, absl::Span<const UnitVersion> versions) const;
  // The same of several projects.
  absl::StatusOr<std::vector<std::optional<Revision>>> GetVersions(
      absl::Span<const ProjectUnitVersion> versions) const;

 private:
  struct ImportBase;

  TranslationMemory(OrderedStore& store, uint64_t last_position);

  // The position that the next change takes. Asks the store again after a
  // write whose outcome is unknown.
  absl::StatusOr<uint64_t> NextPosition()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status Commit(const WriteBatch& batch, uint64_t position)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::StatusOr<std::vector<TranslationUnit>> ReadAnswer(
      absl::string_view project, uint64_t position) const;
  absl::StatusOr<ImportBase> ReadImportBase(absl::string_view project,
                                            const Document& document) const;
  // By unit; empty for those that nobody reviewed.
  absl::StatusOr<std::vector<std::string>> LastReviewers(
      absl::string_view project, absl::Span<const TranslationUnit> units) const;
  absl::StatusOr<ImportResult> Retitle(absl::string_view project,
                                       const Document& document,
                                       const ImportBase& base,
                                       uint64_t position, int64_t now_us)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);

  OrderedStore& store_;
  // Held through each read-modify-write.
  absl::Mutex write_mutex_;
  bool position_unsure_ ABSL_GUARDED_BY(write_mutex_) = false;
  std::atomic<uint64_t> last_position_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_TRANSLATION_MEMORY_H_
