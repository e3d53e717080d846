#include "bench/interview_copies.h"

#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "text/language.h"

namespace duilian::bench {
namespace {

absl::StatusOr<aligner::Transcript> ReadFile(const std::string& path,
                                             text::Language language) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(absl::StrCat(
        path,
        " cannot be opened; name the folder of the sample interview "
        "with --interview"));
  }
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  return aligner::ReadTranscript(bytes, language, aligner::ReadLimits());
}

int AppendSpeech(const aligner::Transcript& transcript, int round,
                 std::string& lines) {
  int count = 0;
  for (const aligner::Segment& segment : transcript.segments) {
    if (segment.kind != aligner::SegmentKind::kSpeech) continue;
    absl::StrAppend(&lines, segment.text, " (", round, ")\n");
    ++count;
  }
  return count;
}

}  // namespace

absl::StatusOr<Bilingual> ReadInterview(const std::string& folder) {
  absl::StatusOr<aligner::Transcript> english =
      ReadFile(folder + "/en.md", text::Language::kEnglish);
  if (!english.ok()) return english.status();
  absl::StatusOr<aligner::Transcript> chinese =
      ReadFile(folder + "/zh.txt", text::Language::kChinese);
  if (!chinese.ok()) return chinese.status();
  return Bilingual{*std::move(english), *std::move(chinese)};
}

absl::StatusOr<Bilingual> RepeatInterview(const Bilingual& interview,
                                          int segments) {
  std::string english_lines, chinese_lines;
  int left = 2 * segments;
  for (int round = 1; left > 0; ++round) {
    const int before = left;
    left -= AppendSpeech(interview.english, round, english_lines);
    left -= AppendSpeech(interview.chinese, round, chinese_lines);
    if (left == before) {
      return absl::InvalidArgumentError(
          "the interview holds no speech, sentences are needed; name another "
          "with --interview");
    }
  }
  absl::StatusOr<aligner::Transcript> english = aligner::ReadLines(
      english_lines, text::Language::kEnglish, aligner::ReadLimits());
  if (!english.ok()) return english.status();
  absl::StatusOr<aligner::Transcript> chinese = aligner::ReadLines(
      chinese_lines, text::Language::kChinese, aligner::ReadLimits());
  if (!chinese.ok()) return chinese.status();
  return Bilingual{*std::move(english), *std::move(chinese)};
}

}  // namespace duilian::bench
