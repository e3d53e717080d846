// A report on a document from what the store has of it: its units, how many
// segments its sides have, and which of those are no speech.

#ifndef DUILIAN_SERVICE_STORED_REPORT_H_
#define DUILIAN_SERVICE_STORED_REPORT_H_

#include "absl/types/span.h"
#include "duilian/v1/report_service.pb.h"
#include "storage/translation_unit.h"

namespace duilian::service {

// The units of one document in any order; rejected ones and those without a
// place in it are left out. Pure. Linear but for sorting and the names.
v1::ReportDocumentResponse ReportOn(
    const storage::Document& document,
    absl::Span<const storage::TranslationUnit> units);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_STORED_REPORT_H_
