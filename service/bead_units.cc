#include "service/bead_units.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "service/checks.h"
#include "service/limits.h"
#include "service/unit_edits.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using aligner::Segment;
using aligner::SegmentRange;
using aligner::Transcript;

// FNV-1a. It stands on disk: docs/storage_format.md.
uint64_t Fingerprint(absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

storage::SegmentSpan SpanOf(const Transcript& transcript, int index) {
  const Segment& segment = transcript.segments[static_cast<size_t>(index)];
  return {index, static_cast<int64_t>(segment.span.begin),
          static_cast<int64_t>(segment.span.end)};
}

// The text of the segment at an index, as a neighbour's; empty beyond the
// edges.
std::string TextAt(const Transcript& transcript, int index) {
  const auto count = static_cast<int>(transcript.segments.size());
  if (index < 0 || index >= count) return "";
  // An endless line is not a sentence that anyone's context could equal.
  return text::Abbreviate(transcript.segments[static_cast<size_t>(index)].text,
                          kMaxSideCodepoints - 1);
}

storage::UnitSide SideOf(const Transcript& transcript,
                         const SegmentRange& range) {
  storage::UnitSide side;
  side.language_code = std::string(text::LanguageCode(transcript.language));
  side.previous_text = TextAt(transcript, range.begin - 1);
  side.next_text = TextAt(transcript, range.end);
  for (int i = range.begin; i < range.end; ++i) {
    const Segment& segment = transcript.segments[static_cast<size_t>(i)];
    if (segment.text.empty()) continue;
    if (side.spans.empty()) {
      side.speaker = segment.speaker;
      if (segment.timestamp_seconds.has_value()) {
        side.timestamp_ms = int64_t{1000} * *segment.timestamp_seconds;
      }
    }
    JoinText(transcript.language, segment.text, side.text);
    side.spans.push_back(SpanOf(transcript, i));
  }
  return side;
}

// nullopt: it is speech.
std::optional<storage::AsideKind> AsideKindOf(const Segment& segment) {
  if (segment.kind == aligner::SegmentKind::kHeading) {
    return storage::AsideKind::kHeading;
  }
  if (segment.kind == aligner::SegmentKind::kFrontMatter) {
    return storage::AsideKind::kFrontMatter;
  }
  if (segment.text.empty()) return storage::AsideKind::kEmpty;
  return std::nullopt;
}

// Says in a warning when a side is over the limit of a pair.
bool Fits(absl::string_view name, const Transcript& transcript,
          const SegmentRange& range, const storage::UnitSide& side,
          WarningList& warnings) {
  const size_t length = text::CountCodepoints(side.text);
  if (length <= kMaxSideCodepoints) return true;
  warnings.Add(name, transcript.segments[static_cast<size_t>(range.begin)].line,
               absl::StrCat("not paired: ", Grouped(length),
                            " code points without a sentence's end, up to ",
                            Grouped(kMaxSideCodepoints),
                            " accepted in a pair; break the text up"));
  return false;
}

struct ReadWarning {
  int line = 0;
  absl::string_view message;
};

// "line 12: what" is about line 12; "lines 3-9: what" begins at line 3 and
// says itself where it ends.
ReadWarning Parse(absl::string_view warning) {
  ReadWarning parts = {0, warning};
  absl::string_view rest = warning;
  const bool many = absl::ConsumePrefix(&rest, "lines ");
  if (!many && !absl::ConsumePrefix(&rest, "line ")) return parts;
  const size_t end = rest.find(many ? "-" : ": ");
  if (end == rest.npos || !absl::SimpleAtoi(rest.substr(0, end), &parts.line)) {
    parts.line = 0;
  } else if (!many) {
    parts.message = rest.substr(end + 2);
  }
  return parts;
}

}  // namespace

void WarningList::Add(absl::string_view side, int line,
                      absl::string_view message) {
  if (warnings_.size() >= kMaxWarnings - 1) {
    ++more_;
    return;
  }
  v1::ImportWarning warning;
  warning.set_side(std::string(side));
  warning.set_line(line);
  warning.set_message(std::string(message));
  warnings_.push_back(std::move(warning));
}

void WarningList::AddRead(absl::string_view side,
                          const std::vector<std::string>& read) {
  for (const std::string& warning : read) {
    const ReadWarning parts = Parse(warning);
    Add(side, parts.line, parts.message);
  }
}

std::vector<v1::ImportWarning> WarningList::Finish() && {
  if (more_ > 0) {
    v1::ImportWarning last;
    last.set_message(absl::StrCat("and ", more_, " more warnings"));
    warnings_.push_back(std::move(last));
  }
  return std::move(warnings_);
}

std::vector<storage::TranslationUnit> UnitsFromBeads(
    const Transcript& source, const Transcript& target,
    absl::Span<const aligner::Bead> beads, const UnitStamp& stamp,
    WarningList& warnings) {
  std::vector<storage::TranslationUnit> units;
  for (const aligner::Bead& bead : beads) {
    storage::TranslationUnit unit;
    unit.source = SideOf(source, bead.source);
    unit.target = SideOf(target, bead.target);
    if (unit.source.text.empty() || unit.target.text.empty() ||
        !Fits("source", source, bead.source, unit.source, warnings) ||
        !Fits("target", target, bead.target, unit.target, warnings)) {
      continue;
    }
    unit.document = stamp.document;
    unit.origin = stamp.origin;
    unit.confidence = bead.confidence;
    unit.model_version = stamp.model_version;
    unit.create_time_us = stamp.now_us;
    unit.update_time_us = stamp.now_us;
    units.push_back(std::move(unit));
  }
  return units;
}

std::vector<storage::SegmentPrint> PrintsOf(const Transcript& side) {
  std::vector<storage::SegmentPrint> prints;
  prints.reserve(side.segments.size());
  for (const Segment& segment : side.segments) {
    prints.push_back({static_cast<int64_t>(segment.span.begin),
                      static_cast<int64_t>(segment.span.end),
                      Fingerprint(segment.text)});
  }
  return prints;
}

std::vector<storage::Aside> AsidesOf(const Transcript& side) {
  std::vector<storage::Aside> asides;
  int32_t index = 0;
  for (const Segment& segment : side.segments) {
    const int32_t begin = index++;
    const std::optional<storage::AsideKind> kind = AsideKindOf(segment);
    if (!kind.has_value()) continue;
    if (!asides.empty() && asides.back().end == begin &&
        asides.back().kind == *kind) {
      asides.back().end = index;
    } else {
      asides.push_back({begin, index, *kind});
    }
  }
  return asides;
}

absl::StatusOr<std::vector<aligner::Bead>> BeadsOfAlignedLines(
    const Transcript& source, const Transcript& target) {
  if (source.segments.size() != target.segments.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "aligned_lines: ", Grouped(source.segments.size()),
        " source lines and ", Grouped(target.segments.size()),
        " target lines given, as many on both sides accepted; send the same "
        "number, an empty line for a missing one, or leave aligned_lines out"));
  }
  std::vector<aligner::Bead> beads;
  for (int i = 0; i < static_cast<int>(source.segments.size()); ++i) {
    beads.push_back({{i, i + 1}, {i, i + 1}, 1.0});
  }
  return beads;
}

}  // namespace duilian::service
