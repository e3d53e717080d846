// Tab-separated values: a header line, then one line a row, whatever the
// texts hold.

#ifndef DUILIAN_CLIENTS_TSV_H_
#define DUILIAN_CLIENTS_TSV_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace duilian::clients {

// A tab becomes \t, a line feed \n, a carriage return \r, a backslash \\;
// nothing else changes.
std::string EscapeTsv(absl::string_view field);

// The escaped fields between tabs, with a line feed behind. For a terminal,
// control characters are made harmless as well.
std::string TsvRow(absl::Span<const std::string> fields, bool for_terminal);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_TSV_H_
