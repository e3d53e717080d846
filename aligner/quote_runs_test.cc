#include "aligner/quote_runs.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using text::Language;

using Runs = std::vector<QuoteRun>;

QuoteRun RunOf(int begin, int end, double fit) {
  QuoteRun run = {{begin, end}, {}, fit};
  return run;
}

TEST(BestRunsTest, NoneOverlapsABetterOneAndTheMarginIsToTheNextBest) {
  const std::vector<QuoteRun> best = BestRuns(
      {RunOf(0, 1, 1), RunOf(4, 6, 5), RunOf(5, 7, 4), RunOf(2, 3, 3)}, 10);
  ASSERT_THAT(best, SizeIs(3));
  EXPECT_EQ(best[0].segments, (SegmentRange{4, 6}));
  EXPECT_EQ(best[1].segments, (SegmentRange{2, 3}));
  EXPECT_EQ(best[2].segments, (SegmentRange{0, 1}));
  EXPECT_EQ(best[0].features[kFitMargin], 2);
  EXPECT_EQ(best[1].features[kFitMargin], -2);
  // No margin counts for more than 4.
  EXPECT_EQ(
      BestRuns(Runs{RunOf(0, 1, 1), RunOf(1, 2, 9)}, 2)[0].features[kFitMargin],
      4);
}

TEST(BestRunsTest, NoneAndOneAndNoMoreThanAsked) {
  EXPECT_THAT(BestRuns(Runs{}, 3), IsEmpty());
  EXPECT_EQ(BestRuns(Runs{RunOf(0, 1, 1)}, 3)[0].features[kFitMargin], 4);
  EXPECT_THAT(BestRuns(Runs{RunOf(0, 1, 1), RunOf(1, 2, 2), RunOf(2, 3, 3)}, 2),
              SizeIs(2));
}

const Model& TheModel() {
  static const auto* const model = [] {
    auto loaded = Model::Load(DUILIAN_MODEL_PACK);
    EXPECT_THAT(loaded, testing_support::IsOk());
    return loaded->release();
  }();
  return *model;
}

Transcript Lines(const std::vector<std::string>& lines, Language language) {
  Transcript transcript;
  transcript.language = language;
  for (const std::string& line : lines) {
    transcript.segments.emplace_back().text = line;
  }
  return transcript;
}

Transcript EnglishText() {
  return Lines({"The lighthouse keeper counts 12 ships a day.",
                "Most of them carry salt.", "One is called Isabella.",
                "She comes back every May.", "Nobody knows her captain.",
                "Our radio runs on Linux, by the way."},
               Language::kEnglish);
}

Transcript ChineseText() {
  return Lines({"看灯塔的人每天数到 12 条船。", "大多数运的是盐。",
                "有一条叫伊莎贝拉。", "她每年五月都会回来。",
                "没有人认识她的船长。", "顺便说一句，我们的电台用的是 Linux。"},
               Language::kChinese);
}

// The features of a quote's runs in the text, in order.
std::vector<std::pair<SegmentRange, QuoteVector>> FeaturesIn(
    const Transcript& text, const Transcript& quotes, int quote) {
  std::vector<std::pair<SegmentRange, QuoteVector>> all;
  QuoteRuns runs(TheModel(), text, quotes);
  runs.ForEach(quote, [&](SegmentRange range, const QuoteVector& features) {
    all.emplace_back(range, features);
  });
  return all;
}

TEST(QuoteRunsTest, NothingHangsOnTheOtherQuotes) {
  const Transcript en = EnglishText();
  const Transcript zh = ChineseText();
  for (const bool text_is_chinese : {false, true}) {
    const Transcript& text = text_is_chinese ? zh : en;
    const Transcript& quotes = text_is_chinese ? en : zh;
    for (size_t q = 0; q < quotes.segments.size(); ++q) {
      Transcript alone = quotes;
      alone.segments = {quotes.segments[q]};
      const auto among = FeaturesIn(text, quotes, static_cast<int>(q));
      const auto single = FeaturesIn(text, alone, 0);
      ASSERT_EQ(among.size(), single.size());
      for (size_t r = 0; r < among.size(); ++r) {
        EXPECT_EQ(among[r].first, single[r].first);
        EXPECT_EQ(among[r].second, single[r].second);
      }
    }
  }
}

TEST(QuoteRunsTest, VisitsEveryRunOnce) {
  const Transcript en = EnglishText();
  const Transcript zh = ChineseText();
  const int size = static_cast<int>(en.segments.size());
  int runs = 0;
  for (int length = 1; length <= kMaxSide; ++length) {
    runs += std::max(0, size - length + 1);
  }
  EXPECT_THAT(FeaturesIn(en, zh, 0), SizeIs(static_cast<size_t>(runs)));
}

}  // namespace
}  // namespace duilian::aligner
