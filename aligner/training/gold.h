// Gold alignments: what the bead weights are fitted on and measured by.

#ifndef DUILIAN_ALIGNER_TRAINING_GOLD_H_
#define DUILIAN_ALIGNER_TRAINING_GOLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "aligner/align.h"
#include "aligner/transcript.h"

namespace duilian::aligner::training {

// A bead as a ladder file has it: any sets of segments, from 0.
struct GoldBead {
  std::vector<int> chinese, english;
  bool operator==(const GoldBead&) const = default;
};

struct GoldDocument {
  std::string name;
  Transcript chinese, english;
  std::vector<GoldBead> beads;
  uint32_t crc32 = 0;  // of its files: Chinese, English and ladder in a row
};

// Where a document's three files are: a segment a line, and a ladder.
struct GoldFiles {
  std::string name, chinese, english, ladder;
};

// Reads one document. Where the ladder stops before the texts do, the texts
// are cut behind the last segment that it names: the rest has no gold.
// kNotFound, kInvalidArgument name the file and the line.
absl::StatusOr<GoldDocument> ReadGold(const GoldFiles& files);

// Reads a ladder: `[3, 4]:[5]` a line, anything behind a second colon ignored.
absl::StatusOr<std::vector<GoldBead>> ReadLadder(const std::string& path);

// Counts in Vecalign's convention: beads with an empty side do not count.
struct AlignmentScore {
  int system = 0, gold = 0;
  int strict = 0;      // system beads that are in the gold as they are
  int lax_system = 0;  // beads that share a link with the other's
  int lax_gold = 0;

  double StrictF1() const;
  double LaxF1() const;
  void Add(const AlignmentScore& other);
};

AlignmentScore Score(absl::Span<const GoldBead> gold,
                     absl::Span<const GoldBead> system);

// The aligner's beads in the same form.
std::vector<GoldBead> ToGoldBeads(absl::Span<const Bead> beads,
                                  bool source_is_chinese);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_GOLD_H_
