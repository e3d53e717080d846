#include "clients/review_script.h"

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/fake_review_backend.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::clients {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kOne[] = "projects/p/pairs/1";
constexpr char kTwo[] = "projects/p/pairs/2";

FakeReviewBackend TwoPairs() {
  FakeReviewBackend backend(10);
  backend.Add(kOne, "We left. It rained.", "我们走了。下雨了。");
  backend.Add(kTwo, "Good.", "好。");
  return backend;
}

struct ScriptRun {
  absl::Status status;
  std::vector<std::string> done;
  std::vector<std::string> errors;
};

ScriptRun RunLines(const std::string& script, FakeReviewBackend& backend) {
  ScriptRun run;
  ScriptListener listener;
  listener.on_result = [&](const ScriptResult& result) {
    run.done.push_back(
        absl::StrCat(DoneWord(result.verb), " ",
                     result.pairs.size() + result.history.size()));
  };
  listener.on_error = [&](int line, const absl::Status& status) {
    run.errors.push_back(
        absl::StrCat(line, ": ", std::string(status.message())));
  };
  std::istringstream in(script);
  run.status = RunScript(in, "p", backend, listener);
  return run;
}

TEST(ReviewScriptTest, EveryCommandDoesItsWork) {
  FakeReviewBackend backend = TwoPairs();
  const ScriptRun run = RunLines(
      "# a comment, then an empty line\n"
      "\n"
      "reject 2\r\n"
      "undo projects/p/pairs/2\n"
      "edit 2 target  很好。 真的。\n"
      "split 1 9 15\n"
      "accept 1\n"
      "merge 1-second 2\n"
      "history 1\n",
      backend);
  EXPECT_THAT(run.status, IsOk());
  EXPECT_THAT(run.errors, ElementsAre());
  EXPECT_THAT(run.done,
              ElementsAre("rejected 1", "undone 1", "edited 1", "split 2",
                          "accepted 1", "merged 1", "history 1"));
  EXPECT_EQ(backend.pair(kOne).status(), v1::ACCEPTED);
  EXPECT_EQ(backend.pair("projects/p/pairs/1-second").target().text(),
            "下雨了。很好。 真的。");
}

TEST(ReviewScriptTest, LaterLinesRunAfterOneThatFailed) {
  FakeReviewBackend backend = TwoPairs();
  const ScriptRun run = RunLines("accept 9\naccept 1\n", backend);
  EXPECT_THAT(run.status, StatusIs(absl::StatusCode::kFailedPrecondition,
                                   HasSubstr("1 of 2 commands failed")));
  EXPECT_THAT(run.errors, ElementsAre(HasSubstr("1: projects/p/pairs/9")));
  EXPECT_EQ(backend.pair(kOne).status(), v1::ACCEPTED);
}

TEST(ReviewScriptTest, StaleEtagTellsHowThePairStandsNow) {
  FakeReviewBackend backend = TwoPairs();
  const std::string etag = backend.pair(kOne).etag();
  backend.ChangeBehindTheBack(kOne);
  const ScriptRun run =
      RunLines(absl::StrCat("accept 1@", etag, "\n"), backend);
  EXPECT_THAT(run.errors, ElementsAre(HasSubstr(absl::StrCat(
                              "has changed; now it is unreviewed with etag ",
                              backend.pair(kOne).etag()))));
  EXPECT_EQ(backend.pair(kOne).status(), v1::UNREVIEWED);
}

TEST(ParseScriptLineTest, WrongLineIsToldTheRightForm) {
  const struct {
    const char* line;
    const char* message;
  } cases[] = {
      {"approve 1", "\"approve\" is no command; write accept, reject"},
      {"accept", "write accept PAIR"},
      {"accept 1 2", "write accept PAIR"},
      {"edit 1 both x", "write edit PAIR source|target TEXT"},
      {"edit 1 source", "write edit PAIR source|target TEXT"},
      {"split 1 4", "write split PAIR SOURCE_OFFSET TARGET_OFFSET"},
      {"split 1 4 x", "write split PAIR SOURCE_OFFSET TARGET_OFFSET"},
      {"merge 1", "write merge PAIR PAIR..."},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.line);
    EXPECT_THAT(
        ParseScriptLine(c.line),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message)));
  }
}

TEST(ParseScriptLineTest, TextOfAnEditIsTheRestOfTheLine) {
  const auto command = ParseScriptLine("edit 7@e1 source  a  \"b\" \\n ");
  ASSERT_THAT(command, IsOk());
  ASSERT_TRUE(command->has_value());
  EXPECT_TRUE((*command)->source);
  EXPECT_EQ((*command)->text, "a  \"b\" \\n ");
  EXPECT_THAT((*command)->pairs, ElementsAre(PairReference{"7", "e1"}));
}

}  // namespace
}  // namespace duilian::clients
