// duilian prefer: how a project wants its terms rendered.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "clients/command.h"
#include "clients/flag_rules.h"
#include "clients/pair_output.h"
#include "duilian/v1/consistency_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr int kPerPage = 1'000;  // what a page holds at most

using Stub = v1::ConsistencyService::Stub;

struct PreferFlags {
  std::string term;
  std::string rendering;
  std::vector<std::string> also_good;
  std::string reviewer;
  std::string deleted;
};

void Print(const v1::PreferredRendering& preferred, RowPrinter& printer) {
  const std::vector<std::string> also_good(preferred.also_good().begin(),
                                           preferred.also_good().end());
  if (printer.format() == OutputFormat::kJson) {
    printer.AddJson({{"term", preferred.term()},
                     {"rendering", preferred.rendering()},
                     {"also_good", also_good},
                     {"reviewer", preferred.reviewer()}});
  } else if (printer.format() == OutputFormat::kTsv) {
    printer.AddTsvRow({preferred.term(), preferred.rendering(),
                       absl::StrJoin(also_good, ","), preferred.reviewer()});
  } else {
    printer.AddTableRow({MakeCell(preferred.term(), Style::kBold),
                         MakeCell(preferred.rendering(), Style::kGreen),
                         MakeCell(absl::StrJoin(also_good, " ")),
                         MakeCell(preferred.reviewer())});
  }
}

absl::Status List(const std::string& project, const Connection& connection,
                  Stub& stub, RowPrinter& printer) {
  v1::ListPreferredRenderingsRequest request;
  request.set_parent(project);
  request.set_page_size(kPerPage);
  do {
    const absl::StatusOr<v1::ListPreferredRenderingsResponse> response =
        Call(connection, stub, &Stub::ListPreferredRenderings, request);
    if (!response.ok()) return response.status();
    for (const v1::PreferredRendering& preferred :
         response->preferred_renderings()) {
      Print(preferred, printer);
    }
    printer.FlushPage();
    request.set_page_token(response->next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status Set(const PreferFlags& flags, const std::string& project,
                 const Connection& connection, Stub& stub,
                 RowPrinter& printer) {
  v1::SetPreferredRenderingRequest request;
  request.set_parent(project);
  v1::PreferredRendering& preferred = *request.mutable_preferred_rendering();
  preferred.set_term(flags.term);
  preferred.set_rendering(flags.rendering);
  preferred.set_reviewer(flags.reviewer);
  for (const std::string& good : flags.also_good) {
    preferred.add_also_good(good);
  }
  const absl::StatusOr<v1::PreferredRendering> stored =
      Call(connection, stub, &Stub::SetPreferredRendering, request);
  if (!stored.ok()) return stored.status();
  Print(*stored, printer);
  return absl::OkStatus();
}

absl::Status Delete(const PreferFlags& flags, const std::string& project,
                    const Connection& connection, Stub& stub,
                    Console& console) {
  v1::DeletePreferredRenderingRequest request;
  request.set_parent(project);
  request.set_term(flags.deleted);
  const absl::StatusOr<google::protobuf::Empty> response =
      Call(connection, stub, &Stub::DeletePreferredRendering, request);
  if (!response.ok()) return response.status();
  console.err << "duilian: " << Printable(flags.deleted)
              << " has no preferred rendering any more\n";
  return absl::OkStatus();
}

absl::Status RunPrefer(const PreferFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  Stub stub(connection->channel());
  const std::string project = ProjectName(globals.project);
  if (!flags.deleted.empty()) {
    return Delete(flags, project, *connection, stub, console);
  }
  RowPrinter printer(
      ChooseOutput(globals.output, OutputFormat::kTable),
      {{{"term"}, {"rendering", true}, {"also good", true}, {"reviewer"}},
       {"term", "rendering", "also_good", "reviewer"}},
      console);
  const absl::Status status =
      flags.term.empty() && flags.rendering.empty()
          ? List(project, *connection, stub, printer)
          : Set(flags, project, *connection, stub, printer);
  if (!status.ok()) return status;
  printer.Finish(
      "no preferred renderings; duilian prefer TERM RENDERING sets "
      "one");
  return absl::OkStatus();
}

}  // namespace

void AddPreferCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<PreferFlags>();
  CLI::App* command = app.add_subcommand(
      "prefer", "List, set or delete how terms are to be rendered");
  CLI::Option* term = command
                          ->add_option("TERM", flags->term,
                                       "The English term, 1 to 100 characters")
                          ->check(Utf8());
  CLI::Option* rendering = command
                               ->add_option("RENDERING", flags->rendering,
                                            "Its Chinese, 1 to 100 characters")
                               ->check(Utf8());
  term->needs(rendering);
  command
      ->add_option("--also", flags->also_good,
                   "Another rendering that nobody is warned of, 1 to 100 "
                   "characters; may be given up to 10 times")
      ->needs(rendering)
      ->check(Utf8());
  command
      ->add_option("--reviewer", flags->reviewer,
                   "Who says so, 100 characters at most (default: nobody)")
      ->needs(rendering)
      ->check(Utf8());
  command->add_option("--delete", flags->deleted, "Delete this term's")
      ->excludes(term)
      ->check(Utf8());
  command->footer(
      "Look-ups warn of stored translations that render a term otherwise; "
      "duilian consistency counts them.");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunPrefer(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
