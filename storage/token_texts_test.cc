#include "storage/token_texts.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/matching_form.h"
#include "storage/matching_units.h"
#include "storage/sample_units.h"
#include "storage/snapshot_head.h"

namespace duilian::storage {
namespace {

using testing::ElementsAre;

// Adds the matching form of a text; what is told of it can be read again.
std::vector<TokenId> Add(absl::string_view written, TokenTexts& texts) {
  const std::string normalized = MatchingForm(written);
  std::vector<SpacedToken> tokens, read;
  texts.Add(normalized, SplitUnits(normalized), tokens);
  texts.AppendSpacedTokens(static_cast<SlotId>(texts.size() - 1), read);
  EXPECT_TRUE(tokens == read) << normalized;
  std::vector<TokenId> ids;
  for (const SpacedToken& word : tokens) ids.push_back(word.token);
  return ids;
}

std::string TextOf(const TokenTexts& texts, SlotId slot) {
  std::string text;
  texts.AppendText(slot, text);
  return text;
}

std::vector<PlacedToken> TokensOf(const TokenTexts& texts, SlotId slot) {
  std::vector<PlacedToken> tokens;
  texts.AppendTokens(slot, tokens);
  return tokens;
}

// Of pieces that meet in all ways: words, Han, digits, marks, emoji with
// joiners and skin tones, full and half width, combining marks without a base.
std::string RandomText(Random& random) {
  static const char* const kPieces[] = {
      "the",    "model",    "模",          "型",     "繁體",   "  ", " ",
      "。",     "，",       ",",           ".",      "3.5",    "10", "'",
      "n't",    "ＡＢ",     "ｶﾞ",          "「",     "」",     "“",  "”",
      "--",     "👍🏽", "👩‍💻", "\u0301", "\u20e3", "é",  "e\u0301",
      "\u3000", "℃",        "ﬁ",           "<b>",    "{0}",    "%s", "…",
      "㍿",     "𠮷",       "\u200d",      "한국",   "ไทย",    "/"};
  std::string text;
  for (size_t i = Below(24, random); i > 0; --i) {
    text += kPieces[Below(std::size(kPieces), random)];
  }
  return text;
}

TEST(TokenTextsTest, ATextIsWrittenAnewByteForByte) {
  const char* const cases[] = {
      "",
      " ",
      "...",
      "word",
      "two words",
      "two  words",
      "(a) b, c.",
      "我们说 AI 模型。",
      "我们说AI模型",
      "“大”模型",
      "don't 3.5 10,000",
      "👍🏽👩‍💻 ok",
      "\u0301",
      "ﾊﾝｶｸ ＦＵＬＬ",
  };
  TokenTexts texts;
  for (const char* const written : cases) Add(written, texts);
  for (SlotId slot = 0; slot < std::size(cases); ++slot) {
    SCOPED_TRACE(cases[slot]);
    EXPECT_EQ(TextOf(texts, slot), MatchingForm(cases[slot]));
  }
}

TEST(TokenTextsTest, RandomTextsAreWhatTheyWere) {
  Random random(20261126);
  TokenTexts texts;
  std::vector<std::string> written;
  for (size_t i = 0; i < 9'000; ++i) {
    written.push_back(RandomText(random));
    Add(written.back(), texts);
  }
  for (SlotId slot = 0; slot < written.size(); ++slot) {
    SCOPED_TRACE(absl::StrCat(slot, ": ", written[slot]));
    const std::string normalized = MatchingForm(written[slot]);
    ASSERT_EQ(TextOf(texts, slot), normalized);
    std::vector<PlacedToken> expected;
    text::ByteSpan before;
    for (const text::ByteSpan& unit : SplitUnits(normalized)) {
      const auto token = texts.vocabulary().Find(
          absl::string_view(normalized).substr(unit.begin, unit.size()));
      ASSERT_TRUE(token.has_value());
      expected.emplace_back(*token, IsApart(normalized, before, unit));
      before = unit;
    }
    ASSERT_EQ(TokensOf(texts, slot), expected);
  }
}

// Words enough that numbers take one, two and three bytes, some of which look
// like others' ends.
TEST(TokenTextsTest, AReaderStopsBehindEachPlaceOfAToken) {
  Random random(3);
  TokenTexts texts;
  for (size_t i = 0; i < 20'000; ++i) Add(absl::StrCat("w", i), texts);
  const SlotId first = static_cast<SlotId>(texts.size());
  for (size_t i = 0; i < 400; ++i) {
    std::string text = RandomText(random);
    for (size_t words = Below(20, random); words > 0; --words) {
      const size_t most = size_t{20} << Below(11, random);
      absl::StrAppend(&text, " w",
                      Below(std::min<size_t>(most, 20'000), random),
                      Below(3, random) == 0 ? ";" : "");
    }
    Add(text, texts);
  }
  size_t places = 0;
  for (SlotId slot = first; slot < texts.size(); ++slot) {
    const std::vector<PlacedToken> tokens = TokensOf(texts, slot);
    for (size_t i = 0; i < 20 && !tokens.empty(); ++i) {
      const TokenId wanted = i < 15
                                 ? tokens[Below(tokens.size(), random)].token()
                                 : static_cast<TokenId>(Below(20'000, random));
      TokenReader reader = texts.Tokens(slot);
      for (size_t at = 0; at < tokens.size(); ++at) {
        if (tokens[at].token() != wanted) continue;
        ASSERT_TRUE(reader.SkipPast(wanted));
        ASSERT_EQ(reader.done(), at + 1 == tokens.size());
        TokenReader rest = reader;
        if (!rest.done()) {
          ASSERT_EQ(rest.Next(), tokens[at + 1]);
        }
        ++places;
      }
      ASSERT_FALSE(reader.SkipPast(wanted));
      ASSERT_TRUE(reader.done());
    }
  }
  EXPECT_GT(places, 5'000u);
}

TEST(TokenTextsTest, TellsTheTokensOfATextThatIsAdded) {
  TokenTexts texts;
  EXPECT_THAT(Add("a b a", texts), ElementsAre(0, 1, 0));
  EXPECT_THAT(Add("b。c", texts), ElementsAre(1, 2));
  EXPECT_EQ(texts.vocabulary().size(), 3u);
}

TEST(TokenTextsTest, TellsWhereASpaceStandsBeforeAToken) {
  TokenTexts texts;
  Add("b (a) b, c", texts);
  Add(" a模 b", texts);
  std::vector<SpacedToken> tokens;
  texts.AppendSpacedTokens(0, tokens);
  const TokenId a = *texts.vocabulary().Find("a");
  const TokenId b = *texts.vocabulary().Find("b");
  const TokenId c = *texts.vocabulary().Find("c");
  EXPECT_THAT(tokens,
              ElementsAre(SpacedToken{b, false, 0}, SpacedToken{a, false, 3},
                          SpacedToken{b, true, 6}, SpacedToken{c, true, 9}));
}

// Of random texts: as the text itself has it.
TEST(TokenTextsTest, SpacedTokensAreDisjointPartsOfTheText) {
  Random random(8);
  TokenTexts texts;
  for (SlotId slot = 0; slot < 2'000; ++slot) {
    Add(RandomText(random), texts);
    const std::string text = TextOf(texts, slot);
    const std::vector<text::ByteSpan> units = SplitUnits(text);
    std::vector<SpacedToken> tokens;
    texts.AppendSpacedTokens(slot, tokens);
    ASSERT_EQ(tokens.size(), units.size());
    for (size_t i = 0; i < units.size(); ++i) {
      const size_t begin = units[i].begin;
      ASSERT_EQ(tokens[i].spaced, begin > 0 && text[begin - 1] == ' ') << text;
      ASSERT_EQ(tokens[i].begin, text::CountCodepoints(text.substr(0, begin)))
          << text;
    }
  }
}

TEST(TokenTextsTest, KeepsTheTextsThatAreAskedFor) {
  TokenTexts texts;
  for (const char* const text : {"one", "two, too", "three", "four"}) {
    Add(text, texts);
  }
  TokenTexts kept;
  kept.AddKept(texts, std::vector<SlotId>{1, 3});
  EXPECT_EQ(kept.size(), 2u);
  EXPECT_EQ(TextOf(kept, 0), "two, too");
  EXPECT_EQ(TokensOf(kept, 0), TokensOf(texts, 1));
  EXPECT_EQ(TextOf(kept, 1), "four");
  EXPECT_THAT(Add("two five", kept), ElementsAre(1, 5));
}

TEST(TokenTextsTest, AreTheSameFromASnapshotAndGrowOn) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/token_texts-", getpid());
  Random random(7);
  TokenTexts texts;
  std::vector<std::string> written;
  for (size_t i = 0; i < 5'000; ++i) {
    written.push_back(RandomText(random));
    Add(written.back(), texts);
  }
  {
    auto snapshot = SnapshotWriter::Create(path, 1 << 30);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    texts.Save(**snapshot);
    ASSERT_TRUE((*snapshot)->Finish().ok());
  }
  auto snapshot = SnapshotReader::Open(path);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  TokenTexts loaded;
  ASSERT_TRUE(loaded.Load(*snapshot));
  loaded.MakeNumbers();
  ASSERT_TRUE(snapshot->Finish().ok());
  written.push_back("the new 模型!");
  Add(written.back(), loaded);
  ASSERT_EQ(loaded.size(), written.size());
  for (SlotId slot = 0; slot < written.size(); ++slot) {
    ASSERT_EQ(TextOf(loaded, slot), MatchingForm(written[slot]));
  }
  RemoveSnapshot(path);
}

}  // namespace
}  // namespace duilian::storage
