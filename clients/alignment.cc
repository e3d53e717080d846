#include "clients/alignment.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace duilian::clients {
namespace {

std::string Join(const std::vector<AlignedSegment>& segments,
                 const std::vector<int>& indices, absl::string_view separator) {
  std::vector<std::string> texts;
  for (const int index : indices) {
    if (index < 0 || static_cast<size_t>(index) >= segments.size()) continue;
    texts.push_back(segments[static_cast<size_t>(index)].text);
  }
  return absl::StrJoin(texts, separator);
}

}  // namespace

std::string LadderLine(const AlignedBead& bead) {
  return absl::StrFormat("[%s]:[%s]:%.4f", absl::StrJoin(bead.zh, ", "),
                         absl::StrJoin(bead.en, ", "), bead.confidence);
}

std::string JoinChinese(const std::vector<AlignedSegment>& segments,
                        const std::vector<int>& indices) {
  return Join(segments, indices, "");
}

std::string JoinEnglish(const std::vector<AlignedSegment>& segments,
                        const std::vector<int>& indices) {
  return Join(segments, indices, " ");
}

}  // namespace duilian::clients
