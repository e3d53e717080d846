#include "aligner/transcript.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aligner/blocks.h"
#include "aligner/front_matter.h"
#include "aligner/markup.h"
#include "aligner/sentences.h"
#include "aligner/source_lines.h"

namespace duilian::aligner {
namespace {

constexpr size_t kMaxWarnings = 100;

absl::Status TooManySegments(int line, const ReadLimits& limits) {
  return absl::ResourceExhaustedError(absl::StrCat(
      "line ", line, ": the text has more than ", limits.max_segments,
      " segments, which is all that is accepted; split the document"));
}

absl::Status NothingToAlign(size_t lines) {
  return absl::InvalidArgumentError(absl::StrCat(
      "nothing to align: ", lines,
      " lines, and white space, markup or front "
      "matter on each; sentences or headings are accepted; send the text of "
      "the talk"));
}

void Warn(Transcript& transcript, std::string warning) {
  if (transcript.warnings.size() < kMaxWarnings) {
    transcript.warnings.push_back(std::move(warning));
  }
}

void WarnOfLanguage(absl::string_view text, Transcript& transcript) {
  const std::optional<text::Language> looks = text::DetectLanguage(text);
  if (!looks.has_value() || *looks == transcript.language) return;
  Warn(transcript,
       absl::StrCat("line 1: the text was given as ",
                    text::LanguageCode(transcript.language), " but looks like ",
                    text::LanguageCode(*looks)));
}

// Turns blocks into segments.
class SegmentWriter {
 public:
  SegmentWriter(absl::string_view text, absl::Span<const text::ByteSpan> lines,
                const ReadLimits& limits, Transcript& out)
      : text_(text), lines_(lines), limits_(limits), out_(out) {}

  absl::Status Write(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
      NoteFrontMatter(block);
      const VisibleText visible(text_, block.range);
      if (visible.has_broken_link()) {
        Warn(out_, absl::StrCat("line ", block.line + 1,
                                ": the address of a link does not end; kept "
                                "as text"));
      }
      const size_t before = out_.segments.size();
      for (const text::ByteSpan& span : Spans(block, visible)) {
        if (out_.segments.size() == limits_.max_segments) {
          return TooManySegments(static_cast<int>(block.line) + 1, limits_);
        }
        Push(block, visible, span);
      }
      if (out_.segments.size() > before) Close(block);
    }
    EndFrontMatter();
    return absl::OkStatus();
  }

  bool has_talk() const { return has_talk_; }

 private:
  std::vector<text::ByteSpan> Spans(const Block& block,
                                    const VisibleText& visible) const {
    if (block.kind != BlockKind::kHeading) {
      return SplitSentences(visible.text(), out_.language);
    }
    size_t begin = 0, end = visible.text().size();
    while (begin < end && visible.text()[begin] == ' ') ++begin;
    while (end > begin && visible.text()[end - 1] == ' ') --end;
    if (begin == end) return {};
    return {{begin, end}};
  }

  void Push(const Block& block, const VisibleText& visible,
            text::ByteSpan span) {
    Segment segment;
    segment.text = visible.text().substr(span.begin, span.size());
    segment.span = visible.Origin(span);
    while (line_ + 1 < lines_.size() &&
           lines_[line_ + 1].begin <= segment.span.begin) {
      ++line_;
    }
    segment.line = static_cast<int>(line_) + 1;
    segment.kind = KindOf(block);
    segment.turn = TurnOf(block);
    segment.paragraph = paragraph_;
    segment.speaker = std::string(block.speaker);
    segment.timestamp_seconds = block.seconds;
    has_talk_ = has_talk_ || segment.kind != SegmentKind::kFrontMatter;
    out_.segments.push_back(std::move(segment));
  }

  static SegmentKind KindOf(const Block& block) {
    if (block.front_matter) return SegmentKind::kFrontMatter;
    return block.kind == BlockKind::kHeading ? SegmentKind::kHeading
                                             : SegmentKind::kSpeech;
  }

  int TurnOf(const Block& block) const {
    const bool same = last_ == nullptr || (block.kind != BlockKind::kHeading &&
                                           last_->kind != BlockKind::kHeading &&
                                           block.speaker == last_->speaker);
    return turn_ + (same ? 0 : 1);
  }

  // After the segments of a block.
  void Close(const Block& block) {
    turn_ = TurnOf(block);
    last_ = &block;
    ++paragraph_;
  }

  void NoteFrontMatter(const Block& block) {
    if (!block.front_matter) {
      EndFrontMatter();
      return;
    }
    if (!front_begin_.has_value()) front_begin_ = block.line + 1;
    front_end_ = block.line + 1;
  }

  void EndFrontMatter() {
    if (!front_begin_.has_value()) return;
    Warn(out_, absl::StrCat(front_end_ == *front_begin_ ? "line " : "lines ",
                            *front_begin_,
                            front_end_ == *front_begin_
                                ? std::string()
                                : absl::StrCat("-", front_end_),
                            ": read as front matter (menus, contents, links), "
                            "not as the talk"));
    front_begin_.reset();
  }

  const absl::string_view text_;
  const absl::Span<const text::ByteSpan> lines_;
  const ReadLimits& limits_;
  Transcript& out_;
  size_t line_ = 0;
  int turn_ = 0;
  int paragraph_ = 0;
  const Block* last_ = nullptr;  // that gave segments
  std::optional<size_t> front_begin_;
  size_t front_end_ = 0;
  bool has_talk_ = false;
};

}  // namespace

absl::StatusOr<Transcript> ReadTranscript(absl::string_view text,
                                          text::Language language,
                                          const ReadLimits& limits) {
  const auto lines = SplitSourceLines(text, limits);
  if (!lines.ok()) return lines.status();
  Transcript transcript;
  transcript.language = language;
  WarnOfLanguage(text, transcript);
  std::vector<Block> blocks =
      ReadBlocks(text, *lines, {language, limits.max_line_bytes});
  MarkFrontMatter(text, blocks);
  SegmentWriter writer(text, *lines, limits, transcript);
  if (absl::Status s = writer.Write(blocks); !s.ok()) return s;
  if (!writer.has_talk()) return NothingToAlign(lines->size());
  return transcript;
}

absl::StatusOr<Transcript> ReadLines(absl::string_view text,
                                     text::Language language,
                                     const ReadLimits& limits) {
  const auto lines = SplitSourceLines(text, limits);
  if (!lines.ok()) return lines.status();
  if (lines->size() > limits.max_segments) {
    return TooManySegments(static_cast<int>(limits.max_segments) + 1, limits);
  }
  Transcript transcript;
  transcript.language = language;
  WarnOfLanguage(text, transcript);
  bool has_words = false;
  for (const text::ByteSpan& line : *lines) {
    Segment segment;
    segment.text = std::string(text.substr(line.begin, line.size()));
    segment.span = line;
    segment.line = static_cast<int>(transcript.segments.size()) + 1;
    segment.paragraph = segment.line - 1;
    has_words = has_words || !SplitSentences(segment.text, language).empty();
    transcript.segments.push_back(std::move(segment));
  }
  if (!has_words) return NothingToAlign(lines->size());
  return transcript;
}

}  // namespace duilian::aligner
