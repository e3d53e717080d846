#include "service/report_service.h"

#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/checks.h"
#include "service/limits.h"
#include "service/names.h"
#include "service/stored_report.h"

namespace duilian::service {
namespace {

using Methods = ReportMethods;

// All units of a document.
absl::StatusOr<std::vector<storage::TranslationUnit>> UnitsOf(
    const Stores& stores, const DocumentName& name, const Call& call) {
  std::vector<storage::TranslationUnit> units;
  storage::ListOptions options;
  options.limit = static_cast<size_t>(kListPages.max_size);
  options.document = name.document;
  do {
    if (call.cancelled()) return absl::CancelledError("the caller has gone");
    absl::StatusOr<storage::Page<storage::TranslationUnit>> page =
        stores.memory.ListUnits(name.project, options);
    if (!page.ok()) return page.status();
    units.insert(units.end(), std::make_move_iterator(page->items.begin()),
                 std::make_move_iterator(page->items.end()));
    options.after = std::move(page->next);
  } while (options.after.has_value());
  return units;
}

}  // namespace

absl::StatusOr<v1::ReportDocumentResponse> Methods::ReportDocument(
    const v1::ReportDocumentRequest& request, const Call& call) const {
  absl::StatusOr<DocumentName> name = ParseDocumentName("name", request.name());
  if (!name.ok()) return name.status();
  absl::StatusOr<std::optional<storage::Document>> document =
      stores_.memory.FindDocument(name->project, name->document);
  if (!document.ok()) return document.status();
  if (!document->has_value()) {
    return absl::NotFoundError(absl::StrCat(
        request.name(), " is not there; import it, or check the name"));
  }
  if ((*document)->units > kMaxReportedPairs) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "name: ", Grouped(static_cast<uint64_t>((*document)->units)),
        " pairs in the document, up to ", Grouped(kMaxReportedPairs),
        " accepted; import it in parts, and report on each"));
  }
  absl::StatusOr<std::vector<storage::TranslationUnit>> units =
      UnitsOf(stores_, *name, call);
  if (!units.ok()) return units.status();
  return ReportOn(**document, *units);
}

grpc::ServerUnaryReactor* ReportService::ReportDocument(Context* context,
                                                        const Bytes* request,
                                                        Bytes* response) {
  return calls_.Run(
      {"duilian.v1.ReportService/ReportDocument", context, request, response},
      &methods_, &Methods::ReportDocument);
}

}  // namespace duilian::service
