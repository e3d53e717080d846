#include "bench/alignment_errors.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aligner/quotation_marks.h"

namespace duilian::bench {
namespace {

using aligner::training::GoldBead;
using aligner::training::GoldDocument;

bool IsPair(const GoldBead& bead) {
  return !bead.chinese.empty() && !bead.english.empty();
}

// For each place before a Chinese segment the English places, first and last,
// that no pair crosses together with it; none where last < first.
struct FreePlaces {
  std::vector<int> first, last;  // [segments + 1]
};

FreePlaces FreePlacesOf(absl::Span<const GoldBead> beads, size_t chinese,
                        size_t english) {
  FreePlaces places;
  places.first.assign(chinese + 1, 0);
  places.last.assign(chinese + 1, static_cast<int>(english));
  for (const GoldBead& bead : beads) {
    if (!IsPair(bead)) continue;
    const auto [least, most] =
        std::minmax_element(bead.english.begin(), bead.english.end());
    const auto [begin, end] =
        std::minmax_element(bead.chinese.begin(), bead.chinese.end());
    int& first = places.first[static_cast<size_t>(*begin) + 1];
    first = std::max(first, *most + 1);
    int& last = places.last[static_cast<size_t>(*end)];
    last = std::min(last, *least);
  }
  for (size_t i = 1; i <= chinese; ++i) {
    places.first[i] = std::max(places.first[i], places.first[i - 1]);
  }
  for (size_t i = chinese; i-- > 0;) {
    places.last[i] = std::min(places.last[i], places.last[i + 1]);
  }
  return places;
}

// Segments in pairs, by side and number.
std::set<int> PairedSegments(absl::Span<const GoldBead> beads) {
  std::set<int> segments;
  for (const GoldBead& bead : beads) {
    for (const int i : bead.chinese) segments.insert(2 * i);
    for (const int j : bead.english) segments.insert(2 * j + 1);
  }
  return segments;
}

bool Holds(const std::vector<int>& all, const std::vector<int>& part) {
  return std::includes(all.begin(), all.end(), part.begin(), part.end());
}

// Whether each of `parts` is within one of `beads`.
bool AreParts(absl::Span<const GoldBead> parts,
              absl::Span<const GoldBead> beads) {
  return std::all_of(parts.begin(), parts.end(), [&](const GoldBead& part) {
    return std::any_of(beads.begin(), beads.end(), [&](const GoldBead& bead) {
      return Holds(bead.chinese, part.chinese) &&
             Holds(bead.english, part.english);
    });
  });
}

ErrorKind KindOf(const ErrorStretch& stretch) {
  const std::set<int> gold = PairedSegments(stretch.gold);
  const std::set<int> system = PairedSegments(stretch.system);
  if (gold == system) {
    if (AreParts(stretch.system, stretch.gold)) return ErrorKind::kCutFiner;
    if (AreParts(stretch.gold, stretch.system)) return ErrorKind::kJoined;
    return ErrorKind::kBorderMoved;
  }
  const auto within = [](const std::set<int>& part, const std::set<int>& all) {
    return std::includes(all.begin(), all.end(), part.begin(), part.end());
  };
  if (within(system, gold)) return ErrorKind::kLeftAlone;
  if (within(gold, system)) return ErrorKind::kPaired;
  return ErrorKind::kOther;
}

std::string ShapesOf(absl::Span<const GoldBead> beads) {
  if (beads.empty()) return "-";
  return absl::StrJoin(beads, " ", [](std::string* out, const GoldBead& bead) {
    absl::StrAppend(out, bead.chinese.size(), "-", bead.english.size());
  });
}

// The pairs whose Chinese begins in a range.
std::vector<GoldBead> PairsIn(absl::Span<const GoldBead> beads,
                              aligner::SegmentRange chinese) {
  std::vector<GoldBead> pairs;
  for (const GoldBead& bead : beads) {
    if (!IsPair(bead)) continue;
    const int begin =
        *std::min_element(bead.chinese.begin(), bead.chinese.end());
    if (begin < chinese.begin || begin >= chinese.end) continue;
    pairs.push_back(bead);
    std::sort(pairs.back().chinese.begin(), pairs.back().chinese.end());
    std::sort(pairs.back().english.begin(), pairs.back().english.end());
  }
  return pairs;
}

bool HasMarks(absl::Span<const aligner::QuotationMarks> marks,
              aligner::SegmentRange range) {
  for (int k = range.begin; k < range.end; ++k) {
    const aligner::QuotationMarks& own = marks[static_cast<size_t>(k)];
    if (own.opened > 0 || own.closed > 0) return true;
  }
  return false;
}

}  // namespace

const char* ErrorName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kCutFiner:
      return "cut finer";
    case ErrorKind::kJoined:
      return "joined";
    case ErrorKind::kBorderMoved:
      return "border moved";
    case ErrorKind::kLeftAlone:
      return "left alone";
    case ErrorKind::kPaired:
      return "paired";
    case ErrorKind::kOther:
      return "other";
  }
  return "";
}

std::string ErrorStretch::Shapes() const {
  return absl::StrCat(ShapesOf(gold), " for ", ShapesOf(system));
}

std::vector<ErrorStretch> FindErrors(const GoldDocument& gold,
                                     absl::Span<const GoldBead> system) {
  const size_t chinese = gold.chinese.segments.size();
  const size_t english = gold.english.segments.size();
  const FreePlaces ours = FreePlacesOf(system, chinese, english);
  const FreePlaces theirs = FreePlacesOf(gold.beads, chinese, english);
  std::vector<ErrorStretch> errors;
  aligner::SegmentRange zh = {0, 0}, en = {0, 0};
  for (size_t i = 1; i <= chinese; ++i) {
    const int first = std::max(ours.first[i], theirs.first[i]);
    const int last = std::min(ours.last[i], theirs.last[i]);
    if (first > last) continue;
    zh.end = static_cast<int>(i);
    en.end = i == chinese ? static_cast<int>(english) : first;
    ErrorStretch stretch;
    stretch.chinese = zh;
    stretch.english = en;
    stretch.gold = PairsIn(gold.beads, zh);
    stretch.system = PairsIn(system, zh);
    if (stretch.gold != stretch.system) {
      stretch.kind = KindOf(stretch);
      errors.push_back(stretch);
    }
    zh.begin = zh.end;
    en.begin = en.end;
  }
  return errors;
}

void ErrorCounts::Add(const GoldDocument& gold,
                      absl::Span<const ErrorStretch> errors) {
  const auto zh = aligner::CountQuotationMarks(gold.chinese);
  const auto en = aligner::CountQuotationMarks(gold.english);
  for (const ErrorStretch& error : errors) {
    const int kind = static_cast<int>(error.kind);
    ++stretches[kind];
    with_speech[kind] +=
        HasMarks(zh, error.chinese) || HasMarks(en, error.english);
    for (const GoldBead& bead : error.gold) {
      gold_beads[kind] +=
          std::count(error.system.begin(), error.system.end(), bead) == 0;
    }
  }
}

void PrintErrorCounts(const std::string& what, const ErrorCounts& counts) {
  std::printf("%-24s %9s %11s %10s\n", what.c_str(), "stretches", "with speech",
              "gold beads");
  for (int k = 0; k < kErrorKinds; ++k) {
    std::printf("%-24s %9d %11d %10d\n", ErrorName(static_cast<ErrorKind>(k)),
                counts.stretches[k], counts.with_speech[k],
                counts.gold_beads[k]);
  }
}

void PrintErrors(const GoldDocument& gold,
                 absl::Span<const ErrorStretch> errors) {
  for (const ErrorStretch& error : errors) {
    std::printf("\n%s: %s, %s\n", gold.name.c_str(), ErrorName(error.kind),
                error.Shapes().c_str());
    const auto print = [](const char* side, const aligner::Transcript& text,
                          const std::vector<int>& segments) {
      for (const int k : segments) {
        std::printf("    %s %d  %s\n", side, k,
                    text.segments[static_cast<size_t>(k)].text.c_str());
      }
    };
    for (const GoldBead& bead : error.gold) {
      std::printf("  gold\n");
      print("zh", gold.chinese, bead.chinese);
      print("en", gold.english, bead.english);
    }
    for (const GoldBead& bead : error.system) {
      std::printf("  found  zh %s : en %s\n",
                  absl::StrJoin(bead.chinese, " ").c_str(),
                  absl::StrJoin(bead.english, " ").c_str());
    }
  }
}

}  // namespace duilian::bench
