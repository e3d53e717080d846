// Names and terms, and the different ways in which pairs render them.

#ifndef DUILIAN_ALIGNER_TERM_RENDERINGS_H_
#define DUILIAN_ALIGNER_TERM_RENDERINGS_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "aligner/model.h"
#include "aligner/pair_texts.h"

namespace duilian::aligner {

// A term that is always looked into, and the renderings known for it.
struct KnownTerm {
  std::string term;                     // English
  std::vector<std::string> renderings;  // Chinese; the preferred one first
};

struct TermOptions {
  size_t least_pairs = 2;   // that have a term nobody knows, for it to be told
  size_t most_terms = 200;  // that are looked into, known ones and then those
                            // of the most pairs
  size_t most_links = 16;   // pairs of a term that are linked, spread evenly
  size_t most_renderings = 8;          // of a term, found by links
  double least_confidence = 0.5;       // of a link
  double least_lone_confidence = 0.7;  // of a rendering that one link found
  std::function<bool()> cancelled;     // may be empty
};

// Pairs, by their indexes, that render a term in one way.
struct TermRendering {
  std::string text;           // as the first of them has it, or as known
  std::vector<size_t> pairs;  // rising
  // Of KnownTerm::renderings; nullopt: none of them.
  std::optional<size_t> known;
};

struct TermUse {
  std::string term;
  std::optional<size_t> known;            // of the known terms
  size_t pairs = 0;                       // that have it
  std::vector<TermRendering> renderings;  // most pairs first
  // Pairs with none of them: the term is left out, said by a pronoun, or
  // rendered in a way that no link found.
  std::vector<size_t> without;
};

// Names and terms of the English side that recur: runs of words with a capital
// that never stand without one, and the English that stands inside the Chinese
// (fragments.h), in the order of their pairs, most first. Linear. `cancelled`
// may be empty. kCancelled.
absl::StatusOr<std::vector<std::string>> FindRecurringTerms(
    absl::Span<const PairTexts> pairs, size_t least_pairs,
    const std::function<bool()>& cancelled);

// The terms with two renderings or more, and known ones with another rendering
// than the first: those first that have most pairs beside the commonest
// rendering (the first known one, where there is one), then those of most
// pairs, then by name. A pair's rendering is a known one that it holds; else
// the term itself, kept in English, or what stands for it in brackets; else
// what phrase links find in pairs like it, surely, or unsurely in two pairs or
// more and hardly in others. Without a model (null) nothing is linked. Valid
// UTF-8. Time: linear, and options.most_links links a term, each some
// milliseconds for long pairs, and a term with unsure ones up to four searches
// of all texts. kCancelled.
absl::StatusOr<std::vector<TermUse>> FindCompetingRenderings(
    absl::Span<const PairTexts> pairs, absl::Span<const KnownTerm> known,
    const Model* model, const TermOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_TERM_RENDERINGS_H_
