#include "service/sentence_meaning.h"

#include <string>

#include "aligner/sentence_vector.h"

namespace duilian::service {

storage::MeaningModel SentenceMeaning(const aligner::Model& model) {
  storage::MeaningModel meaning;
  meaning.version = std::string(model.version());
  meaning.dimension = aligner::SentenceVectorSize(model);
  meaning.vector = [&model](absl::string_view text, text::Language language) {
    return aligner::SentenceVector(model, text, language);
  };
  return meaning;
}

}  // namespace duilian::service
