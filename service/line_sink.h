#ifndef DUILIAN_SERVICE_LINE_SINK_H_
#define DUILIAN_SERVICE_LINE_SINK_H_

#include <cstdio>

#include "absl/time/time.h"
#include "service/json_log.h"

namespace duilian::service {

// Writes lines to `file`, which is not buffered and outlives it. Where that is
// a pipe whose reader does not keep up, a line waits up to `patience`, and is
// lost then; so are the next ones, at once, until there is room again. A line
// of more than 4 KiB may wait longer. Where the reader has gone all are lost,
// if SIGPIPE is ignored.
JsonLog::Sink LinesTo(std::FILE* file, absl::Duration patience);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_LINE_SINK_H_
