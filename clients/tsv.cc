#include "clients/tsv.h"

#include "absl/strings/str_replace.h"
#include "clients/terminal.h"

namespace duilian::clients {

std::string EscapeTsv(absl::string_view field) {
  return absl::StrReplaceAll(
      field, {{"\\", "\\\\"}, {"\t", "\\t"}, {"\n", "\\n"}, {"\r", "\\r"}});
}

std::string TsvRow(absl::Span<const std::string> fields, bool for_terminal) {
  std::string row;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) row += '\t';
    const std::string escaped = EscapeTsv(fields[i]);
    row += for_terminal ? Printable(escaped) : escaped;
  }
  row += '\n';
  return row;
}

}  // namespace duilian::clients
