#include "service/settings_service.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
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
using Stub = v1::SettingsService::Stub;

constexpr char kName[] = "projects/p/settings";

class SettingsServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(
        server_
            .Import({{"projects/p/documents/talk", "It rains.\nTea is ready.\n",
                      "下雨了。\n茶好了。\n"}})
            .status,
        IsOk());
  }

  Reply<v1::ProjectSettings> Get(const std::string& name) {
    v1::GetProjectSettingsRequest request;
    request.set_name(name);
    return server_.Call(*stub_, &Stub::GetProjectSettings, request);
  }
  Reply<v1::ProjectSettings> Update(
      const v1::UpdateProjectSettingsRequest& request) {
    return server_.Call(*stub_, &Stub::UpdateProjectSettings, request);
  }
  v1::Match LookUp(const std::string& query) {
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query(query);
    const auto reply = server_.Call(
        server_.memory(), &v1::TranslationMemoryService::Stub::Lookup, request);
    EXPECT_THAT(reply, IsOk());
    EXPECT_THAT(reply.response.matches(), SizeIs(1));
    return reply.response.matches(0);
  }

  TestServer server_;
  const std::unique_ptr<Stub> stub_ =
      v1::SettingsService::NewStub(server_.channel());
};

TEST_F(SettingsServiceTest, BeginsWithTheDefaultsThatTheProtoNames) {
  const auto reply = Get(kName);
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply.response.name(), kName);
  const v1::LookupPenalties& penalties = reply.response.lookup_penalties();
  EXPECT_EQ(penalties.unreviewed_alignment(), 1);
  EXPECT_EQ(penalties.doubtful_alignment(), 3);
  EXPECT_EQ(penalties.several_translations(), 1);
  EXPECT_EQ(penalties.width_difference(), 1);
  EXPECT_EQ(penalties.numbers_substituted(), 1);
  EXPECT_TRUE(penalties.has_age());
  EXPECT_EQ(penalties.age(), 0);
  EXPECT_EQ(penalties.age_days(), 365);
}

TEST_F(SettingsServiceTest, LookupsKnowASettingAsSoonAsItIsStored) {
  ASSERT_EQ(LookUp("It rains.").suitability_percent(), 100);
  for (const int points : {4, 0, 7, 7}) {
    v1::UpdateProjectSettingsRequest request;
    request.set_name(kName);
    request.mutable_lookup_penalties()->set_width_difference(points);
    ASSERT_THAT(Update(request), IsOk());
    for (int times = 0; times < 2; ++times) {
      EXPECT_EQ(LookUp("Ｉt rains.").suitability_percent(), 100 - points);
    }
  }
}

TEST_F(SettingsServiceTest, ChangesWhatIsSetAndKeepsTheRest) {
  v1::UpdateProjectSettingsRequest request;
  request.set_name(kName);
  request.mutable_lookup_penalties()->set_unreviewed_alignment(0);
  request.mutable_lookup_penalties()->set_age(7);
  ASSERT_THAT(Update(request), IsOk());
  request.mutable_lookup_penalties()->Clear();
  request.mutable_lookup_penalties()->set_age_days(10);
  ASSERT_THAT(Update(request), IsOk());
  const v1::LookupPenalties penalties = Get(kName).response.lookup_penalties();
  EXPECT_EQ(penalties.unreviewed_alignment(), 0);
  EXPECT_EQ(penalties.width_difference(), 1);
  EXPECT_EQ(penalties.age(), 7);
  EXPECT_EQ(penalties.age_days(), 10);
}

TEST_F(SettingsServiceTest, TheNextLookupIsScoredByThem) {
  v1::UpdateProjectSettingsRequest request;
  request.set_name(kName);
  request.mutable_lookup_penalties()->set_unreviewed_alignment(9);
  request.mutable_lookup_penalties()->set_width_difference(6);
  request.mutable_lookup_penalties()->set_age(4);
  request.mutable_lookup_penalties()->set_age_days(2);
  ASSERT_THAT(Update(request), IsOk());
  // The pairs came aligned line by line: imported ones, not the aligner's.
  EXPECT_EQ(LookUp("下雨了。").suitability_percent(), 100);
  EXPECT_EQ(LookUp("下雨了｡").suitability_percent(), 94);
  server_.Advance(absl::Hours(50));
  EXPECT_EQ(LookUp("下雨了｡").suitability_percent(), 90);
  EXPECT_THAT(LookUp("下雨了｡").explanation(),
              AllOf(HasSubstr("equal but for width; differs in width: -6"),
                    HasSubstr("older than 2 days: -4")));
}

TEST_F(SettingsServiceTest, AStaleEtagChangesNothing) {
  const std::string first = Get(kName).response.etag();
  v1::UpdateProjectSettingsRequest request;
  request.set_name(kName);
  request.set_etag(first);
  request.mutable_lookup_penalties()->set_age(7);
  const auto changed = Update(request);
  ASSERT_THAT(changed, IsOk());
  EXPECT_NE(changed.response.etag(), first);
  request.mutable_lookup_penalties()->set_age(8);
  EXPECT_THAT(Update(request),
              StatusIs(absl::StatusCode::kAborted,
                       AllOf(HasSubstr(first), HasSubstr("read it again"))));
  EXPECT_EQ(Get(kName).response.lookup_penalties().age(), 7);
}

TEST_F(SettingsServiceTest, RefusesInWords) {
  v1::UpdateProjectSettingsRequest request;
  request.set_name(kName);
  request.mutable_lookup_penalties()->set_age(51);
  EXPECT_THAT(Update(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("lookup_penalties: age: 51 given; 0 to 50")));
  EXPECT_THAT(Get("projects/p"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("projects/{project}/settings accepted")));
  EXPECT_THAT(Get("projects/P/settings"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("name")));
  EXPECT_THAT(Get("projects/nowhere/settings"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
  EXPECT_EQ(Get(kName).response.lookup_penalties().age(), 0);
}

}  // namespace
}  // namespace duilian::service
