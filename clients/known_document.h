#ifndef DUILIAN_CLIENTS_KNOWN_DOCUMENT_H_
#define DUILIAN_CLIENTS_KNOWN_DOCUMENT_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "clients/command.h"
#include "clients/connection.h"

namespace duilian::clients {

// --document, of a command that works on the pairs of one when it is given.
void AddDocumentFlag(CLI::App& command, std::string& document);

// The connection, after asking the server for one pair of the document, so that
// a misspelt id is not taken for a document without matches; an empty id names
// none. kNotFound: no pair is of this document, or as for Connection::Open.
absl::StatusOr<Connection> OpenForDocument(const GlobalFlags& globals,
                                           const std::string& document);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_KNOWN_DOCUMENT_H_
