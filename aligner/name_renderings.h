// Names that a document renders in one way, and where it does not.

#ifndef DUILIAN_ALIGNER_NAME_RENDERINGS_H_
#define DUILIAN_ALIGNER_NAME_RENDERINGS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace duilian::aligner {

// The two sides of a pair that is held to be right.
struct NamedPair {
  std::string english, chinese;
};

struct NameOptions {
  int least_pairs = 4;       // that have the name, for it to be learnt
  double least_share = 0.8;  // of them that have one of its renderings
  int most_renderings = 3;   // of a name: 埃隆, 马斯克, Elon
  // Pairs before and behind in which a rendering will do: Chinese leaves a name
  // out that has just been said.
  size_t nearby = 2;
};

// A name of the English that the Chinese has in no form known for it.
struct MissingName {
  size_t pair = 0;
  std::string name;       // as the English has it
  std::string rendering;  // the usual one
};

// Pairs that names are learnt from at a time: all that are held in memory.
inline constexpr size_t kNameStretch = 5'000;
// Names of a stretch that are looked into, in the alphabet's order.
inline constexpr size_t kMostNames = 500;

// Learns from the document itself what its recurring English names (words with
// a capital that never stand without) are in Chinese: what stands in their
// pairs and hardly elsewhere, or the name itself. Then tells of the pairs,
// rising, that have a name without any of its renderings. A name whose
// renderings do not cover the most of its pairs says nothing. `pairs` are in
// the document's order, valid UTF-8. Time: the text's length, and for each name
// that of its pairs. Memory: a hundred times the text of a stretch.
std::vector<MissingName> FindMissingNames(absl::Span<const NamedPair> pairs,
                                          const NameOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_NAME_RENDERINGS_H_
