#include "aligner/term_renderings.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aligner/name_renderings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/packed_model.h"
#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// "Elon 5: 埃隆 3, 伊隆* 1; without 1", a star behind a known one.
std::vector<std::string> InWords(const std::vector<TermUse>& uses) {
  std::vector<std::string> words;
  for (const TermUse& use : uses) {
    std::vector<std::string> renderings;
    for (const TermRendering& rendering : use.renderings) {
      renderings.push_back(absl::StrCat(rendering.text,
                                        rendering.known.has_value() ? "*" : "",
                                        " ", rendering.pairs.size()));
    }
    words.push_back(absl::StrCat(use.term, " ", use.pairs, ": ",
                                 absl::StrJoin(renderings, ", "), "; without ",
                                 use.without.size()));
  }
  return words;
}

std::vector<PairTexts> TextsOf(const std::vector<NamedPair>& pairs) {
  std::vector<PairTexts> texts;
  for (const NamedPair& pair : pairs) {
    texts.push_back({pair.english, pair.chinese});
  }
  return texts;
}

std::vector<TermUse> Find(const std::vector<NamedPair>& pairs,
                          const std::vector<KnownTerm>& known,
                          const Model* model) {
  absl::StatusOr<std::vector<TermUse>> uses =
      FindCompetingRenderings(TextsOf(pairs), known, model, TermOptions());
  EXPECT_THAT(uses, IsOk());
  return uses.ok() ? *std::move(uses) : std::vector<TermUse>();
}

std::vector<NamedPair> TalksOfElon() {
  return {{"I asked Elon about the boat.", "我问了埃隆那条船的事。"},
          {"Then Elon laughed and left.", "然后埃隆笑了笑就走了。"},
          {"The engineers like Elon.", "工程师们喜欢伊隆。"},
          {"Why did Elon sell the harbour?", "埃隆为什么卖掉港口？"},
          {"Nobody believed Elon that day.", "那天没有人相信 Elon。"},
          {"It never rains here.", "这里从不下雨。"}};
}

std::vector<NamedPair> TalksOfAgi() {
  return {
      {"We will build AGI in five years.", "我们五年内会造出通用人工智能。"},
      {"Is AGI dangerous?", "AGI 危险吗？"},
      {"Nobody knows what AGI is.", "没有人知道通用人工智能（AGI）是什么。"}};
}

TEST(RecurringTermsTest, AreNamesAndTheEnglishInsideTheChinese) {
  const std::vector<NamedPair> pairs = {
      {"Then Ada Lane met the Bo of old.", "艾达遇到了老波。"},
      {"I know Ada Lane, and Bo too.", "我认识艾达，也认识老波。"},
      {"Will the scaling law hold?", "scaling law 会成立吗？"},
      {"The scaling law is a will to grow.", "缩放定律是一种意志。"},
      {"Boats are old. Old boats leak, Bo.", "船旧了。旧船漏水，老波。"}};
  const std::vector<PairTexts> texts = TextsOf(pairs);
  EXPECT_THAT(*FindRecurringTerms(texts, 2, nullptr),
              ElementsAre("Bo", "Ada Lane", "scaling law"));
  EXPECT_THAT(*FindRecurringTerms(texts, 4, nullptr), IsEmpty());
}

TEST(RecurringTermsTest, TheSearchEndsWhenNobodyWaits) {
  const std::vector<NamedPair> pairs = TalksOfAgi();
  for (int most = 0; most < 3; ++most) {
    int asked = 0;
    EXPECT_THAT(
        FindRecurringTerms(TextsOf(pairs), 2, [&] { return asked++ == most; }),
        StatusIs(absl::StatusCode::kCancelled, HasSubstr("rend")));
  }
}

TEST(TermRenderingsTest, TheSearchEndsWheneverNobodyWaits) {
  std::vector<NamedPair> pairs;
  for (int i = 0; i < 300; ++i) {
    pairs.push_back({"Is AGI dangerous?", "AGI 危险吗？"});
    pairs.push_back({"Nobody knows what AGI is.", "没有人知道通用人工智能。"});
  }
  int asked = 0, last = -1;
  TermOptions options;
  options.cancelled = [&] { return asked++ == last; };
  const auto find = [&] {
    asked = 0;
    return FindCompetingRenderings(TextsOf(pairs), {{"AGI", {"通用人工智能"}}},
                                   nullptr, options);
  };
  ASSERT_THAT(find(), IsOk());
  const int all = asked;
  // Four times all pairs; then the term: at first, and in its pairs.
  EXPECT_GE(all, 4 * 3 + 1 + 3);
  for (last = 0; last < all; ++last) {
    EXPECT_THAT(find(), StatusIs(absl::StatusCode::kCancelled,
                                 HasSubstr("renderings")));
  }
}

TEST(TermRenderingsTest, WithoutAModelKnownAndEnglishOnesAreCounted) {
  EXPECT_THAT(InWords(Find(TalksOfAgi(), {}, nullptr)),
              ElementsAre("AGI 3: 通用人工智能 2, AGI 1; without 0"));
  EXPECT_THAT(InWords(Find(TalksOfAgi(), {{"AGI", {"通用人工智能"}}}, nullptr)),
              ElementsAre("AGI 3: 通用人工智能* 2, AGI 1; without 0"));
  // All as it is wanted: nothing to tell.
  EXPECT_THAT(Find(TalksOfAgi(), {{"AGI", {"通用人工智能", "AGI"}}}, nullptr),
              SizeIs(1));
  std::vector<NamedPair> right = TalksOfAgi();
  right.erase(right.begin() + 1);
  EXPECT_THAT(Find(right, {{"AGI", {"通用人工智能"}}}, nullptr), IsEmpty());
  // One wrong rendering alone is worth telling when another is wanted.
  right = {{"Is AGI dangerous?", "AGI 危险吗？"}};
  EXPECT_THAT(InWords(Find(right, {{"AGI", {"通用人工智能"}}}, nullptr)),
              ElementsAre("AGI 1: AGI 1; without 0"));
}

class LinkedRenderingsTest : public testing_support::PackedModelTest {};

TEST_F(LinkedRenderingsTest, FindsWhatStandsForANameAndWhere) {
  const std::vector<TermUse> uses = Find(TalksOfElon(), {}, model_);
  EXPECT_THAT(InWords(uses),
              ElementsAre("Elon 5: 埃隆 3, Elon 1, 伊隆 1; without 0"));
  EXPECT_THAT(uses[0].renderings[0].pairs, ElementsAre(0, 1, 3));
  EXPECT_THAT(uses[0].renderings[2].pairs, ElementsAre(2));
}

// AGI is a word that the model's links are unsure of.
std::vector<NamedPair> TalksOfAgiWithoutBrackets() {
  return {{"Ada says that AGI will come soon.",
           "艾达说，通用人工智能很快就会到来。"},
          {"Is AGI dangerous for the bees?", "AGI 对蜜蜂来说危险吗？"},
          {"They stopped talking about AGI after lunch.",
           "午饭以后，他们就不再谈通用人工智能了。"},
          {"Who would pay for AGI?", "谁会为 AGI 掏钱？"},
          {"The bees do not care about AGI.", "蜜蜂才不在乎通用人工智能。"},
          {"The river is low.", "河水很浅。"}};
}

TEST_F(LinkedRenderingsTest, WhatUnsureLinksPointAtIsBelievedWhenPairsAgree) {
  std::vector<NamedPair> pairs = TalksOfAgiWithoutBrackets();
  EXPECT_THAT(InWords(Find(pairs, {}, model_)),
              ElementsAre("AGI 5: 通用人工智能 3, AGI 2; without 0"));
  // One place is no agreement.
  pairs[2].chinese = "午饭以后，他们就不再谈它了。";
  pairs[4].chinese = "蜜蜂才不在乎它。";
  EXPECT_THAT(InWords(Find(pairs, {}, model_)), IsEmpty());
  // What other pairs have as often does not stand for it.
  pairs = TalksOfAgiWithoutBrackets();
  for (int i = 0; i < 3; ++i) {
    pairs.push_back({"The river is low.", "通用人工智能。"});
  }
  EXPECT_THAT(InWords(Find(pairs, {}, model_)), IsEmpty());
}

TEST_F(LinkedRenderingsTest, ThePreferredOneIsMarkedAndRanks) {
  std::vector<NamedPair> pairs = TalksOfElon();
  for (const NamedPair& pair : TalksOfAgi()) pairs.push_back(pair);
  const std::vector<TermUse> uses =
      Find(pairs, {{"Elon", {"伊隆", "Elon"}}}, model_);
  EXPECT_THAT(InWords(uses),
              ElementsAre("Elon 5: 埃隆 3, 伊隆* 1, Elon* 1; without 0",
                          "AGI 3: 通用人工智能 2, AGI 1; without 0"));
}

TEST_F(LinkedRenderingsTest, TheWorkIsBounded) {
  TermOptions options;
  options.most_terms = 1;
  std::vector<NamedPair> pairs = TalksOfElon();
  for (const NamedPair& pair : TalksOfAgi()) pairs.push_back(pair);
  const std::vector<PairTexts> texts = TextsOf(pairs);
  EXPECT_THAT(*FindCompetingRenderings(texts, {}, model_, options), SizeIs(1));
  options.most_links = 0;
  EXPECT_THAT(InWords(*FindCompetingRenderings(texts, {}, model_, options)),
              IsEmpty());
  options.cancelled = [] { return true; };
  EXPECT_THAT(FindCompetingRenderings(texts, {}, model_, options),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("renderings")));
}

}  // namespace
}  // namespace duilian::aligner
