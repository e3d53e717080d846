// An alignment to be printed, whether the server or this process found it.

#ifndef DUILIAN_CLIENTS_ALIGNMENT_H_
#define DUILIAN_CLIENTS_ALIGNMENT_H_

#include <optional>
#include <string>
#include <vector>

namespace duilian::clients {

struct AlignedSegment {
  std::string text;
  int line = 0;  // from 1
  std::string speaker;
  std::optional<int> timestamp_seconds;
};

// Indices of segments, from 0; one side may be empty, never both.
struct AlignedBead {
  std::vector<int> zh;
  std::vector<int> en;
  double confidence = 0;  // in [0, 1]
};

struct Alignment {
  std::vector<AlignedSegment> zh;
  std::vector<AlignedSegment> en;
  std::vector<AlignedBead> beads;
  std::string model_version;
  std::vector<std::string> warnings;
};

// `[3, 4]:[5]:0.9700`: Chinese indices, English indices, confidence.
std::string LadderLine(const AlignedBead& bead);

// The segments' texts joined: a space between two English ones, nothing
// between two Chinese ones. Indices outside the segments are left out.
std::string JoinChinese(const std::vector<AlignedSegment>& segments,
                        const std::vector<int>& indices);
std::string JoinEnglish(const std::vector<AlignedSegment>& segments,
                        const std::vector<int>& indices);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_ALIGNMENT_H_
