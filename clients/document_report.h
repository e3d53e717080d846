// A report on one document, as the command line prints it.

#ifndef DUILIAN_CLIENTS_DOCUMENT_REPORT_H_
#define DUILIAN_CLIENTS_DOCUMENT_REPORT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "clients/command.h"
#include "clients/terminal.h"

namespace duilian::clients {

// One side of a finding. Segments are counted from 0, lines from 1; of a stored
// document, lines are 0.
struct ReportedSide {
  int begin = 0, end = 0;  // segments; equal where the side has nothing
  int first_line = 0, last_line = 0;
  std::string speaker;  // of the first segment; empty when unknown
  std::optional<int> timestamp_seconds;
  std::string text;
};

struct ReportedFinding {
  std::string kind;  // "never-translated", "number" …
  std::optional<double> confidence;
  bool is_reply = false;
  std::string phrase;
  ReportedSide en, zh;
};

struct ReportedCoverage {
  int sentences = 0, covered_sentences = 0;
  size_t codepoints = 0, covered_codepoints = 0;
};

struct ReportedSpeaker {
  std::string zh, en;
  int beads = 0;
  double share = 0;
};

struct PrintedReport {
  // The server's: lines and code points are not known, segments instead of
  // sentences are counted.
  bool is_stored = false;
  ReportedCoverage en, zh;
  int pairs = 0, doubtful_pairs = 0;
  std::vector<ReportedSpeaker> speakers;
  std::vector<ReportedFinding> findings;
  int omitted_findings = 0;  // more than the server tells
  std::string model_version;
  std::vector<std::string> warnings;
};

// A page for people, one JSON value, or a row a finding in TSV, whose new
// columns are only ever added at the end.
void PrintReport(const PrintedReport& report, OutputFormat format,
                 Console& console);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_DOCUMENT_REPORT_H_
