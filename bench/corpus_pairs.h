// Real bilingual segments for measuring with, read from a folder of corpora.

#ifndef DUILIAN_BENCH_CORPUS_PAIRS_H_
#define DUILIAN_BENCH_CORPUS_PAIRS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/sentence_pairs.h"
#include "text/language.h"

namespace duilian::bench {

// `count` pairs of the folder's `*.tsv.gz` files (`zh<TAB>en` lines), each
// once, in an order that the seed gives. When there are not as many, the rest
// are made of them: the front half of one pair and the back half of another,
// side by side. kNotFound: no such files. kDataLoss: one of them is broken.
absl::StatusOr<std::vector<SentencePair>> ReadCorpusPairs(
    const std::string& folder, size_t count, uint64_t seed);

// The words of an English text, the characters of a Chinese one; and a text of
// them again.
std::vector<std::string> TextParts(const std::string& text,
                                   text::Language language);
std::string JoinedParts(const std::vector<std::string>& parts,
                        text::Language language);

// A stored text with `edits` words (English) or characters (Chinese) left out,
// doubled, or replaced by one of `other`.
std::string WithEdits(const std::string& text, text::Language language,
                      int edits, const std::string& other, Random& random);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_CORPUS_PAIRS_H_
