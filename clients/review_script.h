// Reviewing without a terminal: one command a line.

#ifndef DUILIAN_CLIENTS_REVIEW_SCRIPT_H_
#define DUILIAN_CLIENTS_REVIEW_SCRIPT_H_

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/review_session.h"
#include "clients/script_cut.h"

namespace duilian::clients {

enum class ScriptVerb {
  kAccept,
  kReject,
  kEdit,
  kSplit,
  kMerge,
  kUndo,
  kHistory
};

// A pair by id or full name. With an etag (PAIR@ETAG) the command is refused
// when the pair has changed since that etag was read.
struct PairReference {
  std::string id;
  std::string etag;
  bool operator==(const PairReference&) const = default;
};

struct ScriptCommand {
  ScriptVerb verb = ScriptVerb::kAccept;
  std::vector<PairReference> pairs;
  bool source = false;               // of kEdit: which side
  std::string text;                  // of kEdit
  ScriptCut source_cut, target_cut;  // of kSplit
};

// Reads one line:
//   accept PAIR            edit PAIR source|target TEXT
//   reject PAIR            split PAIR SOURCE_CUT TARGET_CUT
//   undo PAIR              merge PAIR PAIR...
//   history PAIR
// TEXT is the rest of the line as it is. A CUT is how many characters the
// first part has, or the "words" with which the second begins. nullopt for an
// empty line and for one that begins with #. kInvalidArgument: anything else.
absl::StatusOr<std::optional<ScriptCommand>> ParseScriptLine(
    absl::string_view line);

struct ScriptResult {
  ScriptVerb verb = ScriptVerb::kAccept;
  std::vector<v1::Pair> pairs;            // that changed
  std::vector<v1::PairRevision> history;  // of kHistory
};

// Carries a command out. kAborted: a pair changed since its etag was read;
// the message tells how it stands now, read again.
absl::StatusOr<ScriptResult> RunScriptCommand(const ScriptCommand& command,
                                              const std::string& project,
                                              ReviewBackend& backend);

struct ScriptListener {
  std::function<void(const ScriptResult&)> on_result;
  std::function<void(int line, const absl::Status&)> on_error;
};

// Runs every line, also after one that failed; a byte order mark before the
// first is passed over. kFailedPrecondition: how many
// failed.
absl::Status RunScript(std::istream& in, const std::string& project,
                       ReviewBackend& backend, const ScriptListener& listener);

// "accepted", "split" …
absl::string_view DoneWord(ScriptVerb verb);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_REVIEW_SCRIPT_H_
