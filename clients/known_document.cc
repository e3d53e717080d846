#include "clients/known_document.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clients/pair_output.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {

absl::Status CheckDocument(const Connection& connection,
                           const std::string& project,
                           const std::string& document) {
  if (document.empty()) return absl::OkStatus();
  v1::TranslationMemoryService::Stub stub(connection.channel());
  v1::ListPairsRequest request;
  request.set_parent(ProjectName(project));
  request.set_document(DocumentName(project, document));
  request.set_page_size(1);
  const absl::StatusOr<v1::ListPairsResponse> response =
      Call(connection, stub, &v1::TranslationMemoryService::Stub::ListPairs,
           request);
  if (!response.ok()) return response.status();
  if (response->pairs_size() > 0) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("--document: ", ProjectName(project),
                   " holds no pair of a document ", ShortName(document),
                   "; name one as it was imported, or leave --document out"));
}

}  // namespace duilian::clients
