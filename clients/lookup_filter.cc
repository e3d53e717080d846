#include "clients/lookup_filter.h"

#include "clients/flag_rules.h"
#include "clients/known_document.h"
#include "clients/pair_output.h"
#include "clients/status_flag.h"

namespace duilian::clients {

void AddLookupFilterFlags(CLI::App& command, LookupFilterFlags& flags) {
  AddDocumentFlag(command, flags.document);
  command
      .add_option("--speaker", flags.speaker,
                  "Only pairs spoken by this speaker, as the document writes "
                  "the name")
      ->check(Utf8());
  // One word a flag: the text of the query may stand behind it.
  AddStatusFlag(command, "unreviewed,accepted", flags.statuses)
      ->allow_extra_args(false);
  command
      .add_option("--min-confidence", flags.min_confidence,
                  "Only pairs at least this sure, 0 to 1 (default 0)")
      ->check(NumberWithin(0, 1));
  AddChangeTimeFlags(command, flags.changed);
}

v1::LookupFilter MakeLookupFilter(const LookupFilterFlags& flags,
                                  absl::string_view project) {
  v1::LookupFilter filter;
  filter.set_document(DocumentName(project, flags.document));
  filter.set_speaker(flags.speaker);
  AddStatuses(flags.statuses, filter);
  filter.set_min_confidence(flags.min_confidence);
  SetChangeTimes(flags.changed, filter);
  return filter;
}

}  // namespace duilian::clients
