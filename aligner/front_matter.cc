#include "aligner/front_matter.h"

#include <algorithm>
#include <optional>

#include "aligner/markup.h"
#include "aligner/turn_openings.h"

namespace duilian::aligner {
namespace {

bool IsFurniture(absl::string_view text, const Block& block) {
  const absl::string_view words =
      text.substr(block.range.begin, block.range.size());
  if (block.kind == BlockKind::kListItem && BeginsWithTimestamp(words)) {
    return true;
  }
  if (words.find("](") == words.npos && words.find("://") == words.npos &&
      words.find("www.") == words.npos) {
    return false;
  }
  const VisibleText visible(text, block.range);
  return visible.linked_bytes() * 2 >= visible.text().size();
}

// The first block that a speaker, or else a timestamp, opens.
size_t TalkBegins(const std::vector<Block>& blocks) {
  std::optional<size_t> timed;
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (!blocks[i].speaker.empty()) return i;
    if (blocks[i].seconds.has_value() && !timed.has_value()) timed = i;
  }
  return timed.value_or(0);
}

}  // namespace

void MarkFrontMatter(absl::string_view text, std::vector<Block>& blocks) {
  for (Block& block : blocks) {
    block.front_matter = block.front_matter || IsFurniture(text, block);
  }
  const size_t talk = TalkBegins(blocks);
  size_t last = talk;
  while (last > 0 && !blocks[last - 1].front_matter) --last;
  for (size_t i = 0; i < last; ++i) blocks[i].front_matter = true;
  bool furniture_below = false;
  for (size_t i = blocks.size(); i-- > talk;) {
    if (blocks[i].kind != BlockKind::kHeading) {
      furniture_below = blocks[i].front_matter;
    } else {
      blocks[i].front_matter = blocks[i].front_matter || furniture_below;
    }
  }
}

}  // namespace duilian::aligner
