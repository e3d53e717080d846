#include "bench/noise_report.h"

#include <cstdio>
#include <memory>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aligner/align.h"
#include "bench/noise.h"
#include "bench/traditional.h"

namespace duilian::bench {
namespace {

using aligner::Bead;
using aligner::Model;
using aligner::SegmentRange;

using Made = absl::StatusOr<GoldDocument>;

std::string Percent(double share) { return absl::StrCat(share * 100, " %"); }

// Which segments of a side have a counterpart.
std::vector<bool> HasCounterpart(const GoldDocument& gold, Side side) {
  const bool chinese = side == Side::kChinese;
  std::vector<bool> has((chinese ? gold.chinese : gold.english).segments.size(),
                        false);
  for (const auto& bead : gold.beads) {
    if (bead.chinese.empty() || bead.english.empty()) continue;
    for (const int k : chinese ? bead.chinese : bead.english) {
      has[static_cast<size_t>(k)] = true;
    }
  }
  return has;
}

void CountAlone(const std::vector<bool>& has, const SegmentRange& range,
                const Bead& bead, NoiseScore& score) {
  const bool paired = bead.source.size() > 0 && bead.target.size() > 0;
  for (int k = range.begin; k < range.end; ++k) {
    if (has[static_cast<size_t>(k)]) continue;
    ++score.alone;
    if (!paired) continue;
    ++score.paired;
    score.paired_half += bead.confidence >= 0.5;
    score.paired_sure += bead.confidence >= 0.9;
    score.confidence += bead.confidence;
  }
}

Noise Dropped(Side side, double share) {
  return {absl::StrCat(Percent(share), " of the ",
                       side == Side::kChinese ? "Chinese" : "English",
                       " sentences dropped"),
          [=](const GoldDocument& document, const GoldDocument&,
              uint32_t seed) -> Made {
            std::mt19937 random(seed);
            return DropSegments(document, side, share, random);
          }};
}

using Distortion = GoldDocument (*)(const GoldDocument&, double, std::mt19937&);

Noise Distorted(double share, const char* what, Distortion distortion) {
  return {absl::StrCat(Percent(share), what),
          [=](const GoldDocument& document, const GoldDocument&,
              uint32_t seed) -> Made {
            std::mt19937 random(seed);
            return distortion(document, share, random);
          }};
}

Noise Traditional(const char* name, const char* config) {
  return {
      name,
      [=](const GoldDocument& document, const GoldDocument&, uint32_t) -> Made {
        GoldDocument made = document;
        if (absl::Status s = MakeTraditional(config, made.chinese); !s.ok()) {
          return s;
        }
        return made;
      },
      /*random=*/false};
}

Noise Foreign(const char* name,
              GoldDocument (*make)(const GoldDocument&, const GoldDocument&)) {
  return {name,
          [=](const GoldDocument& document, const GoldDocument& other,
              uint32_t) -> Made { return make(document, other); },
          /*random=*/false};
}

// The score on the novels, and on the interview.
struct TwoScores {
  NoiseScore novels, interview;
};

absl::StatusOr<TwoScores> Measure(const GoldSet& set, const Models& models,
                                  const Noise& noise, uint32_t first_seed,
                                  int seeds) {
  TwoScores scores;
  for (int s = 0; s < (noise.random ? seeds : 1); ++s) {
    for (size_t d = 0; d < set.gold.size(); ++d) {
      // A novel gets the interview's text, the interview a novel's.
      const size_t other = IsInterview(set, d) ? 0 : set.gold.size() - 1;
      const Made made = noise.make(*set.gold[d], *set.gold[other],
                                   first_seed + static_cast<uint32_t>(s));
      if (!made.ok()) return made.status();
      const absl::StatusOr<NoiseScore> score = MeasureNoise(*models[d], *made);
      if (!score.ok()) return score.status();
      (IsInterview(set, d) ? scores.interview : scores.novels).Add(*score);
    }
  }
  return scores;
}

void PrintForeign(const std::string& name, const char* set,
                  const NoiseScore& score) {
  const double alone = std::max(score.alone, 1);
  const double paired = std::max(score.paired, 1);
  std::printf("%-34s %-10s %7.3f %6d %7.3f %7.3f %7.3f %7.3f\n", name.c_str(),
              set, score.beads.StrictF1(), score.alone, score.paired / alone,
              score.paired_half / alone, score.paired_sure / alone,
              score.confidence / paired);
}

}  // namespace

void NoiseScore::Add(const NoiseScore& other) {
  beads.Add(other.beads);
  alone += other.alone;
  paired += other.paired;
  paired_half += other.paired_half;
  paired_sure += other.paired_sure;
  confidence += other.confidence;
}

absl::StatusOr<NoiseScore> MeasureNoise(const Model& model,
                                        const GoldDocument& gold) {
  const absl::StatusOr<std::vector<Bead>> beads = aligner::Align(
      model, gold.chinese, gold.english, aligner::AlignOptions());
  if (!beads.ok()) return beads.status();
  NoiseScore score;
  score.beads = aligner::training::Score(
      gold.beads,
      aligner::training::ToGoldBeads(*beads, /*source_is_chinese=*/true));
  const std::vector<bool> chinese = HasCounterpart(gold, Side::kChinese);
  const std::vector<bool> english = HasCounterpart(gold, Side::kEnglish);
  for (const Bead& bead : *beads) {
    CountAlone(chinese, bead.source, bead, score);
    CountAlone(english, bead.target, bead, score);
  }
  return score;
}

std::vector<Noise> AllNoise() {
  std::vector<Noise> all;
  all.push_back(Foreign("clean", [](const GoldDocument& document,
                                    const GoldDocument&) { return document; }));
  for (const Side side : {Side::kChinese, Side::kEnglish}) {
    for (const double share : {0.05, 0.1, 0.2}) {
      all.push_back(Dropped(side, share));
    }
  }
  for (const double share : {0.05, 0.1, 0.2}) {
    all.push_back(Distorted(share, " of sentences merged", MergeSegments));
  }
  for (const double share : {0.05, 0.1, 0.2}) {
    all.push_back(Distorted(share, " of sentences split", SplitSegments));
  }
  for (const double share : {0.01, 0.03, 0.05}) {
    all.push_back(Distorted(share, " of characters wrong", GarbleCharacters));
  }
  all.push_back(Traditional("Traditional Chinese", "s2t.json"));
  all.push_back(Traditional("Traditional, as in Taiwan", "s2tw.json"));
  return all;
}

std::vector<Noise> AllForeignText() {
  using D = const GoldDocument&;
  return {
      Foreign("clean", [](D document, D) { return document; }),
      Foreign(
          "second half of the Chinese gone",
          [](D document, D) { return CutInHalf(document, Side::kChinese); }),
      Foreign(
          "second half of the English gone",
          [](D document, D) { return CutInHalf(document, Side::kEnglish); }),
      Foreign("half as much other Chinese behind",
              [](D document, D other) {
                return WithExtraHalf(document, Side::kChinese, other);
              }),
      Foreign("half as much other English behind",
              [](D document, D other) {
                return WithExtraHalf(document, Side::kEnglish, other);
              }),
      Foreign("two texts that do not correspond",
              [](D document, D other) { return Mismatched(document, other); }),
  };
}

absl::Status PrintNoise(const GoldSet& set, const Models& models,
                        uint32_t first_seed, int seeds) {
  std::printf("%-38s %8s %8s %9s %8s\n", "noise", "novels", "lax", "interview",
              "lax");
  for (const Noise& noise : AllNoise()) {
    const auto scores = Measure(set, models, noise, first_seed, seeds);
    if (!scores.ok()) return scores.status();
    std::printf("%-38s %8.3f %8.3f %9.3f %8.3f\n", noise.name.c_str(),
                scores->novels.beads.StrictF1(), scores->novels.beads.LaxF1(),
                scores->interview.beads.StrictF1(),
                scores->interview.beads.LaxF1());
  }
  std::printf("\nsentences without a counterpart, and how many are paired\n");
  std::printf("%-34s %-10s %7s %6s %7s %7s %7s %7s\n", "text", "set", "strict",
              "alone", "paired", ">= 0.5", ">= 0.9", "mean");
  for (const Noise& noise : AllForeignText()) {
    const auto scores = Measure(set, models, noise, first_seed, seeds);
    if (!scores.ok()) return scores.status();
    PrintForeign(noise.name, "novels", scores->novels);
    PrintForeign(noise.name, "interview", scores->interview);
  }
  return absl::OkStatus();
}

}  // namespace duilian::bench
