// What the built programs refuse, and that the server answers on afterwards.
// Each refusal's own test is beside its code; service/duiliand_test has the
// starts that fail.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "storage/codec.h"
#include "storage/keys.h"
#include "storage/rocks_store.h"
#include "tests/e2e/client_and_server.h"

namespace duilian::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::IsOk;
using testing_support::StatusIs;
using testing_support::WriteWholeFile;

using RefusalsTest = ClientAndServerTest;

TEST_F(RefusalsTest, DataOfANewerFormatIsRefusedAndLeftAsItIs) {
  storage::RocksOptions options;
  options.directory = data();
  const auto write_version = [&](uint32_t version) {
    const auto store = storage::OpenRocksStore(options);
    ASSERT_THAT(store, IsOk());
    storage::WriteBatch batch;
    batch.Put(storage::FormatKey(), storage::EncodeFormat(version));
    ASSERT_THAT((*store)->Write(batch), IsOk());
  };
  Serve({"--data", data()});
  EXPECT_EQ(server_->Stop(), 0);
  write_version(2);
  for (int attempt = 0; attempt < 2; ++attempt) {
    ServerProgram refused(DUILIAN_SERVER_PROGRAM, {"--data", data()});
    EXPECT_THAT(
        refused.AwaitListening(),
        StatusIs(absl::StatusCode::kFailedPrecondition,
                 AllOf(HasSubstr("duiliand: "), HasSubstr("format version 2"),
                       HasSubstr("newer release"))));
    EXPECT_EQ(refused.Stop(), 1);
  }
  write_version(1);
  Serve({"--data", data()});
}

class OversizedTest : public ClientAndServerTest {
 protected:
  void SetUp() override {
    WriteWholeFile(folder_.path("zh"), "下雨了。\n");
    WriteWholeFile(folder_.path("en"), "It rains.\n");
    ServeWithModel();
  }

  // English that no reader takes, and the words in which it says so.
  void ExpectRefused(const std::string& english, const std::string& words) {
    WriteWholeFile(folder_.path("large"), english);
    const ProgramEnd end =
        Duilian({"import", "--document", "large", "--zh", folder_.path("zh"),
                 "--en", folder_.path("large")});
    EXPECT_THAT(end, EndsWith(1));
    EXPECT_THAT(end.out,
                AllOf(HasSubstr("refused large: --en "), HasSubstr(words)));
    const ProgramEnd next =
        Duilian({"import", "--document", "fine", "--aligned-lines", "--zh",
                 folder_.path("zh"), "--en", folder_.path("en")});
    EXPECT_THAT(next, EndsWith(0));
    const ProgramEnd exported = Duilian({"export"});
    EXPECT_THAT(exported.out, AllOf(HasSubstr("It rains."),
                                    Not(HasSubstr("documents/large"))));
  }
};

TEST_F(OversizedTest, ALineOf50MegabytesIsRefusedByItsNumber) {
  ExpectRefused(absl::StrCat("It rains.\n", std::string(50'000'000, 'a')),
                "line 2");
}

TEST_F(OversizedTest, MoreThanAMillionLinesAreRefused) {
  std::string lines;
  for (int i = 0; i <= 1'000'000; ++i) lines += "It rains.\n";
  ExpectRefused(lines, "1000000");
}

TEST_F(OversizedTest, ATextOverTheLimitOfASideIsRefused) {
  std::string lines;
  while (lines.size() <= (64u << 20)) lines += std::string(1'000, 'a') + '\n';
  ExpectRefused(lines, "more than 67,108,864 bytes");
}

}  // namespace
}  // namespace duilian::e2e
