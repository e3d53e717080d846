// duilian backup against a server in this process.

#include <grpcpp/grpcpp.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/fake_server.h"
#include "duilian/v1/backup_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using nlohmann::json;
using testing::HasSubstr;

v1::Backup MakeBackup(int number) {
  v1::Backup backup;
  backup.set_name(absl::StrCat("backups/20261127-14300", number));
  backup.mutable_create_time()->set_seconds(1'795'789'800 + number);
  backup.set_directory(absl::StrCat("/srv/备份/20261127-14300", number));
  backup.set_size_bytes(12'345'678 * number);
  return backup;
}

class FakeBackups : public v1::BackupService::Service {
 public:
  int made = 0;
  int there = 0;
  std::string deleted;

  grpc::Status CreateBackup(grpc::ServerContext*,
                            const v1::CreateBackupRequest*,
                            v1::Backup* response) override {
    *response = MakeBackup(++made);
    return grpc::Status::OK;
  }
  grpc::Status ListBackups(grpc::ServerContext*, const v1::ListBackupsRequest*,
                           v1::ListBackupsResponse* response) override {
    for (int i = 1; i <= there; ++i) {
      *response->add_backups() = MakeBackup(i);
    }
    return grpc::Status::OK;
  }
  grpc::Status DeleteBackup(grpc::ServerContext*,
                            const v1::DeleteBackupRequest* request,
                            google::protobuf::Empty*) override {
    if (request->name() == "backups/x") {
      return {grpc::StatusCode::NOT_FOUND, "no such backup"};
    }
    deleted = request->name();
    return grpc::Status::OK;
  }
};

class BackupCommandTest : public testing::Test {
 protected:
  FakeBackups fake_;
  const FakeServer server_{&fake_};
};

TEST_F(BackupCommandTest, MakesOneAndSaysWhereItIs) {
  const Outcome outcome = server_.Run({"backup"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(fake_.made, 1);
  EXPECT_THAT(outcome.out, HasSubstr("20261127-143001"));
  EXPECT_THAT(outcome.out, HasSubstr("12.3 MB"));
  EXPECT_THAT(outcome.out, HasSubstr("/srv/备份/20261127-143001"));
}

TEST_F(BackupCommandTest, ListsThemForPeopleAndMachines) {
  Outcome outcome = server_.Run({"backup", "--list"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("no backups yet"));
  fake_.there = 2;
  outcome = server_.Run({"backup", "--list", "--output", "tsv"});
  EXPECT_EQ(outcome.out,
            "name\tcreate_time\tdirectory\tsize_bytes\n"
            "backups/20261127-143001\t2026-11-27T14:30:01Z\t"
            "/srv/备份/20261127-143001\t12345678\n"
            "backups/20261127-143002\t2026-11-27T14:30:02Z\t"
            "/srv/备份/20261127-143002\t24691356\n");
  outcome = server_.Run({"backup", "--list", "--output", "json"});
  const json list = json::parse(outcome.out);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1]["name"], "backups/20261127-143002");
  EXPECT_EQ(list[1]["create_time"], "2026-11-27T14:30:02Z");
  EXPECT_EQ(list[1]["size_bytes"], 24691356);
  EXPECT_EQ(fake_.made, 0);
}

TEST_F(BackupCommandTest, DeletesOneByIdOrName) {
  for (const char* name : {"20261127-143001", "backups/20261127-143001"}) {
    fake_.deleted.clear();
    const Outcome outcome = server_.Run({"backup", "--delete", name});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(fake_.deleted, "backups/20261127-143001");
    EXPECT_THAT(outcome.err, HasSubstr("deleted backups/20261127-143001"));
    EXPECT_EQ(outcome.out, "");
  }
  const Outcome outcome = server_.Run({"backup", "--delete", "x"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("no such backup"));
  EXPECT_EQ(server_.Run({"backup", "--delete", "x", "--list"}).code, 2);
  EXPECT_EQ(fake_.made, 0);
}

}  // namespace
}  // namespace duilian::clients
