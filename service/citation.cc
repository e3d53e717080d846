#include "service/citation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace duilian::service {
namespace {

std::string JoinSpeakers(const std::vector<std::string>& all, bool chinese) {
  std::vector<std::string> speakers;
  for (const std::string& speaker : all) {
    if (speaker.empty()) continue;
    if (std::find(speakers.begin(), speakers.end(), speaker) ==
        speakers.end()) {
      speakers.push_back(speaker);
    }
  }
  const bool cut = speakers.size() > kMostCitedSpeakers;
  if (cut) speakers.resize(kMostCitedSpeakers);
  if (chinese) {
    return absl::StrCat(absl::StrJoin(speakers, "、"), cut ? "等人" : "");
  }
  if (cut) return absl::StrCat(absl::StrJoin(speakers, ", "), " and others");
  if (speakers.size() < 2) return absl::StrJoin(speakers, "");
  const std::string last = speakers.back();
  speakers.pop_back();
  return absl::StrCat(absl::StrJoin(speakers, ", "), " and ", last);
}

std::string QuoteTitle(const std::string& title, bool chinese) {
  if (chinese) {
    return absl::StrCat(
        "《", absl::StrReplaceAll(title, {{"《", "〈"}, {"》", "〉"}}), "》");
  }
  return absl::StrCat(
      "\"", absl::StrReplaceAll(title, {{"\"", "'"}, {"“", "‘"}, {"”", "’"}}),
      "\"");
}

}  // namespace

std::string FormatTimestamp(int64_t milliseconds) {
  const int64_t seconds = std::max<int64_t>(0, milliseconds) / 1000;
  return absl::StrFormat("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                         seconds % 60);
}

std::string FormatCitation(const Citation& citation, text::Language language) {
  const bool chinese = language == text::Language::kChinese;
  std::vector<std::string> parts = {JoinSpeakers(citation.speakers, chinese)};
  if (!citation.title.empty()) {
    parts.push_back(QuoteTitle(citation.title, chinese));
  }
  if (citation.begin_ms.has_value()) {
    parts.push_back(FormatTimestamp(*citation.begin_ms));
    if (citation.end_ms.has_value()) {
      const std::string end = FormatTimestamp(*citation.end_ms);
      if (end > parts.back()) absl::StrAppend(&parts.back(), "–", end);
    }
  }
  if (parts.front().empty()) parts.erase(parts.begin());
  return absl::StrJoin(parts, chinese ? "，" : ", ");
}

}  // namespace duilian::service
