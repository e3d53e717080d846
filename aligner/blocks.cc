// Three passes over the lines: what each is by its own look, and whether it
// is in a subtitle; who speaks, from all of them together; and the blocks.

#include "aligner/blocks.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"
#include "aligner/speaker_census.h"
#include "aligner/subtitle_cues.h"
#include "aligner/turn_openings.h"

namespace duilian::aligner {
namespace {

enum class LineKind {
  kBlank,
  kText,
  kHeading,    // # Title
  kListItem,   // * item
  kRule,       // ---, and the numbers and times of subtitles
  kUnderline,  // ===, which makes a heading of the line above
  kMetadata,   // between --- and --- at the head of the document
};

struct Line {
  text::ByteSpan words;  // without white space, bullet or # about them
  LineKind kind = LineKind::kText;
  bool in_cue = false;         // a subtitle's words
  std::optional<int> seconds;  // of the first of these
};

bool IsOneOf(char32_t c, std::u32string_view set) {
  return set.find(c) != set.npos;
}

char32_t LastCodepoint(absl::string_view text) {
  size_t i = text.size();
  while (i > 0 && (static_cast<unsigned char>(text[i - 1]) & 0xC0) == 0x80) --i;
  if (i == 0) return 0;
  --i;
  return text::NextCodepoint(text, i);
}

// White space at both ends, Unicode's too.
text::ByteSpan Trim(absl::string_view text, text::ByteSpan span) {
  while (span.begin < span.end) {
    size_t next = span.begin;
    if (!text::IsSpace(text::NextCodepoint(text, next))) break;
    span.begin = next;
  }
  while (span.begin < span.end) {
    const char32_t last = LastCodepoint(text.substr(span.begin, span.size()));
    if (!text::IsSpace(last)) break;
    do {
      --span.end;
    } while ((static_cast<unsigned char>(text[span.end]) & 0xC0) == 0x80);
  }
  return span;
}

// Whether a line is a rule (three or more of one mark) and of which mark.
char RuleMark(absl::string_view words) {
  if (absl::string_view("-*_=").find(words[0]) == absl::string_view::npos) {
    return 0;
  }
  size_t marks = 0;
  for (const char c : words) {
    if (c == words[0]) {
      ++marks;
    } else if (c != ' ') {
      return 0;
    }
  }
  return marks >= 3 ? words[0] : '\0';
}

// "# " to "###### ", or ## before a character that is not ASCII; its length.
size_t HeadingMark(absl::string_view words) {
  size_t level = 0;
  while (level < words.size() && words[level] == '#') ++level;
  if (level == 0 || level > 6 || level == words.size()) return 0;
  if (words[level] == ' ' || words[level] == '\t') return level + 1;
  return static_cast<unsigned char>(words[level]) >= 0x80 ? level : 0;
}

size_t BulletMark(absl::string_view words) {
  for (const absl::string_view bullet : {"* ", "- ", "+ ", "• "}) {
    if (absl::StartsWith(words, bullet)) return bullet.size();
  }
  return 0;
}

Line ClassifyLine(absl::string_view text, text::ByteSpan span) {
  Line line;
  line.words = Trim(text, span);
  if (line.words.size() == 0) {
    line.kind = LineKind::kBlank;
    return line;
  }
  const absl::string_view words =
      text.substr(line.words.begin, line.words.size());
  if (const char mark = RuleMark(words); mark != 0) {
    line.kind = mark == '=' ? LineKind::kUnderline : LineKind::kRule;
  } else if (const size_t heading = HeadingMark(words); heading > 0) {
    line.kind = LineKind::kHeading;
    line.words.begin += heading;
    while (text[line.words.end - 1] == '#' && text[line.words.end - 2] == '#') {
      --line.words.end;  // ## Title ##
    }
    line.words = Trim(text, line.words);
  } else if (const size_t bullet = BulletMark(words); bullet > 0) {
    line.kind = LineKind::kListItem;
    line.words.begin += bullet;
    line.words = Trim(text, line.words);
  }
  if (line.words.size() == 0) line.kind = LineKind::kRule;
  return line;
}

// Marks the lines between a --- on the first line and the next.
void MarkMetadata(absl::string_view text, std::vector<Line>& lines) {
  constexpr size_t kMostLines = 100;
  const auto is_fence = [&](const Line& line) {
    return line.kind == LineKind::kRule &&
           text.substr(line.words.begin, line.words.size()) == "---";
  };
  if (lines.empty() || !is_fence(lines[0])) return;
  const auto limit = lines.begin() + static_cast<std::ptrdiff_t>(
                                         std::min(lines.size(), kMostLines));
  const auto close = std::find_if(lines.begin() + 1, limit, is_fence);
  if (close == limit) return;
  for (auto line = lines.begin() + 1; line != close; ++line) {
    if (line->kind != LineKind::kBlank) line->kind = LineKind::kMetadata;
  }
}

// Makes of subtitles' lines what they are: nothing, or words, whose marks are
// songs' (#) and speakers' (-).
void MarkCues(absl::string_view text, absl::Span<const text::ByteSpan> spans,
              std::vector<Line>& lines) {
  const std::vector<CueLine> cues = FindCues(text, spans);
  for (size_t i = 0; i < lines.size(); ++i) {
    Line& line = lines[i];
    if (cues[i].kind == CueLine::kLayout) {
      line.kind = LineKind::kRule;
    } else if (cues[i].kind == CueLine::kWords) {
      line.in_cue = true;
      line.seconds = cues[i].seconds;
      if (line.kind != LineKind::kListItem) {
        line.kind = LineKind::kText;
        line.words = Trim(text, spans[i]);
      }
    }
  }
}

bool EndsLikeSentence(absl::string_view words) {
  return IsOneOf(LastCodepoint(words), U".?!。？！…；;”’」』\"')）");
}

class BlockReader {
 public:
  BlockReader(absl::string_view text, absl::Span<const text::ByteSpan> lines,
              const BlockOptions& options)
      : text_(text), options_(options) {
    lines_.reserve(lines.size());
    for (const text::ByteSpan& span : lines) {
      lines_.push_back(ClassifyLine(text, span));
    }
    MarkMetadata(text, lines_);
    MarkCues(text, lines, lines_);
  }

  std::vector<Block> Read() && {
    TakeCensus();
    hard_wrapped_ = IsHardWrapped();
    for (size_t i = 0; i < lines_.size(); ++i) TakeLine(i);
    return std::move(blocks_);
  }

 private:
  absl::string_view Words(size_t i) const {
    return text_.substr(lines_[i].words.begin, lines_[i].words.size());
  }

  // A lone name stands at the head of a paragraph. What subtitles say again
  // and again is a reply.
  bool MayBeLone(size_t i) const {
    if (lines_[i].in_cue) return false;
    if (options_.language == text::Language::kChinese || i == 0) return true;
    return lines_[i - 1].kind != LineKind::kText ||
           EndsLikeSentence(Words(i - 1));
  }

  void TakeCensus() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].kind == LineKind::kBlank) continue;
      SpeakerCensus::Line line;
      if (lines_[i].kind == LineKind::kText) {
        const absl::string_view words = Words(i);
        if (const auto timed = ReadTimedOpening(words)) {
          line.timed = timed->speaker;
        } else {
          if (const auto label = ReadLabel(words)) line.label = label->speaker;
          if (MayBeLone(i)) line.lone = ReadLoneName(words);
        }
      }
      census_.Add(line);
    }
    census_.Decide();
  }

  bool IsLoneSpeaker(size_t i) const {
    if (lines_[i].kind != LineKind::kText || !MayBeLone(i)) return false;
    const absl::string_view name = ReadLoneName(Words(i));
    return !name.empty() && census_.IsLoneSpeaker(name);
  }

  std::optional<TurnOpening> Opening(size_t i) const {
    if (lines_[i].kind != LineKind::kText) return std::nullopt;
    if (const auto timed = ReadTimedOpening(Words(i))) return timed;
    const auto label = ReadLabel(Words(i));
    if (label.has_value() && census_.IsLabel(label->speaker)) return label;
    return std::nullopt;
  }

  // English whose lines mostly break off in mid-sentence: the next begins with
  // a small letter, as the lines of a list do not.
  bool IsHardWrapped() const {
    if (options_.language == text::Language::kChinese) return false;
    size_t pairs = 0, unfinished = 0, small = 0;
    for (size_t i = 0; i + 1 < lines_.size(); ++i) {
      if (lines_[i].kind != LineKind::kText || lines_[i].in_cue ||
          lines_[i + 1].kind != LineKind::kText || IsLoneSpeaker(i) ||
          IsLoneSpeaker(i + 1) || Opening(i + 1).has_value()) {
        continue;
      }
      ++pairs;
      if (EndsLikeSentence(Words(i))) continue;
      ++unfinished;
      small += Words(i + 1)[0] >= 'a' && Words(i + 1)[0] <= 'z';
    }
    return unfinished * 2 > pairs && small * 2 > unfinished;
  }

  void TakeLine(size_t i) {
    switch (lines_[i].kind) {
      case LineKind::kBlank:
      case LineKind::kRule:
        open_ = false;
        return;
      case LineKind::kUnderline:
        if (open_ && blocks_.back().line + 1 == i) {
          blocks_.back().kind = BlockKind::kHeading;
        }
        open_ = false;
        return;
      case LineKind::kHeading:
        Begin(i, BlockKind::kHeading, lines_[i].words);
        open_ = false;
        return;
      case LineKind::kListItem:
        if (lines_[i].seconds.has_value()) seconds_ = lines_[i].seconds;
        Begin(i, BlockKind::kListItem, lines_[i].words);
        return;
      case LineKind::kMetadata:
        Begin(i, BlockKind::kListItem, lines_[i].words);
        blocks_.back().front_matter = true;
        open_ = false;
        return;
      case LineKind::kText:
        TakeText(i);
    }
  }

  void TakeText(size_t i) {
    if (lines_[i].seconds.has_value()) {
      seconds_ = lines_[i].seconds;
      open_ = false;
    }
    if (IsLoneSpeaker(i)) {
      open_ = false;
      SetSpeaker(ReadLoneName(Words(i)));
      return;
    }
    if (const std::optional<TurnOpening> opening = Opening(i)) {
      open_ = false;
      if (!opening->speaker.empty()) SetSpeaker(opening->speaker);
      if (opening->seconds.has_value()) seconds_ = opening->seconds;
      text::ByteSpan words = lines_[i].words;
      words.begin += opening->rest;
      if (words.size() > 0) Begin(i, BlockKind::kParagraph, words);
      return;
    }
    if (open_ && (hard_wrapped_ || lines_[i].in_cue) &&
        lines_[i].words.end - blocks_.back().range.begin <=
            options_.max_paragraph_bytes) {
      blocks_.back().range.end = lines_[i].words.end;
      return;
    }
    const bool heading =
        (!open_ || !hard_wrapped_) && !lines_[i].in_cue && IsPlainHeading(i);
    Begin(i, heading ? BlockKind::kHeading : BlockKind::kParagraph,
          lines_[i].words);
    if (heading) open_ = false;
  }

  void SetSpeaker(absl::string_view speaker) {
    speaker_ = speaker;
    speaker_pending_ = true;
  }

  void Begin(size_t i, BlockKind kind, text::ByteSpan words) {
    Block block;
    block.kind = kind;
    block.range = words;
    block.line = i;
    if (kind != BlockKind::kHeading) {
      block.speaker = speaker_;
      block.seconds = seconds_;
      block.names_speaker = speaker_pending_;
      seconds_.reset();
      speaker_pending_ = false;
    }
    blocks_.push_back(block);
    open_ = true;
  }

  // A short line without final punctuation, right before a speaker's and not
  // right after one; the first line of all, too; 第三章 and "Part 2" anywhere.
  bool IsPlainHeading(size_t i) const {
    constexpr size_t kLongest = 60;  // code points
    const absl::string_view words = Words(i);
    if (speaker_pending_ || words.size() > 4 * kLongest ||
        text::CountCodepoints(words) > kLongest || EndsLikeSentence(words) ||
        IsOneOf(LastCodepoint(words), U",:，、：-—–~")) {
      return false;
    }
    if (SaysPart(words)) return true;
    size_t next = i + 1;
    while (next < lines_.size() && lines_[next].kind == LineKind::kBlank) {
      ++next;
    }
    if (next == lines_.size()) return false;
    if (hard_wrapped_ && next == i + 1) return false;
    if (IsLoneSpeaker(next)) return true;
    const std::optional<TurnOpening> opening = Opening(next);
    return opening.has_value() && !opening->speaker.empty();
  }

  static bool SaysPart(absl::string_view words) {
    if (absl::StartsWith(words, "第")) {
      size_t i = 3, count = 0;
      while (i < words.size() && count++ < 6) {
        const char32_t c = text::NextCodepoint(words, i);
        if (IsOneOf(c, U"章节節部回幕")) return count > 1;
        if (!IsOneOf(c, U"零〇一二三四五六七八九十百") && !text::IsDigit(c)) {
          return false;
        }
      }
      return false;
    }
    for (const absl::string_view part : {"Part ", "Chapter "}) {
      if (absl::StartsWith(words, part) && words.size() > part.size() &&
          text::IsDigit(static_cast<unsigned char>(words[part.size()]))) {
        return true;
      }
    }
    return false;
  }

  const absl::string_view text_;
  const BlockOptions options_;
  std::vector<Line> lines_;
  SpeakerCensus census_;
  bool hard_wrapped_ = false;
  std::vector<Block> blocks_;
  bool open_ = false;  // the last block goes on, on the next line
  absl::string_view speaker_;
  bool speaker_pending_ = false;  // named, but has said nothing yet
  std::optional<int> seconds_;    // for the next paragraph
};

}  // namespace

std::vector<Block> ReadBlocks(absl::string_view text,
                              absl::Span<const text::ByteSpan> lines,
                              const BlockOptions& options) {
  return BlockReader(text, lines, options).Read();
}

}  // namespace duilian::aligner
