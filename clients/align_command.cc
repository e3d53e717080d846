// duilian align: two texts in, beads out. Works without a server.

#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "aligner/align.h"
#include "aligner/document_report.h"
#include "aligner/fragment_places.h"
#include "aligner/model.h"
#include "aligner/transcript.h"
#include "clients/alignment.h"
#include "clients/command.h"
#include "clients/document_report.h"
#include "clients/files.h"
#include "clients/pair_output.h"
#include "clients/progress.h"
#include "clients/server_words.h"
#include "duilian/v1/alignment_service.grpc.pb.h"
#include "text/language.h"

namespace duilian::clients {
namespace {

constexpr double kRemoteAlignSeconds = 300;

struct AlignFlags {
  std::string zh_path;
  std::string en_path;
  std::string output;
  std::string model_path;
  bool lines = false;
  bool remote = false;
  bool report = false;
};

struct TextPair {
  std::string zh;
  std::string en;
};

// Where an installed program has its model, or else the source tree.
std::string FindModelPack() {
  std::error_code ignored;
  const std::filesystem::path self =
      std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::filesystem::path installed =
      self.parent_path().parent_path() / "share" / "duilian" / "zh-en.pack";
  if (std::filesystem::exists(installed, ignored)) return installed.string();
  return DUILIAN_SOURCE_MODEL;
}

absl::Status Named(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

absl::StatusOr<aligner::Transcript> ReadSide(const std::string& path,
                                             const std::string& text,
                                             text::Language language,
                                             bool lines) {
  absl::StatusOr<aligner::Transcript> transcript =
      lines ? aligner::ReadLines(text, language, aligner::ReadLimits())
            : aligner::ReadTranscript(text, language, aligner::ReadLimits());
  if (!transcript.ok()) return Named(path, transcript.status());
  for (std::string& warning : transcript->warnings) {
    warning = absl::StrCat(path, ": ", warning);
  }
  return transcript;
}

SideNames NamesOf(const AlignFlags& flags) {
  return {absl::StrCat("--zh ", flags.zh_path),
          absl::StrCat("--en ", flags.en_path),
          "give the Chinese text to --zh and the English one to --en"};
}

absl::string_view LanguageWord(std::optional<text::Language> language) {
  if (!language.has_value()) {
    return "neither English nor Chinese by its script";
  }
  return *language == text::Language::kEnglish ? "English" : "Chinese";
}

// What import refuses is no better aligned here. Requires valid UTF-8.
absl::Status CheckLanguages(const SideNames& names, const TextPair& texts) {
  const std::optional<text::Language> zh = text::DetectLanguage(texts.zh);
  const std::optional<text::Language> en = text::DetectLanguage(texts.en);
  const bool zh_fits = zh == text::Language::kChinese;
  if (zh_fits && en == text::Language::kEnglish) return absl::OkStatus();
  const bool swapped =
      zh == text::Language::kEnglish && en == text::Language::kChinese;
  return absl::InvalidArgumentError(absl::StrCat(
      zh_fits ? names.en : names.zh, ": looks like ",
      LanguageWord(zh_fits ? en : zh), ", ", zh_fits ? "English" : "Chinese",
      " accepted; ", swapped ? "the two files are swapped: " : "",
      names.swap_advice));
}

std::vector<AlignedSegment> Segments(const aligner::Transcript& transcript) {
  std::vector<AlignedSegment> segments;
  for (const aligner::Segment& segment : transcript.segments) {
    segments.push_back({segment.text, segment.line, segment.speaker,
                        segment.timestamp_seconds});
  }
  return segments;
}

std::vector<int> Indices(const aligner::SegmentRange& range) {
  std::vector<int> indices;
  for (int i = range.begin; i < range.end; ++i) indices.push_back(i);
  return indices;
}

// What aligning here leaves behind.
struct AlignedTexts {
  aligner::Transcript zh;
  aligner::Transcript en;
  std::vector<aligner::Bead> beads;  // English first
  std::string model_version;
  std::vector<std::string> warnings;
};

absl::StatusOr<AlignedTexts> AlignTexts(const AlignFlags& flags,
                                        const TextPair& texts,
                                        Console& console) {
  absl::StatusOr<aligner::Transcript> zh =
      ReadSide(flags.zh_path, texts.zh, text::Language::kChinese, flags.lines);
  if (!zh.ok()) return zh.status();
  absl::StatusOr<aligner::Transcript> en =
      ReadSide(flags.en_path, texts.en, text::Language::kEnglish, flags.lines);
  if (!en.ok()) return en.status();
  if (absl::Status status = CheckLanguages(NamesOf(flags), texts);
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<std::unique_ptr<const aligner::Model>> model =
      aligner::Model::Load(flags.model_path.empty() ? FindModelPack()
                                                    : flags.model_path);
  if (!model.ok()) return model.status();
  ProgressBar bar(console.err, console.err_traits);
  aligner::AlignOptions options;
  options.progress = [&bar](double share) { bar.Update(share, "aligning"); };
  absl::StatusOr<std::vector<aligner::Bead>> beads =
      aligner::Align(**model, *en, *zh, options);
  bar.Clear();
  if (!beads.ok()) return beads.status();
  AlignedTexts aligned;
  aligned.warnings = zh->warnings;
  aligned.warnings.insert(aligned.warnings.end(), en->warnings.begin(),
                          en->warnings.end());
  aligned.zh = *std::move(zh);
  aligned.en = *std::move(en);
  aligned.beads = *std::move(beads);
  const absl::string_view version = (*model)->version();
  aligned.model_version.assign(version.data(), version.size());
  return aligned;
}

Alignment AlignmentOf(const AlignedTexts& aligned) {
  Alignment alignment;
  alignment.zh = Segments(aligned.zh);
  alignment.en = Segments(aligned.en);
  for (const aligner::Bead& bead : aligned.beads) {
    alignment.beads.push_back(
        {Indices(bead.target), Indices(bead.source), bead.confidence});
  }
  alignment.model_version = aligned.model_version;
  alignment.warnings = aligned.warnings;
  return alignment;
}

absl::StatusOr<Alignment> AlignHere(const AlignFlags& flags,
                                    const TextPair& texts, Console& console) {
  const absl::StatusOr<AlignedTexts> aligned =
      AlignTexts(flags, texts, console);
  if (!aligned.ok()) return aligned.status();
  return AlignmentOf(*aligned);
}

ReportedSide ReportSide(const aligner::Transcript& side,
                        const aligner::SegmentRange& range) {
  ReportedSide reported;
  reported.begin = range.begin;
  reported.end = range.end;
  if (range.size() == 0) return reported;
  const auto at = [&](int i) -> const aligner::Segment& {
    return side.segments[static_cast<size_t>(i)];
  };
  reported.first_line = at(range.begin).line;
  reported.last_line = at(range.end - 1).line;
  reported.speaker = at(range.begin).speaker;
  reported.timestamp_seconds = at(range.begin).timestamp_seconds;
  const std::vector<AlignedSegment> segments = [&] {
    std::vector<AlignedSegment> all;
    for (int i = range.begin; i < range.end; ++i) {
      all.push_back({at(i).text, at(i).line, at(i).speaker, std::nullopt});
    }
    return all;
  }();
  const std::vector<int> indices = Indices({0, range.size()});
  reported.text = side.language == text::Language::kEnglish
                      ? JoinEnglish(segments, indices)
                      : JoinChinese(segments, indices);
  return reported;
}

ReportedCoverage CoverageOf(const aligner::SideCoverage& side) {
  return {side.sentences, side.covered_sentences, side.codepoints,
          side.covered_codepoints};
}

PrintedReport ReportOn(const AlignedTexts& aligned) {
  const aligner::DocumentReport report = aligner::ReportDocument(
      aligned.en, aligned.zh, aligned.beads, aligner::ReportOptions());
  PrintedReport printed;
  printed.en = CoverageOf(report.english);
  printed.zh = CoverageOf(report.chinese);
  printed.pairs = report.pairs;
  printed.doubtful_pairs = report.doubtful_pairs;
  for (const aligner::SpeakerPair& speaker : report.speakers) {
    printed.speakers.push_back(
        {speaker.chinese, speaker.english, speaker.beads, speaker.share});
  }
  for (const aligner::Finding& finding : report.findings) {
    const absl::string_view kind = aligner::KindWord(finding.kind);
    printed.findings.push_back({std::string(kind.data(), kind.size()),
                                finding.confidence, finding.is_reply,
                                finding.phrase,
                                ReportSide(aligned.en, finding.english),
                                ReportSide(aligned.zh, finding.chinese)});
  }
  printed.model_version = aligned.model_version;
  printed.warnings = aligned.warnings;
  return printed;
}

std::vector<AlignedSegment> Segments(
    const google::protobuf::RepeatedPtrField<v1::TextSegment>& received) {
  std::vector<AlignedSegment> segments;
  for (const v1::TextSegment& segment : received) {
    AlignedSegment& added = segments.emplace_back();
    added.text = segment.text();
    added.line = segment.line();
    added.speaker = segment.speaker();
    if (segment.timestamp_seconds() >= 0) {
      added.timestamp_seconds = segment.timestamp_seconds();
    }
  }
  return segments;
}

absl::StatusOr<Alignment> AlignRemotely(const AlignFlags& flags, TextPair texts,
                                        const GlobalFlags& globals) {
  const absl::StatusOr<Connection> connection =
      Connection::Open(globals.connection);
  if (!connection.ok()) return connection.status();
  v1::AlignmentService::Stub stub(connection->channel());
  v1::AlignTranscriptsRequest request;
  request.set_source_text(std::move(texts.en));
  request.set_target_text(std::move(texts.zh));
  request.set_format(flags.lines ? v1::LINES : v1::TRANSCRIPT);
  const absl::StatusOr<v1::AlignTranscriptsResponse> response =
      Call(*connection, stub, &v1::AlignmentService::Stub::AlignTranscripts,
           request, kRemoteAlignSeconds);
  const SideNames names = NamesOf(flags);
  if (!response.ok()) {
    return absl::Status(response.status().code(),
                        InSideWords(response.status().message(), names));
  }
  Alignment alignment;
  alignment.zh = Segments(response->target_segments());
  alignment.en = Segments(response->source_segments());
  for (const v1::Bead& bead : response->beads()) {
    alignment.beads.push_back(
        {{bead.target_segments().begin(), bead.target_segments().end()},
         {bead.source_segments().begin(), bead.source_segments().end()},
         bead.confidence()});
  }
  alignment.model_version = response->model_version();
  for (const std::string& warning : response->warnings()) {
    alignment.warnings.push_back(InSideWords(warning, names));
  }
  return alignment;
}

nlohmann::ordered_json SegmentsToJson(
    const std::vector<AlignedSegment>& segments) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const AlignedSegment& segment : segments) {
    nlohmann::ordered_json json = {{"text", segment.text},
                                   {"line", segment.line},
                                   {"speaker", segment.speaker}};
    if (segment.timestamp_seconds.has_value()) {
      json["timestamp_seconds"] = *segment.timestamp_seconds;
    }
    list.push_back(std::move(json));
  }
  return list;
}

std::vector<absl::string_view> TextsOf(
    const std::vector<AlignedSegment>& segments,
    const std::vector<int>& indices) {
  std::vector<absl::string_view> texts;
  for (const int index : indices) {
    if (index < 0 || static_cast<size_t>(index) >= segments.size()) continue;
    texts.push_back(segments[static_cast<size_t>(index)].text);
  }
  return texts;
}

// The English inside a bead's Chinese; bytes are counted in a segment's text.
nlohmann::ordered_json FragmentsToJson(const Alignment& alignment,
                                       const AlignedBead& bead) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  if (bead.zh.empty() || bead.en.empty()) return list;
  const std::vector<absl::string_view> en = TextsOf(alignment.en, bead.en);
  for (const aligner::FragmentLink& link :
       aligner::LinkFragments(TextsOf(alignment.zh, bead.zh), en)) {
    nlohmann::ordered_json json = {
        {"text", link.fragment.text},
        {"finding", aligner::FindingWord(link.finding)},
        {"zh", bead.zh[link.chinese_text]},
        {"zh_bytes", {link.fragment.span.begin, link.fragment.span.end}}};
    if (!link.fragment.rendering.empty()) {
      json["rendering"] = link.fragment.rendering;
    }
    if (link.finding != aligner::FragmentFinding::kMissing) {
      json["en"] = bead.en[link.english_text];
      json["en_bytes"] = {link.place.begin, link.place.end};
      json["en_text"] =
          en[link.english_text].substr(link.place.begin, link.place.size());
    }
    list.push_back(std::move(json));
  }
  return list;
}

void PrintJson(const Alignment& alignment, Console& console) {
  nlohmann::ordered_json beads = nlohmann::ordered_json::array();
  for (const AlignedBead& bead : alignment.beads) {
    beads.push_back({{"zh", bead.zh},
                     {"en", bead.en},
                     {"confidence", bead.confidence},
                     {"zh_text", JoinChinese(alignment.zh, bead.zh)},
                     {"en_text", JoinEnglish(alignment.en, bead.en)},
                     {"fragments", FragmentsToJson(alignment, bead)}});
  }
  console.out << JsonText({{"model_version", alignment.model_version},
                           {"zh_segments", SegmentsToJson(alignment.zh)},
                           {"en_segments", SegmentsToJson(alignment.en)},
                           {"beads", std::move(beads)},
                           {"warnings", alignment.warnings}},
                          2)
              << '\n';
}

void PrintRows(const Alignment& alignment, OutputFormat format,
               Console& console) {
  RowPrinter::Layout layout;
  layout.columns = {{"conf", false, true}, {"zh", true}, {"en", true}};
  layout.tsv_header = {"zh", "en", "confidence", "zh_text", "en_text"};
  RowPrinter printer(format, std::move(layout), console);
  for (const AlignedBead& bead : alignment.beads) {
    const std::string zh = JoinChinese(alignment.zh, bead.zh);
    const std::string en = JoinEnglish(alignment.en, bead.en);
    if (format == OutputFormat::kTsv) {
      printer.AddTsvRow({absl::StrJoin(bead.zh, ","),
                         absl::StrJoin(bead.en, ","),
                         absl::StrFormat("%.4f", bead.confidence), zh, en});
    } else {
      printer.AddTableRow(
          {ConfidenceCell(bead.confidence), MakeCell(zh), MakeCell(en)});
    }
  }
  printer.Finish("nothing to align");
}

absl::StatusOr<TextPair> ReadTexts(const AlignFlags& flags, Console& console) {
  TextPair texts;
  for (const auto& [path, text] :
       {std::pair(&flags.zh_path, &texts.zh), {&flags.en_path, &texts.en}}) {
    absl::StatusOr<std::string> read = ReadFile(*path, console.in);
    if (!read.ok()) return read.status();
    *text = *std::move(read);
  }
  return texts;
}

void PrintWarnings(const std::vector<std::string>& warnings, Console& console) {
  for (const std::string& warning : warnings) {
    console.err << "duilian: warning: " << Printable(warning) << '\n';
  }
}

void PrintAlignment(const Alignment& alignment, OutputFormat format,
                    Console& console) {
  if (format == OutputFormat::kLadder) {
    for (const AlignedBead& bead : alignment.beads) {
      console.out << LadderLine(bead) << '\n';
    }
  } else if (format == OutputFormat::kJson) {
    PrintJson(alignment, console);
  } else {
    PrintRows(alignment, format, console);
  }
}

absl::Status RunAlign(const AlignFlags& flags, const GlobalFlags& globals,
                      Console& console) {
  absl::StatusOr<TextPair> texts = ReadTexts(flags, console);
  if (!texts.ok()) return texts.status();
  const OutputFormat format =
      ChooseOutput(flags.output.empty() ? globals.output : flags.output,
                   OutputFormat::kTable);
  if (flags.report) {
    const absl::StatusOr<AlignedTexts> aligned =
        AlignTexts(flags, *texts, console);
    if (!aligned.ok()) return aligned.status();
    PrintWarnings(aligned->warnings, console);
    PrintReport(ReportOn(*aligned), format, console);
    return absl::OkStatus();
  }
  const absl::StatusOr<Alignment> alignment =
      flags.remote ? AlignRemotely(flags, *std::move(texts), globals)
                   : AlignHere(flags, *texts, console);
  if (!alignment.ok()) return alignment.status();
  PrintWarnings(alignment->warnings, console);
  PrintAlignment(*alignment, format, console);
  return absl::OkStatus();
}

}  // namespace

void AddAlignCommand(CLI::App& app, Selection& selection) {
  const auto flags = std::make_shared<AlignFlags>();
  CLI::App* command = app.add_subcommand(
      "align", "Align a Chinese text with its English source; needs no server");
  command->add_option("--zh", flags->zh_path, "The Chinese text")->required();
  command->add_option("--en", flags->en_path, "The English text")->required();
  command->add_flag("--lines", flags->lines, "Each line is a segment as given");
  command
      ->add_option("--output", flags->output,
                   "table, json, tsv or ladder ([zh indices]:[en indices]:"
                   "confidence)")
      ->check(CLI::IsMember({"table", "json", "tsv", "ladder"}));
  command
      ->add_option("--model", flags->model_path,
                   "The model pack (default: the one installed)")
      ->envname("DUILIAN_MODEL");
  CLI::Option* remote =
      command->add_flag("--remote", flags->remote, "Let the server align");
  command
      ->add_flag("--report", flags->report,
                 "Print what deserves a look instead of the pairs: what is not "
                 "covered, and turns, numbers, names and negations that differ")
      ->excludes(remote);
  command->callback([flags, &selection] {
    if (flags->report && flags->output == "ladder") {
      throw CLI::ValidationError(
          "--output",
          "ladder holds beads, not a report; table, json or tsv "
          "are accepted with --report");
    }
    selection.action = [flags](const GlobalFlags& globals, Console& console) {
      return RunAlign(*flags, globals, console);
    };
  });
}

}  // namespace duilian::clients
