#include "service/alignment_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/align.h"
#include "aligner/fragment_places.h"
#include "aligner/fragments.h"
#include "aligner/quotes.h"
#include "aligner/transcript.h"
#include "service/checks.h"
#include "service/conversion.h"
#include "service/limits.h"
#include "service/read_side.h"
#include "service/unit_edits.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using Methods = AlignmentMethods;

aligner::ReadLimits TextLimits() {
  aligner::ReadLimits limits;
  limits.max_bytes = kMaxTextBytes;
  limits.max_line_bytes = kMaxLineBytes;
  limits.max_lines = kMaxLines;
  limits.max_segments = kMaxTextSegments;
  return limits;
}

absl::StatusOr<text::Language> ReadTextLanguage(absl::string_view code) {
  const std::optional<text::Language> language = text::ParseLanguageCode(code);
  if (language.has_value()) return *language;
  return absl::InvalidArgumentError(absl::StrCat(
      "text_language_code: '", text::Abbreviate(code, 40),
      "' given, en and zh accepted; send the language of the text"));
}

absl::Status CheckQuotes(const v1::AlignQuotesRequest& request) {
  absl::Status status =
      CheckCount(request.quotes_size(), {"quotes", 1, kMaxQuotes});
  for (int i = 0; status.ok() && i < request.quotes_size(); ++i) {
    const std::string field = absl::StrCat("quotes[", i, "]");
    status = CheckText(request.quotes(i), {field, 1, kMaxQuoteCodepoints});
  }
  return status;
}

v1::QuotePlace PlaceToProto(const aligner::QuotePlace& place,
                            const aligner::Transcript& text) {
  v1::QuotePlace out;
  std::string joined;
  for (int i = place.segments.begin; i < place.segments.end; ++i) {
    out.add_segments(i);
    JoinText(text.language, text.segments[static_cast<size_t>(i)].text, joined);
  }
  const auto first = static_cast<size_t>(place.segments.begin);
  const auto last = static_cast<size_t>(place.segments.end) - 1;
  out.set_text(std::move(joined));
  out.set_begin_byte(static_cast<int64_t>(text.segments[first].span.begin));
  out.set_end_byte(static_cast<int64_t>(text.segments[last].span.end));
  out.set_confidence(place.confidence);
  return out;
}

void AddFragments(const aligner::Transcript& source,
                  const aligner::Transcript& target, const aligner::Bead& bead,
                  v1::Bead& out) {
  if (bead.source.size() == 0 || bead.target.size() == 0) return;
  const std::vector<absl::string_view> english =
      aligner::TextsOf(source, bead.source);
  for (const aligner::FragmentLink& link :
       aligner::LinkFragments(aligner::TextsOf(target, bead.target), english)) {
    v1::FragmentLink& proto = *out.add_fragments();
    proto = ToProto(link);
    proto.set_target_segment(bead.target.begin + proto.target_segment());
    if (link.finding == aligner::FragmentFinding::kMissing) continue;
    proto.set_source_segment(bead.source.begin + proto.source_segment());
    proto.set_source_text(std::string(english[link.english_text].substr(
        link.place.begin, link.place.size())));
  }
}

void AddWarnings(absl::string_view side, const aligner::Transcript& transcript,
                 v1::AlignTranscriptsResponse& response) {
  for (const std::string& warning : transcript.warnings) {
    response.add_warnings(absl::StrCat(side, ": ", warning));
  }
}

}  // namespace

absl::StatusOr<const aligner::Model*> RequireModel(
    const aligner::Model* model) {
  if (model != nullptr) return model;
  return absl::FailedPreconditionError(
      "the server was started without a model pack, which alignment needs; "
      "start duiliand with --model PACK");
}

absl::Status Methods::CheckSize(size_t bytes, absl::string_view fields,
                                absl::string_view remedy) const {
  if (bytes <= max_answer_bytes_) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      fields, ": the answer takes more than ", Grouped(max_answer_bytes_),
      " bytes, up to that accepted; ", remedy));
}

absl::StatusOr<v1::AlignTranscriptsResponse> Methods::AlignTranscripts(
    const v1::AlignTranscriptsRequest& request, const Call& call) const {
  absl::StatusOr<const aligner::Model*> model = RequireModel(model_);
  if (!model.ok()) return model.status();
  if (absl::Status status = CheckFormat("format", request.format());
      !status.ok()) {
    return status;
  }
  absl::StatusOr<aligner::Transcript> source =
      ReadSide({"source_text", request.source_text(), text::Language::kEnglish},
               request.format(), TextLimits());
  if (!source.ok()) return source.status();
  absl::StatusOr<aligner::Transcript> target =
      ReadSide({"target_text", request.target_text(), text::Language::kChinese},
               request.format(), TextLimits());
  if (!target.ok()) return target.status();
  aligner::AlignOptions options;
  options.cancelled = call.cancelled;
  absl::StatusOr<std::vector<aligner::Bead>> beads =
      aligner::Align(**model, *source, *target, options);
  if (!beads.ok()) return beads.status();
  v1::AlignTranscriptsResponse response;
  for (const aligner::Segment& segment : source->segments) {
    *response.add_source_segments() = ToProto(segment);
  }
  for (const aligner::Segment& segment : target->segments) {
    *response.add_target_segments() = ToProto(segment);
  }
  for (const aligner::Bead& bead : *beads) {
    v1::Bead& out = *response.add_beads();
    out = ToProto(bead);
    AddFragments(*source, *target, bead, out);
  }
  response.set_model_version(std::string((*model)->version()));
  AddWarnings("source", *source, response);
  AddWarnings("target", *target, response);
  if (absl::Status status =
          CheckSize(response.ByteSizeLong(), "source_text, target_text",
                    "send them in parts");
      !status.ok()) {
    return status;
  }
  return response;
}

absl::StatusOr<v1::AlignQuotesResponse> Methods::AlignQuotes(
    const v1::AlignQuotesRequest& request, const Call& call) const {
  absl::StatusOr<const aligner::Model*> model = RequireModel(model_);
  if (!model.ok()) return model.status();
  absl::Status status = CheckFormat("format", request.format());
  if (status.ok()) status = CheckQuotes(request);
  if (!status.ok()) return status;
  absl::StatusOr<text::Language> language =
      ReadTextLanguage(request.text_language_code());
  if (!language.ok()) return language.status();
  absl::StatusOr<aligner::Transcript> text = ReadSide(
      {"text", request.text(), *language}, request.format(), TextLimits());
  if (!text.ok()) return text.status();
  aligner::QuoteOptions options;
  options.cancelled = call.cancelled;
  const std::vector<std::string> quotes(request.quotes().begin(),
                                        request.quotes().end());
  absl::StatusOr<std::vector<std::vector<aligner::QuotePlace>>> places =
      aligner::AlignQuotes(**model, *text, quotes, options);
  if (!places.ok()) return places.status();
  v1::AlignQuotesResponse response;
  size_t bytes = 0;
  for (const std::vector<aligner::QuotePlace>& of_quote : *places) {
    v1::QuoteResult& result = *response.add_results();
    for (const aligner::QuotePlace& place : of_quote) {
      *result.add_places() = PlaceToProto(place, *text);
    }
    bytes += result.ByteSizeLong();
    status = CheckSize(bytes, "quotes", "send fewer at once");
    if (!status.ok()) return status;
  }
  response.set_model_version(std::string((*model)->version()));
  return response;
}

absl::StatusOr<v1::ExtractFragmentsResponse> Methods::ExtractFragments(
    const v1::ExtractFragmentsRequest& request, const Call&) const {
  const std::string& text = request.text();
  if (text.empty() || text.size() > kMaxTextBytes) {
    const std::string message =
        absl::StrCat("text: ", Grouped(text.size()), " bytes given, 1 to ",
                     Grouped(kMaxTextBytes), " accepted; ",
                     text.empty() ? "send a Chinese text" : "send it in parts");
    return text.empty() ? absl::InvalidArgumentError(message)
                        : absl::ResourceExhaustedError(message);
  }
  v1::ExtractFragmentsResponse response;
  int line = 1;
  size_t counted = 0;
  for (const aligner::Fragment& fragment : aligner::ExtractFragments(text)) {
    line += static_cast<int>(std::count(
        text.begin() + static_cast<ptrdiff_t>(counted),
        text.begin() + static_cast<ptrdiff_t>(fragment.span.begin), '\n'));
    counted = fragment.span.begin;
    *response.add_fragments() = ToProto(fragment, line);
  }
  if (absl::Status status =
          CheckSize(response.ByteSizeLong(), "text", "send it in parts");
      !status.ok()) {
    return status;
  }
  return response;
}

grpc::ServerUnaryReactor* AlignmentService::AlignTranscripts(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.AlignmentService/AlignTranscripts", context,
                     request, response},
                    &methods_, &Methods::AlignTranscripts);
}

grpc::ServerUnaryReactor* AlignmentService::AlignQuotes(Context* context,
                                                        const Bytes* request,
                                                        Bytes* response) {
  return calls_.Run(
      {"duilian.v1.AlignmentService/AlignQuotes", context, request, response},
      &methods_, &Methods::AlignQuotes);
}

grpc::ServerUnaryReactor* AlignmentService::ExtractFragments(
    Context* context, const Bytes* request, Bytes* response) {
  return calls_.Run({"duilian.v1.AlignmentService/ExtractFragments", context,
                     request, response},
                    &methods_, &Methods::ExtractFragments);
}

}  // namespace duilian::service
