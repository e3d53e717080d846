#ifndef DUILIAN_SERVICE_WIRE_TEXT_H_
#define DUILIAN_SERVICE_WIRE_TEXT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace duilian::service {

// Parses the bytes of a request. gRPC's own parsing answers a text that is
// not UTF-8 with INTERNAL and no word; this one says which field and byte.
// kInvalidArgument: a string field is not UTF-8, or the bytes are no such
// message.
absl::Status ParseRequest(absl::string_view bytes,
                          google::protobuf::Message& request);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_WIRE_TEXT_H_
