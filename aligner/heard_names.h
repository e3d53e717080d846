// Names that a quote and a text spell each in its own way: 费米 and Fermi.

#ifndef DUILIAN_ALIGNER_HEARD_NAMES_H_
#define DUILIAN_ALIGNER_HEARD_NAMES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "aligner/align.h"
#include "aligner/transcript.h"

namespace duilian::aligner {

// Where a text has words that sound like a quote's names. Not thread-safe.
class HeardNames {
 public:
  explicit HeardNames(const Transcript& text);

  // The quote whose names are listened for from now on.
  void Listen(absl::string_view quote);

  // The names of the quote that are heard in segments of the text, those that
  // are heard in other segments only; rarer ones count for more, 1 at most.
  struct Count {
    float here = 0, elsewhere = 0;
  };
  Count CountIn(const SegmentRange& run) const;

 private:
  void Add(const std::vector<const std::vector<int>*>& places);

  const bool text_is_chinese_;
  // How what may be a name sounds -> the segments that have it.
  std::map<std::string, std::vector<int>> sounds_;
  std::vector<uint32_t> heard_;  // a bit a name, of each segment
  std::vector<float> weights_;   // of the names
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_HEARD_NAMES_H_
