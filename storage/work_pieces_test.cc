#include "storage/work_pieces.h"

#include <set>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::storage {
namespace {

using testing::Each;

TEST(WorkPiecesTest, PiecesCoverAllOnceAndNoneIsEmpty) {
  for (size_t count = 0; count <= 12; ++count) {
    for (size_t threads = 0; threads <= 5; ++threads) {
      SCOPED_TRACE(testing::Message() << count << " on " << threads);
      absl::Mutex mutex;
      std::vector<int> done(count);
      std::set<size_t> numbers;
      InPieces(count, threads, [&](const WorkPiece& piece) {
        absl::MutexLock lock(&mutex);
        EXPECT_LT(piece.begin, piece.end);
        numbers.insert(piece.number);
        for (size_t i = piece.begin; i < piece.end; ++i) ++done[i];
      });
      EXPECT_THAT(done, Each(1));
      EXPECT_LE(numbers.size(), threads + 1);
      std::set<size_t> in_a_row;
      while (in_a_row.size() < numbers.size()) in_a_row.insert(in_a_row.size());
      EXPECT_EQ(numbers, in_a_row);
    }
  }
}

TEST(WorkPiecesTest, TheCallerDoesTheFirstAndOthersTheRest) {
  std::vector<std::thread::id> ids(3);
  InPieces(3, 2, [&](const WorkPiece& piece) {
    ids[piece.number] = std::this_thread::get_id();
  });
  EXPECT_EQ(ids[0], std::this_thread::get_id());
  EXPECT_NE(ids[1], ids[0]);
  EXPECT_NE(ids[2], ids[0]);
}

}  // namespace
}  // namespace duilian::storage
