// The built client where people run it: in a terminal, with its progress bar.

#include <string>

#include "tests/e2e/client_and_server.h"

namespace duilian::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kZh = DUILIAN_EXAMPLES_DIR "/interview/zh.txt";
const std::string kEn = DUILIAN_EXAMPLES_DIR "/interview/en.md";

class TerminalTest : public ClientAndServerTest {
 protected:
  void SetUp() override { ServeWithModel(); }
};

TEST_F(TerminalTest, AlignDrawsItsBarAndEnds) {
  const ProgramEnd end =
      DuilianInTerminal({"align", "--zh", kZh, "--en", kEn, "--model",
                         DUILIAN_MODEL_PACK, "--output", "ladder"});
  EXPECT_THAT(end, EndsWith(0));
  EXPECT_THAT(end.out, AllOf(HasSubstr("% aligning"), HasSubstr("]:[")));
}

TEST_F(TerminalTest, ImportDrawsItsBarAndEnds) {
  const ProgramEnd end = DuilianInTerminal(
      {"import", "--document", "interview", "--zh", kZh, "--en", kEn});
  EXPECT_THAT(end, EndsWith(0));
  EXPECT_THAT(end.out, AllOf(HasSubstr("documents, sending"),
                             HasSubstr("documents, aligning"),
                             HasSubstr(" interview: ")));
}

}  // namespace
}  // namespace duilian::e2e
