#include "aligner/model.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "aligner/clause_links.h"
#include "aligner/pack.h"
#include "aligner/quote_runs.h"
#include "aligner/simplifier.h"
#include "aligner/subword_model.h"

namespace duilian::aligner {

Model::Model() : simplifier_(std::make_unique<Simplifier>()) {}
Model::~Model() = default;

absl::StatusOr<std::unique_ptr<const Model>> Model::Load(
    const std::string& path) {
  absl::StatusOr<std::unique_ptr<PackView>> pack = PackView::Map(path);
  if (!pack.ok()) return pack.status();
  if ((*pack)->bead_weights().size() != kBeadWeights ||
      (*pack)->quote_weights().size() != kQuoteWeights) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": has ", (*pack)->bead_weights().size(), " bead and ",
        (*pack)->quote_weights().size(), " quote weights; this release uses ",
        kBeadWeights, " and ", kQuoteWeights,
        ": fit them again with duilian-train beads"));
  }
  return FromPack(*std::move(pack), path);
}

absl::StatusOr<std::unique_ptr<const Model>> Model::FromPack(
    std::unique_ptr<PackView> pack, const std::string& path) {
  std::unique_ptr<Model> model(new Model);
  model->pack_ = std::move(pack);
  const absl::string_view serialized = model->pack_->subwords();
  model->subwords_ = SubwordModel::Parse(
      std::string_view(serialized.data(), serialized.size()));
  if (model->subwords_ == nullptr ||
      model->subwords_->size() != model->pack_->embeddings().rows) {
    return absl::DataLossError(absl::StrCat(
        path, ": its subword model does not fit its vectors; train it again"));
  }
  model->version_ = absl::StrFormat("zh-en-%u-%08x", kPackFormat,
                                    model->pack_->fingerprint());
  return std::unique_ptr<const Model>(std::move(model));
}

absl::string_view Model::provenance() const { return pack_->meta(); }

}  // namespace duilian::aligner
