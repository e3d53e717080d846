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
      "split 1 9 \"下雨\"\n"
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

TEST(ReviewScriptTest, CutsAreCountedInCharactersAndSpareWords) {
  const struct {
    const char* cuts;
    const char* error;
  } cases[] = {
      {"6 5",
       "source: 6 characters end inside the word \"left\", and only words "
       "as a whole are accepted; cut after 3 or 7 characters"},
      {"9 9", "target: 9 characters in the first part, 1 to 8 accepted"},
      {"0 5", "source: 0 characters in the first part, 1 to 18 accepted"},
      {"\"rains\" 5", "source: \"rains\" given, and the text does not hold it"},
      {"9 \"了\"",
       "target: \"了\" given, and the text holds it more than once"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.cuts);
    FakeReviewBackend backend = TwoPairs();
    const ScriptRun run =
        RunLines(absl::StrCat("split 1 ", c.cuts, "\n"), backend);
    EXPECT_THAT(run.errors, ElementsAre(HasSubstr(c.error)));
  }
  FakeReviewBackend backend = TwoPairs();
  EXPECT_THAT(RunLines("split 1 \"It rained\" 5\n", backend).status, IsOk());
  EXPECT_EQ(backend.pair("projects/p/pairs/1-second").target().text(),
            "下雨了。");
  EXPECT_EQ(backend.pair("projects/p/pairs/1-second").source().text(),
            "It rained.");
}

TEST(ReviewScriptTest, ByteOrderMarkIsPassedOver) {
  FakeReviewBackend backend = TwoPairs();
  const ScriptRun run = RunLines(
      "\xEF\xBB\xBF"
      "accept 1\n",
      backend);
  EXPECT_THAT(run.status, IsOk());
  EXPECT_THAT(run.done, ElementsAre("accepted 1"));
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
      {"split 1 4", "write split PAIR SOURCE_CUT TARGET_CUT, each a number"},
      {"split 1 4 x", "write split PAIR SOURCE_CUT TARGET_CUT"},
      {"split 1 -4 4", "write split PAIR SOURCE_CUT TARGET_CUT"},
      {"split 1 \"It 4", "write split PAIR SOURCE_CUT TARGET_CUT"},
      {"split 1 \"\" 4", "write split PAIR SOURCE_CUT TARGET_CUT"},
      {"accept \xFF", "byte 7 is not UTF-8"},
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
