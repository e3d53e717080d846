#include "aligner/align.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "aligner/band.h"
#include "aligner/bead_lattice.h"
#include "aligner/clause_links.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"
#include "aligner/simplifier.h"
#include "aligner/skipped_stretches.h"
#include "aligner/text_lexicon.h"
#include "aligner/unrelated_stretches.h"

namespace duilian::aligner {
namespace {

using text::Language;

// Of the whole progress, where the first pass and the clauses end.
constexpr double kFirstPassDone = 0.5;
constexpr double kClausesDone = 0.9;

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

// The segments between the front matter before and behind the talk.
SegmentRange TalkOf(const Transcript& transcript) {
  const auto is_front = [&](int k) {
    return transcript.segments[static_cast<size_t>(k)].kind ==
           SegmentKind::kFrontMatter;
  };
  SegmentRange talk = {0, static_cast<int>(transcript.segments.size())};
  while (talk.begin < talk.end && is_front(talk.begin)) ++talk.begin;
  while (talk.end > talk.begin && is_front(talk.end - 1)) --talk.end;
  return talk;
}

Transcript Part(const Transcript& transcript, SegmentRange range) {
  Transcript part;
  part.language = transcript.language;
  part.segments.assign(transcript.segments.begin() + range.begin,
                       transcript.segments.begin() + range.end);
  return part;
}

// The beads with the pairs of unrelated stretches taken apart. A segment is
// alone by itself, as the lattice says, or because its stretch is unrelated.
std::vector<Bead> WithoutUnrelated(absl::Span<const Bead> beads,
                                   absl::Span<const double> chinese_alone,
                                   absl::Span<const double> english_alone) {
  const std::vector<bool> unrelated =
      FindUnrelated(beads, chinese_alone, english_alone);
  const std::vector<double> in_stretch =
      UnrelatedProbabilities(beads, chinese_alone, english_alone);
  std::vector<Bead> kept;
  for (size_t b = 0; b < beads.size(); ++b) {
    const Bead& bead = beads[b];
    const bool pair = bead.source.size() > 0 && bead.target.size() > 0;
    if (pair && !unrelated[b]) {
      kept.push_back(bead);
      continue;
    }
    const auto confidence = [&](double alone) {
      return 1 - (1 - alone) * (1 - in_stretch[b]);
    };
    for (int i = bead.source.begin; i < bead.source.end; ++i) {
      kept.push_back({{i, i + 1},
                      {bead.target.begin, bead.target.begin},
                      confidence(chinese_alone[static_cast<size_t>(i)])});
    }
    for (int j = bead.target.begin; j < bead.target.end; ++j) {
      kept.push_back({{bead.source.end, bead.source.end},
                      {j, j + 1},
                      confidence(english_alone[static_cast<size_t>(j)])});
    }
  }
  return kept;
}

// Tells of the progress and asks whether to go on, stage by stage.
class Stages {
 public:
  Stages(const AlignOptions& options, int rows)
      : options_(options), rows_(rows) {}

  // What the next stage asks every few rows. It ends with the share `done`.
  std::function<bool(int)> Next(double done) {
    const double from = done_;
    done_ = done;
    return [this, from, done](int row) {
      if (options_.progress) {
        options_.progress(from + (done - from) * row / rows_);
      }
      return options_.cancelled && options_.cancelled();
    };
  }

 private:
  const AlignOptions& options_;
  int rows_;
  double done_ = 0;
};

// Two texts, as they are and prepared.
struct Texts {
  const Transcript& chinese;
  const Transcript& english;
  const PreparedPair& prepared;
};

// Weighs beads again by what a first pass has found: what the texts call
// things, and how their clauses link. False when told to stop.
bool WeighAgain(const Model& model, const Texts& texts, Stages& stages,
                BeadLattice& lattice) {
  const absl::Span<const float> weights = model.pack().bead_weights();
  const std::vector<LatticeBead> beads = lattice.DecodePosterior(kDecodingCost);
  const std::optional<ClauseLinks> links =
      LinkClauses(model, texts.chinese, texts.english,
                  {lattice, beads, weights}, stages.Next(kClausesDone));
  if (!links.has_value()) return false;
  const TextLexicon learnt(model.pack().lexicons(), texts.prepared, beads);
  if (learnt.learnt() > 0 &&
      !RefillPotentials(learnt.lexicons(), texts.prepared, weights,
                        stages.Next(1), lattice)) {
    return false;
  }
  AddLeaks(*links, weights[kLeakWeight], lattice);
  return true;
}

// Beads of Chinese and English; `source` is Chinese, `target` English.
absl::StatusOr<std::vector<Bead>> AlignTalks(const Model& model,
                                             Transcript chinese,
                                             const Transcript& english,
                                             const AlignOptions& options) {
  if (absl::Status simplified = model.simplifier().Simplify(chinese);
      !simplified.ok()) {
    return simplified;
  }
  const PreparedPair texts = Prepare(model, chinese, english);
  BeadLattice lattice(FindBand(texts.chinese, texts.english, BandOptions()));
  Stages stages(options, lattice.band().rows());
  if (!FillPotentials(model.pack(), texts, model.pack().bead_weights(),
                      stages.Next(kFirstPassDone), lattice)) {
    return absl::CancelledError("the alignment was cancelled");
  }
  lattice.ForwardBackward();
  if (!WeighAgain(model, {chinese, english, texts}, stages, lattice)) {
    return absl::CancelledError("the alignment was cancelled");
  }
  lattice.ForwardBackward();
  const std::vector<double> chinese_alone =
      lattice.DeletionProbabilities(kDeleteChinese);
  const std::vector<double> english_alone =
      lattice.DeletionProbabilities(kDeleteEnglish);
  std::vector<Bead> beads;
  for (const LatticeBead& bead :
       PairSkipped(lattice, lattice.DecodePosterior(kDecodingCost),
                   chinese_alone, english_alone)) {
    const BeadType& type = kTypes[static_cast<size_t>(bead.type)];
    beads.push_back({{bead.i, bead.i + type.chinese},
                     {bead.j, bead.j + type.english},
                     bead.posterior});
  }
  return WithoutUnrelated(beads, chinese_alone, english_alone);
}

// Appends one-sided beads for the segments [begin, end) of each side.
void AppendAlone(SegmentRange chinese, SegmentRange english,
                 std::vector<Bead>& beads) {
  for (int k = chinese.begin; k < chinese.end; ++k) {
    beads.push_back({{k, k + 1}, {english.begin, english.begin}, 1});
  }
  for (int k = english.begin; k < english.end; ++k) {
    beads.push_back({{chinese.end, chinese.end}, {k, k + 1}, 1});
  }
}

}  // namespace

std::vector<absl::string_view> TextsOf(const Transcript& transcript,
                                       const SegmentRange& range) {
  std::vector<absl::string_view> texts;
  for (int i = range.begin; i < range.end; ++i) {
    texts.push_back(transcript.segments[static_cast<size_t>(i)].text);
  }
  return texts;
}

absl::StatusOr<std::vector<Bead>> Align(const Model& model,
                                        const Transcript& source,
                                        const Transcript& target,
                                        const AlignOptions& options) {
  if (absl::Status sides = CheckSides(source, target); !sides.ok()) {
    return sides;
  }
  const bool source_is_chinese = source.language == Language::kChinese;
  const Transcript& chinese = source_is_chinese ? source : target;
  const Transcript& english = source_is_chinese ? target : source;
  const SegmentRange zh = TalkOf(chinese), en = TalkOf(english);
  std::vector<Bead> beads;
  AppendAlone({0, zh.begin}, {0, en.begin}, beads);
  if (zh.size() > 0 && en.size() > 0) {
    absl::StatusOr<std::vector<Bead>> talk =
        AlignTalks(model, Part(chinese, zh), Part(english, en), options);
    if (!talk.ok()) return talk.status();
    for (const Bead& bead : *talk) {
      beads.push_back(
          {{bead.source.begin + zh.begin, bead.source.end + zh.begin},
           {bead.target.begin + en.begin, bead.target.end + en.begin},
           bead.confidence});
    }
  } else {
    AppendAlone(zh, en, beads);
  }
  AppendAlone({zh.end, static_cast<int>(chinese.segments.size())},
              {en.end, static_cast<int>(english.segments.size())}, beads);
  if (!source_is_chinese) {
    for (Bead& bead : beads) std::swap(bead.source, bead.target);
  }
  return beads;
}

}  // namespace duilian::aligner
