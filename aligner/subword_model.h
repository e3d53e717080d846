// The wall around SentencePiece: its header and Abseil's string headers cannot
// share a translation unit on Debian 12, so only standard types cross here.

#ifndef DUILIAN_ALIGNER_SUBWORD_MODEL_H_
#define DUILIAN_ALIGNER_SUBWORD_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace duilian::aligner {

// A piece of a text: which one, and the UTF-8 bytes of the text that it
// stands for, half-open.
struct Piece {
  int id = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Immutable and thread-safe once made.
class SubwordModel {
 public:
  // Parses a serialized SentencePiece model; nullptr when it is none.
  static std::unique_ptr<SubwordModel> Parse(std::string_view serialized);
  ~SubwordModel();

  int size() const;

  // Appends the pieces of a text to `ids`. Linear.
  void Encode(std::string_view text, std::vector<int>& ids) const;

  // The same with the place of each piece. Ranges rise and do not overlap.
  std::vector<Piece> EncodeWithPlaces(std::string_view text) const;

  // The piece's surface, "▁" for a word's edge.
  std::string_view piece(int id) const;

  // Whether the piece holds a mark that ends a clause or a sentence.
  bool EndsClause(int id) const {
    return ends_clause_[static_cast<size_t>(id)];
  }

 private:
  class Processor;
  SubwordModel();
  std::unique_ptr<Processor> processor_;
  std::vector<bool> ends_clause_;  // [size()]
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_SUBWORD_MODEL_H_
