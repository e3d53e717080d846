// Site furniture: menus, tables of contents, links about the talk.

#ifndef DUILIAN_ALIGNER_FRONT_MATTER_H_
#define DUILIAN_ALIGNER_FRONT_MATTER_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "aligner/blocks.h"

namespace duilian::aligner {

// Sets front_matter on the blocks that are furniture: mostly links, or list
// items that begin with a timestamp; on all that stands before the last of
// these ahead of the first speaker; and on headings over nothing else.
// `text` is what the blocks were read from. Linear.
void MarkFrontMatter(absl::string_view text, std::vector<Block>& blocks);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_FRONT_MATTER_H_
