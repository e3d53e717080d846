#include "storage/vector_lists.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/dot_products.h"
#include "storage/sample_units.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;

constexpr size_t kDimension = 64;
const std::function<bool()> kNever;

bool Any(SlotId) { return true; }

// Directions around `groups` middles, of length 1; row-major.
std::vector<float> Directions(size_t rows, size_t groups, uint32_t seed) {
  Random random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> middles(groups * kDimension);
  for (float& value : middles) value = normal(random);
  std::vector<float> vectors(rows * kDimension);
  for (size_t r = 0; r < rows; ++r) {
    const float* middle = middles.data() + Below(groups, random) * kDimension;
    float* row = vectors.data() + r * kDimension;
    float square = 0;
    for (size_t d = 0; d < kDimension; ++d) {
      row[d] = middle[d] + normal(random);
      square += row[d] * row[d];
    }
    for (size_t d = 0; d < kDimension; ++d) row[d] /= std::sqrt(square);
  }
  return vectors;
}

std::unique_ptr<VectorLists> ListsOf(const std::vector<float>& vectors,
                                     size_t lists) {
  std::unique_ptr<VectorLists> made =
      VectorLists::Train(vectors, kDimension, lists).value();
  const VectorLists::Coded coded = made->Encode(vectors);
  for (size_t r = 0; r < vectors.size() / kDimension; ++r) {
    made->Add(coded, r, static_cast<SlotId>(r));
  }
  return made;
}

SlotId Nearest(const std::vector<float>& vectors, const float* query) {
  std::vector<float> products(vectors.size() / kDimension);
  DotProducts(query, vectors.data(), products.size(), kDimension,
              products.data());
  return static_cast<SlotId>(
      std::max_element(products.begin(), products.end()) - products.begin());
}

std::set<SlotId> Slots(const std::vector<ScoredSlot>& found) {
  std::set<SlotId> slots;
  for (const ScoredSlot& one : found) slots.insert(one.slot);
  return slots;
}

class VectorListsTest : public testing::Test {
 protected:
  std::vector<ScoredSlot> Search(const VectorLists& lists, const float* query,
                                 size_t wanted, double share = 1) const {
    return lists.Search({query, wanted, share, any_, kNever});
  }

  const std::function<bool(SlotId)> any_ = Any;
};

TEST_F(VectorListsTest, NearestOfAllIsAmongTheFirstFew) {
  const std::vector<float> vectors = Directions(3000, 40, 1);
  const std::unique_ptr<VectorLists> lists = ListsOf(vectors, 16);
  const std::vector<float> queries = Directions(200, 40, 1);
  size_t found = 0;
  for (size_t q = 0; q < 200; ++q) {
    const float* query = queries.data() + q * kDimension;
    const SlotId nearest = Nearest(vectors, query);
    found += Slots(Search(*lists, query, 10)).count(nearest);
  }
  EXPECT_GE(found, 196u);  // of 200
}

TEST_F(VectorListsTest, ScoresAreAboutTheProductsAndFall) {
  const std::vector<float> vectors = Directions(2000, 30, 2);
  const std::unique_ptr<VectorLists> lists = ListsOf(vectors, 16);
  const float* query = vectors.data();
  const std::vector<ScoredSlot> found = Search(*lists, query, 50);
  ASSERT_THAT(found, SizeIs(50));
  EXPECT_EQ(found[0].slot, 0u);
  for (size_t i = 0; i < found.size(); ++i) {
    float product = 0;
    DotProducts(query, vectors.data() + found[i].slot * kDimension, 1,
                kDimension, &product);
    EXPECT_NEAR(found[i].score, product, 0.12) << found[i].slot;
    EXPECT_LE(found[i].score, found[i > 0 ? i - 1 : 0].score);
  }
}

TEST_F(VectorListsTest, OnlyAcceptedSlotsAreFoundHoweverFar) {
  const std::vector<float> vectors = Directions(2000, 30, 3);
  const std::unique_ptr<VectorLists> lists = ListsOf(vectors, 32);
  const std::function<bool(SlotId)> few = [](SlotId slot) {
    return slot % 500 == 7;
  };
  // Four of 2,000: all lists are read for them, whatever the share.
  const std::vector<ScoredSlot> found =
      lists->Search({vectors.data(), 10, 0.1, few, kNever});
  EXPECT_EQ(Slots(found), (std::set<SlotId>{7, 507, 1007, 1507}));
}

TEST_F(VectorListsTest, CancelledSearchFindsNothing) {
  const std::vector<float> vectors = Directions(500, 10, 4);
  const std::unique_ptr<VectorLists> lists = ListsOf(vectors, 16);
  const std::function<bool()> cancelled = [] { return true; };
  EXPECT_THAT(lists->Search({vectors.data(), 5, 1, any_, cancelled}),
              IsEmpty());
}

TEST_F(VectorListsTest, SameSampleGivesTheSameCodes) {
  const std::vector<float> vectors = Directions(500, 10, 5);
  const VectorLists::Coded once =
      VectorLists::Train(vectors, kDimension, 16).value()->Encode(vectors);
  const VectorLists::Coded again =
      VectorLists::Train(vectors, kDimension, 16).value()->Encode(vectors);
  EXPECT_EQ(once.lists, again.lists);
  EXPECT_EQ(once.codes, again.codes);
}

TEST_F(VectorListsTest, RefusesWhatCannotBeTrainedOn) {
  const std::vector<float> vectors = Directions(20, 10, 6);
  EXPECT_THAT(VectorLists::Train(vectors, kDimension, 21),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("20 vectors given for 21 lists")));
  EXPECT_THAT(VectorLists::Train(vectors, 30, 2),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("dimension: 30 given, multiples of 4")));
}

}  // namespace
}  // namespace duilian::storage
