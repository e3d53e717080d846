#ifndef DUILIAN_SERVICE_BACKUP_SERVICE_H_
#define DUILIAN_SERVICE_BACKUP_SERVICE_H_

#include "absl/status/statusor.h"
#include "duilian/v1/backup_service.grpc.pb.h"
#include "service/call_desk.h"
#include "service/json_log.h"
#include "service/unary_calls.h"
#include "storage/backups.h"

namespace duilian::service {

// The methods of duilian.v1.BackupService, free of gRPC. Contracts: the proto.
class BackupMethods {
 public:
  // Both outlive it; the backups are null where none are kept.
  BackupMethods(storage::Backups* backups, JsonLog& log)
      : backups_(backups), log_(log) {}

  absl::StatusOr<v1::Backup> CreateBackup(
      const v1::CreateBackupRequest& request, const Call& call) const;
  absl::StatusOr<v1::ListBackupsResponse> ListBackups(
      const v1::ListBackupsRequest& request, const Call& call) const;
  absl::StatusOr<google::protobuf::Empty> DeleteBackup(
      const v1::DeleteBackupRequest& request, const Call& call) const;

 private:
  storage::Backups* const backups_;
  JsonLog& log_;
};

using RawBackupService = v1::BackupService::WithRawCallbackMethod_CreateBackup<
    v1::BackupService::WithRawCallbackMethod_ListBackups<
        v1::BackupService::WithRawCallbackMethod_DeleteBackup<
            v1::BackupService::Service>>>;

// The same on the wire: every call goes through UnaryCalls, that of long calls,
// as a copy to another disk takes its time.
class BackupService final : public RawBackupService {
 public:
  BackupService(const BackupMethods& methods, UnaryCalls calls)
      : methods_(methods), calls_(calls) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* CreateBackup(Context*, const Bytes*,
                                         Bytes*) override;
  grpc::ServerUnaryReactor* ListBackups(Context*, const Bytes*,
                                        Bytes*) override;
  grpc::ServerUnaryReactor* DeleteBackup(Context*, const Bytes*,
                                         Bytes*) override;

  const BackupMethods methods_;
  UnaryCalls calls_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_BACKUP_SERVICE_H_
