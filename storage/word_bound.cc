// The bound. Cut a text u anywhere into disjoint parts. A best alignment
// carries each part to a part of the query q, which may be empty, and these are
// disjoint, too; each edit belongs to one part of u at the most. So the
// distance is at least the sum, over the parts, of the least distance from the
// part to any part of q. Parts may be left out of the sum, be cut short, or be
// counted for less, 0 too: the sum only falls. Over classes of letters each
// term is at most what it is over code points.
//
// The parts are words with the space before them. A vocabulary's words are
// fewer than its texts' by far, so the least distance of each is worked out
// once a query, many words at a time, and a text costs an addition a word.
//
// Least distances are by Myers (1999), in Hyyrö's form of 2003: a word is a
// column of 16 bits, which the query runs past. The first row is 0 everywhere,
// as a part may begin anywhere; the last row's least value is the distance.
// Shorter words fill the lower bits with rows that hold every letter and cost
// nothing.
// Tested by word_bound_test.cc against the matrix.

#include "storage/word_bound.h"

#include <algorithm>
#include <cstring>

#include "storage/processor_clones.h"

namespace duilian::storage {
namespace {

constexpr size_t kLanes = WordLetters::kLanes;
constexpr size_t kBits = WordLetters::kMostLetters;

using Vector __attribute__((vector_size(2 * kLanes))) = uint16_t;
using SignedVector __attribute__((vector_size(2 * kLanes))) = int16_t;

// Inlined, so that each is compiled for the processor of its caller. Vectors go
// by reference: by value they pass differently from processor to processor.
#define DUILIAN_INLINE [[gnu::always_inline]] inline

DUILIAN_INLINE void Load(const uint16_t* from, Vector& to) {
  std::memcpy(&to, from, sizeof(to));
}

// A block of words on its way along the query.
struct Column {
  Vector plus, minus;   // between a row and the one above
  Vector value, least;  // of the last row
};

DUILIAN_INLINE void Begin(const uint16_t* letters, const uint16_t* lengths,
                          Column& column) {
  Load(letters, column.plus);
  column.minus = Vector{};
  Load(lengths, column.value);
  column.least = column.value;
}

DUILIAN_INLINE void Step(const uint16_t* rows, Column& column) {
  Vector equal;
  Load(rows, equal);
  const Vector x = equal | column.minus;
  const Vector diagonal = (((x & column.plus) + column.plus) ^ column.plus) | x;
  Vector down = column.plus & diagonal;                  // across, by -1
  Vector up = column.minus | ~(column.plus | diagonal);  // across, by +1
  column.value += (up >> (kBits - 1)) - (down >> (kBits - 1));
  // The lesser of the two, without a comparison, which GCC 12 takes apart.
  const Vector below = column.value - column.least;
  const auto sign = reinterpret_cast<SignedVector>(below) >> (kBits - 1);
  column.least += below & reinterpret_cast<Vector>(sign);
  up <<= 1;
  down <<= 1;
  column.plus = down | ~(up | diagonal);
  column.minus = up & diagonal;
}

#undef DUILIAN_INLINE

// Where a block's parts lie behind its rows of classes.
constexpr size_t kLetters = kLetterClasses * kLanes;
constexpr size_t kLengths = kLetters + kLanes;

// `first` and `second` point to rows of classes; two blocks at a time, since
// the steps of one wait for each other.
DUILIAN_PROCESSOR_CLONES
void ComparePair(const uint16_t* first, const uint16_t* second,
                 const LetterClass* query, size_t length, uint16_t* least) {
  Column a, b;
  Begin(first + kLetters, first + kLengths, a);
  Begin(second + kLetters, second + kLengths, b);
  for (size_t i = 0; i < length; ++i) {
    Step(first + query[i] * kLanes, a);
    Step(second + query[i] * kLanes, b);
  }
  std::memcpy(least, &a.least, sizeof(a.least));
  std::memcpy(least + kLanes, &b.least, sizeof(b.least));
}

}  // namespace

void WordLetters::Add(absl::string_view word) {
  const size_t lane = size_ % kLanes;
  if (lane == 0) blocks_.emplace_back();
  Block& block = blocks_.back();
  std::vector<LetterClass> letters = LetterClasses(word);
  letters.resize(std::min(letters.size(), kMostLetters));
  const size_t free = kBits - letters.size();
  block.letters[lane] = static_cast<uint16_t>(0xFFFFu << free);
  block.lengths[lane] = static_cast<uint16_t>(letters.size());
  for (auto& row : block.rows) {
    row[lane] = static_cast<uint16_t>((1u << free) - 1);
  }
  for (size_t i = 0; i < letters.size(); ++i) {
    uint16_t& row = block.rows[letters[i]][lane];
    row = static_cast<uint16_t>(row | 1u << (free + i));
  }
  ++size_;
}

WordDistances::WordDistances(const WordLetters& words, size_t count,
                             absl::Span<const LetterClass> query)
    : distances_(kMostWordNumber + 1) {
  static_assert(sizeof(WordLetters::Block) ==
                (kLengths + kLanes) * sizeof(uint16_t));
  const size_t compared = std::min(count, words.size());
  const size_t blocks = (compared + kLanes - 1) / kLanes;
  uint16_t least[2 * kLanes];
  for (size_t i = 0; i < blocks; i += 2) {
    // One block more than was asked for, rather than the same one twice.
    const size_t other = std::min(i + 1, words.blocks_.size() - 1);
    ComparePair(&words.blocks_[i].rows[0][0], &words.blocks_[other].rows[0][0],
                query.data(), query.size(), least);
    const size_t begin = i * kLanes;
    const size_t lanes = std::min(2 * kLanes, words.size() - begin);
    for (size_t lane = 0; lane < lanes; ++lane) {
      distances_[begin + lane + 1] = static_cast<uint8_t>(least[lane]);
    }
  }
}

}  // namespace duilian::storage
