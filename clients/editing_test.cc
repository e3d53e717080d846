// Keys, the line editor and the places where a text can be cut.

#include <unistd.h>

#include <string>
#include <vector>

#include "clients/cut_points.h"
#include "clients/keys.h"
#include "clients/line_editor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Key> KeysOf(const std::string& bytes) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  EXPECT_EQ(write(ends[1], bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
  close(ends[1]);
  KeyReader reader(ends[0]);
  std::vector<Key> keys;
  do {
    keys.push_back(reader.Next());
  } while (keys.back().kind != KeyKind::kEndOfInput);
  close(ends[0]);
  return keys;
}

TEST(KeyReaderTest, BytesBecomeKeys) {
  EXPECT_THAT(KeysOf("a海\r\x1b[D\x1b[C\x1bOH\x1b[3~\x7f\x02\xff"),
              ElementsAre(Key{KeyKind::kCharacter, U'a'},
                          Key{KeyKind::kCharacter, U'海'}, Key{KeyKind::kEnter},
                          Key{KeyKind::kLeft}, Key{KeyKind::kRight},
                          Key{KeyKind::kHome}, Key{KeyKind::kDelete},
                          Key{KeyKind::kBackspace}, Key{KeyKind::kOther},
                          Key{KeyKind::kEndOfInput}));
}

TEST(KeyReaderTest, EscapeAloneIsTheEscapeKey) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "\x1b", 1), 1);
  EXPECT_EQ(KeyReader(ends[0]).Next(), Key{KeyKind::kEscape});
  close(ends[0]);
  close(ends[1]);
}

TEST(MenuLetterTest, FullWidthLettersOfAnInputMethodCount) {
  EXPECT_EQ(MenuLetter({KeyKind::kCharacter, U'ａ'}), 'a');
  EXPECT_EQ(MenuLetter({KeyKind::kCharacter, U'？'}), '?');
  EXPECT_EQ(MenuLetter({KeyKind::kCharacter, U'海'}), '\0');
  EXPECT_EQ(MenuLetter({KeyKind::kLeft}), '\0');
}

void Type(LineEditor& editor, std::u32string_view text) {
  for (const char32_t c : text) editor.Handle({KeyKind::kCharacter, c});
}

TEST(LineEditorTest, EditsAtTheCursor) {
  LineEditor editor("去海");
  editor.Handle({KeyKind::kLeft});
  Type(editor, U"看");
  EXPECT_EQ(editor.text(), "去看海");
  editor.Handle({KeyKind::kBackspace});
  editor.Handle({KeyKind::kDelete});
  EXPECT_EQ(editor.text(), "去");
  editor.Handle({KeyKind::kHome});
  editor.Handle({KeyKind::kBackspace});
  editor.Handle({KeyKind::kLeft});
  Type(editor, U"我");
  editor.Handle({KeyKind::kEnd});
  editor.Handle({KeyKind::kRight});
  editor.Handle({KeyKind::kDelete});
  Type(editor, U"了");
  EXPECT_EQ(editor.text(), "我去了");
}

TEST(LineEditorTest, EnterKeepsAndEscapeLeaves) {
  LineEditor editor("x");
  EXPECT_EQ(editor.Handle({KeyKind::kLeft}), LineEditor::State::kEditing);
  EXPECT_EQ(editor.Handle({KeyKind::kEnter}), LineEditor::State::kDone);
  EXPECT_EQ(editor.Handle({KeyKind::kEscape}), LineEditor::State::kCancelled);
  EXPECT_EQ(editor.Handle({KeyKind::kEndOfInput}),
            LineEditor::State::kCancelled);
}

TEST(LineEditorTest, CursorStandsByColumnsNotByCharacters) {
  LineEditor editor("去看海");
  editor.Handle({KeyKind::kLeft});
  EXPECT_EQ(editor.Draw(40), "\r\x1b[K去看海\r\x1b[4C");
  editor.Handle({KeyKind::kHome});
  EXPECT_EQ(editor.Draw(40), "\r\x1b[K去看海\r");
}

TEST(LineEditorTest, LongTextScrollsUnderTheCursor) {
  LineEditor editor("abcdefghijklmnop");
  EXPECT_EQ(editor.Draw(9), "\r\x1b[Kjklmnop\r\x1b[7C");
  editor.Handle({KeyKind::kHome});
  EXPECT_EQ(editor.Draw(9), "\r\x1b[Kabcdefgh\r");
}

std::vector<std::string> Pieces(const std::string& text,
                                text::Language language) {
  std::vector<std::string> pieces;
  size_t begin = 0;
  for (const size_t cut : CutPoints({text, language})) {
    pieces.push_back(text.substr(begin, cut - begin));
    begin = cut;
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

TEST(CutPointsTest, SentencesComeFirst) {
  EXPECT_THAT(
      Pieces("We left early, at dawn. It rained.", text::Language::kEnglish),
      ElementsAre("We left early, at dawn. ", "It rained."));
  EXPECT_THAT(Pieces("我们很早，天亮就走。下雨了。", text::Language::kChinese),
              ElementsAre("我们很早，天亮就走。", "下雨了。"));
}

TEST(CutPointsTest, OneSentenceIsCutAtItsClauses) {
  EXPECT_THAT(
      Pieces("It cost 1,000 dollars, and it rained.", text::Language::kEnglish),
      ElementsAre("It cost 1,000 dollars, ", "and it rained."));
  EXPECT_THAT(Pieces("他说：“走吧”，我们就走了。", text::Language::kChinese),
              ElementsAre("他说：", "“走吧”，", "我们就走了。"));
}

TEST(CutPointsTest, SegmentsWithoutAFullStopCountToo) {
  const std::vector<size_t> bytes = {8, 5, 8};
  EXPECT_THAT(
      CutPoints({"Episodes About We left.", text::Language::kEnglish, bytes}),
      ElementsAre(9, 15));
}

TEST(CutPointsTest, SegmentsThatNoLongerAddUpToTheTextAreForgotten) {
  const std::vector<size_t> bytes = {8, 5, 8};
  EXPECT_THAT(CutPoints({"Episodes We left.", text::Language::kEnglish, bytes}),
              IsEmpty());
}

TEST(CutPointsTest, OneClauseCannotBeCut) {
  EXPECT_THAT(CutPoints({"It rained.", text::Language::kEnglish}), IsEmpty());
  EXPECT_THAT(CutPoints({"", text::Language::kChinese}), IsEmpty());
}

}  // namespace
}  // namespace duilian::clients
