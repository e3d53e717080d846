#include "bench/quote_quality.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::bench {
namespace {

using aligner::SegmentRange;
using aligner::training::GoldDocument;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;

GoldDocument Document() {
  GoldDocument document;
  document.chinese.language = text::Language::kChinese;
  document.english.language = text::Language::kEnglish;
  for (const char* line :
       {"船在早上八点离开港口，下午才回来。", "对。",
        "没有人觉得奇怪，一个也没有。", "船在早上八点离开港口，下午才回来。"}) {
    document.chinese.segments.emplace_back().text = line;
  }
  for (const char* line :
       {"The boat leaves the harbour at eight.", "It is not back before noon.",
        "Right.", "Nobody finds that strange, nobody at all.",
        "The boat leaves the harbour at eight, and returns."}) {
    document.english.segments.emplace_back().text = line;
  }
  document.beads = {{{0}, {0, 1}}, {{1}, {2}}, {{2}, {3}}, {{3}, {4}}};
  return document;
}

std::vector<QuoteCase> Quotes(bool text_is_chinese, QuoteKind kind) {
  return QuotesOfGold(Document(), Document(), text_is_chinese, kind, 1);
}

TEST(QuotesOfGoldTest, BeadsAreQuotesButShortOnes) {
  const auto quotes = Quotes(/*text_is_chinese=*/false, QuoteKind::kWhole);
  ASSERT_THAT(quotes, SizeIs(3));
  EXPECT_EQ(quotes[0].quote, "船在早上八点离开港口，下午才回来。");
  EXPECT_THAT(quotes[0].places, ElementsAre(SegmentRange{0, 2}));
}

TEST(QuotesOfGoldTest, WordsThatStandTwiceHaveTwoPlaces) {
  const auto quotes = Quotes(/*text_is_chinese=*/true, QuoteKind::kWhole);
  ASSERT_THAT(quotes, SizeIs(3));
  EXPECT_EQ(
      quotes[0].quote,
      "The boat leaves the harbour at eight. It is not back before noon.");
  EXPECT_THAT(quotes[0].places,
              ElementsAre(SegmentRange{0, 1}, SegmentRange{3, 4}));
}

TEST(QuotesOfGoldTest, PartsJoinedAndForeignOnes) {
  const auto parts = Quotes(true, QuoteKind::kPart);
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_EQ(parts[0].quote, "Nobody finds that strange");
  const auto joined = Quotes(false, QuoteKind::kJoined);
  ASSERT_THAT(joined, SizeIs(3));
  EXPECT_THAT(joined[0].places, ElementsAre(SegmentRange{0, 3}));
  for (const QuoteCase& quote : Quotes(false, QuoteKind::kForeign)) {
    EXPECT_THAT(quote.places, IsEmpty());
  }
}

TEST(QuotesOfGoldTest, EditedOnesAreLabelledAndTheSameForASeed) {
  const auto edited = Quotes(true, QuoteKind::kEdited);
  ASSERT_THAT(edited, SizeIs(3));
  EXPECT_THAT(edited[0].quote, HasSubstr("On this: "));
  EXPECT_EQ(edited[0].quote, Quotes(true, QuoteKind::kEdited)[0].quote);
}

TEST(SummaryQuotesTest, RefusesWhatIsNoTable) {
  const auto data = std::filesystem::path(testing::TempDir()) / "summary";
  std::filesystem::create_directories(data / "interview");
  EXPECT_THAT(ReadSummaryQuotes(data.string()),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("zh.lines.txt: no such file")));
  std::ofstream(data / "interview/zh.lines.txt") << "第一行。\n";
  std::ofstream(data / "interview/en.lines.txt") << "One.\nTwo.\n";
  for (const char* line : {"0", "1\t0", "0\t2", "0\t1,0", "a\tb"}) {
    SCOPED_TRACE(line);
    std::ofstream(data / "interview/quotes.dev.tsv") << line << '\n';
    EXPECT_THAT(ReadSummaryQuotes(data.string()),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("line 1")));
  }
  std::ofstream(data / "interview/quotes.dev.tsv") << "0\t0,1\n";
  const auto quotes = ReadSummaryQuotes(data.string());
  ASSERT_THAT(quotes, IsOk());
  ASSERT_THAT(quotes->cases, SizeIs(1));
  EXPECT_THAT(quotes->cases[0].places, ElementsAre(SegmentRange{0, 2}));
  std::filesystem::remove_all(data);
}

// A floor; how good it is on texts it was not fitted on says
// alignment_quality --quotes.
TEST(QuoteFloorTest, FindsTheSummarysQuotes) {
  const std::string data = DUILIAN_SHARED_DIR "/data";
  if (!std::filesystem::exists(data + "/interview/quotes.dev.tsv")) {
    GTEST_SKIP() << "../shared/data/interview/quotes.dev.tsv is absent";
  }
  const auto model = aligner::Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  const auto summary = ReadSummaryQuotes(data);
  ASSERT_THAT(summary, IsOk());
  const auto score = ScoreQuotes(**model, summary->text, summary->cases);
  ASSERT_THAT(score, IsOk());
  EXPECT_EQ(score->exact, 9);
}

}  // namespace
}  // namespace duilian::bench
