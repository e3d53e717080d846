#include "aligner/align.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aligner/band.h"
#include "aligner/bead_lattice.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {
namespace {

using text::Language;

// Half the F1 to be expected: a bead less likely than this lowers F1.
constexpr double kDecodingCost = 0.4;

absl::Status CheckSides(const Transcript& source, const Transcript& target) {
  if (source.segments.empty() || target.segments.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ", source.segments.empty() ? "source" : "target",
                     " has no segments; send both texts"));
  }
  if (source.language == target.language) {
    return absl::InvalidArgumentError(absl::StrCat(
        "both sides are ", std::string(text::LanguageCode(source.language)),
        "; send one English and one Chinese text"));
  }
  return absl::OkStatus();
}

Bead ToBead(const LatticeBead& bead, bool source_is_chinese) {
  const BeadType& type = kTypes[static_cast<size_t>(bead.type)];
  const SegmentRange chinese = {bead.i, bead.i + type.chinese};
  const SegmentRange english = {bead.j, bead.j + type.english};
  return source_is_chinese ? Bead{chinese, english, bead.posterior}
                           : Bead{english, chinese, bead.posterior};
}

}  // namespace

absl::StatusOr<std::vector<Bead>> Align(const Model& model,
                                        const Transcript& source,
                                        const Transcript& target,
                                        const AlignOptions& options) {
  if (absl::Status sides = CheckSides(source, target); !sides.ok())
    return sides;
  const bool source_is_chinese = source.language == Language::kChinese;
  const PreparedPair texts = Prepare(model, source_is_chinese ? source : target,
                                     source_is_chinese ? target : source);
  BeadLattice lattice(FindBand(texts.chinese, texts.english, BandOptions()));
  const auto stop = [&](int row) {
    if (options.progress) {
      options.progress(static_cast<double>(row) /
                       static_cast<double>(lattice.band().rows()));
    }
    return options.cancelled && options.cancelled();
  };
  if (!FillPotentials(model.pack(), texts, model.pack().bead_weights(), stop,
                      lattice)) {
    return absl::CancelledError("the alignment was cancelled");
  }
  lattice.ForwardBackward();
  std::vector<Bead> beads;
  for (const LatticeBead& bead : lattice.DecodePosterior(kDecodingCost)) {
    beads.push_back(ToBead(bead, source_is_chinese));
  }
  return beads;
}

}  // namespace duilian::aligner
