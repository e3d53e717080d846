#ifndef DUILIAN_SERVICE_IMPORT_SERVICE_H_
#define DUILIAN_SERVICE_IMPORT_SERVICE_H_

#include "duilian/v1/import_service.grpc.pb.h"
#include "service/call_desk.h"
#include "service/document_importer.h"
#include "service/incoming_document.h"
#include "service/limits.h"
#include "service/open_streams.h"
#include "service/worker_pool.h"

namespace duilian::service {

// What the streams share. All of it outlives them.
struct ImportEnvironment {
  const DocumentImporter& importer;
  WorkerPool& pool;
  CallDesk& desk;
  OpenStreams& streams;
  ByteBudget& budget;
};

// duilian.v1.ImportService: one reactor a stream, one document of a stream in
// work at a time. While a document is worked on nothing is read, so that a
// fast client waits rather than fills the server's memory.
class ImportService final
    : public v1::ImportService::WithRawCallbackMethod_ImportDocuments<
          v1::ImportService::Service> {
 public:
  explicit ImportService(const ImportEnvironment& environment)
      : environment_(environment) {}

 private:
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ImportDocuments(
      grpc::CallbackServerContext* context) override;

  const ImportEnvironment environment_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_IMPORT_SERVICE_H_
