// Two lower bounds of the distance d between a query q and a text u.
//
// Letters. The letters that u has beyond q's, class by class with repetitions,
// are extra(u, q): each came by an insertion or a substitution of its own, so
// d >= extra(u, q). As d is symmetric and the letters that are not extra are as
// many on both sides, d >= extra(q, u) = extra(u, q) + |q| - |u|, too.
//
// Halves. Cut u anywhere into u1 u2, and q anywhere into q1 q2. A best
// alignment carries u1 to some beginning p1 of q and u2 to the rest p2, so d =
// d(u1, p1) + d(u2, p2).
//   If p1 is at least as long as q1, then extra(p1, u1) >= extra(q1, u1), as
//   more letters can only leave more without a partner, and extra(u2, p2) >=
//   extra(u2, q2), as p2 has only letters of q2. So
//     d >= extra(q1, u1) + extra(u2, q2).
//   If it is shorter, the same with the sides exchanged:
//     d >= extra(u1, q1) + extra(q2, u2).
// With extra(q1, u1) = extra(u1, q1) + |q1| - |u1|, and so for the other
// halves,
//   d >= extra(u1, q1) + extra(u2, q2) + min(|q1| - |u1|, |q2| - |u2|).
// u is cut in its middle, and q so that the two differences are as one.
//
// Counts that stop at some number make fewer letters extra, never more.

#include "storage/letter_filter.h"

#include <algorithm>
#include <cstring>

#include "storage/length_table.h"
#include "storage/processor_clones.h"

namespace duilian::storage {
namespace {

constexpr size_t kBlock = TextsOfLength::kBlock;
static_assert(kBlock == 64, "one bit a row");
static_assert(TextsOfLength::kMostCounted == 15, "four bits");
constexpr size_t kMostCounted = 255;

using Rows __attribute__((vector_size(kBlock))) = uint8_t;

// Inlined, so that each is compiled for the processor of its caller. Vectors go
// by reference: by value they pass differently from processor to processor.
#define DUILIAN_INLINE [[gnu::always_inline]] inline

// Adds what `counts` has beyond `wanted`.
template <bool kLong>
DUILIAN_INLINE void AddExtra(const Rows& counts, uint8_t wanted, Rows& extra) {
  const Rows few = Rows{} + wanted;
  const Rows more = (counts > few ? counts : few) - few;
  if constexpr (kLong) {
    const Rows room = ~extra;
    extra += more < room ? more : room;
  } else {
    extra += more;
  }
}

template <bool kLong, typename Counts>
DUILIAN_INLINE uint64_t RowsOf(const uint8_t* block_counts,
                               const Counts& query) {
  Rows in_all = {}, in_halves = {};
  for (size_t k = 0; k < kLetterClasses; ++k) {
    Rows counts;
    std::memcpy(&counts, block_counts + k * kBlock, kBlock);
    const Rows first = counts & 15, second = counts >> 4;
    AddExtra<kLong>(first + second, query.all[k], in_all);
    AddExtra<kLong>(first, query.first[k], in_halves);
    AddExtra<kLong>(second, query.second[k], in_halves);
  }
  Rows beyond = {};
  AddExtra<true>(in_all, query.most_in_all, beyond);
  AddExtra<true>(in_halves, query.most_in_halves, beyond);
  uint8_t of_row[kBlock];
  std::memcpy(of_row, &beyond, kBlock);
  uint64_t rows = 0;
  for (size_t r = 0; r < kBlock; ++r) {
    rows |= uint64_t{of_row[r] == 0 ? 1u : 0u} << r;
  }
  return rows;
}

#undef DUILIAN_INLINE

}  // namespace

LetterFilter::LetterFilter(absl::Span<const LetterClass> query,
                           size_t text_length, size_t cutoff) {
  const auto length = static_cast<std::ptrdiff_t>(query.size());
  const auto texts = static_cast<std::ptrdiff_t>(text_length);
  const auto most = static_cast<std::ptrdiff_t>(cutoff);
  const std::ptrdiff_t longer = length - texts;
  possible_ = std::max(longer, -longer) <= most;
  if (!possible_) return;
  const std::ptrdiff_t half = texts / 2;
  const std::ptrdiff_t cut =
      std::clamp<std::ptrdiff_t>(half + longer / 2, 0, length);
  const std::ptrdiff_t least =
      std::min(cut - half, (length - cut) - (texts - half));
  const std::ptrdiff_t most_in_halves = most - least;
  if (most_in_halves < 0) {
    possible_ = false;
    return;
  }
  counts_.all = CountLetters(query);
  counts_.first = CountLetters(query.first(static_cast<size_t>(cut)));
  counts_.second = CountLetters(query.subspan(static_cast<size_t>(cut)));
  const auto in_byte = [](std::ptrdiff_t number) {
    return static_cast<uint8_t>(std::min<std::ptrdiff_t>(number, kMostCounted));
  };
  counts_.most_in_all = in_byte(most - std::max<std::ptrdiff_t>(longer, 0));
  counts_.most_in_halves = in_byte(most_in_halves);
  long_texts_ = text_length > kMostCounted;
}

DUILIAN_PROCESSOR_CLONES
uint64_t LetterFilter::RowsOfLong(const uint8_t* block_counts,
                                  const Counts& query) {
  return RowsOf<true>(block_counts, query);
}

DUILIAN_PROCESSOR_CLONES
uint64_t LetterFilter::RowsOfShort(const uint8_t* block_counts,
                                   const Counts& query) {
  return RowsOf<false>(block_counts, query);
}

uint64_t LetterFilter::Rows(const uint8_t* block_counts) const {
  return long_texts_ ? RowsOfLong(block_counts, counts_)
                     : RowsOfShort(block_counts, counts_);
}

}  // namespace duilian::storage
