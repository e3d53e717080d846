// How a project wants a term rendered. Plain data; how it looks on disk is
// docs/storage_format.md and storage/codec.h.

#ifndef DUILIAN_STORAGE_PREFERRED_RENDERING_H_
#define DUILIAN_STORAGE_PREFERRED_RENDERING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace duilian::storage {

// Of one project.
inline constexpr size_t kMostPreferredRenderings = 1'000;

struct PreferredRendering {
  // English, as written. Terms that normalise to the same text
  // (text/normalize.h) are one.
  std::string term;
  std::string rendering;               // Chinese
  std::vector<std::string> also_good;  // renderings that nobody is warned of
  std::string reviewer;                // who set it last; may be empty
  int64_t create_time_us = 0;          // since the Unix epoch
  int64_t update_time_us = 0;
  bool operator==(const PreferredRendering&) const = default;
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PREFERRED_RENDERING_H_
