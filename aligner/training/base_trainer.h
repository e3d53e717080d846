#ifndef DUILIAN_ALIGNER_TRAINING_BASE_TRAINER_H_
#define DUILIAN_ALIGNER_TRAINING_BASE_TRAINER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aligner/pack.h"

namespace duilian::aligner::training {

struct BaseOptions {
  std::string sources;  // the list, see ReadSourceList
  std::string folder;   // where the listed files lie
  int vocabulary = 32000;
  int dim = 256;
  int epochs = 8;
  int max_pieces = 128;  // of a line; the rest of it is left out
  uint64_t seed = 1;
  // Told what is going on, for a person. May be empty.
  std::function<void(const std::string&)> report;
};

// Everything of a pack but the bead weights (they are zero): subwords, vectors
// and lexicon, with the provenance of the corpus. kNotFound,
// kInvalidArgument, kDataLoss: about a source, named in the message.
absl::StatusOr<PackContents> TrainBase(const BaseOptions& options);

// How well a pack's vectors find translations among the lines of a file.
struct Retrieval {
  std::string file;
  int64_t pairs = 0;
  uint32_t crc32 = 0;  // of the lines read
  // The share of Chinese lines whose nearest English line, of all the file's,
  // is their own.
  double own_nearest = 0;
};

// Of a `zh<TAB>en` file. The errors of ReadPairs; kInvalidArgument: it has no
// pair.
absl::StatusOr<Retrieval> MeasureRetrieval(const PackContents& pack,
                                           const std::string& file);

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_BASE_TRAINER_H_
