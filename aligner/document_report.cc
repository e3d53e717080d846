// Tested by document_report_test.cc.

#include "aligner/document_report.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aligner/doubts.h"
#include "aligner/name_renderings.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

// A finding, and the bead that it begins at: what the order goes by.
struct PlacedFinding {
  size_t bead = 0;
  Finding finding;
};

bool IsPair(const Bead& bead) {
  return bead.source.size() > 0 && bead.target.size() > 0;
}

const Segment& At(const Transcript& side, int index) {
  return side.segments[static_cast<size_t>(index)];
}

// A side's texts joined: a space between two English ones, nothing between
// two Chinese ones.
std::string TextOf(const Transcript& side, const SegmentRange& range) {
  const bool spaced = side.language == text::Language::kEnglish;
  std::string joined;
  for (int i = range.begin; i < range.end; ++i) {
    const std::string& more = At(side, i).text;
    if (spaced && !joined.empty() && !more.empty()) joined += ' ';
    joined += more;
  }
  return joined;
}

bool IsSpeech(const Segment& segment) {
  return segment.kind == SegmentKind::kSpeech && !segment.text.empty();
}

// One of the two sides, and how the report names what stands alone in it.
struct SideView {
  const Transcript& transcript;
  FindingKind alone;
  SegmentRange Bead::*range;
  SegmentRange Finding::*found;
};

SideCoverage CoverageOf(const SideView& side, absl::Span<const Bead> beads) {
  SideCoverage coverage;
  for (const Bead& bead : beads) {
    const SegmentRange& range = bead.*side.range;
    for (int i = range.begin; i < range.end; ++i) {
      const Segment& segment = At(side.transcript, i);
      if (!IsSpeech(segment)) continue;
      const size_t codepoints = text::CountCodepoints(segment.text);
      ++coverage.sentences;
      coverage.codepoints += codepoints;
      if (!IsPair(bead)) continue;
      ++coverage.covered_sentences;
      coverage.covered_codepoints += codepoints;
    }
  }
  return coverage;
}

// A sentence that says no more than "Yeah."
bool IsReply(const Segment& segment, text::Language language,
             const ReportOptions& options) {
  if (language == text::Language::kChinese) {
    return static_cast<int>(text::CountCodepoints(segment.text)) <=
           options.most_reply_codepoints;
  }
  const std::vector<absl::string_view> words =
      absl::StrSplit(segment.text, ' ', absl::SkipWhitespace());
  return static_cast<int>(words.size()) <= options.most_reply_words;
}

// The runs of one side's speech that no pair has. Headings inside a run are
// passed over, front matter and what is paired ends it.
std::vector<PlacedFinding> FindRuns(const SideView& side,
                                    absl::Span<const Bead> beads,
                                    const ReportOptions& options) {
  std::vector<PlacedFinding> runs;
  bool goes_on = false;
  int sentences = 0;  // of the run
  for (size_t b = 0; b < beads.size(); ++b) {
    const SegmentRange& range = beads[b].*side.range;
    for (int i = range.begin; i < range.end; ++i) {
      const Segment& segment = At(side.transcript, i);
      if (IsPair(beads[b]) || segment.kind == SegmentKind::kFrontMatter) {
        goes_on = false;
        continue;
      }
      if (!IsSpeech(segment)) continue;
      if (!goes_on) {
        PlacedFinding& run = runs.emplace_back();
        run.bead = b;
        run.finding.kind = side.alone;
        run.finding.is_reply = true;
        run.finding.*side.found = {i, i};
        sentences = 0;
      }
      goes_on = true;
      Finding& run = runs.back().finding;
      (run.*side.found).end = i + 1;
      run.is_reply &= IsReply(segment, side.transcript.language, options);
      ++sentences;
      run.confidence += (beads[b].confidence - run.confidence) / sentences;
    }
  }
  for (PlacedFinding& run : runs) {
    if (run.finding.confidence < options.least_confidence) {
      run.finding.phrase = "not paired, though it may have a counterpart";
    }
  }
  return runs;
}

std::string Phrase(const TurnMismatch& mismatch) {
  switch (mismatch.kind) {
    case TurnMismatchKind::kSwapped:
      return absl::StrCat("the turn of ", mismatch.english_speaker,
                          " is given to ", mismatch.chinese_speaker);
    case TurnMismatchKind::kMerged:
      return absl::StrCat("the turn of ", mismatch.english_speaker,
                          " runs into that of ", mismatch.chinese_speaker);
    case TurnMismatchKind::kSplit:
      return absl::StrCat("a part of the turn of ", mismatch.english_speaker,
                          " is given to ", mismatch.chinese_speaker);
  }
  return "";
}

FindingKind KindOf(TurnMismatchKind kind) {
  switch (kind) {
    case TurnMismatchKind::kSwapped:
      return FindingKind::kSwappedTurn;
    case TurnMismatchKind::kMerged:
      return FindingKind::kMergedTurn;
    case TurnMismatchKind::kSplit:
      return FindingKind::kSplitTurn;
  }
  return FindingKind::kSwappedTurn;
}

void AddTurns(std::vector<TurnMismatch> mismatches,
              std::vector<PlacedFinding>& placed) {
  for (TurnMismatch& mismatch : mismatches) {
    Finding finding;
    finding.kind = KindOf(mismatch.kind);
    finding.english = mismatch.english;
    finding.chinese = mismatch.chinese;
    finding.confidence = mismatch.confidence;
    finding.phrase = Phrase(mismatch);
    placed.push_back({mismatch.bead, std::move(finding)});
  }
}

// Of the doubts about a pair, those that a report tells of.
std::optional<FindingKind> KindOf(DoubtKind kind) {
  switch (kind) {
    case DoubtKind::kNumber:
      return FindingKind::kNumber;
    case DoubtKind::kFragment:
      return FindingKind::kName;
    case DoubtKind::kNegation:
      return FindingKind::kNegation;
    case DoubtKind::kShort:
      return FindingKind::kShortened;
    case DoubtKind::kOneSided:
    case DoubtKind::kLowConfidence:
    case DoubtKind::kLong:
    case DoubtKind::kBead:
    case DoubtKind::kQuestion:
      break;
  }
  return std::nullopt;
}

PlacedFinding InPair(size_t index, const Bead& bead, FindingKind kind,
                     std::string phrase) {
  Finding finding;
  finding.kind = kind;
  finding.english = bead.source;
  finding.chinese = bead.target;
  finding.confidence = bead.confidence;
  finding.phrase = std::move(phrase);
  return {index, std::move(finding)};
}

// Pairs that are likely right, their texts, and where their beads are.
struct LikelyPairs {
  std::vector<NamedPair> texts;
  std::vector<size_t> beads;
};

bool HasSpeech(const Transcript& side, const SegmentRange& range) {
  for (int i = range.begin; i < range.end; ++i) {
    if (IsSpeech(At(side, i))) return true;
  }
  return false;
}

LikelyPairs FindLikelyPairs(const Transcript& english,
                            const Transcript& chinese,
                            absl::Span<const Bead> beads,
                            const ReportOptions& options,
                            DocumentReport& report) {
  LikelyPairs likely;
  for (size_t b = 0; b < beads.size(); ++b) {
    const Bead& bead = beads[b];
    // Headings are put as the translator likes: "Part 7: Bridges".
    if (!IsPair(bead) || !HasSpeech(english, bead.source) ||
        !HasSpeech(chinese, bead.target)) {
      continue;
    }
    ++report.pairs;
    if (bead.confidence < options.least_confidence) {
      ++report.doubtful_pairs;
      continue;
    }
    likely.texts.push_back(
        {TextOf(english, bead.source), TextOf(chinese, bead.target)});
    likely.beads.push_back(b);
  }
  return likely;
}

// Chinese names what English says "it" of: the name stands a little before or
// behind, and not in the pair's own English.
bool IsSaidNearby(absl::string_view name, absl::Span<const NamedPair> pairs,
                  size_t index) {
  constexpr size_t kNearby = 3;  // pairs
  const std::string normal = text::NormalizeForMatching(name);
  const auto says = [&](size_t p) {
    return absl::StrContains(text::NormalizeForMatching(pairs[p].english),
                             normal);
  };
  if (says(index)) return false;
  const size_t first = index > kNearby ? index - kNearby : 0;
  const size_t last = std::min(index + kNearby + 1, pairs.size());
  for (size_t p = first; p < last; ++p) {
    if (says(p)) return true;
  }
  return false;
}

// What speaks against single pairs.
void AddPairs(const LikelyPairs& likely, absl::Span<const Bead> beads,
              std::vector<PlacedFinding>& placed) {
  for (size_t p = 0; p < likely.texts.size(); ++p) {
    const Bead& bead = beads[likely.beads[p]];
    DoubtInput input;
    input.source = likely.texts[p].english;
    input.target = likely.texts[p].chinese;
    for (Doubt& doubt : FindDoubts(input, DoubtOptions())) {
      const std::optional<FindingKind> kind = KindOf(doubt.kind);
      if (!kind.has_value() || (*kind == FindingKind::kName &&
                                IsSaidNearby(doubt.subject, likely.texts, p))) {
        continue;
      }
      placed.push_back(
          InPair(likely.beads[p], bead, *kind, std::move(doubt.phrase)));
    }
  }
  for (const MissingName& name :
       FindMissingNames(likely.texts, NameOptions())) {
    const size_t b = likely.beads[name.pair];
    std::string phrase = absl::StrCat(name.name, " is not in the Chinese");
    if (name.rendering != name.name) {
      absl::StrAppend(&phrase, " (", name.rendering, " elsewhere)");
    }
    placed.push_back(
        InPair(b, beads[b], FindingKind::kName, std::move(phrase)));
  }
}

}  // namespace

absl::string_view KindWord(FindingKind kind) {
  switch (kind) {
    case FindingKind::kNeverTranslated:
      return "never-translated";
    case FindingKind::kWithoutSource:
      return "without-source";
    case FindingKind::kSwappedTurn:
      return "swapped-turn";
    case FindingKind::kMergedTurn:
      return "merged-turn";
    case FindingKind::kSplitTurn:
      return "split-turn";
    case FindingKind::kShortened:
      return "shortened";
    case FindingKind::kNumber:
      return "number";
    case FindingKind::kName:
      return "name";
    case FindingKind::kNegation:
      return "negation";
  }
  return "";
}

DocumentReport ReportDocument(const Transcript& english,
                              const Transcript& chinese,
                              absl::Span<const Bead> beads,
                              const ReportOptions& options) {
  DocumentReport report;
  const SideView sides[] = {
      {english, FindingKind::kNeverTranslated, &Bead::source,
       &Finding::english},
      {chinese, FindingKind::kWithoutSource, &Bead::target, &Finding::chinese}};
  report.english = CoverageOf(sides[0], beads);
  report.chinese = CoverageOf(sides[1], beads);
  std::vector<PlacedFinding> placed;
  for (const SideView& side : sides) {
    for (PlacedFinding& run : FindRuns(side, beads, options)) {
      placed.push_back(std::move(run));
    }
  }
  report.speakers = LearnSpeakers(english, chinese, beads, options.turns);
  AddTurns(FindTurnMismatches(english, chinese, beads, report.speakers,
                              options.turns),
           placed);
  AddPairs(FindLikelyPairs(english, chinese, beads, options, report), beads,
           placed);
  std::stable_sort(placed.begin(), placed.end(),
                   [](const PlacedFinding& a, const PlacedFinding& b) {
                     return a.bead < b.bead;
                   });
  for (PlacedFinding& finding : placed) {
    report.findings.push_back(std::move(finding.finding));
  }
  return report;
}

}  // namespace duilian::aligner
