#ifndef DUILIAN_SERVICE_LOAD_PROGRESS_H_
#define DUILIAN_SERVICE_LOAD_PROGRESS_H_

#include <string>

#include "storage/index_loading.h"

namespace duilian::service {

// How far an index is, for the log and for callers: "12,345 of 20,000 pairs".
std::string PairsOf(const storage::LoadProgress& progress);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_LOAD_PROGRESS_H_
