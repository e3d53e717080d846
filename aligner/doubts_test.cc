#include "aligner/doubts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::vector<std::string> Of(absl::string_view source,
                            absl::string_view target) {
  DoubtInput pair;
  pair.source = source;
  pair.target = target;
  return Doubts(pair, DoubtOptions());
}

TEST(DoubtsTest, NothingSpeaksAgainstAGoodPair) {
  const struct {
    const char* source;
    const char* target;
  } cases[] = {
      {"The bridge cost $7 trillion.", "这座桥花了 7 万亿美元。"},
      {"Three of us built 12 bridges.", "我们三个人造了十二座桥。"},
      {"On Thursday, November 16th, we met.", "11 月 16 日星期四我们见了面。"},
      {"In the 1990s we used CAD.", "90 年代我们用 CAD。"},
      {"A patch of it.", "一块 patches。"},
      {"Elon likes tokens.", "Elon Musk 喜欢 token。"},
      {"What are LLMs?", "什么是 LLM？"},
      {"Is BRG-7 done?", "ＢＲＧ－７ 做完了吗？"},
      {"Yeah.", "Yes"},
      {"About 80 percent.", "大概百分之八十。"},
      {"It has four kilobytes.", "它有 4 KB。"},
      {"Between 3 and 4 it changed.", "BRG-3 和 BRG-4 之间变了。"},
      {"Maybe eight.", "也许是 8 万亿。"},
      {"It opened nine thousand times.", "它开了九千次。"},
      {"A thousand thanks, and a hundred more.", "千万感谢，还有两百次。"},
      {"Twenty years passed.", "过了几十年。"},
      {"A BRG-7-like bridge.", "像 BRG-7 一样的桥。"},
      {"Press {0} to open it.", "按下就能打开。"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.source);
    EXPECT_THAT(Of(c.source, c.target), IsEmpty());
  }
}

TEST(DoubtsTest, SaysWhatSpeaksAgainstAPair) {
  const struct {
    const char* source;
    const char* target;
    std::vector<std::string> doubts;
  } cases[] = {
      {"We built a few bridges there.",
       "我们在那里造了 7 座桥。",
       {"number 7 has no counterpart"}},
      {"It cost 7 billion dollars.",
       "它花了 7 万亿美元。",
       {"number 7 万亿 has no counterpart",
        "number 7 billion has no counterpart"}},
      {"It opened nine thousand times.",
       "它开了八千次。",
       {"number 八千 has no counterpart",
        "number nine thousand has no counterpart"}},
      {"The model is good at this.",
       "BRG-7 很擅长这个。",
       {"BRG-7 is not in the English"}},
      {"BRG-7 is good at this.",
       "这个模型很擅长这个。",
       {"BRG-7 is not in the Chinese"}},
      {"Ann agrees with us.",
       "Ben 同意我们的看法。",
       {"Ben is not in the English"}},
      {"They never told us.",
       "他们告诉了我们。",
       {"negation never is not in the Chinese"}},
      {"They told us all of it.",
       "他们没有把这一切告诉我们。",
       {"negation 没有 is not in the English"}},
      {"Is it good?", "它很好。", {"question mark on one side only"}},
      {"Yes, I think so.",
       "是的，我想应该是这样的，不过我们还得等一等，看看接下来会发生什么事情。",
       {"Chinese is much longer than usual"}},
      {"Yes, and then we went on to look at all the other bridges that had "
       "been built along the river in those days.",
       "是的。",
       {"Chinese is much shorter than usual"}},
      {"", "没有人说过。", {"no English for it"}},
      {"Nobody said so.", "", {"no Chinese for it"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.source);
    EXPECT_THAT(Of(c.source, c.target), ElementsAreArray(c.doubts));
  }
}

TEST(DoubtsTest, TellsTheWorstFirst) {
  DoubtInput pair;
  pair.source = "Is it a bridge? I think so.";
  pair.target = "那是 3 座桥。GPT-4 知道。";
  pair.source_segments = 3;
  pair.target_segments = 2;
  pair.confidence = 0.04;
  EXPECT_THAT(Doubts(pair, DoubtOptions()),
              ElementsAre("low confidence 0.04", "number 3 has no counterpart",
                          "GPT-4 is not in the English", "3:2 bead",
                          "question mark on one side only"));
  pair.confidence = 0.78;
  EXPECT_THAT(Doubts(pair, DoubtOptions()),
              ElementsAre("number 3 has no counterpart",
                          "GPT-4 is not in the English", "low confidence 0.78",
                          "3:2 bead", "question mark on one side only"));
}

TEST(DoubtsTest, BeadsOfTwoAreUsualAndLargerOnesAreNot) {
  const struct {
    int source, target;
    std::vector<std::string> doubts;
  } cases[] = {
      {1, 1, {}},           {1, 2, {}},           {3, 1, {}},
      {2, 2, {"2:2 bead"}}, {1, 4, {"1:4 bead"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.source * 10 + c.target);
    DoubtInput pair;
    pair.source = "Good.";
    pair.target = "好。";
    pair.source_segments = c.source;
    pair.target_segments = c.target;
    EXPECT_THAT(Doubts(pair, DoubtOptions()), ElementsAreArray(c.doubts));
  }
}

TEST(DoubtsTest, TellsNoMoreThanThreeOfAKind) {
  EXPECT_THAT(
      Of("We met on all of those days then.", "1、22、33、44、55 日见面。"),
      ElementsAre("number 1 has no counterpart", "number 22 has no counterpart",
                  "number 33 has no counterpart"));
}

}  // namespace
}  // namespace duilian::aligner
