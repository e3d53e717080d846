#include "bench/traditional.h"

#include <exception>
#include <opencc/SimpleConverter.hpp>

#include "absl/strings/str_cat.h"

namespace duilian::bench {

absl::Status MakeTraditional(const std::string& config,
                             aligner::Transcript& transcript) {
  try {
    const opencc::SimpleConverter converter(config);
    for (aligner::Segment& segment : transcript.segments) {
      segment.text = converter.Convert(segment.text);
    }
  } catch (const std::exception& error) {
    return absl::FailedPreconditionError(
        absl::StrCat(config, ": OpenCC says ", error.what(),
                     "; install the package libopencc-data"));
  }
  return absl::OkStatus();
}

}  // namespace duilian::bench
