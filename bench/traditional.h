#ifndef DUILIAN_BENCH_TRADITIONAL_H_
#define DUILIAN_BENCH_TRADITIONAL_H_

#include <string>

#include "absl/status/status.h"
#include "aligner/transcript.h"

namespace duilian::bench {

// Makes a Simplified text Traditional with one of OpenCC's configurations:
// "s2t.json", or "s2tw.json" for Taiwan's variants.
// kFailedPrecondition: OpenCC cannot.
absl::Status MakeTraditional(const std::string& config,
                             aligner::Transcript& transcript);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_TRADITIONAL_H_
