#ifndef DUILIAN_SERVICE_PORT_FILE_H_
#define DUILIAN_SERVICE_PORT_FILE_H_

#include <string>

#include "absl/status/status.h"

namespace duilian::service {

// Writes the port and a line break, through a file beside it that is then
// renamed, so that a reader sees all of it or nothing.
// kInvalidArgument: cannot be written there (the message says why).
absl::Status WritePortFile(const std::string& path, int port);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_PORT_FILE_H_
