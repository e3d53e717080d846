#include "aligner/source_groups.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "aligner/name_renderings.h"
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
using testing::UnorderedElementsAreArray;

std::vector<PairTexts> TextsOf(const std::vector<NamedPair>& pairs) {
  std::vector<PairTexts> texts;
  for (const NamedPair& pair : pairs) {
    texts.push_back({pair.english, pair.chinese});
  }
  return texts;
}

// With a few sources each is compared with all that may be near it.
std::vector<SourceGroup> Find(const std::vector<NamedPair>& pairs,
                              const SourceGroupOptions& options = {}) {
  absl::StatusOr<InconsistentSources> found =
      FindInconsistentSources(TextsOf(pairs), options);
  EXPECT_THAT(found, IsOk());
  if (!found.ok()) return {};
  EXPECT_EQ(found->partly_compared, 0u);
  return std::move(found->groups);
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

// The pairs of each group of sources with several pairs, by comparing each
// source with each leader before it.
std::vector<std::vector<size_t>> GroupsByComparingAll(
    const std::vector<NamedPair>& pairs, double most_difference) {
  std::vector<std::vector<size_t>> sources;  // their pairs
  for (size_t p = 0; p < pairs.size(); ++p) {
    size_t s = 0;
    while (s < sources.size() &&
           pairs[sources[s][0]].english != pairs[p].english) {
      ++s;
    }
    if (s == sources.size()) sources.emplace_back();
    sources[s].push_back(p);
  }
  std::stable_sort(
      sources.begin(), sources.end(),
      [](const auto& a, const auto& b) { return a.size() > b.size(); });
  const auto words_of = [&](size_t s) -> std::vector<std::string> {
    return absl::StrSplit(pairs[sources[s][0]].english, ' ');
  };
  std::vector<std::vector<size_t>> groups(sources.size());
  for (size_t s = 0; s < sources.size(); ++s) {
    size_t leader = s;
    double least = 2;
    for (size_t l = 0; l < s; ++l) {
      if (groups[l].empty()) continue;
      const double difference =
          static_cast<double>(SlowDistance(words_of(l), words_of(s))) /
          static_cast<double>(std::max(words_of(l).size(), words_of(s).size()));
      if (difference > most_difference || difference >= least) continue;
      least = difference;
      leader = l;
    }
    groups[leader].insert(groups[leader].end(), sources[s].begin(),
                          sources[s].end());
  }
  std::erase_if(groups, [](const auto& group) { return group.size() < 2; });
  for (auto& group : groups) std::sort(group.begin(), group.end());
  return groups;
}

TEST(SourceGroupsTest, FindsWhatComparingAllFinds) {
  std::mt19937 random(12);
  const auto below = [&](size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random);
  };
  size_t found = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<NamedPair> pairs;
    for (size_t p = 0; p < 80; ++p) {
      std::vector<std::string> words;
      if (p > 0 && below(3) > 0) {
        words = absl::StrSplit(pairs[below(p)].english, ' ');
        words[below(words.size())] = absl::StrCat("w", below(3));
        if (below(3) == 0) words.push_back("w1");
      } else {
        for (size_t w = 4 + below(9); w > 0; --w) {
          words.push_back(absl::StrCat("w", below(30)));
        }
      }
      // No two translations have a word in common.
      pairs.push_back({absl::StrJoin(words, " "), absl::StrCat("t", p)});
    }
    SourceGroupOptions options;
    options.most_difference = 0.17 + 0.1 * static_cast<double>(below(3));
    std::vector<std::vector<size_t>> groups;
    for (const SourceGroup& group : Find(pairs, options)) {
      std::vector<size_t>& all = groups.emplace_back();
      for (const SourceRendering& rendering : group.renderings) {
        all.insert(all.end(), rendering.pairs.begin(), rendering.pairs.end());
      }
      std::sort(all.begin(), all.end());
    }
    found += groups.size();
    EXPECT_THAT(groups, UnorderedElementsAreArray(GroupsByComparingAll(
                            pairs, options.most_difference)));
  }
  EXPECT_GT(found, 200u);
}

// Of many sources with a run of words in common the last one is near.
TEST(SourceGroupsTest, FindsTheNearOneAmongManyThatShareWords) {
  std::vector<NamedPair> pairs;
  const size_t many = kMostNearCandidates * 3 / 2;
  for (size_t i = 0; i < many; ++i) {
    pairs.push_back({absl::StrCat("we went to a", i, " b", i, " c", i, " d", i),
                     absl::StrCat("去", i)});
  }
  pairs.push_back({absl::StrCat("we went to a", many - 1, " b", many - 1, " c",
                                many - 1, " home"),
                   "回家"});
  const std::vector<SourceGroup> groups = Find(pairs);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_THAT(groups[0].sources, ElementsAre(many - 1, many));
}

// Of sources that are all like each other, each is compared with a part.
TEST(SourceGroupsTest, TellsOfSourcesThatWereComparedWithAPart) {
  std::vector<NamedPair> pairs;
  for (size_t i = 0; i < 4 * kMostNearCandidates; ++i) {
    pairs.push_back({absl::StrCat("we went to a", i, " b", i, " c", i, " d", i),
                     absl::StrCat("去", i)});
  }
  const auto found = FindInconsistentSources(TextsOf(pairs), {});
  ASSERT_THAT(found, IsOk());
  EXPECT_THAT(found->groups, IsEmpty());
  EXPECT_GT(found->partly_compared, 0u);
  EXPECT_LE(found->partly_compared, 2 * kMostNearCandidates + 1);
}

TEST(SourceGroupsTest, TellsOfPairsBeyondWhatAGroupHolds) {
  std::vector<NamedPair> pairs;
  for (size_t i = 0; i < kMostGroupTexts + 7; ++i) {
    pairs.push_back({"The boats come home.", absl::StrCat("船回来了", i)});
  }
  const std::vector<SourceGroup> groups = Find(pairs);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].pairs, kMostGroupTexts);
  EXPECT_EQ(groups[0].omitted_pairs, 7u);
}

TEST(SourceGroupsTest, EndsWhenNobodyWaits) {
  std::vector<NamedPair> pairs;
  for (int i = 0; i < 300; ++i) {
    pairs.push_back({absl::StrCat("It never rains in room ", i, "."),
                     absl::StrCat("不下雨", i)});
  }
  int asked = 0, most = 0;
  SourceGroupOptions options;
  options.cancelled = [&] { return asked++ == most; };
  for (; most < 6; ++most) {
    asked = 0;
    EXPECT_THAT(FindInconsistentSources(TextsOf(pairs), options),
                StatusIs(absl::StatusCode::kCancelled, HasSubstr("sources")));
  }
  options.cancelled = nullptr;
  EXPECT_THAT(FindInconsistentSources(TextsOf(pairs), options), IsOk());
}

}  // namespace
}  // namespace duilian::aligner
