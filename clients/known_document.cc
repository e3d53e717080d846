#include "clients/known_document.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/flag_rules.h"
#include "clients/pair_output.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {
namespace {

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

}  // namespace

void AddDocumentFlag(CLI::App& command, std::string& document) {
  command.add_option("--document", document, "Only pairs of this document")
      ->check(Utf8());
}

absl::StatusOr<Connection> OpenForDocument(const GlobalFlags& globals,
                                           const std::string& document) {
  absl::StatusOr<Connection> connection = Connection::Open(globals.connection);
  if (!connection.ok()) return connection;
  if (absl::Status status =
          CheckDocument(*connection, globals.project, document);
      !status.ok()) {
    return status;
  }
  return connection;
}

}  // namespace duilian::clients
