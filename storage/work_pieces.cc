#include "storage/work_pieces.h"

#include <algorithm>
#include <thread>
#include <vector>

namespace duilian::storage {

void InPieces(size_t count, size_t threads,
              absl::FunctionRef<void(const WorkPiece&)> work) {
  if (count == 0) return;
  const size_t size = (count + threads) / (threads + 1);  // rounded up
  const auto piece = [&](size_t number) {
    return WorkPiece{number, number * size,
                     std::min(count, (number + 1) * size)};
  };
  std::vector<std::thread> others;
  for (size_t number = 1; number * size < count; ++number) {
    others.emplace_back([work, one = piece(number)] { work(one); });
  }
  work(piece(0));
  for (std::thread& other : others) other.join();
}

}  // namespace duilian::storage
