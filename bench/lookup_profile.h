// Where a look-up's time goes.

#ifndef DUILIAN_BENCH_LOOKUP_PROFILE_H_
#define DUILIAN_BENCH_LOOKUP_PROFILE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "bench/lookup_material.h"
#include "storage/lookup_index.h"
#include "text/language.h"

namespace duilian::bench {

// The stages of the search (storage/search_stages.h), one thread: of queries of
// up to 103 letters, whose band has 32 bits at 70 %, and of longer ones.
absl::Status PrintStages(const storage::LookupIndex& index,
                         const LookupMaterial& material,
                         const std::vector<std::string>& queries,
                         text::Language language, int threshold);

// What `run` takes of the processors, for each of `calls` calls: the client and
// the server together.
absl::Status PrintUse(absl::string_view what, size_t calls,
                      absl::FunctionRef<absl::Status()> run);

// How fast one thread reads memory that is in no cache, line by line: no stage
// reads faster.
void PrintReadingSpeed();

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_LOOKUP_PROFILE_H_
