// How well quotes are found where they stand: beads of the gold taken for
// quotes, whole and not, and quotes that the text does not hold.

#ifndef DUILIAN_BENCH_QUOTE_QUALITY_H_
#define DUILIAN_BENCH_QUOTE_QUALITY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/model.h"
#include "aligner/training/gold.h"
#include "bench/gold_set.h"

namespace duilian::bench {

// A quote and where it stands: any of the places is right. None: nowhere.
struct QuoteCase {
  std::string quote;
  std::vector<aligner::SegmentRange> places;
};

enum class QuoteKind {
  kWhole,    // one side of a bead
  kPart,     // the longer part of a sentence, cut at its middle comma
  kEdited,   // whole, labelled, a twelfth of its words or characters missing
  kJoined,   // two beads, one behind the other
  kForeign,  // a bead of another document: nowhere
  kHalf,     // a bead of the document's other half, which is taken away
};
inline constexpr QuoteKind kQuoteKinds[] = {
    QuoteKind::kWhole,  QuoteKind::kPart,    QuoteKind::kEdited,
    QuoteKind::kJoined, QuoteKind::kForeign, QuoteKind::kHalf,
};

// The quotes that a document's beads give, of one kind but kHalf; of kForeign
// they are `other`'s. Left out are quotes of a few words, and beads that are no
// runs. A place whose words stand again elsewhere is right there, too. The seed
// says what is missing from edited ones.
std::vector<QuoteCase> QuotesOfGold(
    const aligner::training::GoldDocument& document,
    const aligner::training::GoldDocument& other, bool text_is_chinese,
    QuoteKind kind, uint32_t seed);

// How quotes fared; the first answer counts.
struct QuoteScore {
  int quotes = 0;
  int exact = 0;        // it is a place of the quote
  int overlapping = 0;  // it shares a segment with one
  int answered = 0;     // there is an answer
  void Add(const QuoteScore& other);
};

// Asks for a few quotes at a time, as those of a summary are. The errors of
// AlignQuotes.
absl::StatusOr<QuoteScore> ScoreQuotes(const aligner::Model& model,
                                       const aligner::Transcript& text,
                                       absl::Span<const QuoteCase> cases);

// The quotes of the interview's summary, marked by hand, and the English text
// that holds them. kNotFound, kDataLoss: as `data` has them.
struct SummaryQuotes {
  aligner::Transcript text;
  std::vector<QuoteCase> cases;
};
absl::StatusOr<SummaryQuotes> ReadSummaryQuotes(const std::string& data);

// Prints how every kind of quote fares in the novels and in the interview.
// `models` holds for each document one that is not fitted on it.
absl::Status PrintQuoteTable(const GoldSet& set, const Models& models);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_QUOTE_QUALITY_H_
