#include "aligner/heard_names.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace duilian::aligner {
namespace {

Transcript Text(text::Language language,
                const std::vector<std::string>& segments) {
  Transcript transcript;
  transcript.language = language;
  for (const std::string& segment : segments) {
    transcript.segments.emplace_back().text = segment;
  }
  return transcript;
}

TEST(HeardNamesTest, ANameIsHeardWhereItStands) {
  HeardNames names(
      Text(text::Language::kEnglish,
           {"Where is everybody?", "Old Fermi asked that.", "Nobody knows."}));
  names.Listen("费米曾经这样问过。");
  EXPECT_GT(names.CountIn({1, 2}).here, 0);
  EXPECT_EQ(names.CountIn({1, 2}).elsewhere, 0);
  EXPECT_EQ(names.CountIn({2, 3}).here, 0);
  EXPECT_GT(names.CountIn({2, 3}).elsewhere, 0);
  EXPECT_GT(names.CountIn({0, 3}).here, 0);
}

TEST(HeardNamesTest, AnEnglishQuoteIsHeardInChinese) {
  HeardNames names(
      Text(text::Language::kChinese, {"大家都走了。", "伊莎贝拉留在家里。"}));
  names.Listen("Isabella stayed at home.");
  EXPECT_GT(names.CountIn({1, 2}).here, 0);
  EXPECT_EQ(names.CountIn({0, 1}).here, 0);
  // The quote before is forgotten.
  names.Listen("Everybody stayed at home.");
  EXPECT_EQ(names.CountIn({0, 2}).here, 0);
  EXPECT_EQ(names.CountIn({0, 2}).elsewhere, 0);
}

TEST(HeardNamesTest, CommonNamesCountForLess) {
  std::vector<std::string> english(40, "Isabella spoke again.");
  english.push_back("Then Fermi came.");
  HeardNames names(Text(text::Language::kEnglish, english));
  names.Listen("伊莎贝拉和费米来了。");
  EXPECT_LT(names.CountIn({0, 1}).here, names.CountIn({40, 41}).here);
}

TEST(HeardNamesTest, NeitherLettersNorASyllableAreNames) {
  HeardNames names(Text(text::Language::kEnglish,
                        {"FRMI is short for it.", "Leo left.", "fermi"}));
  names.Listen("费米和里奥都走了。");
  EXPECT_EQ(names.CountIn({0, 3}).here, 0);
}

}  // namespace
}  // namespace duilian::aligner
