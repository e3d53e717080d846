// From lines to paragraphs and headings that know who speaks.

#ifndef DUILIAN_ALIGNER_BLOCKS_H_
#define DUILIAN_ALIGNER_BLOCKS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {

enum class BlockKind { kParagraph, kListItem, kHeading };

// A paragraph, list item or heading as it stands in the document, without
// what goes before its words (speaker, timestamp, #, bullet).
struct Block {
  BlockKind kind = BlockKind::kParagraph;
  text::ByteSpan range;       // from its first word to its last
  size_t line = 0;            // index of its first line
  absl::string_view speaker;  // borrowed from the text
  std::optional<int> seconds;
  bool names_speaker = false;  // itself, or a line just before it
  bool front_matter = false;
};

struct BlockOptions {
  text::Language language = text::Language::kEnglish;
  // A paragraph is cut at the end of the line that makes it longer.
  size_t max_paragraph_bytes = 1u << 20;
};

// Reads the blocks of `text`, whose lines are given (source_lines.h).
// Linear. The blocks borrow from `text`.
std::vector<Block> ReadBlocks(absl::string_view text,
                              absl::Span<const text::ByteSpan> lines,
                              const BlockOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_BLOCKS_H_
