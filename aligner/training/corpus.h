// The parallel text that a model is trained on.

#ifndef DUILIAN_ALIGNER_TRAINING_CORPUS_H_
#define DUILIAN_ALIGNER_TRAINING_CORPUS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aligner/subword_model.h"

namespace duilian::aligner::training {

// A file of `zh<TAB>en` lines, plain or gzipped.
struct Source {
  std::string file;    // relative to the list that names it
  std::string origin;  // in words
  std::string licence;
  double weight = 1;    // how often an epoch sees each line
  bool ordered = true;  // lines follow each other as in a text
  int64_t pairs = 0;    // read
  uint32_t crc32 = 0;   // of the lines read
};

struct SentencePair {
  std::string chinese;
  std::string english;
};

// Reads a list of sources: a TAB-separated table with a header line
// `file weight ordered licence origin`. kNotFound, kInvalidArgument name the
// line.
absl::StatusOr<std::vector<Source>> ReadSourceList(const std::string& path);

// Reads one file, filling source.pairs and source.crc32. Lines without a TAB
// or with an empty side are skipped. kNotFound; kDataLoss: broken gzip.
absl::StatusOr<std::vector<SentencePair>> ReadPairs(const std::string& path,
                                                    Source& source);

// Sentences as pieces, all in one array.
class PieceTable {
 public:
  void Add(const SubwordModel& subwords, const std::string& text,
           int max_pieces);
  size_t size() const { return ends_.size(); }
  const uint16_t* begin(size_t i) const {
    return pieces_.data() + (i == 0 ? 0 : ends_[i - 1]);
  }
  const uint16_t* end(size_t i) const { return pieces_.data() + ends_[i]; }

 private:
  std::vector<uint16_t> pieces_;
  std::vector<size_t> ends_;
};

struct EncodedSource {
  Source source;
  PieceTable chinese, english;
};

}  // namespace duilian::aligner::training

#endif  // DUILIAN_ALIGNER_TRAINING_CORPUS_H_
