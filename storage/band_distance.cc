// The simple version fills a matrix: a row for each letter of the query, a
// column for each letter of the text, in each cell the distance of what lies
// before it. The last cell is the answer.
// 1. A path of at most `cutoff` edits stays near the diagonal that ends in the
//    last cell: one that strays from both that diagonal and the one that
//    begins in the first cell comes back at the same cost. So a band of
//    cutoff + 1 diagonals is enough (Ukkonen 1985). What lies outside only
//    makes paths dearer, so the answer is right up to the cutoff.
// 2. A column of the band is kept as the differences between neighbours, a bit
//    each in a plus and a minus word (Myers 1999). The band moves a row down
//    with each column, so words are shifted the other way (Hyyrö 2003).
// 3. Along a diagonal the distance never falls. That of the last cell's
//    diagonal is counted, and a text is given up once it is above the cutoff.
// 4. Texts of one length have one band, so a batch of them runs side by side,
//    one a lane of a vector. Which of the band's rows hold a letter's class is
//    looked up in a table of 32 words, which is one instruction where
//    processors permute vectors.
// Rows above the first letter begin with the distances that the first column
// would have if it were mirrored there: no path gains by them. Rows below the
// last letter hold no class, and nothing flows up from them.
// Tested by band_distance_test.cc against the matrix.

#include "storage/band_distance.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "storage/processor_clones.h"

namespace duilian::storage {
namespace {

constexpr size_t kBatch = BandPattern::kBatch;
constexpr size_t kVectorBytes = 64;

template <typename Word>
constexpr size_t kLanes = kVectorBytes / sizeof(Word);
template <typename Word>
constexpr size_t kBits = 8 * sizeof(Word);

template <typename Word, size_t kBytes = kVectorBytes>
struct VectorOf {
  using Type __attribute__((vector_size(kBytes))) = Word;
};
template <typename Word>
using Vector = typename VectorOf<Word>::Type;

// Sixteen letters of one text, or one letter of sixteen texts.
constexpr size_t kSquare = 16;
using Letters = VectorOf<LetterClass, kSquare>::Type;

// Inlined, so that each is compiled for the processor of its caller.
#define DUILIAN_INLINE [[gnu::always_inline]] inline

// Where the band lies. Row r, counted from 1, and column c are on the diagonal
// r - c.
struct Band {
  std::ptrdiff_t top = 0;  // its uppermost diagonal
  size_t last = 0;         // the last cell's diagonal, as a bit
  size_t value = 0;        // the distance where that diagonal begins
  size_t rows = 0;
  size_t cutoff = 0;
};

Band BandOf(size_t query_length, size_t text_length, size_t cutoff) {
  const auto longer = static_cast<std::ptrdiff_t>(query_length) -
                      static_cast<std::ptrdiff_t>(text_length);
  Band band;
  band.value = static_cast<size_t>(std::abs(longer));
  band.cutoff = cutoff;
  const size_t spare = (cutoff - band.value) / 2;
  band.rows = band.value + 2 * spare + 1;
  band.top =
      std::min<std::ptrdiff_t>(longer, 0) - static_cast<std::ptrdiff_t>(spare);
  band.last = static_cast<size_t>(longer - band.top);
  return band;
}

// `columns[i]` becomes letter i, from `from` on, of each of sixteen texts.
DUILIAN_INLINE void Transpose(const LetterClass* const* texts, size_t from,
                              Letters* columns) {
  constexpr Letters kLow = {0, 16, 1, 17, 2, 18, 3, 19,
                            4, 20, 5, 21, 6, 22, 7, 23};
  Letters rows[kSquare];
  for (size_t i = 0; i < kSquare; ++i) {
    std::memcpy(&rows[i], texts[i] + from, kSquare);
  }
  // Four times the first half is shuffled with the second like cards.
  for (size_t round = 0; round < 4; ++round) {
    for (size_t i = 0; i < kSquare / 2; ++i) {
      columns[2 * i] = __builtin_shuffle(rows[i], rows[i + kSquare / 2], kLow);
      columns[2 * i + 1] =
          __builtin_shuffle(rows[i], rows[i + kSquare / 2], kLow + 8);
    }
    std::memcpy(rows, columns, sizeof(rows));
  }
}

// Two groups of texts run through the matrix together, a lane a text: the
// steps of one wait for each other, and those of the other fill the time.
template <typename Word>
constexpr size_t kTexts = 2 * kLanes<Word>;
template <typename Word>
constexpr size_t kSquares = kTexts<Word> / kSquare;

// The letters of one column: those of the first group's texts, and those of
// the second's.
DUILIAN_INLINE void Widen(const Letters (&letters)[2][kSquare], size_t column,
                          Vector<uint32_t>& first, Vector<uint32_t>& second) {
  first = __builtin_convertvector(letters[0][column], Vector<uint32_t>);
  second = __builtin_convertvector(letters[1][column], Vector<uint32_t>);
}
DUILIAN_INLINE void Widen(const Letters (&letters)[1][kSquare], size_t column,
                          Vector<uint64_t>& first, Vector<uint64_t>& second) {
  // By way of 32 bits, for which there are instructions.
  using Half = VectorOf<uint32_t, kVectorBytes / 2>::Type;
  const Vector<uint32_t> both =
      __builtin_convertvector(letters[0][column], Vector<uint32_t>);
  Half halves[2];
  std::memcpy(halves, &both, sizeof(halves));
  first = __builtin_convertvector(halves[0], Vector<uint64_t>);
  second = __builtin_convertvector(halves[1], Vector<uint64_t>);
}

// The rows that hold each lane's class; `table` has kLetterClasses words. Here
// and below vectors go by reference: by value they pass differently from
// processor to processor.
template <typename Word>
DUILIAN_INLINE void FindRows(const Word* table, const Vector<Word>& classes,
                             Vector<Word>& rows) {
  constexpr size_t kTwo = 2 * kLanes<Word>;
  Vector<Word> part[kLetterClasses / kLanes<Word>];
  std::memcpy(part, table, sizeof(part));
  // An index is taken modulo the two vectors' elements.
  const Vector<Word> lower = __builtin_shuffle(part[0], part[1], classes);
  if constexpr (kTwo == kLetterClasses) {
    rows = lower;
  } else {
    const Vector<Word> upper = __builtin_shuffle(part[2], part[3], classes);
    rows = (classes & Word{kTwo}) != 0 ? upper : lower;
  }
}

// The band's part of a column, for each lane: bits from the uppermost row
// down, the lowest bit of the first word first.
template <typename Word, size_t kWords>
struct Column {
  Vector<Word> plus[kWords], minus[kWords];
  Vector<Word> value;  // on the last cell's diagonal
};

template <typename Word, size_t kWords>
DUILIAN_INLINE void Begin(const Band& band, Column<Word, kWords>& column) {
  for (size_t w = 0; w < kWords; ++w) {
    Word plus = 0;
    for (size_t bit = 0; bit < kBits<Word>; ++bit) {
      const auto row =
          band.top + 1 + static_cast<std::ptrdiff_t>(w * kBits<Word> + bit);
      if (row >= 1) plus |= Word{1} << bit;
    }
    column.plus[w] = Vector<Word>{} + plus;
    column.minus[w] = ~column.plus[w];
  }
  column.value = Vector<Word>{} + static_cast<Word>(band.value);
}

// From one column to the next, whose letters have these `classes`. `last` has
// the bit of the last cell's diagonal in each lane.
template <typename Word, size_t kWords>
DUILIAN_INLINE void Step(const Word* windows, const Vector<Word>& classes,
                         const Vector<Word> (&last)[kWords],
                         Column<Word, kWords>& column) {
  constexpr Vector<Word> kNone = {};
  Vector<Word> equal_diagonal[kWords], plus_across[kWords],
      minus_across[kWords];
  Vector<Word> carry = {};
  Vector<Word> same = {};
#pragma GCC unroll 4
  for (size_t w = 0; w < kWords; ++w) {
    Vector<Word> equal;
    FindRows<Word>(windows + w * kLetterClasses, classes, equal);
    const Vector<Word> plus = column.plus[w], minus = column.minus[w];
    Vector<Word> sum = (equal & plus) + plus;
    if constexpr (kWords > 1) {
      const Vector<Word> over = sum < plus ? kNone + 1 : kNone;
      sum += carry;
      carry = over | (sum < carry ? kNone + 1 : kNone);
    }
    equal_diagonal[w] = (sum ^ plus) | equal | minus;
    plus_across[w] = minus | ~(equal_diagonal[w] | plus);
    minus_across[w] = equal_diagonal[w] & plus;
    same |= equal_diagonal[w] & last[w];
  }
  column.value += same == kNone ? kNone + 1 : kNone;
#pragma GCC unroll 4
  for (size_t w = 0; w < kWords; ++w) {
    Vector<Word> below = equal_diagonal[w] >> 1;
    if (w + 1 < kWords) below |= equal_diagonal[w + 1] << (kBits<Word> - 1);
    column.plus[w] = minus_across[w] | ~(below | plus_across[w]);
    column.minus[w] = below & plus_across[w];
  }
}

template <typename Word>
DUILIAN_INLINE bool AllAbove(const Vector<Word>& first,
                             const Vector<Word>& second, size_t cutoff) {
  const Vector<Word> lesser = first < second ? first : second;
  Word least = ~Word{0};
  for (size_t i = 0; i < kLanes<Word>; ++i) {
    least = std::min<Word>(least, lesser[i]);
  }
  return least > cutoff;
}

// Of kTexts<Word> texts.
template <typename Word, size_t kWords>
DUILIAN_INLINE void Run(const Word* windows, const LetterClass* const* texts,
                        size_t length, const Band& band, uint32_t* distances) {
  Column<Word, kWords> first, second;
  Begin(band, first);
  second = first;
  Vector<Word> last[kWords] = {};
  last[band.last / kBits<Word>] += Word{1} << (band.last % kBits<Word>);
  for (size_t from = 0; from < length; from += kSquare) {
    Letters letters[kSquares<Word>][kSquare];
    for (size_t square = 0; square < kSquares<Word>; ++square) {
      Transpose(texts + square * kSquare, from, letters[square]);
    }
    const size_t columns = std::min(kSquare, length - from);
    for (size_t c = 0; c < columns; ++c) {
      if (c == kSquare / 2 &&
          AllAbove<Word>(first.value, second.value, band.cutoff)) {
        break;
      }
      Vector<Word> of_first, of_second;
      Widen(letters, c, of_first, of_second);
      Step<Word, kWords>(windows, of_first, last, first);
      Step<Word, kWords>(windows, of_second, last, second);
      windows += kWords * kLetterClasses;
    }
    if (AllAbove<Word>(first.value, second.value, band.cutoff)) break;
  }
  for (size_t i = 0; i < kLanes<Word>; ++i) {
    distances[i] = static_cast<uint32_t>(first.value[i]);
    distances[kLanes<Word> + i] = static_cast<uint32_t>(second.value[i]);
  }
}

#undef DUILIAN_INLINE

DUILIAN_PROCESSOR_CLONES
void Run32(const uint32_t* windows, const LetterClass* const* texts,
           size_t length, const Band& band, uint32_t* distances) {
  Run<uint32_t, 1>(windows, texts, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run64(const uint64_t* windows, const LetterClass* const* texts,
           size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 1>(windows, texts, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run128(const uint64_t* windows, const LetterClass* const* texts,
            size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 2>(windows, texts, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run192(const uint64_t* windows, const LetterClass* const* texts,
            size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 3>(windows, texts, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run256(const uint64_t* windows, const LetterClass* const* texts,
            size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 4>(windows, texts, length, band, distances);
}

}  // namespace

BandPattern::BandPattern(absl::Span<const LetterClass> letters)
    : letters_(letters.begin(), letters.end()) {}

template <typename Word>
const Word* BandPattern::WindowsAt(std::ptrdiff_t top, size_t words,
                                   Windows<Word>& windows) const {
  const auto rows = static_cast<std::ptrdiff_t>(words * kBits<Word>);
  const size_t place_size = words * kLetterClasses;
  if (windows.words == 0) {
    windows.words = words;
    // Place p has row p - rows + 1 at its top.
    const auto length = static_cast<std::ptrdiff_t>(letters_.size());
    windows.rows.assign(static_cast<size_t>(length + rows) * place_size, 0);
    for (std::ptrdiff_t row = 1; row <= length; ++row) {
      const LetterClass letter = letters_[static_cast<size_t>(row - 1)];
      for (std::ptrdiff_t bit = 0; bit < rows; ++bit) {
        const std::ptrdiff_t place = row - bit + rows - 1;
        if (place < 0 || place >= length + rows) continue;
        const auto word = static_cast<size_t>(bit) / kBits<Word>;
        windows.rows[static_cast<size_t>(place) * place_size +
                     word * kLetterClasses + letter] |=
            Word{1} << (static_cast<size_t>(bit) % kBits<Word>);
      }
    }
  }
  return windows.rows.data() + static_cast<size_t>(top + rows - 1) * place_size;
}

std::array<uint32_t, BandPattern::kBatch> BandPattern::Distances(
    absl::Span<const LetterClass* const> texts, size_t length, size_t cutoff) {
  std::array<const LetterClass*, kBatch> batch;
  for (size_t i = 0; i < kBatch; ++i) {
    batch[i] = texts[std::min(i, texts.size() - 1)];
  }
  const Band band = BandOf(letters_.size(), length, cutoff);
  const std::ptrdiff_t first_row = band.top + 1;
  std::array<uint32_t, kBatch> distances;
  if (band.rows <= kBits<uint32_t>) {
    Run32(WindowsAt(first_row, 1, narrow_), batch.data(), length, band,
          distances.data());
    return distances;
  }
  using Runner = void (*)(const uint64_t*, const LetterClass* const*, size_t,
                          const Band&, uint32_t*);
  constexpr Runner kRunners[] = {Run64, Run128, Run192, Run256};
  const size_t words = (band.rows + kBits<uint64_t> - 1) / kBits<uint64_t>;
  const uint64_t* windows = WindowsAt(first_row, words, wide_[words - 1]);
  for (size_t i = 0; i < texts.size(); i += kTexts<uint64_t>) {
    kRunners[words - 1](windows, batch.data() + i, length, band,
                        distances.data() + i);
  }
  return distances;
}

}  // namespace duilian::storage
