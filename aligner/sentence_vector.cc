#include "aligner/sentence_vector.h"

#include <cmath>
#include <string>

#include "absl/status/statusor.h"
#include "aligner/dot.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"
#include "aligner/simplifier.h"

namespace duilian::aligner {
namespace {

void ScaleToUnitLength(std::vector<float>& vector) {
  const float square =
      Dot(vector.data(), vector.data(), static_cast<int>(vector.size()));
  if (square <= 0) return;
  const float scale = 1 / std::sqrt(square);
  for (float& value : vector) value *= scale;
}

}  // namespace

size_t SentenceVectorSize(const Model& model) {
  return static_cast<size_t>(model.pack().embeddings().dim);
}

std::vector<float> SentenceVector(const Model& model, absl::string_view text,
                                  text::Language language) {
  std::vector<float> vector;
  if (language == text::Language::kChinese) {
    const absl::StatusOr<std::string> simplified =
        model.simplifier().Simplify(text);
    vector = Embed(model, simplified.ok() ? *simplified : text);
  } else {
    vector = Embed(model, text);
  }
  ScaleToUnitLength(vector);
  return vector;
}

}  // namespace duilian::aligner
