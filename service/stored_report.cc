// The aligner reports on transcripts and beads. The store has units instead,
// and of the segments between them only a count and which are no speech, so
// that transcripts are made up for it: a unit's side is one segment, and so is
// a run of segments of one kind that no unit holds.

#include "service/stored_report.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "aligner/align.h"
#include "aligner/document_report.h"
#include "aligner/transcript.h"
#include "service/limits.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using storage::AsideKind;
using storage::TranslationUnit;
using storage::UnitSide;

// A segment that is made up, and what it stands for.
struct Place {
  int begin = 0, end = 0;          // segments of the document
  std::optional<size_t> unit;      // nullopt: no unit holds them
  std::optional<AsideKind> aside;  // nullopt: they are speech, or of a unit
};

struct Side {
  UnitSide TranslationUnit::*of;
  std::vector<Place> places;       // in the document's order
  std::vector<int> place_of;       // a unit's
  int speech = 0;                  // segments,
  int covered = 0;                 // and those of them that units hold
  aligner::Transcript transcript;  // a segment a place
};

using Units = std::vector<const TranslationUnit*>;

// What each segment is besides speech. An older release stored none of it.
std::vector<std::optional<AsideKind>> SegmentAsides(
    int segments, const std::vector<storage::Aside>& asides) {
  std::vector<std::optional<AsideKind>> kinds(static_cast<size_t>(segments));
  for (const storage::Aside& aside : asides) {
    const int end = std::min(aside.end, segments);
    for (int i = std::max(aside.begin, 0); i < end; ++i) {
      kinds[static_cast<size_t>(i)] = aside.kind;
    }
  }
  return kinds;
}

// Which segments the units hold.
std::vector<bool> PlaceUnits(const Units& units, int segments, Side& side) {
  std::vector<bool> held(static_cast<size_t>(segments), false);
  for (size_t u = 0; u < units.size(); ++u) {
    Place place{segments, 0, u, std::nullopt};
    for (const storage::SegmentSpan& span : (units[u]->*side.of).spans) {
      if (span.segment < 0 || span.segment >= segments) continue;
      held[static_cast<size_t>(span.segment)] = true;
      place.begin = std::min(place.begin, span.segment);
      place.end = std::max(place.end, span.segment + 1);
    }
    side.places.push_back(place);
  }
  return held;
}

// Makes places of what is held and what is not, in order, and says where each
// unit is among them.
void MakePlaces(const Units& units, int segments,
                const std::vector<storage::Aside>& asides, Side& side) {
  const std::vector<bool> held = PlaceUnits(units, segments, side);
  const auto kinds = SegmentAsides(segments, asides);
  for (size_t i = 0; i < held.size();) {
    const size_t begin = i;
    while (i < held.size() && held[i] == held[begin] &&
           kinds[i] == kinds[begin]) {
      ++i;
    }
    const auto count = static_cast<int>(i - begin);
    if (!kinds[begin].has_value()) side.speech += count;
    if (!kinds[begin].has_value() && held[begin]) side.covered += count;
    if (held[begin]) continue;
    side.places.push_back({static_cast<int>(begin), static_cast<int>(i),
                           std::nullopt, kinds[begin]});
  }
  std::stable_sort(
      side.places.begin(), side.places.end(),
      [](const Place& a, const Place& b) { return a.begin < b.begin; });
  side.place_of.resize(units.size());
  for (size_t p = 0; p < side.places.size(); ++p) {
    if (side.places[p].unit.has_value()) {
      side.place_of[*side.places[p].unit] = static_cast<int>(p);
    }
  }
}

// The text of a run that no unit holds, as far as its neighbours know it.
std::string TextBetween(const Units& units, const Side& side, size_t place) {
  const Place& gap = side.places[place];
  std::string first, last;
  if (place > 0) {
    const Place& before = side.places[place - 1];
    if (before.unit.has_value() && before.end == gap.begin) {
      first = (units[*before.unit]->*side.of).next_text;
    }
  }
  if (place + 1 < side.places.size()) {
    const Place& behind = side.places[place + 1];
    if (behind.unit.has_value()) {
      last = (units[*behind.unit]->*side.of).previous_text;
    }
  }
  if (gap.end - gap.begin == 1) {
    if (first.empty()) first = last;
    return first.empty() ? "…" : first;
  }
  if (first.empty()) return absl::StrCat("… ", last);
  if (last.empty()) return absl::StrCat(first, " …");
  return absl::StrCat(first, gap.end - gap.begin == 2 ? " " : " … ", last);
}

aligner::SegmentKind KindOf(std::optional<AsideKind> aside) {
  if (aside == AsideKind::kHeading) return aligner::SegmentKind::kHeading;
  if (aside == AsideKind::kFrontMatter) {
    return aligner::SegmentKind::kFrontMatter;
  }
  return aligner::SegmentKind::kSpeech;
}

void MakeTranscript(const Units& units, text::Language language, Side& side) {
  side.transcript.language = language;
  std::string speaker;  // of the last unit
  int turn = 0;
  for (size_t p = 0; p < side.places.size(); ++p) {
    aligner::Segment& segment = side.transcript.segments.emplace_back();
    if (!side.places[p].unit.has_value()) {
      segment.turn = turn;
      segment.kind = KindOf(side.places[p].aside);
      // Nobody asks for the text of what is no speech.
      if (!side.places[p].aside.has_value()) {
        segment.text = TextBetween(units, side, p);
      }
      continue;
    }
    const UnitSide& stored = units[*side.places[p].unit]->*side.of;
    if (stored.speaker != speaker) ++turn;
    speaker = stored.speaker;
    segment.text = stored.text;
    segment.speaker = stored.speaker;
    segment.turn = turn;
    if (stored.timestamp_ms.has_value()) {
      segment.timestamp_seconds = static_cast<int>(*stored.timestamp_ms / 1000);
    }
  }
}

// Source order; what stands alone in the target comes before the unit that
// follows it there.
std::vector<aligner::Bead> MakeBeads(const Units& units, const Side& source,
                                     const Side& target) {
  std::vector<aligner::Bead> beads;
  int told = 0;  // places of the target that have been passed
  const auto tell_until = [&](int end, int at) {
    for (; told < end; ++told) {
      if (target.places[static_cast<size_t>(told)].unit.has_value()) continue;
      beads.push_back({{at, at}, {told, told + 1}, 1});
    }
  };
  for (size_t p = 0; p < source.places.size(); ++p) {
    const auto at = static_cast<int>(p);
    const std::optional<size_t> unit = source.places[p].unit;
    if (!unit.has_value()) {
      beads.push_back({{at, at + 1}, {told, told}, 1});
      continue;
    }
    const int other = target.place_of[*unit];
    tell_until(other, at);
    const bool accepted =
        units[*unit]->status == storage::ReviewStatus::kAccepted;
    beads.push_back({{at, at + 1},
                     {other, other + 1},
                     accepted ? 1 : units[*unit]->confidence});
  }
  tell_until(static_cast<int>(target.places.size()),
             static_cast<int>(source.places.size()));
  return beads;
}

v1::FindingKind ToProto(aligner::FindingKind kind) {
  switch (kind) {
    case aligner::FindingKind::kNeverTranslated:
      return v1::NEVER_TRANSLATED;
    case aligner::FindingKind::kWithoutSource:
      return v1::WITHOUT_SOURCE;
    case aligner::FindingKind::kSwappedTurn:
      return v1::SWAPPED_TURN;
    case aligner::FindingKind::kMergedTurn:
      return v1::MERGED_TURN;
    case aligner::FindingKind::kSplitTurn:
      return v1::SPLIT_TURN;
    case aligner::FindingKind::kShortened:
      return v1::SHORTENED;
    case aligner::FindingKind::kNumber:
      return v1::NUMBER_DIFFERS;
    case aligner::FindingKind::kName:
      return v1::NAME_DIFFERS;
    case aligner::FindingKind::kNegation:
      return v1::NEGATION_DIFFERS;
  }
  return v1::FINDING_KIND_UNSPECIFIED;
}

void SetSide(const Side& side, const aligner::SegmentRange& range,
             v1::FindingSide& out) {
  if (range.size() == 0) return;
  const auto first = static_cast<size_t>(range.begin);
  out.set_begin_segment(side.places[first].begin);
  out.set_end_segment(side.places[static_cast<size_t>(range.end - 1)].end);
  const aligner::Segment& segment = side.transcript.segments[first];
  out.set_speaker(segment.speaker);
  if (segment.timestamp_seconds.has_value()) {
    out.mutable_timestamp()->set_seconds(*segment.timestamp_seconds);
  }
  std::string joined;
  for (int i = range.begin; i < range.end; ++i) {
    absl::string_view more =
        side.transcript.segments[static_cast<size_t>(i)].text;
    if (more.empty()) continue;
    if (absl::EndsWith(joined, "…")) absl::ConsumePrefix(&more, "… ");
    absl::StrAppend(&joined, joined.empty() ? "" : " ", more);
  }
  // The ellipsis counts, too.
  out.set_text(text::Abbreviate(joined, kMaxFindingTextCodepoints - 1));
}

int CountSegments(const v1::FindingSide& side) {
  return side.end_segment() - side.begin_segment();
}

// Those that stand in the document, by their place in the source.
Units PlacedUnits(absl::Span<const TranslationUnit> all) {
  Units units;
  for (const TranslationUnit& unit : all) {
    if (unit.status == storage::ReviewStatus::kRejected ||
        unit.source.spans.empty() || unit.target.spans.empty()) {
      continue;
    }
    units.push_back(&unit);
  }
  return units;
}

}  // namespace

v1::ReportDocumentResponse ReportOn(const storage::Document& document,
                                    absl::Span<const TranslationUnit> all) {
  const Units units = PlacedUnits(all);
  Side source{&TranslationUnit::source, {}, {}, 0, 0, {}};
  Side target{&TranslationUnit::target, {}, {}, 0, 0, {}};
  MakePlaces(units, document.source_segments, document.source_asides, source);
  MakePlaces(units, document.target_segments, document.target_asides, target);
  MakeTranscript(units, text::Language::kEnglish, source);
  MakeTranscript(units, text::Language::kChinese, target);
  const aligner::DocumentReport report = aligner::ReportDocument(
      source.transcript, target.transcript, MakeBeads(units, source, target),
      aligner::ReportOptions());
  v1::ReportDocumentResponse response;
  response.mutable_source()->set_segments(source.speech);
  response.mutable_source()->set_covered_segments(source.covered);
  response.mutable_target()->set_segments(target.speech);
  response.mutable_target()->set_covered_segments(target.covered);
  response.set_pairs(report.pairs);
  response.set_doubtful_pairs(report.doubtful_pairs);
  for (const aligner::SpeakerPair& speaker : report.speakers) {
    if (response.speakers_size() == kMaxReportedSpeakers) break;
    v1::SpeakerLabels& labels = *response.add_speakers();
    labels.set_source(speaker.english);
    labels.set_target(speaker.chinese);
    labels.set_pairs(speaker.beads);
    labels.set_share(speaker.share);
  }
  size_t bytes = response.ByteSizeLong();
  for (const aligner::Finding& finding : report.findings) {
    if (response.findings_size() == kMaxFindings || bytes > kMaxPageBytes) {
      break;
    }
    v1::Finding& out = *response.add_findings();
    out.set_kind(ToProto(finding.kind));
    out.set_phrase(finding.phrase);
    SetSide(source, finding.english, *out.mutable_source());
    SetSide(target, finding.chinese, *out.mutable_target());
    // Of more than two segments, only the first and the last are known.
    out.set_is_reply(finding.is_reply && CountSegments(out.source()) <= 2 &&
                     CountSegments(out.target()) <= 2);
    if (finding.english.size() > 0 && finding.chinese.size() > 0) {
      out.set_confidence(finding.confidence);
    }
    bytes += out.ByteSizeLong();
  }
  response.set_omitted_findings(static_cast<int32_t>(report.findings.size()) -
                                response.findings_size());
  return response;
}

}  // namespace duilian::service
