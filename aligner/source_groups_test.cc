#include "aligner/source_groups.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::aligner {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<SourceGroup> Find(const std::vector<NamedPair>& pairs,
                              const SourceGroupOptions& options = {}) {
  absl::StatusOr<std::vector<SourceGroup>> groups =
      FindInconsistentSources(pairs, options);
  EXPECT_THAT(groups, IsOk());
  return groups.ok() ? *std::move(groups) : std::vector<SourceGroup>();
}

TEST(SourceGroupsTest, EqualSourcesWithOtherTranslationsAreAGroup) {
  const std::vector<SourceGroup> groups =
      Find({{"The boats come home.", "船回来了。"},
            {"the boats come home!", "船回来了！"},
            {"The boats, come home.", "小船回家。"},
            {"It never rains here.", "这里从不下雨。"},
            {"It never rains here.", "这里从不下雨"}});
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].pairs, 3u);
  EXPECT_THAT(groups[0].sources, ElementsAre(0));
  ASSERT_THAT(groups[0].renderings, SizeIs(2));
  EXPECT_THAT(groups[0].renderings[0].pairs, ElementsAre(0, 1));
  EXPECT_THAT(groups[0].renderings[1].pairs, ElementsAre(2));
}

TEST(SourceGroupsTest, NearSourcesMayDifferAsMuchAsTheirTranslations) {
  const std::vector<NamedPair> pairs = {
      {"We trained the large model for three weeks.",
       "我们把大模型训练了三个星期。"},
      {"We trained the large model for four weeks.",
       "我们把大模型训练了四个星期。"},
      {"We trained the large model for two weeks.",
       "那个模型，咱们练了整整十四天。"}};
  const std::vector<SourceGroup> groups = Find(pairs);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_THAT(groups[0].sources, ElementsAre(0, 1, 2));
  ASSERT_THAT(groups[0].renderings, SizeIs(2));
  EXPECT_THAT(groups[0].renderings[0].pairs, ElementsAre(0, 1));
  EXPECT_THAT(groups[0].renderings[1].pairs, ElementsAre(2));
  SourceGroupOptions equal_only;
  equal_only.most_difference = 0;
  EXPECT_THAT(Find(pairs, equal_only), IsEmpty());
}

TEST(SourceGroupsTest, ShortRepliesAreRenderedFreely) {
  const std::vector<NamedPair> pairs = {{"Yeah, right.", "对。"},
                                        {"Yeah, right.", "没错。"}};
  EXPECT_THAT(Find(pairs), IsEmpty());
  SourceGroupOptions all;
  all.least_words = 1;
  EXPECT_THAT(Find(pairs, all), SizeIs(1));
}

TEST(SourceGroupsTest, TheMostInconsistentComeFirst) {
  std::vector<NamedPair> pairs = {{"The wind fell again.", "风停了。"},
                                  {"The wind fell again.", "风又小了。"}};
  for (int i = 0; i < 5; ++i)
    pairs.push_back({"It never rains here.", "不下雨。"});
  pairs.push_back({"It never rains here.", "从来没有雨。"});
  for (int i = 0; i < 3; ++i) {
    pairs.push_back({"Nobody sells the harbour.", absl::StrCat("卖", i)});
  }
  const std::vector<SourceGroup> groups = Find(pairs);
  ASSERT_THAT(groups, SizeIs(3));
  EXPECT_THAT(groups[0].sources, ElementsAre(8));  // two beside the commonest
  EXPECT_THAT(groups[1].sources, ElementsAre(2));  // one of six
  EXPECT_THAT(groups[2].sources, ElementsAre(0));  // one of two
}

size_t SlowDistance(const std::vector<std::string>& a,
                    const std::vector<std::string>& b) {
  std::vector<std::vector<size_t>> cells(a.size() + 1,
                                         std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      size_t& cell = cells[i][j];
      cell = i + j;
      if (i > 0) cell = std::min(cell, cells[i - 1][j] + 1);
      if (j > 0) cell = std::min(cell, cells[i][j - 1] + 1);
      if (i > 0 && j > 0) {
        cell = std::min(cell,
                        cells[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
      }
    }
  }
  return cells[a.size()][b.size()];
}

// Two sources, one near the other or not: a group if and only if it is.
TEST(SourceGroupsTest, MissesNoNearSource) {
  std::mt19937 random(11);
  const auto below = [&](size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random);
  };
  int near = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> a, b;
    const size_t words = 4 + below(30);
    for (size_t i = 0; i < words; ++i)
      a.push_back(absl::StrCat("w", below(50)));
    b = a;
    for (size_t edits = below(8); edits > 0; --edits) {
      const size_t at = below(b.size());
      const auto place = b.begin() + static_cast<std::ptrdiff_t>(at);
      switch (below(3)) {
        case 0:
          *place = absl::StrCat("w", below(50));
          break;
        case 1:
          if (b.size() > 4) b.erase(place);
          break;
        default:
          b.insert(place, absl::StrCat("w", below(50)));
      }
    }
    const double longer = static_cast<double>(std::max(a.size(), b.size()));
    const double difference = static_cast<double>(SlowDistance(a, b)) / longer;
    SourceGroupOptions options;
    options.most_difference = 0.05 * static_cast<double>(1 + below(6));
    // Not where rounding decides.
    if (std::abs(difference - options.most_difference) < 1e-9) continue;
    const bool expected = difference < options.most_difference;
    SCOPED_TRACE(absl::StrCat(absl::StrJoin(a, " "), " / ",
                              absl::StrJoin(b, " "), " at ",
                              options.most_difference));
    const std::vector<SourceGroup> groups =
        Find({{absl::StrJoin(a, " "), "甲乙丙丁"},
              {absl::StrJoin(b, " "), "子丑寅卯"}},
             options);
    EXPECT_EQ(groups.size(), expected ? 1u : 0u);
    near += expected ? 1 : 0;
  }
  EXPECT_GT(near, 500);
}

TEST(SourceGroupsTest, EndsWhenNobodyWaits) {
  SourceGroupOptions options;
  options.cancelled = [] { return true; };
  const std::vector<NamedPair> pairs = {{"It never rains here.", "不下雨。"}};
  EXPECT_THAT(FindInconsistentSources(pairs, options),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("sources")));
}

}  // namespace
}  // namespace duilian::aligner
