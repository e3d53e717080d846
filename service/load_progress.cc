#include "service/load_progress.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "service/checks.h"

namespace duilian::service {

std::string PairsOf(const storage::LoadProgress& progress) {
  return absl::StrCat(Grouped(static_cast<uint64_t>(progress.units)), " of ",
                      Grouped(static_cast<uint64_t>(progress.of_units)),
                      " pairs");
}

}  // namespace duilian::service
