// Look-ups, concordances and quotes as a client has them, through gRPC.

#ifndef DUILIAN_BENCH_SERVED_LOOKUPS_H_
#define DUILIAN_BENCH_SERVED_LOOKUPS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/lookup_material.h"
#include "bench/loopback.h"
#include "text/language.h"

namespace duilian::bench {

// All print rows, and fail as the calls do.

// One client, one call after the other; and an echo server that sends the
// answers of the same calls, in the same way: the least that a call takes.
absl::Status TimeOneClient(LoopbackServer& server,
                           const LookupMaterial& material,
                           const std::vector<std::string>& queries,
                           text::Language language, int threshold);
absl::Status TimeEcho(LoopbackServer& server, const LookupMaterial& material,
                      const std::vector<std::string>& queries,
                      text::Language language, int threshold);

// So many clients at the same time, at 70 %.
absl::Status TimeManyClients(LoopbackServer& server,
                             const LookupMaterial& material,
                             const std::vector<std::string>& queries,
                             text::Language language, int clients);

// A document of 1,000 segments, in requests of 100, at 70 %.
absl::Status TimeBatch(LoopbackServer& server, const LookupMaterial& material,
                       const std::vector<std::string>& queries,
                       text::Language language);

// The first page for a word, or two characters.
absl::Status TimeConcordance(LoopbackServer& server,
                             const LookupMaterial& material, size_t queries,
                             text::Language language);

// The first page for words that begin so, and for such as hold this.
absl::Status TimeParts(LoopbackServer& server, const LookupMaterial& material,
                       size_t queries);

// Half of a stored text, and in how many of them that text is the first found.
absl::Status TimeQuotes(LoopbackServer& server, const LookupMaterial& material,
                        size_t queries, text::Language language);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_SERVED_LOOKUPS_H_
