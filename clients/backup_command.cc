// duilian backup: copies of all that the server stores.

#include <memory>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/command.h"
#include "clients/flag_rules.h"
#include "clients/pair_output.h"
#include "duilian/v1/backup_service.grpc.pb.h"

namespace duilian::clients {
namespace {

using Stub = v1::BackupService::Stub;

// A copy to another disk takes its time.
constexpr double kCopySeconds = 3'600;

struct BackupFlags {
  bool list = false;
  std::string deleted;
};

std::string Megabytes(int64_t bytes) {
  return absl::StrFormat("%.1f MB", static_cast<double>(bytes) / 1e6);
}

void Print(const v1::Backup& backup, RowPrinter& printer) {
  const std::string time = TimeField(backup.create_time());
  if (printer.format() == OutputFormat::kJson) {
    printer.AddJson({{"name", backup.name()},
                     {"create_time", time},
                     {"directory", backup.directory()},
                     {"size_bytes", backup.size_bytes()}});
  } else if (printer.format() == OutputFormat::kTsv) {
    printer.AddTsvRow({backup.name(), time, backup.directory(),
                       absl::StrCat(backup.size_bytes())});
  } else {
    printer.AddTableRow({MakeCell(ShortName(backup.name()), Style::kBold),
                         MakeCell(Megabytes(backup.size_bytes())),
                         MakeCell(backup.directory())});
  }
}

absl::Status Make(const Connection& connection, Stub& stub,
                  RowPrinter& printer) {
  const absl::StatusOr<v1::Backup> made =
      Call(connection, stub, &Stub::CreateBackup, v1::CreateBackupRequest(),
           kCopySeconds);
  if (!made.ok()) return made.status();
  Print(*made, printer);
  return absl::OkStatus();
}

absl::Status List(const Connection& connection, Stub& stub,
                  RowPrinter& printer) {
  const absl::StatusOr<v1::ListBackupsResponse> response =
      Call(connection, stub, &Stub::ListBackups, v1::ListBackupsRequest());
  if (!response.ok()) return response.status();
  for (const v1::Backup& backup : response->backups()) Print(backup, printer);
  return absl::OkStatus();
}

absl::Status Delete(const std::string& id, const Connection& connection,
                    Stub& stub, Console& console) {
  v1::DeleteBackupRequest request;
  request.set_name(
      absl::StartsWith(id, "backups/") ? id : absl::StrCat("backups/", id));
  const absl::StatusOr<google::protobuf::Empty> response =
      Call(connection, stub, &Stub::DeleteBackup, request);
  if (!response.ok()) return response.status();
  console.err << "duilian: deleted " << Printable(request.name()) << '\n';
  return absl::OkStatus();
}

absl::Status RunBackup(const BackupFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  Stub stub(connection->channel());
  if (!flags.deleted.empty()) {
    return Delete(flags.deleted, *connection, stub, console);
  }
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     {{{"backup"}, {"size", false, true}, {"directory", true}},
                      {"name", "create_time", "directory", "size_bytes"}},
                     console);
  const absl::Status status = flags.list ? List(*connection, stub, printer)
                                         : Make(*connection, stub, printer);
  if (!status.ok()) return status;
  printer.Finish("no backups yet; duilian backup makes one");
  return absl::OkStatus();
}

}  // namespace

void AddBackupCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<BackupFlags>();
  CLI::App* command = app.add_subcommand(
      "backup",
      "Make a backup of all projects while the server goes on, list or delete "
      "them");
  CLI::Option* list =
      command->add_flag("--list", flags->list, "List them, oldest first");
  command->add_option("--delete", flags->deleted, "Delete this one")
      ->type_name("BACKUP")
      ->excludes(list)
      ->check(Utf8());
  command->footer(
      "A backup is a data directory on the server's disk, as duiliand --data "
      "takes it; copy it to another disk. The server has to be started with "
      "--backups DIR.");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunBackup(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
