// Where the English has what the Chinese left in English.

#ifndef DUILIAN_ALIGNER_FRAGMENT_PLACES_H_
#define DUILIAN_ALIGNER_FRAGMENT_PLACES_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/fragments.h"
#include "text/utf8.h"

namespace duilian::aligner {

// How the English has a fragment. The first that holds.
enum class FragmentFinding {
  kSame,        // the same words, but for case and the marks between them
  kForm,        // tokens for token, Open AI for OpenAI, kilometer for km
  kPart,        // Elon for Elon Musk, Grok for X Grok, 4 for GPT-4
  kMisspelled,  // Llama, where the Chinese has Lama
  kMissing,
};

// "same", "form", "part", "misspelled", "missing".
absl::string_view FindingWord(FragmentFinding finding);

struct FragmentLink {
  size_t chinese_text = 0;  // which of the texts given
  Fragment fragment;        // its spans are in that text
  FragmentFinding finding = FragmentFinding::kMissing;
  // Of no meaning when it is missing:
  size_t english_text = 0;
  text::ByteSpan place;  // in that text
};

// The fragments of the Chinese segments of a bead, in order, and where its
// English segments have them. What the Chinese says again goes to the next
// place of the English, as long as there is one. Of a bead the first 200
// fragments and the first 10,000 English words are looked at; others are
// missing. Requires valid UTF-8. O(different fragments * English words).
std::vector<FragmentLink> LinkFragments(
    absl::Span<const absl::string_view> chinese,
    absl::Span<const absl::string_view> english);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_FRAGMENT_PLACES_H_
