// A small invented talk for tests: both sides' segments and their beads.

#ifndef DUILIAN_ALIGNER_REPORT_TEXTS_H_
#define DUILIAN_ALIGNER_REPORT_TEXTS_H_

#include <string>
#include <utility>
#include <vector>

#include "aligner/align.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

struct ReportTexts {
  Transcript english, chinese;
  std::vector<Bead> beads;

  ReportTexts() {
    english.language = text::Language::kEnglish;
    chinese.language = text::Language::kChinese;
  }

  // A pair of one sentence a side; an empty text is a side that is not there.
  void Add(const std::string& english_speaker, const std::string& english_text,
           const std::string& chinese_speaker, const std::string& chinese_text,
           double confidence = 0.99) {
    Bead bead;
    bead.source = AddTo(english, english_speaker, english_text);
    bead.target = AddTo(chinese, chinese_speaker, chinese_text);
    bead.confidence = confidence;
    beads.push_back(bead);
  }

  static SegmentRange AddTo(Transcript& side, const std::string& speaker,
                            const std::string& sentence) {
    const auto begin = static_cast<int>(side.segments.size());
    if (sentence.empty()) return {begin, begin};
    Segment segment;
    segment.text = sentence;
    segment.speaker = speaker;
    segment.line = begin + 1;
    if (!side.segments.empty()) {
      const Segment& last = side.segments.back();
      segment.turn = last.turn + (last.speaker == speaker ? 0 : 1);
    }
    side.segments.push_back(std::move(segment));
    return {begin, begin + 1};
  }

  // Ada asks and Bo answers, four times, all of it right.
  static ReportTexts Talk() {
    ReportTexts talk;
    const char* const lines[][2] = {
        {"Where do the boats come from?", "这些船是从哪里来的？"},
        {"They come from the harbour by the mill.", "它们来自磨坊旁的港口。"},
        {"Who built the first one?", "第一艘是谁造的？"},
        {"My uncle built it in the old barn.", "是我叔叔在旧谷仓里造的。"},
        {"Was the work slow?", "造得慢吗？"},
        {"It took him two long winters.", "花了他两个漫长的冬天。"},
        {"Which wood did he choose?", "他选了哪种木头？"},
        {"He chose the oak behind our house.", "他选了我们屋后的橡树。"}};
    for (int i = 0; i < 8; ++i) {
      const bool asks = i % 2 == 0;
      talk.Add(asks ? "Ada" : "Bo", lines[i][0], asks ? "艾达" : "老波",
               lines[i][1]);
    }
    return talk;
  }
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_REPORT_TEXTS_H_
