#ifndef DUILIAN_CLIENTS_KNOWN_DOCUMENT_H_
#define DUILIAN_CLIENTS_KNOWN_DOCUMENT_H_

#include <string>

#include "absl/status/status.h"
#include "clients/connection.h"

namespace duilian::clients {

// Asks the server for one pair of the document, so that a misspelt id is not
// taken for a document without matches. OK for an empty id, which names none.
// kNotFound: no pair is of this document.
absl::Status CheckDocument(const Connection& connection,
                           const std::string& project,
                           const std::string& document);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_KNOWN_DOCUMENT_H_
