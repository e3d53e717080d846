// Two lower bounds of the distance d between a query q and a text u.
//
// Letters. The letters that q has beyond u's, class by class with repetitions,
// are missing(q, u): each went by a deletion or a substitution of its own, so
// d >= missing(q, u). As d is symmetric and the letters that are not missing
// are as many on both sides, d >= missing(u, q) = missing(q, u) + |u| - |q|,
// too.
//
// Halves. Cut u anywhere into u1 u2, and q anywhere into q1 q2. A best
// alignment carries u1 to some beginning p1 of q and u2 to the rest p2, so d =
// d(u1, p1) + d(u2, p2).
//   If p1 is at least as long as q1, then missing(p1, u1) >= missing(q1, u1),
//   as more letters can only leave more without a partner, and missing(u2, p2)
//   >= missing(u2, q2), as p2 has only letters of q2. So
//     d >= missing(q1, u1) + missing(u2, q2).
//   If it is shorter, the same with the sides exchanged:
//     d >= missing(u1, q1) + missing(q2, u2).
// With missing(u1, q1) = missing(q1, u1) + |u1| - |q1|, and so for the other
// halves,
//   d >= missing(q1, u1) + missing(q2, u2) + min(|u1| - |q1|, |u2| - |q2|).
// u is cut in its middle, and q so that the two differences are as one.
//
// Only classes of q's letters can be missing, so the others are not read.
//
// u's counts stop at some number. Where one has stopped, of a letter that q has
// more often than that, nothing is said to be missing.
//
// Equal texts, d = 0, have equal counts, in each half. Then a line of counts
// with which no row agrees is a block's last: few of the lines are read.

#include "storage/letter_filter.h"

#include <algorithm>
#include <cstring>

#include "storage/processor_clones.h"

namespace duilian::storage {
namespace {

constexpr size_t kBlock = TextsOfLength::kBlock;
static_assert(kBlock == 64, "one bit a row");
constexpr size_t kMostMissing = 255;

// The processor does not guess which lines of the next blocks are read: they
// are asked for.
constexpr size_t kBlocksAhead = 2;

// Of equal texts: the blocks are read sooner, and the rows looked at after each
// few lines.
constexpr size_t kBlocksAheadOfEqual = 6;
constexpr size_t kLinesPerLook = 3;

using Rows __attribute__((vector_size(kBlock))) = uint8_t;

// Inlined, so that each is compiled for the processor of its caller. Vectors go
// by reference: by value they pass differently from processor to processor.
#define DUILIAN_INLINE [[gnu::always_inline]] inline

// Adds what `wanted` has beyond `counts`, but for the rows of `unknown`.
template <bool kLong>
DUILIAN_INLINE void AddMissing(uint8_t wanted, const Rows& counts,
                               const Rows& unknown, Rows& missing) {
  const Rows many = Rows{} + wanted;
  const Rows more = ((counts > many ? counts : many) - counts) & ~unknown;
  if constexpr (kLong) {
    const Rows room = ~missing;
    missing += more < room ? more : room;
  } else {
    missing += more;
  }
}

// Moves each byte's bits down, and those of the next byte in behind them.
DUILIAN_INLINE void MoveDown(unsigned bits, Rows& bytes) {
  using Words __attribute__((vector_size(kBlock))) = uint64_t;
  bytes = reinterpret_cast<Rows>(reinterpret_cast<Words>(bytes) >> bits);
}

// Every bit of the rows whose count has stopped. Without a comparison, which
// GCC 12 takes apart.
DUILIAN_INLINE void Stopped(const Rows& counts, uint8_t most, Rows& stopped) {
  const Rows below = Rows{} + static_cast<uint8_t>(most - 1);
  stopped = below - (counts > below ? counts : below);
}

// Bit r: byte r is 0.
DUILIAN_INLINE uint64_t ZeroRows(const Rows& bytes) {
  // A byte of 1 or 0 for each row, then eight of them into eight bits: the
  // product moves the byte of row r to the bit 56 + r.
  const Rows one = Rows{} + 1;
  const Rows zero = one - (bytes < one ? bytes : one);
  uint64_t of_rows[kBlock / 8];
  std::memcpy(of_rows, &zero, kBlock);
  uint64_t rows = 0;
  for (size_t i = 0; i < kBlock / 8; ++i) {
    rows |= of_rows[i] * 0x0102040810204080 >> 56 << (8 * i);
  }
  return rows;
}

template <unsigned kBits, bool kLong, typename Counts>
DUILIAN_INLINE uint64_t RowsOf(const uint8_t* block_counts,
                               const Counts& query) {
  constexpr uint8_t kMost = TextsOfLength::MostCounted(kBits);
  constexpr size_t kBytes = TextsOfLength::CountLines(kBits) * kBlock;
  Rows in_all = {}, in_halves = {};
  for (size_t i = 0; i < query.classes; ++i) {
    const auto& wanted = query.wanted[i];
    const uint8_t* const line = block_counts + wanted.place.line * kBlock;
    Rows counts;
    std::memcpy(&counts, line, kBlock);
    __builtin_prefetch(line + kBlocksAhead * kBytes);
    if constexpr (kBits < 4) MoveDown(wanted.place.shift, counts);
    const Rows first = counts & kMost, second = counts >> kBits & kMost;
    Rows unknown_in_first = {}, unknown_in_second = {};
    if (wanted.all > kMost) {
      Stopped(first, kMost, unknown_in_first);
      Stopped(second, kMost, unknown_in_second);
    }
    AddMissing<kLong>(wanted.all, first + second,
                      unknown_in_first | unknown_in_second, in_all);
    AddMissing<kLong>(wanted.first, first, unknown_in_first, in_halves);
    AddMissing<kLong>(wanted.second, second, unknown_in_second, in_halves);
  }
  const Rows most_in_all = Rows{} + query.most_in_all;
  const Rows most_in_halves = Rows{} + query.most_in_halves;
  const Rows beyond =
      ((in_all > most_in_all ? in_all : most_in_all) - most_in_all) |
      ((in_halves > most_in_halves ? in_halves : most_in_halves) -
       most_in_halves);
  return ZeroRows(beyond);
}

template <typename Expected>
DUILIAN_INLINE uint64_t RowsThatEqual(const uint8_t* block_counts,
                                      const Expected& expected) {
  Rows differ = {};
  for (size_t i = 0; i < expected.lines; ++i) {
    const uint8_t* const line = block_counts + expected.wanted[i].line * kBlock;
    __builtin_prefetch(line + kBlocksAheadOfEqual * expected.bytes_a_block);
    Rows counts;
    std::memcpy(&counts, line, kBlock);
    differ |= counts ^ (Rows{} + expected.wanted[i].counts);
    if (i % kLinesPerLook + 1 == kLinesPerLook && ZeroRows(differ) == 0) {
      return 0;
    }
  }
  return ZeroRows(differ);
}

#undef DUILIAN_INLINE

}  // namespace

LetterFilter::LetterFilter(absl::Span<const LetterClass> query,
                           const TextsOfLength& texts, size_t cutoff) {
  const auto length = static_cast<std::ptrdiff_t>(query.size());
  const auto of_texts = static_cast<std::ptrdiff_t>(texts.length());
  const auto most = static_cast<std::ptrdiff_t>(cutoff);
  const std::ptrdiff_t longer = length - of_texts;
  possible_ = std::max(longer, -longer) <= most;
  if (!possible_) return;
  const std::ptrdiff_t half = of_texts / 2;
  const std::ptrdiff_t cut =
      std::clamp<std::ptrdiff_t>(half + longer / 2, 0, length);
  const std::ptrdiff_t least =
      std::min(half - cut, (of_texts - half) - (length - cut));
  const std::ptrdiff_t most_in_halves = most - least;
  if (most_in_halves < 0) {
    possible_ = false;
    return;
  }
  counts_.bits = texts.count_bits();
  CountQuery(query, static_cast<size_t>(cut));
  if (cutoff == 0) {
    ExpectEqual();
    return;
  }
  const auto in_byte = [](std::ptrdiff_t number) {
    return static_cast<uint8_t>(std::min<std::ptrdiff_t>(number, kMostMissing));
  };
  counts_.most_in_all = in_byte(most - std::max<std::ptrdiff_t>(-longer, 0));
  counts_.most_in_halves = in_byte(most_in_halves);
  long_query_ = query.size() > kMostMissing;
}

void LetterFilter::CountQuery(absl::Span<const LetterClass> query, size_t cut) {
  const LetterCounts all = CountLetters(query);
  const LetterCounts first = CountLetters(query.first(cut));
  const LetterCounts second = CountLetters(query.subspan(cut));
  for (size_t k = 0; k < kLetterClasses; ++k) {
    if (all[k] == 0) continue;
    counts_.wanted[counts_.classes++] = {
        TextsOfLength::Place(static_cast<LetterClass>(k), counts_.bits), all[k],
        first[k], second[k]};
  }
}

void LetterFilter::ExpectEqual() {
  const uint8_t most = TextsOfLength::MostCounted(counts_.bits);
  expected_.bytes_a_block = TextsOfLength::CountLines(counts_.bits) * kBlock;
  std::array<uint8_t, kLetterClasses> lines = {};  // by line
  for (size_t i = 0; i < counts_.classes; ++i) {
    const Wanted& wanted = counts_.wanted[i];
    const unsigned both = std::min(wanted.first, most) |
                          std::min(wanted.second, most) << counts_.bits;
    lines[wanted.place.line] |=
        static_cast<uint8_t>(both << wanted.place.shift);
  }
  for (size_t line = 0; line < lines.size(); ++line) {
    if (lines[line] == 0) continue;
    expected_.wanted[expected_.lines++] = {line, lines[line]};
  }
}

DUILIAN_PROCESSOR_CLONES
uint64_t LetterFilter::RowsAsExpected(const uint8_t* block_counts,
                                      const Expected& expected) {
  return RowsThatEqual(block_counts, expected);
}

DUILIAN_PROCESSOR_CLONES
uint64_t LetterFilter::RowsForLong(const uint8_t* block_counts,
                                   const Counts& query) {
  return query.bits == 2 ? RowsOf<2, true>(block_counts, query)
                         : RowsOf<4, true>(block_counts, query);
}

DUILIAN_PROCESSOR_CLONES
uint64_t LetterFilter::RowsForShort(const uint8_t* block_counts,
                                    const Counts& query) {
  return query.bits == 2 ? RowsOf<2, false>(block_counts, query)
                         : RowsOf<4, false>(block_counts, query);
}

uint64_t LetterFilter::Rows(const uint8_t* block_counts) const {
  if (expected_.lines > 0) return RowsAsExpected(block_counts, expected_);
  return long_query_ ? RowsForLong(block_counts, counts_)
                     : RowsForShort(block_counts, counts_);
}

}  // namespace duilian::storage
