// The simple version fills the matrix of distances and walks back from its
// last cell. Here the matrix is kept as the vertical differences of its
// columns, two bits a cell (edit_column.h), which is all that the way back
// asks for:
// 1. Where the difference in this column is +1, the query's unit is deleted.
// 2. Where that in the column before is -1, the text's unit is inserted.
// 3. Otherwise the two units stand for each other.
// Between two units that stay, n units of the query and m of the text go at
// the cost of max(n, m), so that runs of steps are one edit.
// Tested by edit_trace_test.cc against the matrix.

#include "storage/edit_trace.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "storage/edit_column.h"

namespace duilian::storage {
namespace {

using Units = absl::Span<const char32_t>;

constexpr size_t kWordBits = 64;

// The columns of a matrix, one for each unit of the text.
class Columns {
 public:
  Columns(Units query, Units text);

  bool RisesAt(size_t column, size_t row) const {
    return Bit(At(column, row).plus, row);
  }
  bool FallsAt(size_t column, size_t row) const {
    return Bit(At(column, row).minus, row);
  }

 private:
  static bool Bit(uint64_t word, size_t row) {
    return (word >> (row % kWordBits) & 1) != 0;
  }
  const Column& At(size_t column, size_t row) const {
    return columns_[column * words_ + row / kWordBits];
  }

  size_t words_;
  std::vector<Column> columns_;  // [text, words]
};

Columns::Columns(Units query, Units text)
    : words_((query.size() + kWordBits - 1) / kWordBits) {
  absl::flat_hash_map<char32_t, std::vector<uint64_t>> places;
  for (size_t i = 0; i < query.size(); ++i) {
    std::vector<uint64_t>& words = places[query[i]];
    words.resize(words_);
    words[i / kWordBits] |= uint64_t{1} << (i % kWordBits);
  }
  const std::vector<uint64_t> nowhere(words_);
  columns_.reserve(words_ * text.size());
  std::vector<Column> column(words_);
  for (const char32_t unit : text) {
    const auto found = places.find(unit);
    const std::vector<uint64_t>& equal =
        found == places.end() ? nowhere : found->second;
    int carry = 1;
    for (size_t word = 0; word < words_; ++word) {
      carry = Advance(equal[word], carry, uint64_t{1} << (kWordBits - 1),
                      column[word]);
    }
    columns_.insert(columns_.end(), column.begin(), column.end());
  }
}

// Makes an edit longer by what stands right before it, or begins a new one.
void Prepend(Edit step, std::vector<Edit>& edits) {
  if (!edits.empty() && edits.back().query.begin == step.query.end &&
      edits.back().text.begin == step.text.end) {
    edits.back().query.begin = step.query.begin;
    edits.back().text.begin = step.text.begin;
  } else {
    edits.push_back(step);
  }
}

// From the last edit to the first.
std::vector<Edit> WalkBack(Units query, Units text) {
  const Columns columns(query, text);
  std::vector<Edit> edits;
  size_t i = query.size();
  size_t j = text.size();
  while (i > 0 || j > 0) {
    const size_t i_after = i, j_after = j;
    if (j == 0 || (i > 0 && columns.RisesAt(j - 1, i - 1))) {
      --i;
    } else if (i == 0 || (j > 1 && columns.FallsAt(j - 2, i - 1))) {
      --j;
    } else if (query[--i] == text[--j]) {
      continue;
    }
    Prepend({{i, i_after}, {j, j_after}}, edits);
  }
  return edits;
}

}  // namespace

std::vector<Edit> TraceEdits(Units query, Units text) {
  const size_t shorter = std::min(query.size(), text.size());
  size_t begin = 0;
  while (begin < shorter && query[begin] == text[begin]) ++begin;
  size_t end = 0;
  while (end < shorter - begin &&
         query[query.size() - 1 - end] == text[text.size() - 1 - end]) {
    ++end;
  }
  query = query.subspan(begin, query.size() - begin - end);
  text = text.subspan(begin, text.size() - begin - end);
  if (query.empty() && text.empty()) return {};
  std::vector<Edit> edits;
  if (query.empty() || text.empty() ||
      query.size() > kMaxTraceCells / text.size()) {
    edits = {{{0, query.size()}, {0, text.size()}}};
  } else {
    edits = WalkBack(query, text);
  }
  std::reverse(edits.begin(), edits.end());
  for (Edit& edit : edits) {
    for (text::CodepointSpan* span : {&edit.query, &edit.text}) {
      span->begin += begin;
      span->end += begin;
    }
  }
  return edits;
}

}  // namespace duilian::storage
