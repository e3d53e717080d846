// The Chinese that English fragments stand for, where the text gives it.

#ifndef DUILIAN_ALIGNER_FRAGMENT_RENDERINGS_H_
#define DUILIAN_ALIGNER_FRAGMENT_RENDERINGS_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "aligner/characters.h"
#include "aligner/fragments.h"

namespace duilian::aligner {

// The characters [begin, end) that a fragment takes.
struct CharacterRange {
  size_t begin = 0;
  size_t end = 0;
};

// Sets rendering and rendering_span of the fragments of `text` that stand at
// `places`, one each. Linear.
void FindRenderings(absl::string_view text, const Characters& characters,
                    const std::vector<CharacterRange>& places,
                    std::vector<Fragment>& fragments);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_FRAGMENT_RENDERINGS_H_
