// Words of Chinese by ICU's dictionary. Its headers stay in the .cc.

#ifndef DUILIAN_ALIGNER_CHINESE_WORDS_H_
#define DUILIAN_ALIGNER_CHINESE_WORDS_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"

namespace duilian::aligner {

// The byte offsets at which a word begins or ends, rising, 0 and the end
// among them. Every character's edge where ICU has no data. Linear. Requires
// valid UTF-8.
std::vector<size_t> FindWordEdges(absl::string_view text);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_CHINESE_WORDS_H_
