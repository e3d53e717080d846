#include "storage/segment_match.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace duilian::storage {
namespace {

using Prints = absl::Span<const SegmentPrint>;
using TextKey = std::pair<uint64_t, int64_t>;  // fingerprint, length

TextKey KeyOf(const SegmentPrint& print) {
  return {print.fingerprint, print.end_byte - print.begin_byte};
}

class Matcher {
 public:
  Matcher(Prints before, Prints after)
      : before_(before),
        after_(after),
        place_of_(before.size(), -1),
        taken_(after.size(), false) {}

  std::vector<int32_t> Run() && {
    const size_t shorter = std::min(before_.size(), after_.size());
    size_t begin = 0;
    while (begin < shorter && MatchIfEqual(begin, begin)) ++begin;
    for (size_t end = 1; end <= shorter - begin; ++end) {
      if (!MatchIfEqual(before_.size() - end, after_.size() - end)) break;
    }
    MatchSingles();
    MatchNeighbours();
    return std::move(place_of_);
  }

 private:
  // Times that a text stands on either side, and where it stood last.
  struct Standing {
    int old_count = 0, new_count = 0;
    size_t old_index = 0, new_index = 0;
  };

  bool MatchIfEqual(size_t old_index, size_t new_index) {
    if (place_of_[old_index] >= 0 || taken_[new_index] ||
        KeyOf(before_[old_index]) != KeyOf(after_[new_index])) {
      return false;
    }
    place_of_[old_index] = static_cast<int32_t>(new_index);
    taken_[new_index] = true;
    return true;
  }

  void MatchSingles() {
    absl::flat_hash_map<TextKey, Standing> standing;
    for (size_t i = 0; i < before_.size(); ++i) {
      if (place_of_[i] >= 0) continue;
      Standing& text = standing[KeyOf(before_[i])];
      ++text.old_count;
      text.old_index = i;
    }
    for (size_t i = 0; i < after_.size(); ++i) {
      if (taken_[i]) continue;
      const auto found = standing.find(KeyOf(after_[i]));
      if (found == standing.end()) continue;
      ++found->second.new_count;
      found->second.new_index = i;
    }
    for (const auto& [key, text] : standing) {
      if (text.old_count == 1 && text.new_count == 1) {
        MatchIfEqual(text.old_index, text.new_index);
      }
    }
  }

  void MatchNeighbours() {
    for (size_t i = 1; i < before_.size(); ++i) {
      if (place_of_[i - 1] < 0) continue;
      const auto next = static_cast<size_t>(place_of_[i - 1]) + 1;
      if (next < after_.size()) MatchIfEqual(i, next);
    }
    for (size_t i = before_.size(); i-- > 1;) {
      if (place_of_[i] > 0) {
        MatchIfEqual(i - 1, static_cast<size_t>(place_of_[i]) - 1);
      }
    }
  }

  const Prints before_, after_;
  std::vector<int32_t> place_of_;
  std::vector<bool> taken_;
};

}  // namespace

std::vector<int32_t> MatchSegments(Prints before, Prints after) {
  return Matcher(before, after).Run();
}

std::optional<std::vector<SegmentSpan>> SpanMover::Move(
    absl::Span<const SegmentSpan> spans) const {
  if (spans.empty()) return std::nullopt;
  std::vector<SegmentSpan> moved;
  for (const SegmentSpan& span : spans) {
    if (span.segment < 0 ||
        static_cast<size_t>(span.segment) >= place_of_.size()) {
      return std::nullopt;
    }
    const auto segment = static_cast<size_t>(span.segment);
    if (place_of_[segment] < 0) return std::nullopt;
    const SegmentPrint& there = after_[static_cast<size_t>(place_of_[segment])];
    const int64_t shift = there.begin_byte - before_[segment].begin_byte;
    moved.push_back(
        {place_of_[segment], span.begin_byte + shift, span.end_byte + shift});
  }
  return moved;
}

}  // namespace duilian::storage
