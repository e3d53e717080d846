// A translator's way through an interview, with the programs as they are
// built: import, look up, search, review, export, status.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/client_and_server.h"

namespace duilian::e2e {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Lt;
using testing::SizeIs;

class InterviewsTest : public ClientAndServerTest {
 protected:
  // The answer of a command that must succeed.
  json Ask(std::vector<std::string> arguments, absl::string_view input = "") {
    arguments.insert(arguments.end(), {"--output", "json"});
    const ProgramEnd end = Duilian(std::move(arguments), input);
    EXPECT_THAT(end, EndsWith(0));
    json answer = json::parse(end.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(answer.is_discarded()) << end.out;
    return answer;
  }

  json Import(const std::string& document, const std::string& zh,
              const std::string& en) {
    const json results =
        Ask({"import", "--document", document, "--zh", zh, "--en", en});
    EXPECT_THAT(results, SizeIs(1));
    return results.at(0);
  }
  json ImportSample() {
    return Import("bees", DUILIAN_EXAMPLES_DIR "/interview/zh.txt",
                  DUILIAN_EXAMPLES_DIR "/interview/en.md");
  }

  json BestMatch(const std::string& text) {
    const json answers = Ask({"lookup", text});
    EXPECT_THAT(answers.at(0).at("matches"), Not(IsEmpty())) << text;
    return answers.at(0).at("matches").at(0);
  }

  json Accept(const json& pair) {
    return Ask({"review", "--script", "--reviewer", "Tian"},
               absl::StrCat("accept ", pair.at("name").get<std::string>(), "@",
                            pair.at("etag").get<std::string>(), "\n"));
  }
};

TEST_F(InterviewsTest, TheSampleIsStoredOnceAndPairedFromBothSides) {
  ServeWithModel();
  const json first = ImportSample();
  EXPECT_EQ(first.at("outcome"), "stored");
  EXPECT_THAT(first.at("pairs").get<int>(), Ge(100));
  EXPECT_THAT(first.at("mean_confidence").get<double>(), Ge(0.8));
  const json second = ImportSample();
  EXPECT_EQ(second.at("outcome"), "unchanged");
  EXPECT_EQ(second.at("pairs"), first.at("pairs"));
  EXPECT_THAT(Ask({"export"}), SizeIs(first.at("pairs").get<size_t>()));
}

TEST_F(InterviewsTest, TheSampleAnswersExactFuzzyAndConcordanceSearches) {
  ServeWithModel();
  ImportSample();
  const json exact = BestMatch("How hard can it be?");
  EXPECT_THAT(exact.at("score_percent").get<int>(), Ge(100));
  EXPECT_EQ(exact.at("identical"), true);
  EXPECT_THAT(exact.at("pair").at("target").at("text").get<std::string>(),
              HasSubstr("这能有多难呢？"));
  // Three hundred for two hundred, and another beginning.
  const json fuzzy = BestMatch("我们每晚要模拟大约三百万次断电。");
  EXPECT_THAT(fuzzy.at("score_percent").get<int>(), AllOf(Ge(70), Lt(100)));
  EXPECT_EQ(fuzzy.at("identical"), false);
  EXPECT_THAT(fuzzy.at("pair").at("target").at("text").get<std::string>(),
              HasSubstr("两百万次断电"));
  const json hits = Ask({"concordance", "断电"});
  EXPECT_THAT(hits, SizeIs(Ge(3u)));
  for (const json& hit : hits) {
    EXPECT_THAT(hit.at("pair").at("target").at("text").get<std::string>(),
                HasSubstr("断电"));
    EXPECT_THAT(hit.at("target_highlights"), Not(IsEmpty()));
  }
}

TEST_F(InterviewsTest, TheNeighboursOfATextSayWhichOfItsPairsIsMeant) {
  ServeWithModel();
  ImportSample();
  const std::string text = "How hard can it be?";
  const json source = BestMatch(text).at("pair").at("source");
  const std::string before = source.at("previous_text").get<std::string>();
  const std::string after = source.at("next_text").get<std::string>();
  ASSERT_THAT(before, Not(IsEmpty()));
  ASSERT_THAT(after, Not(IsEmpty()));
  const auto score = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"lookup", text});
    return Ask(flags).at(0).at("matches").at(0).at("score_percent").get<int>();
  };
  EXPECT_EQ(score({}), 100);
  EXPECT_EQ(score({"--previous", before}), 101);
  EXPECT_EQ(score({"--next", after}), 101);
  EXPECT_EQ(score({"--previous", before, "--next", after}), 102);
  EXPECT_EQ(
      score({"--previous", before, "--next", after, "--translating", "bees"}),
      102);
  EXPECT_EQ(score({"--previous", before, "--next", after, "--translating",
                   "another"}),
            101);
  // The lines of a file stand between each other.
  const json answers =
      Ask({"lookup", "--file", "-"},
          absl::StrCat(before, "\n\n", text, "\n", after, "\n"));
  ASSERT_THAT(answers, SizeIs(3));
  EXPECT_EQ(answers.at(1).at("query"), text);
  EXPECT_EQ(answers.at(1).at("matches").at(0).at("score_percent"), 102);
}

TEST_F(InterviewsTest, ALookUpTellsWhoReviewedAndKeepsToWhatIsAskedFor) {
  ServeWithModel();
  ImportSample();
  const std::string text = "How hard can it be?";
  const json match = BestMatch(text);
  EXPECT_EQ(match.at("reviewer"), "");
  const auto found = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"lookup", text});
    return Ask(flags).at(0).at("matches").size();
  };
  EXPECT_EQ(found({"--status", "accepted"}), 0u);
  Accept(match.at("pair"));
  EXPECT_EQ(BestMatch(text).at("reviewer"), "Tian");
  EXPECT_THAT(Duilian({"lookup", text}).out, HasSubstr("Tian"));
  EXPECT_EQ(found({"--status", "accepted"}), 1u);
  EXPECT_EQ(found({"--status", "unreviewed,rejected"}), 0u);
  const std::string speaker =
      match.at("pair").at("source").at("speaker").get<std::string>();
  ASSERT_THAT(speaker, Not(IsEmpty()));
  EXPECT_EQ(found({"--speaker", speaker}), 1u);
  EXPECT_EQ(found({"--speaker", speaker + " the Elder"}), 0u);
}

TEST_F(InterviewsTest, ALookUpTellsWhatRendersTheDifference) {
  ServeWithModel();
  ImportSample();
  const json match =
      Ask({"lookup", "我们每晚要模拟大约三百万次断电。", "--link-differences"})
          .at(0)
          .at("matches")
          .at(0);
  EXPECT_EQ(match.at("difference").at("text"), "两");
  EXPECT_THAT(match.at("difference_counterpart").at("text").get<std::string>(),
              HasSubstr("two"));
}

TEST_F(InterviewsTest, TheSampleIsSearchedByMeaningInBothLanguages) {
  ServeWithModel();
  ImportSample();
  for (const char* query :
       {"Every night we simulate the electricity failing millions of times.",
        "每天夜里都要模拟几百万次停电。"}) {
    json answer;
    for (int tries = 0; tries < 600; ++tries) {
      answer = Ask({"meaning", query}).at(0);
      if (answer.at("pending_pairs") == 0) break;
      absl::SleepFor(absl::Milliseconds(100));
    }
    EXPECT_EQ(answer.at("pending_pairs"), 0);
    ASSERT_THAT(answer.at("matches"), SizeIs(5u));
    const json& best = answer.at("matches").at(0);
    EXPECT_THAT(best.at("similarity").get<double>(), Ge(0.5));
    EXPECT_THAT(best.at("pair").at("target").at("text").get<std::string>(),
                HasSubstr("每晚要模拟大约两百万次断电"));
  }
}

TEST_F(InterviewsTest, WhatWasReviewedIsExportedAndOutlivesTheServer) {
  ServeWithModel();
  ImportSample();
  const json pair = BestMatch("How hard can it be?").at("pair");
  EXPECT_THAT(Accept(pair), SizeIs(1));
  // The same script again: the pair has another etag now.
  const ProgramEnd again =
      Duilian({"review", "--script", "--reviewer", "Tian"},
              absl::StrCat("accept ", pair.at("name").get<std::string>(), "@",
                           pair.at("etag").get<std::string>(), "\n"));
  EXPECT_THAT(again, EndsWith(1));
  EXPECT_THAT(again.err, HasSubstr("changed since"));
  EXPECT_EQ(server_->Stop(), 0) << server_->log();
  ServeWithModel();
  const json accepted = Ask({"export", "--status", "accepted"});
  ASSERT_THAT(accepted, SizeIs(1));
  EXPECT_EQ(accepted.at(0).at("name"), pair.at("name"));
  EXPECT_EQ(accepted.at(0).at("source"), pair.at("source"));
  const json status = Ask({"status"});
  EXPECT_EQ(status.at("serving"), true);
  EXPECT_EQ(status.at("projects").at(0).at("accepted"), 1);
}

TEST_F(InterviewsTest, ExitCodesAreZeroDoneOneFailedTwoUsage) {
  ServeWithModel();
  EXPECT_THAT(Duilian({"status"}), EndsWith(0));
  const ProgramEnd unknown = Duilian({"lookup", "anything"});
  EXPECT_THAT(unknown, EndsWith(1));
  EXPECT_THAT(unknown.err, HasSubstr("import a document or create a pair"));
  EXPECT_THAT(Duilian({"import", "--document", "x", "--zh", "no-such-file",
                       "--en", "no-such-file"}),
              EndsWith(1));
  EXPECT_THAT(Duilian({"lookup"}), EndsWith(2));
  const std::string address = server_->address();
  EXPECT_EQ(server_->Stop(), 0) << server_->log();
  const ProgramEnd absent = testing_support::RunProgram(
      {DUILIAN_CLIENT_PROGRAM, "--server", address, "status"});
  EXPECT_THAT(absent, EndsWith(1));
  EXPECT_THAT(absent.err, HasSubstr(address));
}

TEST_F(InterviewsTest, TheRealInterviewIsImportedLookedUpReviewedAndExported) {
  const std::string folder = DUILIAN_SHARED_DIR "/data/interview";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "../shared/data/interview is not here; put it beside the "
                    "repository to run this test";
  }
  ServeWithModel();
  const json result =
      Import("talk", folder + "/zh.source.txt", folder + "/en.source.md");
  EXPECT_EQ(result.at("outcome"), "stored");
  EXPECT_THAT(result.at("pairs").get<int>(), Ge(300));
  const json pairs = Ask({"export", "--document", "talk"});
  ASSERT_THAT(pairs, SizeIs(result.at("pairs").get<size_t>()));
  std::string queries;
  for (const json& pair : pairs) {
    absl::StrAppend(&queries, pair.at("target").at("text").get<std::string>(),
                    "\n");
  }
  // Some Chinese sides are an English word alone: say which side is meant.
  const json answers = Ask(
      {"lookup", "--file", "-", "--threshold", "100", "--lang", "zh"}, queries);
  ASSERT_THAT(answers, SizeIs(pairs.size()));
  for (size_t i = 0; i < pairs.size(); ++i) {
    SCOPED_TRACE(pairs.at(i).at("name").get<std::string>());
    const json& matches = answers.at(i).at("matches");
    ASSERT_THAT(matches, Not(IsEmpty()));
    EXPECT_THAT(matches.at(0).at("score_percent").get<int>(), Ge(100));
    EXPECT_EQ(matches.at(0).at("identical"), true);
  }
  const json& middle = pairs.at(pairs.size() / 2);
  Accept(middle);
  const json accepted = Ask({"export", "--status", "accepted"});
  ASSERT_THAT(accepted, SizeIs(1));
  EXPECT_EQ(accepted.at(0).at("name"), middle.at("name"));
  EXPECT_EQ(accepted.at(0).at("target"), middle.at("target"));
}

}  // namespace
}  // namespace duilian::e2e
