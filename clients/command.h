// What every subcommand gets, and how it joins the command line.

#ifndef DUILIAN_CLIENTS_COMMAND_H_
#define DUILIAN_CLIENTS_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/connection.h"
#include "clients/table.h"
#include "clients/terminal.h"

namespace duilian::clients {

enum class OutputFormat { kTable, kJson, kTsv, kLadder };

struct GlobalFlags {
  ConnectionOptions connection;
  std::string project = "default";
  bool project_named = false;  // on the command line or in the environment
  std::string output;          // empty leaves the subcommand's own
};

// A subcommand's work. Its flags are bound already; an error is printed by
// the caller.
using Action = std::function<absl::Status(const GlobalFlags&, Console&)>;

// Filled while the arguments are parsed: the chosen subcommand's callback
// leaves its action here.
struct Selection {
  Action action;
};

// "table", "json", "tsv" and "ladder" (the only ones that the flags let
// through); `fallback` when empty.
OutputFormat ChooseOutput(const std::string& output, OutputFormat fallback);

// Prints rows as they come, in whichever format: a table page by page, a TSV
// with its header, or one JSON array.
class RowPrinter {
 public:
  struct Layout {
    std::vector<Column> columns;          // of the table
    std::vector<std::string> tsv_header;  // of the TSV
  };

  // `console` must outlive it.
  RowPrinter(OutputFormat format, Layout layout, Console& console);

  OutputFormat format() const { return format_; }
  // Whether cells may rely on colours.
  bool colour() const { return console_.out_traits.colour; }

  void AddTableRow(std::vector<Cell> cells);
  void AddTsvRow(const std::vector<std::string>& fields);
  void AddJson(const nlohmann::ordered_json& json);

  // Prints what has been gathered; the table's widths are settled by the
  // first page.
  void FlushPage();
  // Ends the output. `nothing` is what a table says when it had no rows.
  void Finish(absl::string_view nothing);

 private:
  OutputFormat format_;
  Layout layout_;
  Console& console_;
  Table table_;
  size_t rows_ = 0;
};

// Says on console.err that a list of `limit` entries is not the whole of it.
void NoteMore(int limit, Console& console);

void AddAlignCommand(CLI::App& app, Selection& selection);
void AddImportCommand(CLI::App& app, Selection& selection);
void AddLookupCommand(CLI::App& app, Selection& selection);
void AddConcordanceCommand(CLI::App& app, Selection& selection);
void AddMeaningCommand(CLI::App& app, Selection& selection);
void AddCiteCommand(CLI::App& app, Selection& selection);
void AddConsistencyCommand(CLI::App& app, Selection& selection);
void AddFragmentsCommand(CLI::App& app, Selection& selection);
void AddQuotesCommand(CLI::App& app, Selection& selection);
void AddPreferCommand(CLI::App& app, Selection& selection);
void AddReportCommand(CLI::App& app, Selection& selection);
void AddReviewCommand(CLI::App& app, Selection& selection);
void AddExportCommand(CLI::App& app, Selection& selection);
void AddDeleteCommand(CLI::App& app, Selection& selection);
void AddSettingsCommand(CLI::App& app, Selection& selection);
void AddBackupCommand(CLI::App& app, Selection& selection);
void AddStatusCommand(CLI::App& app, Selection& selection);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_COMMAND_H_
