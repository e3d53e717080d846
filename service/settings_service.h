#ifndef DUILIAN_SERVICE_SETTINGS_SERVICE_H_
#define DUILIAN_SERVICE_SETTINGS_SERVICE_H_

#include "absl/status/statusor.h"
#include "duilian/v1/settings_service.grpc.pb.h"
#include "service/call_desk.h"
#include "service/stores.h"
#include "service/unary_calls.h"

namespace duilian::service {

// The methods of duilian.v1.SettingsService, free of gRPC. Contracts: the
// proto.
class SettingsMethods {
 public:
  explicit SettingsMethods(const Stores& stores) : stores_(stores) {}

  absl::StatusOr<v1::ProjectSettings> GetProjectSettings(
      const v1::GetProjectSettingsRequest& request, const Call& call) const;
  absl::StatusOr<v1::ProjectSettings> UpdateProjectSettings(
      const v1::UpdateProjectSettingsRequest& request, const Call& call) const;

 private:
  const Stores stores_;
};

using RawSettingsService =
    v1::SettingsService::WithRawCallbackMethod_GetProjectSettings<
        v1::SettingsService::WithRawCallbackMethod_UpdateProjectSettings<
            v1::SettingsService::Service>>;

// The same on the wire: every call goes through UnaryCalls.
class SettingsService final : public RawSettingsService {
 public:
  SettingsService(const Stores& stores, UnaryCalls calls)
      : methods_(stores), calls_(calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* GetProjectSettings(Context*, const Bytes*,
                                               Bytes*) override;
  grpc::ServerUnaryReactor* UpdateProjectSettings(Context*, const Bytes*,
                                                  Bytes*) override;

  const SettingsMethods methods_;
  UnaryCalls calls_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_SETTINGS_SERVICE_H_
