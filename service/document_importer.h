#ifndef DUILIAN_SERVICE_DOCUMENT_IMPORTER_H_
#define DUILIAN_SERVICE_DOCUMENT_IMPORTER_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "aligner/model.h"
#include "duilian/v1/import_service.pb.h"
#include "service/call_desk.h"
#include "service/incoming_document.h"
#include "service/stores.h"
#include "storage/translation_memory.h"
#include "storage/translation_unit.h"

namespace duilian::service {

// From two texts to stored pairs: reads, aligns, and writes a document whole
// or not at all. A document that is there already with the same texts is not
// aligned again: its title alone may change. Thread-safe.
class DocumentImporter {
 public:
  // `model` outlives it; null when there is none: then only aligned lines are
  // taken.
  DocumentImporter(const Stores& stores, const aligner::Model* model)
      : stores_(stores), model_(model) {}

  // The result to send back; a refusal is one too.
  v1::ImportDocumentsResponse Import(const IncomingDocument& document,
                                     const Call& call) const;

 private:
  absl::Status Store(const IncomingDocument& document, const Call& call,
                     v1::ImportDocumentsResponse& response) const;
  absl::StatusOr<storage::ImportResult> Write(
      const IncomingDocument& document, const storage::Document& record,
      std::vector<storage::TranslationUnit> units, int64_t now_us,
      v1::ImportDocumentsResponse& response) const;

  const Stores stores_;
  const aligner::Model* const model_;
};

// The result of a document that was not stored.
v1::ImportDocumentsResponse Refused(const std::string& name,
                                    const absl::Status& why);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_DOCUMENT_IMPORTER_H_
