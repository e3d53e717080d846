// What holds of every text, tried on texts that nobody would write.

#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/doubts.h"
#include "aligner/fragments.h"
#include "aligner/numbers.h"
#include "aligner/sentences.h"
#include "aligner/transcript.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using text::Language;

// A text of the pieces that the readers look for, in any order, with some
// characters from all of Unicode.
std::string RandomText(uint32_t seed, int pieces) {
  constexpr absl::string_view kPieces[] = {
      "好",       "的",          "一",      "三十", "万",
      "亿",       "百分之",      "。",      "？",   "！",
      "……",       "「",          "」",      "“",    "”",
      "（",       "）",          "：",      "，",   "Ａ",
      "９",       "．",          "a",       "GPT",  "Mr",
      "U.S.",     "two hundred", "Ann Lee", "4",    "1,000",
      "12:30",    "00:01:13",    ".",       "...",  "…",
      "?",        "!",           "\"",      "'",    "(",
      ")",        "[",           "](",      "![",   "http://",
      "*",        "**",          "_",       "#",    "## ",
      "- ",       "\\",          ":",       "%",    "&",
      "@",        "-",           "—",       " ",    " ",
      "  ",       "\t",          "　",      "\n",   "\n\n",
      "\r",       "\r\n",        "\n---\n", "===",  "\xEF\xBB\xBF",
      "\xC2\xA0", "é",           "́",        "😀",    "𠀋"};
  std::mt19937 random(seed);
  std::string text;
  for (int i = 0; i < pieces; ++i) {
    const uint32_t choice = random() % 16;
    if (choice == 0) {
      auto c = static_cast<char32_t>(1 + random() % 0x10FFFF);
      if (c >= 0xD800 && c < 0xE000) c = U'好';
      text::AppendUtf8(c, text);
    } else {
      const absl::string_view piece = kPieces[random() % std::size(kPieces)];
      text.append(piece.data(), piece.size());
    }
  }
  return text;
}

// Calls `check` with many random texts; a failure prints the seed.
void ForRandomTexts(const std::function<void(const std::string&)>& check) {
  for (uint32_t seed = 1; seed <= 4000; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    check(RandomText(seed, 1 + static_cast<int>(seed % 60)));
    if (testing::Test::HasFailure()) return;
  }
}

bool IsAllWhiteSpace(absl::string_view text) {
  for (const char32_t c : text::Codepoints(text)) {
    if (!text::IsSpace(c)) return false;
  }
  return true;
}

bool HasSpaceAtEdge(absl::string_view text) {
  const std::vector<char32_t> codepoints = text::Codepoints(text);
  return text::IsSpace(codepoints.front()) || text::IsSpace(codepoints.back());
}

// Whole characters, in order, apart from each other, inside the text.
void ExpectSpansInOrder(absl::string_view text,
                        const std::vector<text::ByteSpan>& spans) {
  size_t end = 0;
  for (const text::ByteSpan& span : spans) {
    EXPECT_GE(span.begin, end);
    EXPECT_LT(span.begin, span.end);
    EXPECT_LE(span.end, text.size());
    EXPECT_TRUE(text::IsCharacterEdge(text, span.begin)) << span.begin;
    EXPECT_TRUE(text::IsCharacterEdge(text, span.end)) << span.end;
    end = span.end;
  }
}

TEST(ReadingPropertyTest, SentencesCoverAllButWhiteSpace) {
  ForRandomTexts([](const std::string& text) {
    const auto spans = SplitSentences(text, Language::kChinese);
    ASSERT_NO_FATAL_FAILURE(ExpectSpansInOrder(text, spans));
    const absl::string_view view = text;
    size_t end = 0;
    for (const text::ByteSpan& span : spans) {
      EXPECT_TRUE(IsAllWhiteSpace(view.substr(end, span.begin - end))) << text;
      EXPECT_FALSE(HasSpaceAtEdge(view.substr(span.begin, span.size())));
      end = span.end;
    }
    EXPECT_TRUE(IsAllWhiteSpace(view.substr(end))) << text;
  });
}

TEST(ReadingPropertyTest, NumbersStandInOrderInTheText) {
  ForRandomTexts([](const std::string& text) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      std::vector<text::ByteSpan> spans;
      for (const NumberMention& n : FindNumbers(text, language)) {
        spans.push_back(n.span);
        EXPECT_TRUE(std::isfinite(n.value)) << text;
        EXPECT_GE(n.value, 0) << text;
      }
      ExpectSpansInOrder(text, spans);
    }
  });
}

TEST(ReadingPropertyTest, FragmentsStandInOrderInTheText) {
  ForRandomTexts([](const std::string& text) {
    std::vector<text::ByteSpan> spans;
    for (const Fragment& f : ExtractFragments(text)) {
      spans.push_back(f.span);
      EXPECT_EQ(text.substr(f.span.begin, f.span.size()), f.text);
      EXPECT_EQ(text.substr(f.rendering_span.begin, f.rendering_span.size()),
                f.rendering);
    }
    ExpectSpansInOrder(text, spans);
  });
}

TEST(ReadingPropertyTest, SegmentsStandInOrderInTheText) {
  ForRandomTexts([](const std::string& text) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      const auto transcript = ReadTranscript(text, language, ReadLimits());
      if (!transcript.ok()) {
        EXPECT_EQ(transcript.status().code(),
                  absl::StatusCode::kInvalidArgument)
            << text;
        continue;
      }
      std::vector<text::ByteSpan> spans;
      int line = 1, turn = 0, paragraph = 0;
      for (const Segment& s : transcript->segments) {
        spans.push_back(s.span);
        EXPECT_FALSE(s.text.empty());
        EXPECT_FALSE(text::FindInvalidUtf8(s.text).has_value());
        EXPECT_EQ(s.text.find('\n'), std::string::npos);
        EXPECT_GE(s.line, line);
        EXPECT_GE(s.turn, turn);
        EXPECT_LE(s.turn, turn + 1);
        EXPECT_GE(s.paragraph, paragraph);
        EXPECT_LE(s.paragraph, paragraph + 1);
        line = s.line, turn = s.turn, paragraph = s.paragraph;
      }
      ExpectSpansInOrder(text, spans);
    }
  });
}

TEST(ReadingPropertyTest, DoubtsAreWholeTextWhateverThePair) {
  ForRandomTexts([](const std::string& text) {
    DoubtInput pair;
    const size_t half = text::Abbreviate(text, 20).size() % (text.size() + 1);
    const size_t cut = text::IsCharacterEdge(text, half) ? half : 0;
    pair.source = absl::string_view(text).substr(0, cut);
    pair.target = absl::string_view(text).substr(cut);
    for (const std::string& doubt : Doubts(pair, DoubtOptions())) {
      EXPECT_FALSE(doubt.empty());
      EXPECT_FALSE(text::FindInvalidUtf8(doubt).has_value());
    }
  });
}

TEST(ReadingPropertyTest, BytesThatAreNoTextAreRefused) {
  for (uint32_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    std::string bytes(1 + random() % 200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const bool is_text = !text::FindInvalidUtf8(bytes).has_value() &&
                         bytes.find('\0') == std::string::npos;
    const auto transcript =
        ReadTranscript(bytes, Language::kEnglish, ReadLimits());
    if (!is_text) {
      EXPECT_EQ(transcript.status().code(), absl::StatusCode::kInvalidArgument);
    }
  }
}

// Reads `text` as everything.
void ExpectReadable(const std::string& text) {
  ExpectSpansInOrder(text, SplitSentences(text, Language::kChinese));
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    for (const NumberMention& n : FindNumbers(text, language)) {
      ASSERT_LE(n.span.end, text.size());
    }
  }
  for (const Fragment& f : ExtractFragments(text)) {
    ASSERT_LE(f.span.end, text.size());
  }
  const auto transcript =
      ReadTranscript(text, Language::kEnglish, ReadLimits());
  if (!transcript.ok()) {
    EXPECT_EQ(transcript.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

// A line of half the longest accepted, of one piece over and over. What is
// linear takes a fraction of a second; what is quadratic meets ctest's time
// limit.
TEST(ReadingPropertyTest, LongLineOfOnePieceIsReadInLinearTime) {
  constexpr size_t kBytes = 1u << 19;
  for (const absl::string_view piece : {"[",
                                        "](",
                                        "[a](",
                                        "![",
                                        "[x](h",
                                        "](http://a",
                                        "*a",
                                        "**",
                                        "\\",
                                        "(",
                                        "（",
                                        "((",
                                        "\"",
                                        "\".",
                                        "。",
                                        ".",
                                        "…",
                                        "a.",
                                        "A. ",
                                        "A.B.",
                                        "U.S. ",
                                        "1,000,",
                                        "1.",
                                        "1 万",
                                        "亿",
                                        "一",
                                        "百分之",
                                        "two ",
                                        "two-",
                                        "a ",
                                        "hundred and ",
                                        "a",
                                        "A ",
                                        "a@",
                                        "@",
                                        "http://",
                                        "www.",
                                        "x:",
                                        "1:11:",
                                        "(1:11)",
                                        "[(1:11",
                                        "AGI(",
                                        "人(AGI)",
                                        "AGI(人",
                                        "人",
                                        "# ",
                                        "- ",
                                        "Ａ",
                                        "\xCC\x81",
                                        " ",
                                        "　"}) {
    SCOPED_TRACE(piece);
    std::string text;
    while (text.size() + piece.size() <= kBytes) {
      text.append(piece.data(), piece.size());
    }
    ExpectReadable(text);
  }
}

TEST(ReadingPropertyTest, ManyLinesOfOneKindAreReadInLinearTime) {
  constexpr int kLines = 100'000;
  for (const absl::string_view line :
       {"Ann", "Ann:", "A: b", "[x](/y)", "* [x](/y)", "(1:11)", "# A", "[",
        "Ann (1:11)", "===", "a-", "- a", "1:11"}) {
    SCOPED_TRACE(line);
    std::string text;
    for (int i = 0; i < kLines; ++i) absl::StrAppend(&text, line, "\n");
    ExpectReadable(text);
  }
}

}  // namespace
}  // namespace duilian::aligner
