// duilian fragments: the English inside a Chinese text.

#include <memory>
#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/command.h"
#include "clients/files.h"
#include "clients/pair_output.h"
#include "duilian/v1/alignment_service.grpc.pb.h"
#include "text/language.h"

namespace duilian::clients {
namespace {

std::string KindWord(v1::FragmentKind kind) {
  return absl::AsciiStrToLower(v1::FragmentKind_Name(kind));
}

void PrintFragment(const v1::Fragment& fragment, RowPrinter& printer) {
  if (printer.format() == OutputFormat::kJson) {
    printer.AddJson({{"text", fragment.text()},
                     {"begin_byte", fragment.begin_byte()},
                     {"end_byte", fragment.end_byte()},
                     {"line", fragment.line()},
                     {"kind", KindWord(fragment.kind())},
                     {"rendering", fragment.rendering()}});
  } else if (printer.format() == OutputFormat::kTsv) {
    printer.AddTsvRow(
        {absl::StrCat(fragment.line()), absl::StrCat(fragment.begin_byte()),
         absl::StrCat(fragment.end_byte()), KindWord(fragment.kind()),
         fragment.text(), fragment.rendering()});
  } else {
    printer.AddTableRow({MakeCell(absl::StrCat(fragment.line()), Style::kDim),
                         MakeCell(KindWord(fragment.kind())),
                         MakeCell(fragment.text(), Style::kBold),
                         MakeCell(fragment.rendering())});
  }
}

absl::Status RunFragments(const std::string& path, const GlobalFlags& globals,
                          Console& console) {
  absl::StatusOr<std::string> text = ReadFile(path, console.in);
  if (!text.ok()) return text.status();
  if (absl::Status status = CheckUtf8(path, *text); !status.ok()) return status;
  if (text::DetectLanguage(*text) == text::Language::kEnglish) {
    console.err << "duilian: warning: " << Printable(path)
                << " looks like English; fragments finds English inside a "
                   "Chinese text\n";
  }
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  v1::AlignmentService::Stub stub(connection->channel());
  v1::ExtractFragmentsRequest request;
  request.set_text(*std::move(text));
  const absl::StatusOr<v1::ExtractFragmentsResponse> response =
      Call(*connection, stub, &v1::AlignmentService::Stub::ExtractFragments,
           request);
  if (!response.ok()) {
    return absl::Status(
        response.status().code(),
        absl::StrCat(path, ": ",
                     absl::StripPrefix(response.status().message(), "text: ")));
  }
  RowPrinter::Layout layout;
  layout.columns = {{"line", false, true},
                    {"kind"},
                    {"fragment", true},
                    {"stands for", true}};
  layout.tsv_header = {"line", "begin_byte", "end_byte",
                       "kind", "text",       "rendering"};
  RowPrinter printer(ChooseOutput(globals.output, OutputFormat::kTable),
                     std::move(layout), console);
  for (const v1::Fragment& fragment : response->fragments()) {
    PrintFragment(fragment, printer);
  }
  printer.Finish("no English in this text");
  return absl::OkStatus();
}

}  // namespace

void AddFragmentsCommand(CLI::App& app, Selection& selection) {
  const auto path = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "fragments", "Find the English fragments inside a Chinese text");
  command->add_option("FILE", *path, "The Chinese text; - for standard input")
      ->required();
  command->callback([path, &selection] {
    selection.action = [path](const GlobalFlags& globals, Console& console) {
      return RunFragments(*path, globals, console);
    };
  });
}

}  // namespace duilian::clients
