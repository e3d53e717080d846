#include "aligner/fragment_places.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "GPT-5 = same 0:gpt-5", in order.
std::vector<std::string> Links(const std::vector<absl::string_view>& chinese,
                               const std::vector<absl::string_view>& english) {
  std::vector<std::string> links;
  for (const FragmentLink& link : LinkFragments(chinese, english)) {
    std::string words =
        absl::StrCat(link.fragment.text, " = ", FindingWord(link.finding));
    if (link.finding != FragmentFinding::kMissing) {
      absl::StrAppend(&words, " ", link.english_text, ":",
                      english[link.english_text].substr(link.place.begin,
                                                        link.place.size()));
    }
    const Fragment& fragment = link.fragment;
    EXPECT_EQ(chinese[link.chinese_text].substr(fragment.span.begin,
                                                fragment.span.size()),
              fragment.text);
    links.push_back(std::move(words));
  }
  return links;
}

TEST(FragmentPlacesTest, TheSameWordsWhateverTheirCaseAndMarks) {
  EXPECT_THAT(Links({"我们用 GPT-5 写代码。"}, {"We write code with gpt 5."}),
              ElementsAre("GPT-5 = same 0:gpt 5"));
  EXPECT_THAT(Links({"他说“Yes”。"}, {"“Yes,” he said."}),
              ElementsAre("Yes = same 0:Yes"));
  EXPECT_THAT(Links({"没有英文。"}, {"No Latin letters over there."}),
              IsEmpty());
}

TEST(FragmentPlacesTest, WhatIsSaidAgainGoesToTheNextPlace) {
  EXPECT_THAT(
      Links({"AGI 来了。", "AGI 会改变一切，AGI 也会犯错。"},
            {"AGI is here.", "It changes all, and AGI errs."}),
      ElementsAre("AGI = same 0:AGI", "AGI = same 1:AGI", "AGI = same 1:AGI"));
}

TEST(FragmentPlacesTest, OtherForms) {
  EXPECT_THAT(Links({"每个 token 都要钱。"}, {"Tokens cost money."}),
              ElementsAre("token = form 0:Tokens"));
  EXPECT_THAT(Links({"OpenAI 的人"}, {"people of Open AI"}),
              ElementsAre("OpenAI = form 0:Open AI"));
  EXPECT_THAT(Links({"跑了 5 km 路"}, {"ran five kilometers"}),
              ElementsAre("km = form 0:kilometers"));
}

TEST(FragmentPlacesTest, PartsOfNamesAndProducts) {
  EXPECT_THAT(Links({"Elon Musk 起诉了他们。"}, {"Elon sued them."}),
              ElementsAre("Elon Musk = part 0:Elon"));
  EXPECT_THAT(Links({"GPT-4 比 GPT-3 强。"}, {"So 4 is better than 3."}),
              ElementsAre("GPT-4 = part 0:4", "GPT-3 = part 0:3"));
  EXPECT_THAT(Links({"GPT-4 很强。"}, {"GPT-3 is strong."}),
              ElementsAre("GPT-4 = missing"))
      << "another number is another product";
}

TEST(FragmentPlacesTest, SlipsAreNamedAndNothingIsMadeUp) {
  EXPECT_THAT(Links({"Meta 开源了 Lama。"}, {"Meta opened Llama to all."}),
              ElementsAre("Meta = same 0:Meta", "Lama = misspelled 0:Llama"));
  EXPECT_THAT(Links({"Sora 会画画。"}, {"It can draw, sort of."}),
              ElementsAre("Sora = missing"));
  EXPECT_THAT(Links({"离 AGI 还远。"}, {"It is still far away."}),
              ElementsAre("AGI = missing"));
  EXPECT_THAT(Links({"AGI"}, {}), ElementsAre("AGI = missing"));
}

TEST(FragmentPlacesTest, WhatIsTooMuchIsMissingAndTakesNoTime) {
  std::string chinese, english;
  for (int i = 0; i < 400; ++i) {
    absl::StrAppend(&chinese, "中文 Word", i, "x，");
    absl::StrAppend(&english, "Word", i, "x ");
  }
  for (int i = 0; i < 200'000; ++i) absl::StrAppend(&english, "w", i, " ");
  const std::vector<std::string> links = Links({chinese}, {english});
  ASSERT_EQ(links.size(), 400u);
  EXPECT_EQ(links[199], "Word199x = same 0:Word199x");
  EXPECT_EQ(links[200], "Word200x = missing");
}

}  // namespace
}  // namespace duilian::aligner
