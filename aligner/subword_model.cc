#include "aligner/subword_model.h"

#include <sentencepiece_processor.h>

namespace duilian::aligner {

class SubwordModel::Processor : public sentencepiece::SentencePieceProcessor {};

SubwordModel::SubwordModel() : processor_(std::make_unique<Processor>()) {}
SubwordModel::~SubwordModel() = default;

std::unique_ptr<SubwordModel> SubwordModel::Parse(std::string_view serialized) {
  std::unique_ptr<SubwordModel> model(new SubwordModel);
  if (!model->processor_->LoadFromSerializedProto(serialized).ok())
    return nullptr;
  return model;
}

int SubwordModel::size() const { return processor_->GetPieceSize(); }

void SubwordModel::Encode(std::string_view text, std::vector<int>& ids) const {
  std::vector<int> encoded;
  if (!processor_->Encode(text, &encoded).ok()) return;
  ids.insert(ids.end(), encoded.begin(), encoded.end());
}

std::vector<Piece> SubwordModel::EncodeWithPlaces(std::string_view text) const {
  std::vector<Piece> pieces;
  const sentencepiece::ImmutableSentencePieceText encoded =
      processor_->EncodeAsImmutableProto(text);
  pieces.reserve(encoded.pieces_size());
  for (size_t i = 0; i < encoded.pieces_size(); ++i) {
    const auto piece = encoded.pieces(static_cast<int>(i));
    pieces.push_back(
        {static_cast<int>(piece.id()), piece.begin(), piece.end()});
  }
  return pieces;
}

std::string_view SubwordModel::piece(int id) const {
  return processor_->IdToPiece(id);
}

}  // namespace duilian::aligner
