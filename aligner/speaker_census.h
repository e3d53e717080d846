// Which recurring names of a document are its speakers.

#ifndef DUILIAN_ALIGNER_SPEAKER_CENSUS_H_
#define DUILIAN_ALIGNER_SPEAKER_CENSUS_H_

#include <cstddef>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace duilian::aligner {

// Told every line that is not blank, in order; then decides. Names are
// borrowed from the document and must outlive the census. Linear.
class SpeakerCensus {
 public:
  // What one line may say; each empty when it does not.
  struct Line {
    absl::string_view timed;  // beside a timestamp: certainly a speaker
    absl::string_view label;  // before a colon
    absl::string_view lone;   // alone on the line
  };
  void Add(const Line& line);

  // Ends the telling. A document has one style: names beside timestamps, or
  // names on lines of their own, or labels.
  void Decide();

  bool IsLoneSpeaker(absl::string_view name) const {
    return lone_speakers_.contains(name);
  }
  bool IsLabel(absl::string_view name) const { return labels_.contains(name); }

 private:
  using Names = absl::flat_hash_set<absl::string_view>;

  void DecideLone();
  void DecideLabels();
  bool StandsLikeSpeaker(const std::vector<size_t>& lines) const;

  std::vector<absl::string_view> lone_by_line_;
  absl::flat_hash_map<absl::string_view, std::vector<size_t>> lone_lines_;
  absl::flat_hash_map<absl::string_view, size_t> label_counts_;
  Names timed_, lone_speakers_, labels_;
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_SPEAKER_CENSUS_H_
