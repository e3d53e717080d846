// duilian status: is the server well, and what does it hold.

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "clients/command.h"
#include "clients/pair_output.h"
#include "duilian/v1/status_service.grpc.pb.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr int kProjectsPerPage = 1000;
constexpr int kServing = 1;  // HealthCheckResponse.ServingStatus.SERVING

// Asks grpc.health.v1.Health. Debian ships no generated code for it; its
// messages for "the server as a whole" look on the wire like an Empty and an
// Int32Value, since both have nothing, and one number in field 1.
absl::StatusOr<bool> AskHealth(const Connection& connection) {
  using google::protobuf::Empty;
  using google::protobuf::Int32Value;
  grpc::TemplatedGenericStub<Empty, Int32Value> stub(connection.channel());
  grpc::ClientContext context;
  connection.SetDeadline(context, kCallSeconds);
  const Empty request;
  Int32Value response;
  grpc::Status status;
  absl::Notification answered;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request,
                 &response, [&](grpc::Status result) {
                   status = std::move(result);
                   answered.Notify();
                 });
  answered.WaitForNotification();
  if (!status.ok()) return connection.ToStatus(status);
  return response.value() == kServing;
}

absl::StatusOr<std::vector<v1::Project>> ListProjects(
    const Connection& connection) {
  v1::TranslationMemoryService::Stub stub(connection.channel());
  std::vector<v1::Project> projects;
  v1::ListProjectsRequest request;
  request.set_page_size(kProjectsPerPage);
  do {
    const absl::StatusOr<v1::ListProjectsResponse> response =
        Call(connection, stub,
             &v1::TranslationMemoryService::Stub::ListProjects, request);
    if (!response.ok()) return response.status();
    projects.insert(projects.end(), response->projects().begin(),
                    response->projects().end());
    request.set_page_token(response->next_page_token());
  } while (!request.page_token().empty());
  return projects;
}

// The project that was named, or else all of them. kNotFound: it is none of
// these.
absl::StatusOr<std::vector<v1::Project>> Asked(
    const GlobalFlags& globals, std::vector<v1::Project> projects) {
  if (!globals.project_named) return projects;
  const std::string name = ProjectName(globals.project);
  std::erase_if(projects, [&](const v1::Project& project) {
    return project.name() != name;
  });
  if (!projects.empty()) return projects;
  return absl::NotFoundError(
      absl::StrCat("--project: ", name,
                   " has never stored anything; name one that duilian status "
                   "lists without --project, or import something into it"));
}

absl::StatusOr<v1::ServerStatus> AskStatus(const Connection& connection) {
  v1::StatusService::Stub stub(connection.channel());
  return Call(connection, stub, &v1::StatusService::Stub::GetServerStatus,
              v1::GetServerStatusRequest());
}

nlohmann::ordered_json FollowingToJson(const v1::Following& following) {
  nlohmann::ordered_json json = {{"directory", following.directory()}};
  if (following.has_as_of()) json["as_of"] = TimeField(following.as_of());
  if (!following.failure().empty()) json["failure"] = following.failure();
  return json;
}

void PrintJson(const Connection& connection, bool serving,
               const v1::ServerStatus& status,
               const std::vector<v1::Project>& projects, Console& console) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const v1::Project& project : projects) {
    list.push_back({{"name", project.name()},
                    {"documents", project.documents()},
                    {"pairs", project.pairs()},
                    {"accepted", project.accepted()},
                    {"rejected", project.rejected()}});
  }
  nlohmann::ordered_json answer = {{"server", connection.server()},
                                   {"serving", serving},
                                   {"index_position", status.index_position()}};
  if (status.has_following()) {
    answer["following"] = FollowingToJson(status.following());
  }
  answer["projects"] = std::move(list);
  console.out << JsonText(answer, 2) << '\n';
}

void PrintState(const Connection& connection, bool serving,
                const v1::ServerStatus& status, Console& console) {
  console.out << Printable(connection.server()) << ": "
              << Paint(serving ? "serving" : "not serving",
                       serving ? Style::kGreen : Style::kRed,
                       console.out_traits.colour)
              << '\n';
  if (status.has_following()) {
    const v1::Following& following = status.following();
    console.out << "only reads: follows " << Printable(following.directory());
    if (following.has_as_of()) {
      console.out << ", up to " << TimeField(following.as_of());
    }
    console.out << '\n';
    if (!following.failure().empty()) {
      console.out << Paint("does not follow now", Style::kRed,
                           console.out_traits.colour)
                  << ": " << Printable(following.failure()) << '\n';
    }
  }
  console.out << '\n';
}

std::vector<std::string> Fields(const v1::Project& project) {
  return {ShortName(project.name()), absl::StrCat(project.documents()),
          absl::StrCat(project.pairs()), absl::StrCat(project.accepted()),
          absl::StrCat(project.rejected())};
}

void PrintProjects(const std::vector<v1::Project>& projects,
                   OutputFormat format, Console& console) {
  RowPrinter::Layout layout;
  layout.tsv_header = {"project", "documents", "pairs", "accepted", "rejected"};
  for (const std::string& name : layout.tsv_header) {
    layout.columns.push_back({name, false, name != "project", 63});
  }
  RowPrinter printer(format, std::move(layout), console);
  for (const v1::Project& project : projects) {
    if (format == OutputFormat::kTsv) {
      printer.AddTsvRow(Fields(project));
      continue;
    }
    std::vector<Cell> cells;
    for (const std::string& field : Fields(project)) {
      cells.push_back(MakeCell(field));
    }
    printer.AddTableRow(std::move(cells));
  }
  printer.Finish("no projects yet; duilian import makes one");
}

absl::Status RunStatus(const GlobalFlags& globals, Console& console) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  // First a call that is tried again while a server is starting.
  absl::StatusOr<std::vector<v1::Project>> projects = ListProjects(*connection);
  if (!projects.ok()) return projects.status();
  projects = Asked(globals, *std::move(projects));
  if (!projects.ok()) return projects.status();
  const absl::StatusOr<v1::ServerStatus> status = AskStatus(*connection);
  if (!status.ok()) return status.status();
  const absl::StatusOr<bool> serving = AskHealth(*connection);
  if (!serving.ok()) return serving.status();
  const OutputFormat format =
      ChooseOutput(globals.output, OutputFormat::kTable);
  if (format == OutputFormat::kJson) {
    PrintJson(*connection, *serving, *status, *projects, console);
  } else {
    if (format == OutputFormat::kTable) {
      PrintState(*connection, *serving, *status, console);
    }
    PrintProjects(*projects, format, console);
  }
  if (*serving) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("the server at ", connection->server(),
                   " says that it is not serving; its log says why"));
}

}  // namespace

void AddStatusCommand(CLI::App& app, Selection& selection) {
  CLI::App* command = app.add_subcommand(
      "status",
      "Ask whether the server is well and what it holds; with --project, of "
      "one project");
  command->callback([&selection] {
    selection.action = [](const GlobalFlags& globals, Console& console) {
      return RunStatus(globals, console);
    };
  });
}

}  // namespace duilian::clients
