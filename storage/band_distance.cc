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
#include <array>
#include <cstdlib>
#include <cstring>

#include "storage/length_table.h"
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

// Two groups of texts run through the matrix together, a lane a text: the
// steps of one wait for each other, and those of the other fill the time.
template <typename Word>
constexpr size_t kTexts = 2 * kLanes<Word>;

// The texts of both groups.
struct Batch {
  std::array<const LetterWord*, kBatch> front, back;
  size_t front_words = 0;
};

// A word of each lane's text: its lower half's letters in the lowest bits of
// `lower`, the upper half's in those of `upper`.
DUILIAN_INLINE void Read(const LetterWord* const* texts, size_t word,
                         Vector<uint64_t>& lower, Vector<uint64_t>& upper) {
  static_assert(kLanes<uint64_t> == 8);
  lower = Vector<uint64_t>{texts[0][word], texts[1][word], texts[2][word],
                           texts[3][word], texts[4][word], texts[5][word],
                           texts[6][word], texts[7][word]};
  upper = lower >> 32;
}
DUILIAN_INLINE void Read(const LetterWord* const* texts, size_t word,
                         Vector<uint32_t>& lower, Vector<uint32_t>& upper) {
  constexpr Vector<uint32_t> kEven = {0,  2,  4,  6,  8,  10, 12, 14,
                                      16, 18, 20, 22, 24, 26, 28, 30};
  Vector<uint64_t> first, second, unused;
  Read(texts, word, first, unused);
  Read(texts + kLanes<uint64_t>, word, second, unused);
  const auto a = reinterpret_cast<Vector<uint32_t>>(first);
  const auto b = reinterpret_cast<Vector<uint32_t>>(second);
  lower = __builtin_shuffle(a, b, kEven);
  upper = __builtin_shuffle(a, b, kEven + 1);
}

// One vector at a time: GCC would write an array of them to memory first.
template <typename Word>
DUILIAN_INLINE void Load(const Word* from, Vector<Word>& to) {
  std::memcpy(&to, from, sizeof(to));
}

// The rows that hold each lane's class, which is in the lowest five bits
// of `classes`; `table` has kLetterClasses words. Here
// and below vectors go by reference: by value they pass differently from
// processor to processor.
template <typename Word>
DUILIAN_INLINE void FindRows(const Word* table, const Vector<Word>& classes,
                             Vector<Word>& rows) {
  constexpr size_t kTwo = 2 * kLanes<Word>;
  Vector<Word> first, second;
  Load(table, first);
  Load(table + kLanes<Word>, second);
  // An index is taken modulo the two vectors' elements, so what is above the
  // class does not matter.
  rows = __builtin_shuffle(first, second, classes);
  if constexpr (kTwo < kLetterClasses) {
    Load(table + kTwo, first);
    Load(table + kTwo + kLanes<Word>, second);
    rows = (classes & Word{kTwo}) != 0
               ? __builtin_shuffle(first, second, classes)
               : rows;
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
  // So many rows lie above the first letter.
  const auto above =
      static_cast<size_t>(std::max<std::ptrdiff_t>(-band.top, 0));
  for (size_t w = 0; w < kWords; ++w) {
    const size_t in_words_before = std::min(above, w * kBits<Word>);
    const size_t in_word = above - in_words_before;
    const Word plus = in_word < kBits<Word> ? ~Word{0} << in_word : Word{0};
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

// Two groups of texts on their way through the matrix.
template <typename Word, size_t kWords>
struct Columns {
  Column<Word, kWords> first, second;
  Vector<Word> last[kWords] = {};
  const Word* windows = nullptr;
};

// Goes on by `count` letters, which lie one above the other from the lowest
// bits on.
template <typename Word, size_t kWords>
DUILIAN_INLINE void Advance(size_t count, Vector<Word>& of_first,
                            Vector<Word>& of_second,
                            Columns<Word, kWords>& columns) {
  for (size_t i = 0; i < count; ++i) {
    Step<Word, kWords>(columns.windows, of_first, columns.last, columns.first);
    Step<Word, kWords>(columns.windows, of_second, columns.last,
                       columns.second);
    of_first >>= kBitsPerLetter;
    of_second >>= kBitsPerLetter;
    columns.windows += kWords * kLetterClasses;
  }
}

// Of the kTexts<Word> texts from `begin` on.
template <typename Word, size_t kWords>
DUILIAN_INLINE void Run(const Word* windows, const Batch& batch, size_t begin,
                        size_t length, const Band& band, uint32_t* distances) {
  Columns<Word, kWords> columns;
  columns.windows = windows;
  Begin(band, columns.first);
  Begin(band, columns.second);
  columns.last[band.last / kBits<Word>] += Word{1} << (band.last % kBits<Word>);
  const auto all_above = [&] {
    return AllAbove<Word>(columns.first.value, columns.second.value,
                          band.cutoff);
  };
  // A letter adds at most one, so that before so many none is above.
  const size_t earliest = band.cutoff - band.value;
  size_t done = 0;
  for (size_t word = 0; done < length; ++word) {
    const bool front = word < batch.front_words;
    const LetterWord* const* texts =
        (front ? batch.front.data() : batch.back.data()) + begin;
    const size_t place = front ? word : word - batch.front_words;
    Vector<Word> lower[2] = {}, upper[2] = {};
    Read(texts, place, lower[0], upper[0]);
    Read(texts + kLanes<Word>, place, lower[1], upper[1]);
    const size_t in_lower = std::min(length - done, kLettersPerHalf);
    Advance<Word, kWords>(in_lower, lower[0], lower[1], columns);
    done += in_lower;
    if (done > earliest && all_above()) break;
    const size_t in_upper = std::min(length - done, kLettersPerHalf);
    Advance<Word, kWords>(in_upper, upper[0], upper[1], columns);
    done += in_upper;
    if (done > earliest && all_above()) break;
  }
  for (size_t i = 0; i < kLanes<Word>; ++i) {
    distances[i] = static_cast<uint32_t>(columns.first.value[i]);
    distances[kLanes<Word> + i] =
        static_cast<uint32_t>(columns.second.value[i]);
  }
}

#undef DUILIAN_INLINE

DUILIAN_PROCESSOR_CLONES
void Run32(const uint32_t* windows, const Batch& batch, size_t begin,
           size_t length, const Band& band, uint32_t* distances) {
  Run<uint32_t, 1>(windows, batch, begin, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run64(const uint64_t* windows, const Batch& batch, size_t begin,
           size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 1>(windows, batch, begin, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run128(const uint64_t* windows, const Batch& batch, size_t begin,
            size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 2>(windows, batch, begin, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run192(const uint64_t* windows, const Batch& batch, size_t begin,
            size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 3>(windows, batch, begin, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run256(const uint64_t* windows, const Batch& batch, size_t begin,
            size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 4>(windows, batch, begin, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run384(const uint64_t* windows, const Batch& batch, size_t begin,
            size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 6>(windows, batch, begin, length, band, distances);
}
DUILIAN_PROCESSOR_CLONES
void Run512(const uint64_t* windows, const Batch& batch, size_t begin,
            size_t length, const Band& band, uint32_t* distances) {
  Run<uint64_t, 8>(windows, batch, begin, length, band, distances);
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
    absl::Span<const PackedText> texts, size_t length, size_t cutoff) {
  Batch batch;
  batch.front_words = FrontWords(length);
  for (size_t i = 0; i < kBatch; ++i) {
    const PackedText& text = texts[std::min(i, texts.size() - 1)];
    batch.front[i] = text.front;
    batch.back[i] = text.back;
  }
  const Band band = BandOf(letters_.size(), length, cutoff);
  const std::ptrdiff_t first_row = band.top + 1;
  std::array<uint32_t, kBatch> distances;
  if (band.rows <= kBits<uint32_t>) {
    Run32(WindowsAt(first_row, 1, narrow_), batch, 0, length, band,
          distances.data());
    return distances;
  }
  using Runner = void (*)(const uint64_t*, const Batch&, size_t, size_t,
                          const Band&, uint32_t*);
  struct Width {
    size_t words;
    Runner run;
  };
  constexpr std::array<Width, kWidths> kWide = {{{1, Run64},
                                                 {2, Run128},
                                                 {3, Run192},
                                                 {4, Run256},
                                                 {6, Run384},
                                                 {8, Run512}}};
  size_t width = 0;
  while (kWide[width].words * kBits<uint64_t> < band.rows) ++width;
  const uint64_t* windows =
      WindowsAt(first_row, kWide[width].words, wide_[width]);
  for (size_t i = 0; i < texts.size(); i += kTexts<uint64_t>) {
    kWide[width].run(windows, batch, i, length, band, distances.data() + i);
  }
  return distances;
}

}  // namespace duilian::storage
