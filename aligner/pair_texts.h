// The texts of pairs that are compared with each other, owned by the caller.

#ifndef DUILIAN_ALIGNER_PAIR_TEXTS_H_
#define DUILIAN_ALIGNER_PAIR_TEXTS_H_

#include "absl/strings/string_view.h"

namespace duilian::aligner {

struct PairTexts {
  absl::string_view english, chinese;
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_PAIR_TEXTS_H_
