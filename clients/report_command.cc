// duilian report: what deserves an editor's look in a stored document.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "clients/command.h"
#include "clients/document_report.h"
#include "clients/flag_rules.h"
#include "clients/pair_output.h"
#include "duilian/v1/report_service.grpc.pb.h"

namespace duilian::clients {
namespace {

// A large document is read whole.
constexpr double kReportSeconds = 120;

struct ReportFlags {
  std::string document;
};

// NEVER_TRANSLATED as align --report has it, "never-translated"; a kind of a
// newer server as its number.
std::string KindOf(v1::FindingKind kind) {
  switch (kind) {
    case v1::NUMBER_DIFFERS:
      return "number";
    case v1::NAME_DIFFERS:
      return "name";
    case v1::NEGATION_DIFFERS:
      return "negation";
    default:
      break;
  }
  const std::string name = v1::FindingKind_Name(kind);
  if (name.empty()) return std::to_string(kind);
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", "-"}});
}

ReportedSide SideOf(const v1::FindingSide& side) {
  ReportedSide reported;
  reported.begin = side.begin_segment();
  reported.end = side.end_segment();
  reported.speaker = side.speaker();
  if (side.has_timestamp()) {
    reported.timestamp_seconds = static_cast<int>(side.timestamp().seconds());
  }
  reported.text = side.text();
  return reported;
}

ReportedCoverage CoverageOf(const v1::SideCoverage& side) {
  ReportedCoverage coverage;
  coverage.sentences = side.segments();
  coverage.covered_sentences = side.covered_segments();
  return coverage;
}

PrintedReport ReportOf(const v1::ReportDocumentResponse& response) {
  PrintedReport report;
  report.is_stored = true;
  report.en = CoverageOf(response.source());
  report.zh = CoverageOf(response.target());
  report.pairs = response.pairs();
  report.doubtful_pairs = response.doubtful_pairs();
  for (const v1::SpeakerLabels& labels : response.speakers()) {
    report.speakers.push_back(
        {labels.target(), labels.source(), labels.pairs(), labels.share()});
  }
  for (const v1::Finding& finding : response.findings()) {
    ReportedFinding& reported = report.findings.emplace_back();
    reported.kind = KindOf(finding.kind());
    if (finding.has_confidence()) reported.confidence = finding.confidence();
    reported.is_reply = finding.is_reply();
    reported.phrase = finding.phrase();
    reported.en = SideOf(finding.source());
    reported.zh = SideOf(finding.target());
  }
  report.omitted_findings = response.omitted_findings();
  return report;
}

absl::Status RunReport(const ReportFlags& flags, const GlobalFlags& globals,
                       Console& console) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  v1::ReportService::Stub stub(connection->channel());
  v1::ReportDocumentRequest request;
  request.set_name(DocumentName(globals.project, flags.document));
  const absl::StatusOr<v1::ReportDocumentResponse> response =
      Call(*connection, stub, &v1::ReportService::Stub::ReportDocument, request,
           kReportSeconds);
  if (!response.ok()) return response.status();
  PrintReport(ReportOf(*response),
              ChooseOutput(globals.output, OutputFormat::kTable), console);
  return absl::OkStatus();
}

}  // namespace

void AddReportCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<ReportFlags>();
  CLI::App* command = app.add_subcommand(
      "report", "Say what deserves an editor's look in a stored document");
  command->add_option("DOCUMENT", flags->document, "The document's id")
      ->required()
      ->check(Utf8());
  command->footer(
      "Without a server: duilian align --report. What no pair holds is known "
      "here by its first and last sentence.");
  command->callback([flags, &selection] {
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunReport(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
