#include "service/line_sink.h"

#include <poll.h>

namespace duilian::service {

JsonLog::Sink LinesTo(std::FILE* file, absl::Duration patience) {
  const auto most_ms = static_cast<int>(absl::ToInt64Milliseconds(patience));
  return [file, most_ms, stuck = false](absl::string_view line) mutable {
    // Linux says that a pipe can be written to when it has room for 4 KiB.
    pollfd ready = {fileno(file), POLLOUT, 0};
    stuck = poll(&ready, 1, stuck ? 0 : most_ms) == 0;
    if (stuck) return false;
    return std::fwrite(line.data(), 1, line.size(), file) == line.size();
  };
}

}  // namespace duilian::service
