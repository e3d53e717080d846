#include "aligner/training/held_out.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aligner/pack.h"

namespace duilian::aligner::training {
namespace {

// A file that is deleted with the object.
class TemporaryFile {
 public:
  TemporaryFile()
      : path_(std::filesystem::temp_directory_path() / "duilian.XXXXXX") {
    const int file = mkstemp(path_.data());
    made_ = file >= 0;
    if (made_) close(file);
  }
  ~TemporaryFile() {
    if (made_) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  bool Write(const std::string& bytes) const {
    std::ofstream out(path_, std::ios::binary);
    out << bytes;
    return made_ && out.flush().good();
  }

 private:
  std::string path_;
  bool made_ = false;
};

// Whether the gold has the segment that a one-sided bead leaves alone in no
// pair.
bool AloneInGold(const GoldDocument& gold, const Bead& bead) {
  const bool chinese = bead.source.size() > 0;
  const int segment = chinese ? bead.source.begin : bead.target.begin;
  return std::none_of(
      gold.beads.begin(), gold.beads.end(), [&](const GoldBead& pair) {
        const std::vector<int>& own = chinese ? pair.chinese : pair.english;
        return !pair.chinese.empty() && !pair.english.empty() &&
               std::count(own.begin(), own.end(), segment) > 0;
      });
}

}  // namespace

void AlignmentQuality::Add(const GoldDocument& gold,
                           absl::Span<const Bead> beads) {
  const std::vector<GoldBead> as_gold =
      ToGoldBeads(beads, /*source_is_chinese=*/true);
  score.Add(Score(gold.beads, as_gold));
  for (size_t b = 0; b < beads.size(); ++b) {
    if (beads[b].source.size() == 0 || beads[b].target.size() == 0) {
      alone.Add(beads[b].confidence, AloneInGold(gold, beads[b]));
    } else {
      pairs.Add(
          beads[b].confidence,
          std::count(gold.beads.begin(), gold.beads.end(), as_gold[b]) > 0);
    }
  }
}

void AlignmentQuality::Add(const AlignmentQuality& other) {
  score.Add(other.score);
  pairs.Add(other.pairs);
  alone.Add(other.alone);
}

absl::StatusOr<std::unique_ptr<const Model>> WithWeights(
    const Model& model, absl::Span<const double> bead_weights,
    absl::Span<const double> quote_weights) {
  PackContents contents = CopyPack(model.pack());
  if (!bead_weights.empty()) {
    contents.bead_weights.assign(bead_weights.begin(), bead_weights.end());
  }
  if (!quote_weights.empty()) {
    contents.quote_weights.assign(quote_weights.begin(), quote_weights.end());
  }
  const TemporaryFile file;
  if (!file.Write(SerializePack(contents))) {
    return absl::UnavailableError(absl::StrCat(
        file.path(), ": cannot be written; free some space there"));
  }
  auto pack = PackView::Map(file.path());
  if (!pack.ok()) return pack.status();
  return Model::FromPack(*std::move(pack), file.path());
}

absl::StatusOr<std::vector<AlignmentQuality>> MeasureHeldOut(
    const Model& model, absl::Span<FittingDocument* const> documents,
    const BeadOptions& options) {
  std::vector<AlignmentQuality> qualities;
  if (documents.size() < 2) return qualities;
  for (size_t d = 0; d < documents.size(); ++d) {
    std::vector<FittingDocument*> others(documents.begin(), documents.end());
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(d));
    const auto fitted =
        WithWeights(model, FitAllBeadWeights(others, options), {});
    if (!fitted.ok()) return fitted.status();
    const GoldDocument& gold = documents[d]->document();
    const auto beads =
        Align(**fitted, gold.chinese, gold.english, AlignOptions());
    if (!beads.ok()) return beads.status();
    qualities.emplace_back().Add(gold, *beads);
  }
  return qualities;
}

}  // namespace duilian::aligner::training
