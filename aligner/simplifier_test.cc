#include "aligner/simplifier.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aligner/align.h"
#include "aligner/chinese_script.h"
#include "aligner/quotes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing_support::IsOk;
using testing_support::StatusIs;
using text::Language;

// Names a configuration that OpenCC does not have.
constexpr char kAbsent[] = "absent-configuration.json";

// One text in both scripts, a sentence a line, and its translation.
constexpr char kSimplified[] =
    "昨晚图书馆的灯一直亮到十二点。\n"
    "管理员说，那是因为他们在后面的仓库里发现了三百本旧书。\n"
    "这些书是谁留下来的？\n"
    "没有人知道，只有一张纸条写着「请还给苏州的李医生」。\n"
    "他们打电话问了二十几家医院。\n"
    "最后，一位著名的眼科大夫说，那是她祖父的名字。\n"
    "她坐了四个钟头的火车来领书，看着看着就哭了。\n"
    "现在这三百本书摆在二楼靠窗的书架上，谁都可以借。\n";
constexpr char kTraditional[] =
    "昨晚圖書館的燈一直亮到十二點。\n"
    "管理員說，那是因為他們在後面的倉庫裡發現了三百本舊書。\n"
    "這些書是誰留下來的？\n"
    "沒有人知道，只有一張紙條寫著「請還給蘇州的李醫生」。\n"
    "他們打電話問了二十幾家醫院。\n"
    "最後，一位著名的眼科大夫說，那是她祖父的名字。\n"
    "她坐了四個鐘頭的火車來領書，看著看著就哭了。\n"
    "現在這三百本書擺在二樓靠窗的書架上，誰都可以借。\n";
constexpr char kEnglish[] =
    "Last night the lights in the library stayed on until twelve.\n"
    "The librarian said it was because of what they found in the storeroom at "
    "the back.\n"
    "Three hundred old books.\n"
    "Who had left these books there?\n"
    "Nobody knew.\n"
    "There was only a slip of paper that said \"Please return to Dr Li of "
    "Suzhou\".\n"
    "They phoned more than twenty hospitals.\n"
    "In the end a famous eye doctor said that this was her grandfather's "
    "name.\n"
    "She came by train, four hours, to fetch the books, and as she looked at "
    "them she wept.\n"
    "Now the three hundred books stand on a shelf by the window on the second "
    "floor, and anybody may borrow them.\n";

const Model& TheModel() {
  static const auto* const model =
      new absl::StatusOr<std::unique_ptr<const Model>>(
          Model::Load(DUILIAN_MODEL_PACK));
  return *model->value();
}

Transcript Lines(const std::string& lines, Language language) {
  auto read = ReadLines(lines, language, ReadLimits());
  return read.ok() ? *std::move(read) : Transcript();
}

std::vector<std::string> TextsOf(const Transcript& transcript) {
  std::vector<std::string> texts;
  for (const Segment& segment : transcript.segments) {
    texts.push_back(segment.text);
  }
  return texts;
}

std::string Described(const std::vector<Bead>& beads) {
  return absl::StrJoin(beads, " ", [](std::string* out, const Bead& bead) {
    absl::StrAppend(out, bead.source.begin, "-", bead.source.end, ":",
                    bead.target.begin, "-", bead.target.end, "@",
                    bead.confidence);
  });
}

TEST(ChineseScriptTest, IsToldFromTheCharactersOfOneScriptAlone) {
  constexpr ChineseScript kSimple = ChineseScript::kSimplified;
  const struct {
    const char* text;
    size_t simplified, traditional;
    ChineseScript script;
  } cases[] = {
      {"", 0, 0, kSimple},
      {"GPT-4 and Sam", 0, 0, kSimple},
      {"人山人海，大象", 0, 0, kSimple},
      {"这是我们的", 2, 0, kSimple},
      {"這是我們的", 0, 2, ChineseScript::kTraditional},
      {"皇后喜欢几本书", 2, 0, kSimple},
      {"皇后喜歡幾本書", 0, 3, ChineseScript::kTraditional},
      {"書", 0, 1, ChineseScript::kTraditional},
      // 著 is in both: 著名, and 看著 for 看着.
      {"著名", 0, 0, kSimple},
      // As many of each: not Traditional in the main.
      {"这們", 1, 1, ChineseScript::kMixed},
      {"他说：「這是誰的？」", 1, 2, ChineseScript::kTraditional},
      // A Traditional name in a Simplified sentence, 1 of 11.
      {"这个电脑是国际会议请来的张學友买的", 11, 1, kSimple},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const ScriptCounts counts = CountTellingCharacters(c.text);
    EXPECT_EQ(counts.simplified, c.simplified);
    EXPECT_EQ(counts.traditional, c.traditional);
    EXPECT_EQ(RecogniseScript(counts), c.script);
  }
}

TEST(ChineseScriptTest, CallsATenthOfTraditionalCharactersMixed) {
  EXPECT_EQ(RecogniseScript({9, 1}), ChineseScript::kMixed);
  EXPECT_EQ(RecogniseScript({10, 1}), ChineseScript::kSimplified);
  EXPECT_EQ(RecogniseScript({5, 5}), ChineseScript::kMixed);
  EXPECT_EQ(RecogniseScript({5, 6}), ChineseScript::kTraditional);
}

TEST(SimplifierTest, ConvertsTraditionalTextAndLeavesTheRest) {
  const struct {
    const char *text, *converted;
  } cases[] = {
      {"", ""},
      {"皇后在後面等著。", "皇后在后面等着。"},
      {"臺灣的著名作家說了什麼？", "台湾的著名作家说了什么？"},
      // The marks stay; Latin, digits and emoji do.
      {"他說：「GPT-4 😀 很貴」", "他说：「GPT-4 😀 很贵」"},
      {"这里没有要换的。", "这里没有要换的。"},
      {"No Chinese at all", "No Chinese at all"},
  };
  const Simplifier simplifier;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const absl::StatusOr<std::string> converted = simplifier.Simplify(c.text);
    ASSERT_THAT(converted, IsOk());
    EXPECT_EQ(*converted, c.converted);
  }
}

TEST(SimplifierTest, KeepsTheBytesOfACharacterThatWouldGrow) {
  // 㑮 would become 𫝈, of four bytes.
  const absl::StatusOr<std::string> converted =
      Simplifier().Simplify("這個㑮字誰說過");
  ASSERT_THAT(converted, IsOk());
  EXPECT_EQ(*converted, "这个㑮字谁说过");
}

TEST(SimplifierTest, GivesTheSimplifiedTwinOfAText) {
  Transcript transcript = Lines(kTraditional, Language::kChinese);
  const Transcript before = transcript;
  ASSERT_THAT(Simplifier().Simplify(transcript), IsOk());
  EXPECT_EQ(TextsOf(transcript),
            TextsOf(Lines(kSimplified, Language::kChinese)));
  for (size_t k = 0; k < before.segments.size(); ++k) {
    EXPECT_EQ(transcript.segments[k].span, before.segments[k].span);
    EXPECT_EQ(transcript.segments[k].text.size(),
              before.segments[k].text.size());
  }
}

TEST(SimplifierTest, ConvertsOnlyThePassagesOfAMixedText) {
  Transcript transcript = Lines(
      "这部电影的结尾，两个人终于说话了。\n"
      "「這麼多年，你過得好嗎？」\n"
      "我们都记得这个镜头，剧本是她自己著的。",
      Language::kChinese);
  ASSERT_THAT(Simplifier().Simplify(transcript), IsOk());
  EXPECT_EQ(transcript.segments[1].text, "「这么多年，你过得好吗？」");
  EXPECT_THAT(transcript.segments[2].text, HasSubstr("自己著的"));
}

TEST(SimplifierTest, NamesThePackagesWhenOpenCcHasNoDictionaries) {
  const Simplifier simplifier(kAbsent);
  const auto refusal =
      StatusIs(absl::StatusCode::kFailedPrecondition,
               AllOf(HasSubstr("Traditional"), HasSubstr(kAbsent),
                     HasSubstr("Simplified Chinese needs no conversion"),
                     HasSubstr("install the packages libopencc1.1 and "
                               "libopencc-data")));
  EXPECT_THAT(simplifier.Simplify("這是誰的書").status(), refusal);
  Transcript traditional = Lines(kTraditional, Language::kChinese);
  EXPECT_THAT(simplifier.Simplify(traditional), refusal);
  EXPECT_EQ(TextsOf(traditional),
            TextsOf(Lines(kTraditional, Language::kChinese)));
}

TEST(SimplifierTest, NeedsNoDictionariesForWhatIsSimplifiedInTheMain) {
  const Simplifier simplifier(kAbsent);
  for (const char* text :
       {kSimplified, "他们说这句话出自《紅樓夢》，谁都记得。"}) {
    Transcript transcript = Lines(text, Language::kChinese);
    const std::vector<std::string> before = TextsOf(transcript);
    EXPECT_THAT(simplifier.Simplify(transcript), IsOk());
    EXPECT_EQ(TextsOf(transcript), before);
  }
  Transcript english = Lines(kEnglish, Language::kEnglish);
  EXPECT_THAT(simplifier.Simplify(english), IsOk());
}

TEST(SimplifierTest, IsLoadedOnceByThreadsThatMeetAtTheFirstText) {
  const Simplifier simplifier;
  std::vector<std::string> converted(4);
  std::vector<std::thread> threads;
  for (std::string& out : converted) {
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) {
        out = simplifier.Simplify(kTraditional).value_or("failed");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& out : converted) EXPECT_EQ(out, kSimplified);
}

TEST(TraditionalChineseTest, AlignsBeadForBeadLikeItsSimplifiedTwin) {
  const Transcript english = Lines(kEnglish, Language::kEnglish);
  const Transcript traditional = Lines(kTraditional, Language::kChinese);
  const std::vector<std::string> given = TextsOf(traditional);
  const auto simple = Align(TheModel(), Lines(kSimplified, Language::kChinese),
                            english, AlignOptions());
  const auto beads = Align(TheModel(), traditional, english, AlignOptions());
  ASSERT_THAT(simple, IsOk());
  ASSERT_THAT(beads, IsOk());
  EXPECT_EQ(Described(*beads), Described(*simple));
  EXPECT_THAT(Described(*beads), HasSubstr("1-2:1-3@"));
  EXPECT_EQ(TextsOf(traditional), given);
  EXPECT_EQ(given[4], "他們打電話問了二十幾家醫院。");
}

TEST(TraditionalChineseTest, IsFoundWhereItIsQuoted) {
  const Transcript english = Lines(kEnglish, Language::kEnglish);
  const Transcript traditional = Lines(kTraditional, Language::kChinese);
  const auto places =
      AlignQuotes(TheModel(), english,
                  {traditional.segments[4].text, traditional.segments[2].text},
                  QuoteOptions());
  ASSERT_THAT(places, IsOk());
  ASSERT_FALSE((*places)[0].empty());
  EXPECT_EQ((*places)[0][0].segments, (SegmentRange{6, 7}));
  ASSERT_FALSE((*places)[1].empty());
  EXPECT_EQ((*places)[1][0].segments, (SegmentRange{3, 4}));
}

}  // namespace
}  // namespace duilian::aligner
