#ifndef DUILIAN_SERVICE_SENTENCE_MEANING_H_
#define DUILIAN_SERVICE_SENTENCE_MEANING_H_

#include "aligner/model.h"
#include "storage/meaning_index.h"

namespace duilian::service {

// The model's sentence vectors, as the meaning index takes them. `model`
// outlives what is returned.
storage::MeaningModel SentenceMeaning(const aligner::Model& model);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_SENTENCE_MEANING_H_
