// Look-ups in the library, one thread at a time: how long they take, and that
// they miss nothing.

#ifndef DUILIAN_BENCH_LIBRARY_LOOKUPS_H_
#define DUILIAN_BENCH_LIBRARY_LOOKUPS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/lookup_material.h"
#include "storage/lookup_index.h"
#include "text/language.h"

namespace duilian::bench {

// The library's name of a project.
std::string IdOf(const std::string& name);

// Asks for it in all projects.
storage::FuzzyQuery QueryFor(const LookupMaterial& material,
                             const std::string& text, text::Language language,
                             int threshold);

// Prints a row. Fails as the look-ups do.
absl::Status TimeLibrary(const storage::LookupIndex& index,
                         const LookupMaterial& material,
                         const std::vector<std::string>& queries,
                         text::Language language, int threshold);

// The scores of the top 5 at 50, 60, 70, 85 and 100 % against those of the
// distance matrix to every stored text, on all processors: O(stored texts *
// length^2) a query. kInternal: they differ; the message has the query.
absl::Status CheckAgainstMatrix(const storage::LookupIndex& index,
                                const LookupMaterial& material,
                                const std::vector<std::string>& queries,
                                text::Language language);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_LIBRARY_LOOKUPS_H_
