#include "storage/edit_trace.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "tests/support/matrix_distance.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using Units = std::vector<char32_t>;
using testing::ElementsAre;
using testing::IsEmpty;
using testing_support::MatrixDistance;

Units Part(const Units& units, text::CodepointSpan span) {
  return {units.begin() + static_cast<std::ptrdiff_t>(span.begin),
          units.begin() + static_cast<std::ptrdiff_t>(span.end)};
}

Units Apply(const std::vector<Edit>& edits, const Units& query,
            const Units& text) {
  Units made;
  size_t kept = 0;
  const auto append = [&](const Units& part) {
    made.insert(made.end(), part.begin(), part.end());
  };
  for (const Edit& edit : edits) {
    append(Part(query, {kept, edit.query.begin}));
    append(Part(text, edit.text));
    kept = edit.query.end;
  }
  append(Part(query, {kept, query.size()}));
  return made;
}

Units RandomUnits(size_t max_size, size_t distinct, Random& random) {
  Units units(Below(max_size + 1, random));
  for (char32_t& unit : units) {
    unit = static_cast<char32_t>(U'一' + Below(distinct, random));
  }
  return units;
}

void ExpectFewestEdits(const Units& query, const Units& text) {
  const std::vector<Edit> edits = TraceEdits(query, text);
  ASSERT_EQ(Apply(edits, query, text), text);
  size_t cost = 0;
  for (size_t i = 0; i < edits.size(); ++i) {
    cost += CostOf(edits[i]);
    ASSERT_GT(CostOf(edits[i]), 0u);
    if (i == 0) continue;
    ASSERT_LT(edits[i - 1].query.end, edits[i].query.begin);
    ASSERT_LT(edits[i - 1].text.end, edits[i].text.begin);
  }
  ASSERT_EQ(cost, MatrixDistance(query, text));
}

TEST(EditTraceTest, ShowsWhatIsInsertedDeletedAndReplaced) {
  const auto trace = [](const char* query, const char* text) {
    return TraceEdits(text::Codepoints(query), text::Codepoints(text));
  };
  EXPECT_THAT(trace("对联", "对联"), IsEmpty());
  EXPECT_THAT(trace("", ""), IsEmpty());
  EXPECT_THAT(trace("GPT-4很好", "GPT-5很好"),
              ElementsAre(Edit{{4, 5}, {4, 5}}));
  EXPECT_THAT(trace("很好", "非常好"), ElementsAre(Edit{{0, 1}, {0, 2}}));
  EXPECT_THAT(trace("我不去", "我去"), ElementsAre(Edit{{1, 2}, {1, 1}}));
  EXPECT_THAT(trace("ab", "xabyz"),
              ElementsAre(Edit{{0, 0}, {0, 1}}, Edit{{2, 2}, {3, 5}}));
  EXPECT_THAT(trace("", "好"), ElementsAre(Edit{{0, 0}, {0, 1}}));
}

TEST(EditTraceTest, EditsMakeTheTextAndAreAsManyAsTheDistance) {
  for (uint32_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const size_t max_size = seed % 8 == 0 ? 300 : 1 + seed % 70;
    const size_t distinct = 1 + seed % 7;
    const Units query = RandomUnits(max_size, distinct, random);
    ExpectFewestEdits(query, RandomUnits(max_size, distinct, random));
    Units edited = query;
    for (size_t edits = Below(5, random); edits > 0; --edits) {
      const auto place = edited.begin() + static_cast<std::ptrdiff_t>(
                                              Below(edited.size() + 1, random));
      if (place == edited.end() || Below(2, random) == 0) {
        edited.insert(place, U'一');
      } else {
        edited.erase(place);
      }
    }
    ExpectFewestEdits(query, edited);
  }
}

TEST(EditTraceTest, WhatIsTooLongIsReplacedAsAWhole) {
  Units query(9000, U'a');
  Units text(9000, U'b');
  text[4000] = U'a';
  query.front() = text.front() = U'始';
  query.back() = text.back() = U'终';
  EXPECT_THAT(TraceEdits(query, text), ElementsAre(Edit{{1, 8999}, {1, 8999}}));
}

TEST(EditTraceTest, TheLongestQueryAndTextAreTraced) {
  Random random(5);
  Units query = RandomUnits(2000, 50, random);
  Units text = RandomUnits(20'000, 50, random);
  query.resize(2000, U'龙');
  text.resize(20'000, U'虫');
  ExpectFewestEdits(query, text);
}

}  // namespace
}  // namespace duilian::storage
