// Real segments, and what is asked of them: the mix of queries that other
// memories were measured with, and parts of stored texts.

#ifndef DUILIAN_BENCH_LOOKUP_MATERIAL_H_
#define DUILIAN_BENCH_LOOKUP_MATERIAL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bench/loopback.h"
#include "bench/sentence_pairs.h"
#include "text/language.h"

namespace duilian::bench {

// Of the pairs and of the queries.
inline constexpr uint64_t kLookupSeed = 20261126;

enum class WordPart { kBeginning, kMiddle };

// Immutable; all of its queries come of one seed.
class LookupMaterial {
 public:
  // The first `stored` pairs are in the memory. Behind them are at least as
  // many that are not as there will be queries a language. The documents are
  // dealt out to `projects` projects.
  LookupMaterial(std::vector<SentencePair> pairs, size_t stored,
                 size_t projects);

  size_t stored() const { return stored_; }
  const SentencePair& pair(size_t i) const { return pairs_[i]; }
  // "projects/bench" and, if there are more, "projects/bench-2" and so on.
  const std::vector<std::string>& projects() const { return projects_; }

  // 30 % stored texts, 50 % of such with 1 to 4 edits, 20 % of texts that are
  // not stored.
  std::vector<std::string> Queries(text::Language language, size_t count) const;

  // A word of a stored text, or two characters of one.
  std::vector<std::string> Terms(text::Language language, size_t count) const;

  // Half of the letters of a stored English word that has six at least, with a
  // * for the others: transl*, *ansla*.
  std::vector<std::string> PartsOfWords(WordPart part, size_t count) const;

  // Half of a stored text, from a word or a character on.
  std::vector<std::string> Quotes(text::Language language, size_t count) const;

  // Of the stored pairs [begin, end); `begin` begins a document.
  std::vector<LinesDocument> Documents(size_t begin, size_t end) const;

 private:
  const std::string& SomeText(text::Language language, Random& random) const;

  const std::vector<SentencePair> pairs_;
  const size_t stored_;
  std::vector<std::string> projects_;
};

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_LOOKUP_MATERIAL_H_
