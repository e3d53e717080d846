#ifndef DUILIAN_SERVICE_TRANSLATION_MEMORY_SERVICE_H_
#define DUILIAN_SERVICE_TRANSLATION_MEMORY_SERVICE_H_

#include "absl/status/statusor.h"
#include "aligner/model.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "google/protobuf/empty.pb.h"
#include "service/call_desk.h"
#include "service/lookup_rules.h"
#include "service/stores.h"
#include "service/unary_calls.h"

namespace duilian::service {

// The methods of duilian.v1.TranslationMemoryService, free of gRPC: each
// checks its request, calls the memory or the index, and converts. Contracts:
// the proto.
class TranslationMemoryMethods {
 public:
  // `model` outlives it; without one, nothing is linked.
  explicit TranslationMemoryMethods(const Stores& stores,
                                    const aligner::Model* model = nullptr)
      : stores_(stores), model_(model), rules_(stores.memory) {}

  absl::StatusOr<v1::LookupResponse> Lookup(const v1::LookupRequest& request,
                                            const Call& call) const;
  // True for a look-up that takes little more than what gRPC does for a call.
  bool IsShort(const v1::LookupRequest& request) const;
  absl::StatusOr<v1::BatchLookupResponse> BatchLookup(
      const v1::BatchLookupRequest& request, const Call& call) const;
  absl::StatusOr<v1::SearchConcordanceResponse> SearchConcordance(
      const v1::SearchConcordanceRequest& request, const Call& call) const;
  absl::StatusOr<v1::SearchMeaningResponse> SearchMeaning(
      const v1::SearchMeaningRequest& request, const Call& call) const;
  absl::StatusOr<v1::Pair> GetPair(const v1::GetPairRequest& request,
                                   const Call& call) const;
  absl::StatusOr<v1::ListPairsResponse> ListPairs(
      const v1::ListPairsRequest& request, const Call& call) const;
  absl::StatusOr<v1::CreatePairsResponse> CreatePairs(
      const v1::CreatePairsRequest& request, const Call& call) const;
  absl::StatusOr<google::protobuf::Empty> DeletePair(
      const v1::DeletePairRequest& request, const Call& call) const;
  absl::StatusOr<v1::DeleteDocumentResponse> DeleteDocument(
      const v1::DeleteDocumentRequest& request, const Call& call) const;
  absl::StatusOr<v1::ListProjectsResponse> ListProjects(
      const v1::ListProjectsRequest& request, const Call& call) const;

 private:
  const Stores stores_;
  const aligner::Model* const model_;
  const KnownLookupRules rules_;
};

using RawTranslationMemoryService = v1::TranslationMemoryService::WithRawCallbackMethod_Lookup<
    v1::TranslationMemoryService::WithRawCallbackMethod_BatchLookup<
        v1::TranslationMemoryService::WithRawCallbackMethod_SearchConcordance<
            v1::TranslationMemoryService::WithRawCallbackMethod_SearchMeaning<
                v1::TranslationMemoryService::WithRawCallbackMethod_GetPair<
                    v1::TranslationMemoryService::WithRawCallbackMethod_ListPairs<
                        v1::TranslationMemoryService::WithRawCallbackMethod_CreatePairs<
                            v1::TranslationMemoryService::
                                WithRawCallbackMethod_DeletePair<
                                    v1::TranslationMemoryService::
                                        WithRawCallbackMethod_DeleteDocument<
                                            v1::TranslationMemoryService::
                                                WithRawCallbackMethod_ListProjects<
                                                    v1::TranslationMemoryService::
                                                        Service>>>>>>>>>>;

// The same on the wire: every call goes through UnaryCalls.
class TranslationMemoryService final : public RawTranslationMemoryService {
 public:
  TranslationMemoryService(const Stores& stores, const aligner::Model* model,
                           UnaryCalls calls)
      : methods_(stores, model), calls_(calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* Lookup(Context*, const Bytes*, Bytes*) override;
  grpc::ServerUnaryReactor* BatchLookup(Context*, const Bytes*,
                                        Bytes*) override;
  grpc::ServerUnaryReactor* SearchConcordance(Context*, const Bytes*,
                                              Bytes*) override;
  grpc::ServerUnaryReactor* SearchMeaning(Context*, const Bytes*,
                                          Bytes*) override;
  grpc::ServerUnaryReactor* GetPair(Context*, const Bytes*, Bytes*) override;
  grpc::ServerUnaryReactor* ListPairs(Context*, const Bytes*, Bytes*) override;
  grpc::ServerUnaryReactor* CreatePairs(Context*, const Bytes*,
                                        Bytes*) override;
  grpc::ServerUnaryReactor* DeletePair(Context*, const Bytes*, Bytes*) override;
  grpc::ServerUnaryReactor* DeleteDocument(Context*, const Bytes*,
                                           Bytes*) override;
  grpc::ServerUnaryReactor* ListProjects(Context*, const Bytes*,
                                         Bytes*) override;

  const TranslationMemoryMethods methods_;
  UnaryCalls calls_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_TRANSLATION_MEMORY_SERVICE_H_
