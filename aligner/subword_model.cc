#include "aligner/subword_model.h"

#include <sentencepiece_processor.h>

#include <algorithm>

namespace duilian::aligner {

namespace {

bool HoldsClauseMark(std::string_view piece) {
  static constexpr std::string_view kMarks[] = {
      ",", ";", ":", "!", "?", "，", "；", "：", "。", "！", "？", "—", "…"};
  // A point inside of a piece belongs to a number or a short form.
  return piece == "." ||
         std::any_of(std::begin(kMarks), std::end(kMarks),
                     [&](std::string_view mark) {
                       return piece.find(mark) != std::string_view::npos;
                     });
}

}  // namespace

class SubwordModel::Processor : public sentencepiece::SentencePieceProcessor {};

SubwordModel::SubwordModel() : processor_(std::make_unique<Processor>()) {}
SubwordModel::~SubwordModel() = default;

std::unique_ptr<SubwordModel> SubwordModel::Parse(std::string_view serialized) {
  std::unique_ptr<SubwordModel> model(new SubwordModel);
  if (!model->processor_->LoadFromSerializedProto(serialized).ok())
    return nullptr;
  for (int id = 0; id < model->size(); ++id) {
    model->ends_clause_.push_back(HoldsClauseMark(model->piece(id)));
  }
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
