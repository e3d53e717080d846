#include "service/backup_service.h"

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/backups.h"
#include "storage/rocks_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace duilian::service {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::Reply;
using testing_support::StatusIs;
using testing_support::TestServer;
using Stub = v1::BackupService::Stub;

class BackupServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = absl::StrCat(testing::TempDir(), "backup_XXXXXX");
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto store = storage::OpenRocksStore({.directory = folder_ + "/data"});
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
    backups_ =
        std::make_unique<storage::Backups>(*store_, folder_ + "/backups");
    server_ = std::make_unique<TestServer>(
        TestServer::Options{.backups = backups_.get()});
    stub_ = v1::BackupService::NewStub(server_->channel());
  }
  void TearDown() override {
    server_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  Reply<v1::Backup> Create() {
    return server_->Call(*stub_, &Stub::CreateBackup,
                         v1::CreateBackupRequest());
  }
  Reply<v1::ListBackupsResponse> List() {
    return server_->Call(*stub_, &Stub::ListBackups, v1::ListBackupsRequest());
  }
  Reply<google::protobuf::Empty> Delete(const std::string& name) {
    v1::DeleteBackupRequest request;
    request.set_name(name);
    return server_->Call(*stub_, &Stub::DeleteBackup, request);
  }

  std::string folder_;
  std::unique_ptr<storage::CopyableStore> store_;
  std::unique_ptr<storage::Backups> backups_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(BackupServiceTest, MakesListsAndDeletesThem) {
  const auto first = Create();
  ASSERT_THAT(first, IsOk());
  const v1::Backup& backup = first.response;
  EXPECT_THAT(backup.name(), testing::MatchesRegex("backups/[0-9]+-[0-9]+"));
  EXPECT_EQ(backup.directory(), absl::StrCat(folder_, "/", backup.name()));
  EXPECT_TRUE(std::filesystem::exists(backup.directory() + "/CURRENT"));
  EXPECT_GT(backup.size_bytes(), 0);
  EXPECT_GT(backup.create_time().seconds(), 0);
  EXPECT_TRUE(server_->AwaitLog({"backup_made", backup.directory()}));
  server_->Advance(absl::Seconds(90));
  ASSERT_THAT(Create(), IsOk());
  const auto both = List();
  ASSERT_THAT(both, IsOk());
  ASSERT_THAT(both.response.backups(), SizeIs(2));
  EXPECT_EQ(both.response.backups(0).name(), backup.name());
  const v1::Backup& second = both.response.backups(1);
  EXPECT_GE(second.create_time().seconds() - backup.create_time().seconds(),
            90);
  ASSERT_THAT(Delete(backup.name()), IsOk());
  EXPECT_TRUE(server_->AwaitLog({"backup_deleted", backup.name()}));
  EXPECT_FALSE(std::filesystem::exists(backup.directory()));
  const auto left = List();
  ASSERT_THAT(left.response.backups(), SizeIs(1));
  EXPECT_EQ(left.response.backups(0).name(), second.name());
}

TEST_F(BackupServiceTest, RefusesInWords) {
  EXPECT_THAT(Delete("20261127-143005"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("name: '20261127-143005' given"),
                             HasSubstr("backups/{backup} accepted"))));
  EXPECT_THAT(
      Delete("backups/20261127-143005"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("holds no such backup")));
  EXPECT_THAT(
      Delete("backups/../data"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("holds no such backup")));
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/data"));
}

TEST_F(BackupServiceTest, AServerWithoutADirectoryForThemSaysSo) {
  TestServer server;
  const auto stub = v1::BackupService::NewStub(server.channel());
  const auto refused = StatusIs(absl::StatusCode::kFailedPrecondition,
                                AllOf(HasSubstr("keeps no backups"),
                                      HasSubstr("start it with --backups")));
  EXPECT_THAT(
      server.Call(*stub, &Stub::CreateBackup, v1::CreateBackupRequest()),
      refused);
  EXPECT_THAT(server.Call(*stub, &Stub::ListBackups, v1::ListBackupsRequest()),
              refused);
  EXPECT_THAT(
      server.Call(*stub, &Stub::DeleteBackup, v1::DeleteBackupRequest()),
      refused);
}

}  // namespace
}  // namespace duilian::service
