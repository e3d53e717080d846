#include "clients/review_script.h"

#include <istream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/files.h"
#include "clients/pair_output.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

struct VerbForm {
  absl::string_view word;
  ScriptVerb verb;
  absl::string_view usage;
};

constexpr VerbForm kVerbs[] = {
    {"accept", ScriptVerb::kAccept, "accept PAIR"},
    {"reject", ScriptVerb::kReject, "reject PAIR"},
    {"edit", ScriptVerb::kEdit, "edit PAIR source|target TEXT"},
    {"split", ScriptVerb::kSplit,
     "split PAIR SOURCE_CUT TARGET_CUT, each a number of characters or the "
     "first words of the second part in \"quotation marks\""},
    {"merge", ScriptVerb::kMerge, "merge PAIR PAIR..."},
    {"undo", ScriptVerb::kUndo, "undo PAIR"},
    {"history", ScriptVerb::kHistory, "history PAIR"},
};

// Takes the next word from the front of a line.
std::string TakeWord(absl::string_view& line) {
  line = absl::StripLeadingAsciiWhitespace(line);
  size_t end = 0;
  while (end < line.size() &&
         !absl::ascii_isspace(static_cast<unsigned char>(line[end]))) {
    ++end;
  }
  std::string word(line.substr(0, end));
  line.remove_prefix(end);
  return word;
}

PairReference ParseReference(const std::string& word) {
  const size_t at = word.find('@');
  if (at == std::string::npos) return {word, ""};
  return {word.substr(0, at), word.substr(at + 1)};
}

// What follows the first pair: the rest of the line, all of it used.
bool ParseRest(absl::string_view rest, ScriptCommand& command) {
  switch (command.verb) {
    case ScriptVerb::kEdit: {
      const std::string side = TakeWord(rest);
      command.source = side == "source";
      rest = absl::StripLeadingAsciiWhitespace(rest);
      command.text = std::string(rest);
      return (command.source || side == "target") && !command.text.empty();
    }
    case ScriptVerb::kSplit: {
      const std::optional<ScriptCut> source = TakeCut(rest);
      const std::optional<ScriptCut> target = TakeCut(rest);
      if (!source.has_value() || !target.has_value()) return false;
      command.source_cut = *source;
      command.target_cut = *target;
      break;
    }
    case ScriptVerb::kMerge:
      for (std::string word = TakeWord(rest); !word.empty();
           word = TakeWord(rest)) {
        command.pairs.push_back(ParseReference(word));
      }
      return command.pairs.size() >= 2;
    default:
      break;
  }
  return absl::StripAsciiWhitespace(rest).empty();
}

// The pairs as they stand, with the etags that the script gave.
absl::StatusOr<std::vector<v1::Pair>> ReadPairs(const ScriptCommand& command,
                                                const std::string& project,
                                                ReviewBackend& backend) {
  std::vector<v1::Pair> pairs;
  for (const PairReference& reference : command.pairs) {
    absl::StatusOr<v1::Pair> pair =
        backend.Get(PairName(project, reference.id));
    if (!pair.ok()) return pair.status();
    if (!reference.etag.empty()) pair->set_etag(reference.etag);
    pairs.push_back(*std::move(pair));
  }
  return pairs;
}

absl::StatusOr<std::vector<v1::Pair>> One(absl::StatusOr<v1::Pair> pair) {
  if (!pair.ok()) return pair.status();
  return std::vector<v1::Pair>{*std::move(pair)};
}

absl::StatusOr<std::vector<v1::Pair>> Split(const ScriptCommand& command,
                                            const v1::Pair& pair,
                                            ReviewBackend& backend) {
  const absl::StatusOr<int32_t> source =
      FindCut(pair.source().text(), command.source_cut, "source");
  if (!source.ok()) return source.status();
  const absl::StatusOr<int32_t> target =
      FindCut(pair.target().text(), command.target_cut, "target");
  if (!target.ok()) return target.status();
  absl::StatusOr<v1::SplitPairResponse> parts =
      backend.Split(pair, {*source, *target});
  if (!parts.ok()) return parts.status();
  return std::vector<v1::Pair>{parts->first(), parts->second()};
}

absl::StatusOr<std::vector<v1::Pair>> Change(const ScriptCommand& command,
                                             std::vector<v1::Pair> pairs,
                                             ReviewBackend& backend) {
  v1::Pair& pair = pairs[0];
  switch (command.verb) {
    case ScriptVerb::kAccept:
    case ScriptVerb::kReject:
      pair.set_status(command.verb == ScriptVerb::kAccept ? v1::ACCEPTED
                                                          : v1::REJECTED);
      return One(backend.Update(pair, {"status"}));
    case ScriptVerb::kEdit:
      (command.source ? pair.mutable_source() : pair.mutable_target())
          ->set_text(command.text);
      return One(backend.Update(
          pair, {command.source ? "source.text" : "target.text"}));
    case ScriptVerb::kSplit:
      return Split(command, pair, backend);
    case ScriptVerb::kMerge:
      return One(backend.Merge(pairs));
    case ScriptVerb::kUndo:
      return backend.Undo(pair);
    case ScriptVerb::kHistory:
      break;
  }
  return absl::InternalError("a command that changes nothing was to change");
}

// After kAborted: how the first pair stands now.
absl::Status WithPresentState(const absl::Status& aborted,
                              const std::string& name, ReviewBackend& backend) {
  const absl::StatusOr<v1::Pair> now = backend.Get(name);
  if (!now.ok()) return aborted;
  return absl::AbortedError(
      absl::StrCat(std::string(aborted.message()), "; now it is ",
                   StatusWord(now->status()), " with etag ", now->etag()));
}

}  // namespace

absl::string_view DoneWord(ScriptVerb verb) {
  switch (verb) {
    case ScriptVerb::kAccept:
      return "accepted";
    case ScriptVerb::kReject:
      return "rejected";
    case ScriptVerb::kEdit:
      return "edited";
    case ScriptVerb::kSplit:
      return "split";
    case ScriptVerb::kMerge:
      return "merged";
    case ScriptVerb::kUndo:
      return "undone";
    case ScriptVerb::kHistory:
      return "history";
  }
  return "";
}

absl::StatusOr<std::optional<ScriptCommand>> ParseScriptLine(
    absl::string_view line) {
  absl::ConsumeSuffix(&line, "\r");
  if (const auto invalid = text::FindInvalidUtf8(line)) {
    return absl::InvalidArgumentError(
        absl::StrCat("byte ", *invalid,
                     " is not UTF-8, which alone is accepted; convert it"));
  }
  const absl::string_view stripped = absl::StripAsciiWhitespace(line);
  if (stripped.empty() || stripped[0] == '#') return std::nullopt;
  const std::string word = TakeWord(line);
  for (const VerbForm& form : kVerbs) {
    if (form.word != word) continue;
    ScriptCommand command;
    command.verb = form.verb;
    const std::string pair = TakeWord(line);
    command.pairs.push_back(ParseReference(pair));
    if (pair.empty() || !ParseRest(line, command)) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", stripped,
                       "\" is incomplete or has words too "
                       "many; write ",
                       form.usage));
    }
    return command;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", word,
                   "\" is no command; write accept, reject, edit, "
                   "split, merge, undo or history"));
}

absl::StatusOr<ScriptResult> RunScriptCommand(const ScriptCommand& command,
                                              const std::string& project,
                                              ReviewBackend& backend) {
  ScriptResult result;
  result.verb = command.verb;
  const std::string first = PairName(project, command.pairs[0].id);
  if (command.verb == ScriptVerb::kHistory) {
    absl::StatusOr<std::vector<v1::PairRevision>> history =
        backend.History(first);
    if (!history.ok()) return history.status();
    result.history = *std::move(history);
    return result;
  }
  absl::StatusOr<std::vector<v1::Pair>> pairs =
      ReadPairs(command, project, backend);
  if (!pairs.ok()) return pairs.status();
  absl::StatusOr<std::vector<v1::Pair>> changed =
      Change(command, *std::move(pairs), backend);
  if (absl::IsAborted(changed.status())) {
    return WithPresentState(changed.status(), first, backend);
  }
  if (!changed.ok()) return changed.status();
  result.pairs = *std::move(changed);
  return result;
}

absl::Status RunScript(std::istream& in, const std::string& project,
                       ReviewBackend& backend, const ScriptListener& listener) {
  int number = 0;
  int failed = 0;
  int commands = 0;
  for (std::string line; std::getline(in, line);) {
    if (++number == 1) line = std::string(WithoutByteOrderMark(line));
    const absl::StatusOr<std::optional<ScriptCommand>> command =
        ParseScriptLine(line);
    if (command.ok() && !command->has_value()) continue;
    ++commands;
    const absl::StatusOr<ScriptResult> result =
        command.ok() ? RunScriptCommand(**command, project, backend)
                     : absl::StatusOr<ScriptResult>(command.status());
    if (result.ok()) {
      listener.on_result(*result);
    } else {
      ++failed;
      listener.on_error(number, result.status());
    }
  }
  if (failed == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(failed, " of ", commands,
                   " commands failed, for the reasons above; the others are "
                   "done, so repeat only those"));
}

}  // namespace duilian::clients
