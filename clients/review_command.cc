// duilian review: in a terminal, by script, or the queue as a list.

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/flag_rules.h"
#include "clients/keys.h"
#include "clients/known_document.h"
#include "clients/line_editor.h"
#include "clients/pair_output.h"
#include "clients/review_client.h"
#include "clients/review_screen.h"
#include "clients/review_script.h"
#include "clients/review_session.h"
#include "clients/terminal.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

struct ReviewFlags {
  std::string document;
  std::string reviewer;
  bool script = false;
  int limit = 50;
};

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string ChosenEditor() {
  const std::string visual = Environment("VISUAL");
  return visual.empty() ? Environment("EDITOR") : visual;
}

// A text in a file of its own that is gone with this object.
class ScratchFile {
 public:
  static absl::StatusOr<std::unique_ptr<ScratchFile>> Create(
      const std::string& text) {
    std::error_code error;
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path(error);
    if (error) return absl::UnavailableError(error.message());
    std::string path = (folder / "duilian-XXXXXX").string();
    const int fd = mkstemp(path.data());
    if (fd < 0) {
      return absl::UnavailableError(
          absl::StrCat("no file can be made in ", folder.string(),
                       "; free some space there, or set TMPDIR"));
    }
    close(fd);
    std::unique_ptr<ScratchFile> file(new ScratchFile(path));
    std::ofstream out(path, std::ios::binary);
    out << text << '\n';
    if (!out.flush()) {
      return absl::UnavailableError(
          absl::StrCat(path, " cannot be written; free some space there"));
    }
    return file;
  }
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit ScratchFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

absl::StatusOr<std::string> EditElsewhere(const std::string& editor,
                                          const std::string& text,
                                          RawMode& raw) {
  const absl::StatusOr<std::unique_ptr<ScratchFile>> file =
      ScratchFile::Create(text);
  if (!file.ok()) return file.status();
  const std::string quoted =
      absl::StrReplaceAll((*file)->path(), {{"'", "'\\''"}});
  raw.Suspend();
  // $EDITOR may hold flags, so a shell takes it apart, as git does.
  const int result =
      std::system(absl::StrCat(editor, " '", quoted, "'").c_str());
  raw.Resume();
  if (result != 0) {
    return absl::CancelledError(
        absl::StrCat("the editor \"", editor, "\" failed; nothing edited"));
  }
  std::istringstream no_input;
  absl::StatusOr<std::string> edited = ReadFile((*file)->path(), no_input);
  if (!edited.ok()) return edited.status();
  absl::StripTrailingAsciiWhitespace(&*edited);
  return edited;
}

absl::StatusOr<std::string> EditHere(const std::string& text, KeyReader& keys,
                                     Console& console) {
  LineEditor editor(text);
  LineEditor::State state = LineEditor::State::kEditing;
  console.out << "(Enter keeps it, Escape leaves it)\n";
  while (state == LineEditor::State::kEditing) {
    console.out << editor.Draw(DescribeTerminal(STDOUT_FILENO).columns)
                << std::flush;
    state = editor.Handle(keys.Next());
  }
  console.out << '\n';
  if (state == LineEditor::State::kCancelled) {
    return absl::CancelledError("nothing edited");
  }
  return editor.text();
}

void Edit(ReviewSession& session, KeyReader& keys, RawMode& raw,
          Console& console) {
  const std::string editor = ChosenEditor();
  const absl::StatusOr<std::string> text =
      editor.empty() ? EditHere(session.text_to_edit(), keys, console)
                     : EditElsewhere(editor, session.text_to_edit(), raw);
  if (!text.ok()) {
    console.out << "* " << Printable(std::string(text.status().message()))
                << '\n';
    session.Cancel();
    return;
  }
  if (text::FindInvalidUtf8(*text).has_value()) {
    console.out << "* the edited text is not UTF-8; save it as UTF-8\n";
    session.Cancel();
    return;
  }
  session.Answer(*text);
}

// Said once, before a script tells it of each of its lines.
absl::Status CheckReviewer(const std::string& reviewer) {
  if (!reviewer.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--reviewer: none given, and USER is empty, where 1 to 100 characters "
      "are accepted; say who reviews with --reviewer NAME");
}

absl::Status RunInteractively(ReviewBackend& backend,
                              const std::string& reviewer, Console& console) {
  if (console.key_fd < 0 || !console.out_traits.is_terminal) {
    return absl::FailedPreconditionError(
        "review asks for keys and this is no terminal; run it in one, or use "
        "duilian review --script or duilian review list");
  }
  if (absl::Status named = CheckReviewer(reviewer); !named.ok()) return named;
  ReviewSession session(backend);
  const absl::StatusOr<std::unique_ptr<RawMode>> raw =
      RawMode::Enter(console.key_fd);
  if (!raw.ok()) return raw.status();
  KeyReader keys(console.key_fd);
  while (session.mode() != ReviewMode::kQuit) {
    // The window may have changed its size.
    console.out << DrawReview(session, DescribeTerminal(STDOUT_FILENO))
                << std::flush;
    if (session.mode() == ReviewMode::kEditText) {
      Edit(session, keys, **raw, console);
      continue;
    }
    const Key key = keys.Next();
    console.out << '\n';
    if (key.kind == KeyKind::kEndOfInput) break;
    session.Press(MenuLetter(key));
  }
  console.out << TallyLine(session.tally()) << '\n';
  return absl::OkStatus();
}

nlohmann::ordered_json ResultToJson(const ScriptResult& result) {
  const absl::string_view word = DoneWord(result.verb);
  nlohmann::ordered_json json = {{"done", std::string(word)}};
  nlohmann::ordered_json pairs = nlohmann::ordered_json::array();
  for (const v1::Pair& pair : result.pairs) pairs.push_back(PairToJson(pair));
  if (result.verb != ScriptVerb::kHistory) {
    json["pairs"] = std::move(pairs);
    return json;
  }
  nlohmann::ordered_json revisions = nlohmann::ordered_json::array();
  for (const v1::PairRevision& revision : result.history) {
    revisions.push_back({{"action", revision.action()},
                         {"reviewer", revision.reviewer()},
                         {"time_seconds", revision.time().seconds()},
                         {"pair", PairToJson(revision.pair())}});
  }
  json["revisions"] = std::move(revisions);
  return json;
}

// Tables read as sentences here: the results of a script differ in kind.
void PrintResultForPeople(const ScriptResult& result, Console& console) {
  if (result.verb == ScriptVerb::kHistory) {
    console.out << DrawHistory(result.history, console.out_traits);
    return;
  }
  for (const v1::Pair& pair : result.pairs) {
    console.out << DoneWord(result.verb) << ' ' << Printable(pair.name())
                << " (" << StatusWord(pair.status()) << ", etag "
                << Printable(pair.etag()) << ")\n";
  }
}

RowPrinter::Layout ScriptLayout() {
  RowPrinter::Layout layout;
  layout.tsv_header = {"done", "action", "reviewer"};
  for (std::string& column : PairTsvHeader()) {
    layout.tsv_header.push_back(std::move(column));
  }
  return layout;
}

void AddResultRows(const ScriptResult& result, RowPrinter& rows) {
  const absl::string_view word = DoneWord(result.verb);
  const auto add = [&](const std::string& action, const std::string& reviewer,
                       const v1::Pair& pair) {
    std::vector<std::string> fields = {std::string(word), action, reviewer};
    for (std::string& field : PairTsvFields(pair)) {
      fields.push_back(std::move(field));
    }
    rows.AddTsvRow(fields);
  };
  for (const v1::Pair& pair : result.pairs) add("", "", pair);
  for (const v1::PairRevision& revision : result.history) {
    add(revision.action(), revision.reviewer(), revision.pair());
  }
}

absl::Status RunByScript(const GlobalFlags& globals, ReviewBackend& backend,
                         Console& console) {
  RowPrinter rows(ChooseOutput(globals.output, OutputFormat::kTable),
                  ScriptLayout(), console);
  ScriptListener listener;
  listener.on_result = [&](const ScriptResult& result) {
    if (rows.format() == OutputFormat::kJson) {
      rows.AddJson(ResultToJson(result));
    } else if (rows.format() == OutputFormat::kTsv) {
      AddResultRows(result, rows);
    } else {
      PrintResultForPeople(result, console);
    }
    // Whoever feeds the script may wait for the answer.
    console.out << std::flush;
  };
  listener.on_error = [&](int line, const absl::Status& status) {
    console.err << "duilian: line " << line << ": "
                << Printable(std::string(status.message())) << std::endl;
  };
  absl::Status status =
      RunScript(console.in, globals.project, backend, listener);
  if (rows.format() != OutputFormat::kTable) rows.Finish("");
  return status;
}

void PrintQueued(const v1::QueuedPair& queued, RowPrinter& printer) {
  const v1::Pair& pair = queued.pair();
  const std::string reasons = absl::StrJoin(queued.reasons(), "; ");
  if (printer.format() == OutputFormat::kJson) {
    nlohmann::ordered_json json = {{"pair", PairToJson(pair)}};
    json["reasons"] = std::vector<std::string>(queued.reasons().begin(),
                                               queued.reasons().end());
    printer.AddJson(json);
  } else if (printer.format() == OutputFormat::kTsv) {
    std::vector<std::string> fields = {reasons};
    for (std::string& field : PairTsvFields(pair)) {
      fields.push_back(std::move(field));
    }
    printer.AddTsvRow(fields);
  } else {
    printer.AddTableRow(
        {ConfidenceCell(pair.confidence()), MakeCell(ShortName(pair.name())),
         MakeCell(pair.target().text()), MakeCell(pair.source().text()),
         MakeCell(reasons, Style::kYellow)});
  }
}

absl::Status ListQueue(const ReviewFlags& flags, const GlobalFlags& globals,
                       ReviewBackend& backend, Console& console) {
  RowPrinter::Layout layout;
  layout.columns = {{"conf", false, true},
                    {"pair"},
                    {"zh", true},
                    {"en", true},
                    {"doubt", true}};
  layout.tsv_header = {"reasons"};
  for (std::string& column : PairTsvHeader()) {
    layout.tsv_header.push_back(std::move(column));
  }
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     std::move(layout), console);
  int left = flags.limit;
  std::string token;
  bool more = false;
  do {
    const absl::StatusOr<v1::ListReviewQueueResponse> page =
        backend.ListQueue(token);
    if (!page.ok()) return page.status();
    const int shown = std::min(left, page->pairs_size());
    for (int i = 0; i < shown; ++i) PrintQueued(page->pairs(i), printer);
    left -= shown;
    printer.FlushPage();
    token = page->next_page_token();
    more = !token.empty() || shown < page->pairs_size();
  } while (left > 0 && more);
  printer.Finish("nothing waits for review");
  if (more) NoteMore(flags.limit, console);
  return absl::OkStatus();
}

enum class ReviewManner { kInteractive, kScript, kList };

absl::Status RunReview(const ReviewFlags& flags, ReviewManner manner,
                       const GlobalFlags& globals, Console& console) {
  if (manner == ReviewManner::kScript) {
    if (absl::Status status = CheckReviewer(flags.reviewer); !status.ok()) {
      return status;
    }
  }
  const absl::StatusOr<Connection> connection =
      OpenForDocument(globals, flags.document);
  if (!connection.ok()) return connection.status();
  ReviewClient client(*connection,
                      {globals.project, flags.document, flags.reviewer});
  switch (manner) {
    case ReviewManner::kInteractive:
      return RunInteractively(client, flags.reviewer, console);
    case ReviewManner::kScript:
      return RunByScript(globals, client, console);
    case ReviewManner::kList:
      return ListQueue(flags, globals, client, console);
  }
  return absl::OkStatus();
}

}  // namespace

void AddReviewCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<ReviewFlags>();
  CLI::App* command = app.add_subcommand(
      "review", "Accept, reject, mend pairs, least certain first");
  command->fallthrough();
  command->add_option("--reviewer", flags->reviewer, "Who reviews")
      ->envname("USER")
      ->check(Utf8());
  AddDocumentFlag(*command, flags->document);
  command->add_flag("--script", flags->script,
                    "Read commands from standard input, one a line");
  command->footer(
      "Script commands: accept PAIR | reject PAIR | edit PAIR source|target "
      "TEXT |\n  split PAIR SOURCE_CUT TARGET_CUT | merge PAIR PAIR... | undo "
      "PAIR | history PAIR\nPAIR is an id or a full name; PAIR@ETAG is refused "
      "when the pair has changed since.\nA CUT is how many characters the "
      "first part has, or, in \"quotation marks\", the words with\n  which the "
      "second part begins; a cut inside an English word is refused.\nundo "
      "takes back the last change of a pair; written again, the one before "
      "it.");
  CLI::App* list =
      command->add_subcommand("list", "Print the queue and the doubts");
  list->add_option("--limit", flags->limit, "At most this many pairs")
      ->check(AtLeastOne())
      ->capture_default_str();
  command->callback([flags, list, &selection] {
    const ReviewManner manner = list->parsed()  ? ReviewManner::kList
                                : flags->script ? ReviewManner::kScript
                                                : ReviewManner::kInteractive;
    selection.action = [flags, manner](const GlobalFlags& globals,
                                       Console& console) {
      return RunReview(*flags, manner, globals, console);
    };
  });
}

}  // namespace duilian::clients
