// The matches of a look-up in the three formats.

#ifndef DUILIAN_CLIENTS_MATCH_OUTPUT_H_
#define DUILIAN_CLIENTS_MATCH_OUTPUT_H_

#include <string>

#include "clients/command.h"
#include "duilian/v1/translation_memory_service.pb.h"

namespace duilian::clients {

// With a column for the query where there are many. New columns of the TSV are
// only ever added at the end.
RowPrinter::Layout MatchLayout(bool with_queries);

// The matches of one query. One of many that has none is shown without a match;
// pairs of another project than `project` are shown with theirs.
void PrintMatches(const std::string& query, const v1::LookupResponse& response,
                  const std::string& project, bool with_queries,
                  RowPrinter& printer);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_MATCH_OUTPUT_H_
