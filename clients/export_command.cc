// duilian export: every pair of a project or a document, page after page.

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/change_times.h"
#include "clients/command.h"
#include "clients/known_document.h"
#include "clients/pair_output.h"
#include "clients/status_flag.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr int kPairsPerPage = 500;

struct ExportFlags {
  std::string document;
  ChangeTimes changed;
  std::vector<std::string> statuses;
};

RowPrinter::Layout PairLayout() {
  RowPrinter::Layout layout;
  layout.columns = {{"conf", false, true},
                    {"zh", true},
                    {"en", true},
                    {"status"},
                    {"document"}};
  layout.tsv_header = PairTsvHeader();
  return layout;
}

void PrintPair(const v1::Pair& pair, RowPrinter& printer) {
  if (printer.format() == OutputFormat::kJson) {
    printer.AddJson(PairToJson(pair));
  } else if (printer.format() == OutputFormat::kTsv) {
    printer.AddTsvRow(PairTsvFields(pair));
  } else {
    printer.AddTableRow(
        {ConfidenceCell(pair.confidence()), MakeCell(pair.target().text()),
         MakeCell(pair.source().text()), StatusCell(pair.status()),
         MakeCell(ShortName(pair.document()))});
  }
}

absl::Status RunExport(const ExportFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<Connection> connection =
      OpenForDocument(globals, flags.document);
  if (!connection.ok()) return connection.status();
  v1::TranslationMemoryService::Stub stub(connection->channel());
  v1::ListPairsRequest request;
  request.set_parent(ProjectName(globals.project));
  request.set_document(DocumentName(globals.project, flags.document));
  SetChangeTimes(flags.changed, request);
  request.set_page_size(kPairsPerPage);
  AddStatuses(flags.statuses, request);
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTsv),
                     PairLayout(), console);
  do {
    const absl::StatusOr<v1::ListPairsResponse> response =
        Call(*connection, stub, &v1::TranslationMemoryService::Stub::ListPairs,
             request);
    if (!response.ok()) return response.status();
    for (const v1::Pair& pair : response->pairs()) PrintPair(pair, printer);
    printer.FlushPage();
    // Nobody reads on: the rest need not be fetched.
    if (!console.out) return absl::OkStatus();
    request.set_page_token(response->next_page_token());
  } while (!request.page_token().empty());
  printer.Finish("no pairs");
  return absl::OkStatus();
}

}  // namespace

void AddExportCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<ExportFlags>();
  CLI::App* command = app.add_subcommand(
      "export", "Print every pair of the project (default: tsv)");
  AddDocumentFlag(*command, flags->document);
  AddChangeTimeFlags(*command, flags->changed);
  AddStatusFlag(*command, "all", flags->statuses);
  command->footer(
      "In tsv a tab inside a text is \\t, a line feed \\n, a carriage return "
      "\\r, a backslash \\\\.");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunExport(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
