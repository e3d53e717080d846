// One change in the making: the rows of everything that it touches, for one
// atomic write.

#ifndef DUILIAN_STORAGE_CHANGE_BATCH_H_
#define DUILIAN_STORAGE_CHANGE_BATCH_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "storage/codec.h"
#include "storage/ordered_store.h"
#include "storage/translation_memory.h"
#include "storage/translation_unit.h"

namespace duilian::storage {

// Keeps the indexes, the history, the counters and the change log in step with
// the units. Not thread-safe.
class ChangeBatch {
 public:
  // `row` is the project's as it stands; `position` the change's in the log.
  ChangeBatch(std::string project, ProjectRow row, uint64_t position,
              ChangeContext context);

  // Stores the unit, issuing an id if it is 0. `before` is its stored state,
  // null if there is none. Returns it as stored.
  TranslationUnit Put(TranslationUnit unit, const TranslationUnit* before);

  // The same of one that an import keeps: who changed it last, `reviewer`,
  // stays named.
  TranslationUnit PutKept(TranslationUnit unit, const TranslationUnit& before,
                          const std::string& reviewer);

  // Removes the unit; `before` is its stored state.
  void Remove(const TranslationUnit& before);

  void PutDocument(const Document& document, bool is_new);
  void RemoveDocument(absl::string_view document);

  void PutLookupSettings(const LookupSettings& settings);
  // The term is normalised.
  void PutRendering(absl::string_view term,
                    const PreferredRendering& preferred);
  void RemoveRendering(absl::string_view term);

  // Remembers that this change answers the request.
  void PutRequest(absl::string_view request_id);

  // Adds the project's row and the one entry of the change log.
  WriteBatch Finish() &&;

 private:
  void Count(const TranslationUnit& unit, int64_t sign);
  TranslationUnit PutAs(TranslationUnit unit, const TranslationUnit* before,
                        const std::string& reviewer);
  // Of what the unit and the reviewer are set.
  void PutHistory(Revision revision);
  void Unindex(const TranslationUnit& unit);
  void Index(const TranslationUnit& unit);

  const uint64_t position_;
  const ChangeContext context_;
  ProjectRow row_;
  ChangeRow log_;
  WriteBatch batch_;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_CHANGE_BATCH_H_
