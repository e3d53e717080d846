#include "service/unit_edits.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/checks.h"
#include "service/limits.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using storage::SegmentSpan;
using storage::TranslationUnit;
using storage::UnitSide;

size_t SeparatorSize(text::Language language) {
  return language == text::Language::kEnglish ? 1 : 0;
}

// Where the text before a cut ends and the text behind it begins, white space
// at the cut left out.
struct Cut {
  size_t first_end = 0;
  size_t second_begin = 0;
};

std::optional<Cut> FindCut(absl::string_view text, size_t offset) {
  Cut cut = {0, offset};
  for (size_t at = 0; at < offset;) {
    if (!text::IsSpace(text::NextCodepoint(text, at))) cut.first_end = at;
  }
  for (size_t at = offset; at < text.size();) {
    if (!text::IsSpace(text::NextCodepoint(text, at))) break;
    cut.second_begin = at;
  }
  if (cut.first_end == 0 || cut.second_begin == text.size()) {
    return std::nullopt;
  }
  return cut;
}

size_t JoinedSize(const std::vector<SegmentSpan>& spans, size_t separator) {
  size_t size = spans.empty() ? 0 : separator * (spans.size() - 1);
  for (const SegmentSpan& span : spans) {
    size += static_cast<size_t>(span.end_byte - span.begin_byte);
  }
  return size;
}

// Gives each part the spans of its bytes. `cut` counts in the joined spans.
void DivideSpans(const std::vector<SegmentSpan>& spans, size_t separator,
                 const Cut& cut, UnitSide& first, UnitSide& second) {
  first.spans.clear();
  second.spans.clear();
  size_t begin = 0;
  for (const SegmentSpan& span : spans) {
    const size_t end =
        begin + static_cast<size_t>(span.end_byte - span.begin_byte);
    const size_t first_end = std::min(end, cut.first_end);
    const size_t second_begin = std::max(begin, cut.second_begin);
    if (first_end > begin) {
      first.spans.push_back(
          {span.segment, span.begin_byte,
           span.begin_byte + static_cast<int64_t>(first_end - begin)});
    }
    if (second_begin < end) {
      second.spans.push_back(
          {span.segment,
           span.begin_byte + static_cast<int64_t>(second_begin - begin),
           span.end_byte});
    }
    begin = end + separator;
  }
}

// For a text that is no longer its segments': the cut falls where it falls in
// proportion, and the segment that holds it stays whole with both parts.
void ShareSpans(const std::vector<SegmentSpan>& spans, double share,
                UnitSide& first, UnitSide& second) {
  first.spans.clear();
  second.spans.clear();
  const double cut = share * static_cast<double>(JoinedSize(spans, 0));
  double begin = 0;
  for (const SegmentSpan& span : spans) {
    const double end =
        begin + static_cast<double>(span.end_byte - span.begin_byte);
    if (begin < cut) first.spans.push_back(span);
    if (end > cut) second.spans.push_back(span);
    begin = end;
  }
}

struct SideParts {
  UnitSide first, second;
};

absl::StatusOr<SideParts> SplitSide(absl::string_view field,
                                    const UnitSide& side,
                                    text::Language language, int64_t offset,
                                    bool edited) {
  std::optional<Cut> cut;
  if (offset > 0 && static_cast<size_t>(offset) < side.text.size() &&
      text::IsCharacterEdge(side.text, static_cast<size_t>(offset))) {
    cut = FindCut(side.text, static_cast<size_t>(offset));
  }
  if (!cut.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": ", offset,
                     " given, the first byte of a character inside the "
                     "text of ",
                     side.text.size(),
                     " bytes accepted, with something more "
                     "than white space on both sides; choose another place"));
  }
  SideParts parts = {side, side};
  parts.first.text = side.text.substr(0, cut->first_end);
  parts.second.text = side.text.substr(cut->second_begin);
  parts.first.next_text = parts.second.text;
  parts.second.previous_text = parts.first.text;
  const size_t separator = SeparatorSize(language);
  if (!edited && JoinedSize(side.spans, separator) == side.text.size()) {
    DivideSpans(side.spans, separator, *cut, parts.first, parts.second);
  } else {
    ShareSpans(
        side.spans,
        static_cast<double>(offset) / static_cast<double>(side.text.size()),
        parts.first, parts.second);
  }
  return parts;
}

absl::Status AppendSide(absl::string_view field, const UnitSide& side,
                        text::Language language, UnitSide& joined) {
  JoinText(language, side.text, joined.text);
  if (text::CountCodepoints(joined.text) > kMaxSideCodepoints) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, ": the joined text is over ", Grouped(kMaxSideCodepoints),
        " code points, which is the most accepted; merge fewer pairs"));
  }
  for (const SegmentSpan& span : side.spans) {
    // Two parts of an edited text may share a segment.
    if (std::find(joined.spans.begin(), joined.spans.end(), span) ==
        joined.spans.end()) {
      joined.spans.push_back(span);
    }
  }
  joined.next_text = side.next_text;
  return absl::OkStatus();
}

}  // namespace

void JoinText(text::Language language, absl::string_view text,
              std::string& joined) {
  if (!joined.empty()) joined.append(SeparatorSize(language), ' ');
  joined.append(text.data(), text.size());
}

absl::StatusOr<UnitParts> SplitUnit(const TranslationUnit& unit,
                                    const CutPoints& cuts) {
  const bool edited = unit.origin == storage::Origin::kManual;
  absl::StatusOr<SideParts> source =
      SplitSide("source_offset", unit.source, text::Language::kEnglish,
                cuts.source, edited);
  if (!source.ok()) return source.status();
  absl::StatusOr<SideParts> target =
      SplitSide("target_offset", unit.target, text::Language::kChinese,
                cuts.target, edited);
  if (!target.ok()) return target.status();
  UnitParts parts = {unit, unit};
  parts.first.reshaped = parts.second.reshaped = true;
  parts.first.source = std::move(source->first);
  parts.first.target = std::move(target->first);
  parts.second.source = std::move(source->second);
  parts.second.target = std::move(target->second);
  parts.second.id = 0;
  parts.second.revision = 0;
  return parts;
}

absl::StatusOr<TranslationUnit> MergeUnits(
    absl::Span<const TranslationUnit> units) {
  TranslationUnit merged = units.front();
  merged.reshaped = true;
  for (const TranslationUnit& unit : units.subspan(1)) {
    if (unit.document != merged.document) {
      return absl::InvalidArgumentError(
          "names: pairs of several documents given, those of one accepted; "
          "merge each document's by themselves");
    }
    absl::Status status = AppendSide("source", unit.source,
                                     text::Language::kEnglish, merged.source);
    if (status.ok()) {
      status = AppendSide("target", unit.target, text::Language::kChinese,
                          merged.target);
    }
    if (!status.ok()) return status;
    merged.confidence = std::min(merged.confidence, unit.confidence);
    if (unit.status != merged.status) {
      merged.status = storage::ReviewStatus::kUnreviewed;
    }
    if (unit.origin == storage::Origin::kManual) merged.origin = unit.origin;
  }
  if (merged.origin != storage::Origin::kAligned) merged.model_version.clear();
  return merged;
}

}  // namespace duilian::service
