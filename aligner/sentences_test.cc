#include "aligner/sentences.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using text::Language;

std::vector<std::string> Split(absl::string_view paragraph, Language language) {
  std::vector<std::string> sentences;
  for (const text::ByteSpan& span : SplitSentences(paragraph, language)) {
    sentences.emplace_back(paragraph.substr(span.begin, span.size()));
  }
  return sentences;
}

struct Case {
  const char* paragraph;
  std::vector<std::string> sentences;
};

TEST(SentencesTest, ChineseEndsAtItsMarks) {
  const Case cases[] = {
      {"先听。再说！好吗？好。", {"先听。", "再说！", "好吗？", "好。"}},
      {"真的?!当然。", {"真的?!", "当然。"}},
      {"没有句号", {"没有句号"}},
      {"一句；还是这一句。", {"一句；还是这一句。"}},
      {"  前后有空格。 　下一句。 ", {"前后有空格。", "下一句。"}},
      {"真的吗? 我不信.你呢?", {"真的吗?", "我不信.", "你呢?"}},
      {"好｡行｡", {"好｡", "行｡"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.paragraph);
    EXPECT_THAT(Split(c.paragraph, Language::kChinese),
                ElementsAreArray(c.sentences));
  }
}

TEST(SentencesTest, EmojiBelongToTheSentenceBefore) {
  const Case cases[] = {
      {"太好了！👍然后走。", {"太好了！👍", "然后走。"}},
      {"Great! 👍🏽 👨‍👩‍👧 Then we left.",
       {"Great! 👍🏽 👨‍👩‍👧", "Then we left."}},
      {"It rained. ❤️", {"It rained. ❤️"}},
      {"We won. 🇨🇳 They lost.", {"We won. 🇨🇳", "They lost."}},
      {"It ends. © 2024 by us.", {"It ends.", "© 2024 by us."}},
      {"👍 It rained.", {"👍 It rained."}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.paragraph);
    EXPECT_THAT(Split(c.paragraph, Language::kEnglish),
                ElementsAreArray(c.sentences));
  }
}

TEST(SentencesTest, ClosingMarksStayWithTheirSentence) {
  const Case cases[] = {
      {"他说：「走吧。」我走了。", {"他说：「走吧。」", "我走了。"}},
      {"『行吗？』“行。”她点头。", {"『行吗？』", "“行。”", "她点头。"}},
      {"问「去哪？」，没人答。", {"问「去哪？」，没人答。"}},
      {"会问「值不值？」的人。不多。", {"会问「值不值？」的人。", "不多。"}},
      {"「好。」的确好。", {"「好。」", "的确好。"}},
      {"喝一种茶(药茶?)然后睡。醒了。", {"喝一种茶(药茶?)然后睡。", "醒了。"}},
      {"看过《你好吗？》这书。", {"看过《你好吗？》这书。"}},
      {"（题外话。）回来。", {"（题外话。）", "回来。"}},
      {"She said, \"Go.\" And I went.", {"She said, \"Go.\"", "And I went."}},
      {"\"Go?\" she said.", {"\"Go?\" she said."}},
      {"(It rained.) We stayed.", {"(It rained.)", "We stayed."}},
      {"“Stop!” ‘Why?’ Then quiet.", {"“Stop!”", "‘Why?’", "Then quiet."}},
      {"Say, \"Is it?,\" unless not.", {"Say, \"Is it?,\" unless not."}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.paragraph);
    EXPECT_THAT(Split(c.paragraph, Language::kChinese),
                ElementsAreArray(c.sentences));
  }
}

TEST(SentencesTest, EllipsesEndOnlyBeforeANewBeginning) {
  const Case cases[] = {
      {"天空会……不，不会。", {"天空会……", "不，不会。"}},
      {"我……我不知道。", {"我……我不知道。"}},
      {"嗯……也许吧。", {"嗯……也许吧。"}},
      {"……接着说。", {"……接着说。"}},
      {"这个……", {"这个……"}},
      {"It could… Well, no.", {"It could…", "Well, no."}},
      {"It could... well, be.", {"It could... well, be."}},
      {"I... I forget.", {"I... I forget."}},
      {"… and so on. Yes.", {"… and so on.", "Yes."}},
      {"…fusion?", {"…fusion?"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.paragraph);
    EXPECT_THAT(Split(c.paragraph, Language::kChinese),
                ElementsAreArray(c.sentences));
  }
}

TEST(SentencesTest, DotsInsideWordsAndNumbersEndNothing) {
  for (const char* whole :
       {"GPT-3.5 and node.js cost 2.50 dollars.", "Mr. Smith met Dr. Who.",
        "Use a tool, e.g. Vim or i.e. Emacs.", "See www.example.org/a?b=C.",
        "The U.S. Senate met.", "Arthur C. Clarke wrote it.",
        "J. K. Rowling and E.E. Cummings.", "See no. 5, vol. 3.",
        "He came at 5 p.m. on Monday.", "a shortcut.I would", "1. First item",
        "Apples, pears, etc. are fruit.", "我用 node.js 和 GPT-3.5 写的。",
        "1.第一点", "作者是 Arthur C. Clarke 吧。"}) {
    SCOPED_TRACE(whole);
    EXPECT_THAT(Split(whole, Language::kEnglish), ElementsAre(whole));
  }
}

TEST(SentencesTest, AbbreviationsAndLettersMayEndASentenceToo) {
  const Case cases[] = {
      {"It is in the U.S. They like it.",
       {"It is in the U.S.", "They like it."}},
      {"At 5 p.m. We left.", {"At 5 p.m.", "We left."}},
      {"So do I. But not now.", {"So do I.", "But not now."}},
      {"Take vitamin C. Sleep.", {"Take vitamin C.", "Sleep."}},
      {"I said no. 5 agreed? No. Never.",
       {"I said no. 5 agreed?", "No.", "Never."}},
      {"It was 1984. Then 2. Done.", {"It was 1984.", "Then 2.", "Done."}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.paragraph);
    EXPECT_THAT(Split(c.paragraph, Language::kEnglish),
                ElementsAreArray(c.sentences));
  }
}

TEST(SentencesTest, NumbersOfPartsEndNothing) {
  const Case cases[] = {
      {"1. First we row.", {"1. First we row."}},
      {"2.1. The fee is due. It is not small.",
       {"2.1. The fee is due.", "It is not small."}},
      {"Article 7. Notices", {"Article 7. Notices"}},
      {"Section 3.2. Oars", {"Section 3.2. Oars"}},
      {"See Article 7. Notices are free.",
       {"See Article 7.", "Notices are free."}},
      {"Only 7. Then eight.", {"Only 7.", "Then eight."}},
      {"It cost 2.50. We paid.", {"It cost 2.50.", "We paid."}},
      {"Party 7. Rowing", {"Party 7.", "Rowing"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.paragraph);
    EXPECT_THAT(Split(c.paragraph, Language::kEnglish),
                ElementsAreArray(c.sentences));
  }
}

TEST(SentencesTest, EnglishInsideChineseFollowsTheEnglishRules) {
  EXPECT_THAT(
      Split("他说 Hello, world. Good morning. 然后走了。", Language::kChinese),
      ElementsAre("他说 Hello, world.", "Good morning.", "然后走了。"));
  EXPECT_THAT(Split("Really? 是的，Yahoo! 也是。", Language::kChinese),
              ElementsAre("Really?", "是的，Yahoo!", "也是。"));
}

TEST(SentencesTest, NothingComesOfNothing) {
  EXPECT_THAT(Split("", Language::kEnglish), ElementsAre());
  EXPECT_THAT(Split(" \n　\t", Language::kChinese), ElementsAre());
  EXPECT_THAT(Split("?!", Language::kChinese), ElementsAre("?!"));
}

}  // namespace
}  // namespace duilian::aligner
