// What kind of thing an English fragment names.

#ifndef DUILIAN_ALIGNER_FRAGMENT_KINDS_H_
#define DUILIAN_ALIGNER_FRAGMENT_KINDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "aligner/fragments.h"

namespace duilian::aligner {

struct FragmentContext {
  bool quoted = false;         // quotation marks stand right about it
  std::u32string_view behind;  // the few characters that follow
};

// Goes by the words' shapes (all capitals, digits, capitals inside), by what
// stands behind (公司, 模型), and by short lists of what is known everywhere.
// A capitalised word that nothing else explains is taken for a name. Requires
// one word or more, in half width.
FragmentKind ClassifyFragment(absl::Span<const std::string> words,
                              const FragmentContext& context);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_FRAGMENT_KINDS_H_
