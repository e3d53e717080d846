// duilian delete: a document with all its pairs, or pairs one by one.

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clients/command.h"
#include "clients/pair_output.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {
namespace {

using MemoryStub = v1::TranslationMemoryService::Stub;

struct DeleteFlags {
  std::string document;
  std::vector<std::string> pairs;
};

struct Deleted {
  std::string name;
  int pairs = 0;
  int reviewed = 0;  // of a document
};

void PrintDeleted(const Deleted& deleted, bool is_document, RowPrinter& printer,
                  Console& console) {
  if (printer.format() == OutputFormat::kJson) {
    nlohmann::ordered_json json = {{"name", deleted.name},
                                   {"pairs", deleted.pairs}};
    if (is_document) json["reviewed"] = deleted.reviewed;
    printer.AddJson(json);
  } else if (printer.format() == OutputFormat::kTsv) {
    printer.AddTsvRow({deleted.name, absl::StrCat(deleted.pairs),
                       absl::StrCat(deleted.reviewed)});
  } else {
    console.out << Paint("deleted", Style::kGreen, console.out_traits.colour)
                << ' ' << Printable(ShortName(deleted.name));
    if (is_document) {
      console.out << ": " << PairCount(deleted.pairs) << ", "
                  << deleted.reviewed << " of them reviewed";
    }
    console.out << '\n';
  }
}

absl::StatusOr<Deleted> DeleteDocument(const Connection& connection,
                                       MemoryStub& stub,
                                       const std::string& name) {
  v1::DeleteDocumentRequest request;
  request.set_name(name);
  const absl::StatusOr<v1::DeleteDocumentResponse> response =
      Call(connection, stub, &MemoryStub::DeleteDocument, request);
  if (!response.ok()) return response.status();
  return Deleted{name, response->deleted_pairs(),
                 response->deleted_reviewed_pairs()};
}

absl::StatusOr<Deleted> DeletePair(const Connection& connection,
                                   MemoryStub& stub, const std::string& name) {
  v1::DeletePairRequest request;
  request.set_name(name);
  const absl::StatusOr<google::protobuf::Empty> response =
      Call(connection, stub, &MemoryStub::DeletePair, request);
  if (!response.ok()) return response.status();
  return Deleted{name, 1};
}

absl::Status RunDelete(const DeleteFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  MemoryStub stub(connection->channel());
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     {{}, {"name", "pairs", "reviewed"}}, console);
  const bool is_document = !flags.document.empty();
  std::vector<std::string> names;
  if (is_document) {
    names = {DocumentName(globals.project, flags.document)};
  }
  for (const std::string& pair : flags.pairs) {
    names.push_back(PairName(globals.project, pair));
  }
  absl::Status status;
  for (const std::string& name : names) {
    const absl::StatusOr<Deleted> deleted =
        is_document ? DeleteDocument(*connection, stub, name)
                    : DeletePair(*connection, stub, name);
    status = deleted.status();
    if (!status.ok()) break;
    PrintDeleted(*deleted, is_document, printer, console);
  }
  if (printer.format() != OutputFormat::kTable) printer.Finish("");
  return status;
}

}  // namespace

void AddDeleteCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<DeleteFlags>();
  CLI::App* command = app.add_subcommand(
      "delete", "Delete a document with all its pairs, or single pairs");
  CLI::Option_group* what = command->add_option_group("what");
  what->add_option("--document", flags->document,
                   "The document; its reviewed pairs go too");
  what->add_option("PAIR", flags->pairs, "Pairs, by id or full name");
  what->require_option(1);
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunDelete(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
