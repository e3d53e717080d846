#include "storage/vector_lists.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <latch>
#include <random>
#include <set>
#include <thread>
#include <utility>

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

std::vector<std::pair<SlotId, float>> Told(
    const std::vector<ScoredSlot>& found) {
  std::vector<std::pair<SlotId, float>> told;
  for (const ScoredSlot& one : found) told.emplace_back(one.slot, one.score);
  return told;
}

class VectorListsTest : public testing::Test {
 protected:
  std::vector<ScoredSlot> Search(const VectorLists& lists, const float* query,
                                 size_t wanted, double share = 1) const {
    return lists.Search({.query = query,
                         .wanted = wanted,
                         .share = share,
                         .accept = any_,
                         .cancelled = kNever},
                        none_);
  }

  const std::function<bool(SlotId)> any_ = Any;
  mutable IdleThreads none_{0};
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
  const std::vector<ScoredSlot> found = lists->Search({.query = vectors.data(),
                                                       .wanted = 10,
                                                       .share = 0.1,
                                                       .accept = few,
                                                       .cancelled = kNever},
                                                      none_);
  EXPECT_EQ(Slots(found), (std::set<SlotId>{7, 507, 1007, 1507}));
}

// The finer codes order what the first look finds.
TEST_F(VectorListsTest, ALongerFirstLookFindsMore) {
  const std::vector<float> vectors = Directions(3000, 3000, 8);
  const std::unique_ptr<VectorLists> lists = ListsOf(vectors, 16);
  const std::vector<float> queries = Directions(200, 40, 9);
  size_t narrow = 0, wide = 0;
  for (size_t q = 0; q < 200; ++q) {
    const float* query = queries.data() + q * kDimension;
    const SlotId nearest = Nearest(vectors, query);
    const auto first = [&](size_t first_look) {
      return lists
          ->Search({.query = query,
                    .share = 1,
                    .first_look = first_look,
                    .accept = any_,
                    .cancelled = kNever},
                   none_)
          .front()
          .slot;
    };
    narrow += first(1) == nearest;
    wide += first(300) == nearest;
  }
  EXPECT_GE(wide, 110u);  // of 200
  EXPECT_LE(narrow, 80u);
}

TEST_F(VectorListsTest, IdleThreadsChangeNothing) {
  IdleThreads one(1);
  const std::vector<float> vectors = Directions(3000, 40, 10);
  const std::unique_ptr<VectorLists> lists = ListsOf(vectors, 32);
  for (size_t q = 0; q < 100; ++q) {
    // Nobody goes on before both are there.
    std::latch there(2);
    const std::thread::id caller = std::this_thread::get_id();
    std::atomic<bool> caller_came = false, other_came = false;
    const std::function<bool(SlotId)> meeting = [&](SlotId) {
      const bool is_caller = std::this_thread::get_id() == caller;
      if (!(is_caller ? caller_came : other_came).exchange(true)) {
        there.arrive_and_wait();
      }
      return true;
    };
    const float* query = vectors.data() + q * kDimension;
    const auto search = [&](const std::function<bool(SlotId)>& accept,
                            IdleThreads& threads) {
      return Told(lists->Search({.query = query,
                                 .wanted = 30,
                                 .share = 0.6,
                                 .first_look = 40,
                                 .accept = accept,
                                 .cancelled = kNever,
                                 .vectors_a_thread = 1},
                                threads));
    };
    ASSERT_EQ(search(meeting, one), search(any_, none_));
  }
}

TEST_F(VectorListsTest, SameSampleGivesTheSameCodesWithThreads) {
  const std::vector<float> vectors = Directions(500, 10, 5);
  const VectorLists::Coded once =
      VectorLists::Train(vectors, kDimension, 16).value()->Encode(vectors);
  const VectorLists::Coded again =
      VectorLists::Train(vectors, kDimension, 16, 3).value()->Encode(vectors);
  EXPECT_EQ(once.lists, again.lists);
  EXPECT_EQ(once.codes, again.codes);
  EXPECT_EQ(once.finer, again.finer);
}

TEST_F(VectorListsTest, CompactedOnesFindWhatWasKeptAsBefore) {
  const std::vector<float> vectors = Directions(3000, 40, 5);
  const std::unique_ptr<VectorLists> lists = ListsOf(vectors, 16);
  std::vector<SlotId> kept, renumbered;
  for (SlotId slot = 0; slot < 3000; ++slot) {
    const bool keep = slot % 3 == 0 || slot % 7 == 0;
    renumbered.push_back(keep ? static_cast<SlotId>(kept.size()) : kNoSlot);
    if (keep) kept.push_back(slot);
  }
  const std::unique_ptr<VectorLists> compacted = lists->Compacted(renumbered);
  EXPECT_EQ(compacted->size(), kept.size());
  EXPECT_LT(compacted->Memory(), lists->Memory() * 2 / 3);
  const std::function<bool(SlotId)> was_kept = [&](SlotId slot) {
    return renumbered[slot] != kNoSlot;
  };
  const std::vector<float> queries = Directions(50, 40, 6);
  for (size_t q = 0; q < 50; ++q) {
    const float* const query = queries.data() + q * kDimension;
    const auto expected = Told(lists->Search({.query = query,
                                              .wanted = 20,
                                              .share = 1,
                                              .accept = was_kept,
                                              .cancelled = kNever},
                                             none_));
    std::vector<ScoredSlot> found = Search(*compacted, query, 20);
    for (ScoredSlot& one : found) one.slot = kept[one.slot];
    ASSERT_THAT(expected, SizeIs(20));
    EXPECT_EQ(Told(found), expected);
  }
}

TEST_F(VectorListsTest, CancelledSearchFindsNothing) {
  const std::vector<float> vectors = Directions(500, 10, 4);
  const std::unique_ptr<VectorLists> lists = ListsOf(vectors, 16);
  const std::function<bool()> cancelled = [] { return true; };
  EXPECT_THAT(lists->Search({.query = vectors.data(),
                             .wanted = 5,
                             .share = 1,
                             .accept = any_,
                             .cancelled = cancelled},
                            none_),
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
  EXPECT_EQ(once.finer, again.finer);
}

TEST_F(VectorListsTest, TakeLittleMoreThanTheirCodes) {
  constexpr size_t kRows = 20'000;
  const auto lists = ListsOf(Directions(kRows, 10, 6), 8);
  constexpr size_t kBooksAndCentres = 10'500;
  constexpr size_t kCodes =
      kRows * (kDimension / 8 + kDimension / 4 + sizeof(SlotId));
  EXPECT_LT(lists->Memory(), kBooksAndCentres + kCodes + kCodes / 30);
}

TEST_F(VectorListsTest, RefusesWhatCannotBeTrainedOn) {
  const std::vector<float> vectors = Directions(20, 10, 6);
  EXPECT_THAT(VectorLists::Train(vectors, kDimension, 21),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("20 vectors given for 21 lists")));
  EXPECT_THAT(VectorLists::Train(vectors, 30, 2),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("dimension: 30 given, multiples of 8")));
}

}  // namespace
}  // namespace duilian::storage
