#include "aligner/terms.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using testing::ElementsAreArray;

TEST(TermFinderTest, FindsTermsAsPeopleWriteThem) {
  const std::vector<std::string> terms = {
      "Elon", "Elon Musk", "AGI", "context window", "GPT-4", "Apple", "…"};
  const TermFinder finder(terms);
  const struct {
    const char* name;
    const char* text;
    std::vector<std::string> found;
  } cases[] = {
      {"a_name", "Elon said so.", {"Elon: Elon"}},
      {"the_longest", "Elon Musk said so.", {"Elon Musk: Elon Musk"}},
      {"a_possessive",
       "Elon’s boats, Elon's boats",
       {"Elon: Elon", "Elon: Elon"}},
      {"two_sentences", "I know Elon. Musk is a smell.", {"Elon: Elon"}},
      {"a_plural", "Two AGIs met.", {"AGI: AGIs"}},
      {"a_capital_is_asked_for",
       "An apple for an Apple, not for agi.",
       {"Apple: Apple"}},
      {"in_any_case",
       "Context windows and a CONTEXT WINDOW",
       {"context window: Context windows", "context window: CONTEXT WINDOW"}},
      {"hyphens_are_spaces",
       "GPT 4, GPT-4 and ＧＰＴ-4",
       {"GPT-4: GPT 4", "GPT-4: GPT-4"}},
      {"not_inside_words", "Elonian AGIL GPT-45", {}},
      {"between_brackets", "(AGI)", {"AGI: AGI"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<std::string> found;
    for (const TermPlace& place : finder.Find(c.text)) {
      found.push_back(absl::StrCat(
          terms[place.term], ": ",
          std::string(c.text).substr(place.span.begin, place.span.size())));
    }
    EXPECT_THAT(found, ElementsAreArray(c.found));
  }
}

TEST(FindRenderingTest, ComparesWordByWord) {
  const struct {
    const char* name;
    const char* text;
    const char* rendering;
    const char* found;
  } cases[] = {
      {"chinese", "他谈到通用人工智能的未来", "通用人工智能", "通用人工智能"},
      {"a_dot_between", "埃隆·马斯克说", "埃隆马斯克", "埃隆·马斯克"},
      {"english_kept", "他谈到 agi 的未来", "AGI", "agi"},
      {"not_inside_a_word", "AGILE 很快", "AGI", ""},
      {"full_width", "ＡＧＩ很近", "AGI", "ＡＧＩ"},
      {"not_there", "他谈到未来", "通用人工智能", ""},
      {"nothing", "他谈到未来", "——", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto span =
        FindRendering(SplitTermWords(c.text), SplitTermWords(c.rendering));
    EXPECT_EQ(span.has_value(), std::string(c.found) != "");
    if (!span.has_value()) continue;
    EXPECT_EQ(std::string(c.text).substr(span->begin, span->size()), c.found);
  }
}

}  // namespace
}  // namespace duilian::aligner
