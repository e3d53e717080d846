#include "service/backup_service.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/util/time_util.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using Methods = BackupMethods;
using google::protobuf::util::TimeUtil;

constexpr absl::string_view kCollection = "backups/";

v1::Backup ToProto(const storage::Backup& backup) {
  v1::Backup out;
  out.set_name(absl::StrCat(kCollection, backup.id));
  *out.mutable_create_time() =
      TimeUtil::MicrosecondsToTimestamp(backup.begun_us);
  out.set_directory(backup.directory);
  out.set_size_bytes(static_cast<int64_t>(backup.bytes));
  return out;
}

absl::Status CheckKept(const storage::Backups* backups) {
  if (backups != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "this server keeps no backups, one that writes its own store and was "
      "told where they are to be is accepted; start it with --backups DIR, or "
      "ask the server that this one follows");
}

}  // namespace

absl::StatusOr<v1::Backup> Methods::CreateBackup(const v1::CreateBackupRequest&,
                                                 const Call& call) const {
  if (absl::Status status = CheckKept(backups_); !status.ok()) return status;
  const absl::StatusOr<storage::Backup> made =
      backups_->Make(Microseconds(call.now));
  if (!made.ok()) return made.status();
  log_.Event("backup_made", made->directory);
  return ToProto(*made);
}

absl::StatusOr<v1::ListBackupsResponse> Methods::ListBackups(
    const v1::ListBackupsRequest&, const Call&) const {
  if (absl::Status status = CheckKept(backups_); !status.ok()) return status;
  const absl::StatusOr<std::vector<storage::Backup>> backups = backups_->List();
  if (!backups.ok()) return backups.status();
  v1::ListBackupsResponse response;
  for (const storage::Backup& backup : *backups) {
    *response.add_backups() = ToProto(backup);
  }
  return response;
}

absl::StatusOr<google::protobuf::Empty> Methods::DeleteBackup(
    const v1::DeleteBackupRequest& request, const Call&) const {
  if (absl::Status status = CheckKept(backups_); !status.ok()) return status;
  absl::string_view id = request.name();
  if (!absl::ConsumePrefix(&id, kCollection)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "name: '", text::Abbreviate(request.name(), 100),
        "' given, backups/{backup} accepted; send a name that ListBackups "
        "has"));
  }
  if (absl::Status status = backups_->Delete(id); !status.ok()) return status;
  log_.Event("backup_deleted", request.name());
  return google::protobuf::Empty();
}

grpc::ServerUnaryReactor* BackupService::CreateBackup(Context* context,
                                                      const Bytes* request,
                                                      Bytes* response) {
  return calls_.Run(
      {"duilian.v1.BackupService/CreateBackup", context, request, response},
      &methods_, &Methods::CreateBackup);
}

grpc::ServerUnaryReactor* BackupService::ListBackups(Context* context,
                                                     const Bytes* request,
                                                     Bytes* response) {
  return calls_.Run(
      {"duilian.v1.BackupService/ListBackups", context, request, response},
      &methods_, &Methods::ListBackups);
}

grpc::ServerUnaryReactor* BackupService::DeleteBackup(Context* context,
                                                      const Bytes* request,
                                                      Bytes* response) {
  return calls_.Run(
      {"duilian.v1.BackupService/DeleteBackup", context, request, response},
      &methods_, &Methods::DeleteBackup);
}

}  // namespace duilian::service
