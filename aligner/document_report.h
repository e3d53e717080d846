// What an editor should know of an aligned document, before reading it.

#ifndef DUILIAN_ALIGNER_DOCUMENT_REPORT_H_
#define DUILIAN_ALIGNER_DOCUMENT_REPORT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/transcript.h"
#include "aligner/turn_pairs.h"

namespace duilian::aligner {

enum class FindingKind {
  kNeverTranslated,  // a run of English without Chinese
  kWithoutSource,    // a run of Chinese without English
  kSwappedTurn,      // turn_pairs.h has these three
  kMergedTurn,
  kSplitTurn,
  kShortened,  // a pair whose Chinese is much too short: a part is missing
  kNumber,     // and these inside a pair, as in doubts.h
  kName,
  kNegation,
};

// "never-translated", "without-source", "swapped-turn", "merged-turn",
// "split-turn", "shortened", "number", "name", "negation".
absl::string_view KindWord(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::kNeverTranslated;
  SegmentRange english, chinese;  // one may be empty
  // In [0, 1]: of the alignment there, the least of its beads for a pair or a
  // turn, the mean for a run that stands alone.
  double confidence = 0;
  // A run of nothing but short replies ("Yeah.", 好的。), which translators
  // drop and add on purpose.
  bool is_reply = false;
  // For a person, English: "number 7 has no counterpart". Of a run, only where
  // it is not sure that it stands alone; else empty.
  std::string phrase;
};

// Sentences of speech; headings and front matter are not counted.
struct SideCoverage {
  int sentences = 0, covered_sentences = 0;  // covered: in a pair
  size_t codepoints = 0, covered_codepoints = 0;
};

struct DocumentReport {
  SideCoverage english, chinese;
  int pairs = 0;           // beads with speech on both sides
  int doubtful_pairs = 0;  // below ReportOptions::least_confidence
  std::vector<SpeakerPair> speakers;
  std::vector<Finding> findings;  // in the document's order
};

struct ReportOptions {
  // A pair below it is likely wrong itself: it is counted, and what speaks
  // against its texts is not told.
  double least_confidence = 0.5;
  int most_reply_words = 3;       // of a short reply in English,
  int most_reply_codepoints = 5;  // and in Chinese
  TurnPairOptions turns;
};

// Reports on two transcripts and their beads, English first, which cover both
// as Align's do. Pure. Linear but for the names (name_renderings.h).
DocumentReport ReportDocument(const Transcript& english,
                              const Transcript& chinese,
                              absl::Span<const Bead> beads,
                              const ReportOptions& options);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_DOCUMENT_REPORT_H_
