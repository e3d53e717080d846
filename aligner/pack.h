// The model pack on disk: one file, mapped, never written to.
//
//   "DUILPACK"            8 bytes
//   format version        u32
//   number of sections    u32
//   per section           tag (4 bytes), crc32 (u32), offset (u64), size (u64)
//   crc32 of all above    u32
//   sections, each at a multiple of 64
//
// Numbers are little-endian. Sections:
//   META  JSON: name, provenance, scores (training/provenance.h)
//   SUBW  the SentencePiece model
//   EMBD  rows (u32), dim (u32), 56 bytes of 0, a scale (f32) a row padded to
//         a multiple of 64, then int8 [rows, dim]: vector = scale * row
//   LEXZ  how well a Chinese piece is covered by English ones (Lexicon)
//   LEXE  the same for an English piece
//   BEAD  the bead model's weights (clause_links.h): count (u32), then f32 each
//   QUOT  the weights of the quote models (quote_runs.h), likewise

#ifndef DUILIAN_ALIGNER_PACK_H_
#define DUILIAN_ALIGNER_PACK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace duilian::aligner {

inline constexpr uint32_t kPackFormat = 1;

// Borrowed, row-major: vector of piece p = scales[p] * values[p * dim ...].
struct EmbeddingView {
  int rows = 0;
  int dim = 0;
  const float* scales = nullptr;
  const int8_t* values = nullptr;
};

// For each covered piece, the pieces of the other language that cover it,
// rising by id, with the gain: log((0.8 t + 0.2 u) / u), where t is the
// probability of the translation (IBM Model 1) and u the piece's own, in
// steps of 1/kGainSteps. Borrowed.
// On disk: rows (u32), entries (u32), u32 [rows + 1] ends, u16 ids, u8 gains.
struct LexiconView {
  int rows = 0;
  const uint32_t* starts = nullptr;  // [rows + 1]
  const uint16_t* ids = nullptr;
  const uint8_t* gains = nullptr;
};
inline constexpr float kGainSteps = 16;

// Of Chinese pieces and of English ones.
struct Lexicons {
  LexiconView chinese, english;
};

// A mapped pack. Immutable, thread-safe.
class PackView {
 public:
  // The errors of Model::Load.
  static absl::StatusOr<std::unique_ptr<PackView>> Map(const std::string& path);
  ~PackView();
  PackView(const PackView&) = delete;
  PackView& operator=(const PackView&) = delete;

  absl::string_view meta() const { return meta_; }
  absl::string_view subwords() const { return subwords_; }
  const EmbeddingView& embeddings() const { return embeddings_; }
  const LexiconView& chinese_lexicon() const { return chinese_lexicon_; }
  const LexiconView& english_lexicon() const { return english_lexicon_; }
  Lexicons lexicons() const { return {chinese_lexicon_, english_lexicon_}; }
  absl::Span<const float> bead_weights() const { return bead_weights_; }
  absl::Span<const float> quote_weights() const { return quote_weights_; }
  // CRC-32 of the file's table of sections: stands for the whole content.
  uint32_t fingerprint() const { return fingerprint_; }

 private:
  PackView() = default;
  absl::Status Parse(const std::string& path);
  absl::Status ParseSection(absl::string_view tag, absl::string_view bytes);

  const char* mapped_ = nullptr;
  size_t size_ = 0;
  absl::string_view meta_, subwords_;
  EmbeddingView embeddings_;
  LexiconView chinese_lexicon_, english_lexicon_;
  absl::Span<const float> bead_weights_, quote_weights_;
  uint32_t fingerprint_ = 0;
};

// The contents of a pack to be written.
struct PackContents {
  std::string meta;
  std::string subwords;
  int rows = 0, dim = 0;
  std::vector<float> scales;
  std::vector<int8_t> values;
  struct Lexicon {
    std::vector<uint32_t> starts;
    std::vector<uint16_t> ids;
    std::vector<uint8_t> gains;
  };
  Lexicon chinese_lexicon, english_lexicon;
  std::vector<float> bead_weights, quote_weights;
};

// The bytes of a pack; the same contents give the same bytes.
std::string SerializePack(const PackContents& contents);

// The contents of a mapped pack, to be changed and written again.
PackContents CopyPack(const PackView& pack);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_PACK_H_
