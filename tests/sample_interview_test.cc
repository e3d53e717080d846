// The sample interview and its gold beads belong together: a change of either,
// or of how transcripts are cut, must not leave the other behind.

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "aligner/transcript.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "text/language.h"

namespace duilian {
namespace {

using aligner::Segment;
using aligner::Transcript;
using testing::Lt;
using testing::SizeIs;
using testing_support::IsOk;

std::string ReadSample(const std::string& name) {
  std::ifstream file(absl::StrCat(DUILIAN_EXAMPLES_DIR, "/interview/", name),
                     std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

absl::StatusOr<Transcript> ReadSampleTranscript(text::Language language) {
  const bool chinese = language == text::Language::kChinese;
  return aligner::ReadTranscript(ReadSample(chinese ? "zh.txt" : "en.md"),
                                 language, aligner::ReadLimits());
}

// "[3, 4]" or "3,4": the numbers in it.
std::vector<int> ReadIndices(absl::string_view list) {
  std::vector<int> indices;
  absl::ConsumePrefix(&list, "[");
  absl::ConsumeSuffix(&list, "]");
  for (absl::string_view word : absl::StrSplit(list, ',', absl::SkipEmpty())) {
    int index = -1;
    EXPECT_TRUE(absl::SimpleAtoi(word, &index)) << word;
    indices.push_back(index);
  }
  return indices;
}

struct GoldBead {
  std::vector<int> zh, en;
};

std::vector<GoldBead> ReadSampleBeads(const std::string& name, char between) {
  const std::string content = ReadSample(name);
  std::vector<GoldBead> beads;
  for (absl::string_view line :
       absl::StrSplit(content, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> sides = absl::StrSplit(line, between);
    EXPECT_THAT(sides, SizeIs(2)) << line;
    if (sides.size() != 2) continue;
    beads.push_back({ReadIndices(sides[0]), ReadIndices(sides[1])});
  }
  return beads;
}

std::vector<int> CountUpTo(size_t size) {
  std::vector<int> numbers;
  for (size_t i = 0; i < size; ++i) numbers.push_back(static_cast<int>(i));
  return numbers;
}

TEST(SampleInterviewTest, GoldHoldsEverySegmentOfBothSidesOnceInOrder) {
  const absl::StatusOr<Transcript> zh =
      ReadSampleTranscript(text::Language::kChinese);
  const absl::StatusOr<Transcript> en =
      ReadSampleTranscript(text::Language::kEnglish);
  ASSERT_THAT(zh, IsOk());
  ASSERT_THAT(en, IsOk());
  std::vector<int> zh_indices, en_indices;
  for (const GoldBead& bead : ReadSampleBeads("gold.align", ':')) {
    zh_indices.insert(zh_indices.end(), bead.zh.begin(), bead.zh.end());
    en_indices.insert(en_indices.end(), bead.en.begin(), bead.en.end());
  }
  EXPECT_EQ(zh_indices, CountUpTo(zh->segments.size()));
  EXPECT_EQ(en_indices, CountUpTo(en->segments.size()));
}

// Sentences that an editor could not but leave as they are: if the cutting
// shifts by one and shifts back elsewhere, these no longer meet.
TEST(SampleInterviewTest, GoldPutsTranslationsTogether) {
  const absl::StatusOr<Transcript> zh =
      ReadSampleTranscript(text::Language::kChinese);
  const absl::StatusOr<Transcript> en =
      ReadSampleTranscript(text::Language::kEnglish);
  ASSERT_THAT(zh, IsOk());
  ASSERT_THAT(en, IsOk());
  std::map<std::string, std::string> english_of;
  for (const GoldBead& bead : ReadSampleBeads("gold.align", ':')) {
    std::string chinese, english;
    for (int i : bead.zh) {
      absl::StrAppend(&chinese, zh->segments.at(static_cast<size_t>(i)).text);
    }
    for (int i : bead.en) {
      absl::StrAppend(&english, english.empty() ? "" : " ",
                      en->segments.at(static_cast<size_t>(i)).text);
    }
    if (!chinese.empty()) english_of[chinese] = english;
  }
  const struct {
    const char* name;
    const char* zh;
    const char* en;
  } cases[] = {
      {"heading", "蜂箱里的数据库", "A database in a beehive"},
      {"reply", "No。", "No."},
      {"one_to_two", "只追加，绝不回头。", "Only ever append. Never go back."},
      {"decimals",
       "天一冷，写到一半的时候，3.3 伏的电压就会掉到 2.6 "
       "伏，整个文件就全毁了。",
       "The batteries would get cold, the 3.3 volts would sag to 2.6 in the "
       "middle of a write, and the whole file was garbage."},
      {"abbreviation",
       "我的导师 Halász 博士只说了一句：「要是它错了却不告诉我，我可不要。」",
       "Dr. Halász, who taught me, only said, \"If it can't tell me when it's "
       "wrong, I don't want it.\""},
      {"last", "有空来看看蜜蜂。", "Come and see the bees."},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(english_of[c.zh], c.en);
  }
}

TEST(SampleInterviewTest, QuotesNameSentencesOfTheSummaryAndOfTheTalk) {
  const absl::StatusOr<Transcript> zh =
      ReadSampleTranscript(text::Language::kChinese);
  const absl::StatusOr<Transcript> en =
      ReadSampleTranscript(text::Language::kEnglish);
  ASSERT_THAT(zh, IsOk());
  ASSERT_THAT(en, IsOk());
  const std::vector<GoldBead> quotes = ReadSampleBeads("quotes.tsv", '\t');
  ASSERT_THAT(quotes, SizeIs(8));
  for (const GoldBead& quote : quotes) {
    ASSERT_THAT(quote.zh, SizeIs(1));
    SCOPED_TRACE(absl::StrCat("zh ", quote.zh.front()));
    EXPECT_EQ(zh->segments.at(static_cast<size_t>(quote.zh.front())).speaker,
              "");
    for (int i : quote.en) {
      ASSERT_THAT(static_cast<size_t>(i), Lt(en->segments.size()));
      EXPECT_EQ(en->segments[static_cast<size_t>(i)].speaker, "Ines Varga");
    }
  }
}

}  // namespace
}  // namespace duilian
