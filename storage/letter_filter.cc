// The letters that a text has beyond the query's, class by class with
// repetitions, came by insertions and substitutions, one each. A text that is
// shorter than the query by k lost at least k letters by deletions, which
// bring none. So at a distance of at most d, at most d - k letters are extra
// (d when the text is not shorter): a lower bound, never a guess. A count of
// 255 may stand for more; that makes differences smaller, never larger.

#include "storage/letter_filter.h"

#include <cstring>

#include "storage/processor_clones.h"

namespace duilian::storage {
namespace {

constexpr size_t kBlock = TextsOfLength::kBlock;
static_assert(kBlock == 64, "one bit a row");

using Rows __attribute__((vector_size(kBlock))) = uint8_t;

}  // namespace

std::optional<size_t> MostExtraLetters(size_t query_length, size_t text_length,
                                       size_t cutoff) {
  if (text_length >= query_length) {
    if (text_length - query_length > cutoff) return std::nullopt;
    return cutoff;
  }
  const size_t deleted = query_length - text_length;
  if (deleted > cutoff) return std::nullopt;
  return cutoff - deleted;
}

DUILIAN_PROCESSOR_CLONES
uint64_t RowsWithFewExtraLetters(const uint8_t* block_counts,
                                 const LetterCounts& query, size_t most) {
  if (most > 254) return ~uint64_t{0};
  Rows extra = {};
  for (size_t k = 0; k < kLetterClasses; ++k) {
    Rows counts;
    std::memcpy(&counts, block_counts + k * kBlock, kBlock);
    const Rows wanted = Rows{} + query[k];
    const Rows more = counts > wanted ? counts - wanted : Rows{};
    const Rows room = ~extra;  // up to 255
    extra += more < room ? more : room;
  }
  uint8_t of_row[kBlock];
  std::memcpy(of_row, &extra, kBlock);
  uint64_t few = 0;
  for (size_t r = 0; r < kBlock; ++r) {
    few |= uint64_t{of_row[r] <= most ? 1u : 0u} << r;
  }
  return few;
}

}  // namespace duilian::storage
