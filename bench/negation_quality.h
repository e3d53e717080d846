// How often a missing or added negation is told of, and how often a pair that
// is right is told of all the same.

#ifndef DUILIAN_BENCH_NEGATION_QUALITY_H_
#define DUILIAN_BENCH_NEGATION_QUALITY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/training/gold.h"

namespace duilian::bench {

// A text with its first plain negation taken out ("don't" made "do", 没有 made
// 有), or with one put in at its first verb of a short list ("is not", 不会).
// nullopt: there is no such place. By tables of their own, apart from those
// that are measured.
std::optional<std::string> WithoutNegation(absl::string_view english);
std::optional<std::string> WithNegation(absl::string_view english);
std::optional<std::string> WithoutChineseNegation(absl::string_view chinese);
std::optional<std::string> WithChineseNegation(absl::string_view chinese);

struct Rate {
  int found = 0, cases = 0;
  double Share() const { return cases > 0 ? 1.0 * found / cases : 0; }
};

struct NegationQuality {
  Rate right;  // pairs as they are that are told of: false alarms
  // Pairs with a negation on both sides, one taken out of one side.
  Rate lost_in_chinese, lost_in_english;
  // Pairs without any, one put into one side.
  Rate added_in_chinese, added_in_english;
};

// Over the beads of documents that have text on both sides.
NegationQuality MeasureNegation(
    absl::Span<const aligner::training::GoldDocument* const> documents);

// A line each of the novels (all documents but the last), and the interview.
void PrintNegationQuality(
    absl::Span<const aligner::training::GoldDocument* const> documents);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_NEGATION_QUALITY_H_
