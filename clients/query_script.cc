#include "clients/query_script.h"

#include "absl/strings/str_cat.h"
#include "aligner/chinese_script.h"
#include "aligner/simplifier.h"
#include "text/utf8.h"

namespace duilian::clients {

void AddSimplifyFlag(CLI::App& command, bool& simplify) {
  command.add_flag("--simplify", simplify,
                   "Ask in Simplified characters when the text is in "
                   "Traditional ones (default: as it is; the two are kept "
                   "apart)");
}

absl::StatusOr<std::string> InScript(std::string query, bool simplify) {
  if (!simplify || text::FindInvalidUtf8(query).has_value()) return query;
  return aligner::Simplifier().Simplify(query);
}

std::string NothingFor(absl::string_view query, absl::string_view nothing) {
  if (aligner::CountTellingCharacters(query).traditional == 0) {
    return std::string(nothing);
  }
  return absl::StrCat(nothing,
                      "; the query has Traditional characters, which equal no "
                      "Simplified ones: --simplify asks in those");
}

}  // namespace duilian::clients
