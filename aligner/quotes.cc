// Quotes out of order.
//
// The simple version: each run of up to five segments of the text is weighed
// against all others by a model that was fitted to choose the quote's place, in
// the same text, and its edges; the best is the place. Then:
//
// 1. A quote may stand nowhere: a second model, logistic, says how probably the
//    best run is the place at all. That is the confidence. It was fitted on the
//    runs that are left when the true place is taken away as well.
// 2. A teaser may be said twice: the best runs that do not overlap are all
//    asked.
// 3. A speaker says 5 where the quote has GPT-5: such a quote is looked for in
//    the text as it reads with its names written out.
// 4. A quote in Chinese and one in English have models of their own: what is
//    missing on the quote's side and on the text's are two things.
//
// Tested by align_test.cc and, on gold, by bench/quote_quality_test.cc.
#include "aligner/quotes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aligner/elided_names.h"
#include "aligner/pack.h"
#include "aligner/quote_runs.h"
#include "aligner/simplifier.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

using text::Language;

absl::Status Check(const Transcript& text,
                   absl::Span<const std::string> quotes) {
  if (text.segments.empty()) {
    return absl::InvalidArgumentError(
        "text: has no segments; send the text that is quoted");
  }
  for (size_t q = 0; q < quotes.size(); ++q) {
    if (std::all_of(quotes[q].begin(), quotes[q].end(), [](char c) {
          return c == ' ' || c == '\n' || c == '\t';
        })) {
      return absl::InvalidArgumentError(absl::StrCat(
          "quotes[", q, "]: is empty; send the words that are quoted"));
    }
    const std::optional<Language> language = text::DetectLanguage(quotes[q]);
    const bool has_han = language == Language::kChinese;
    if (language.has_value() && *language == text.language &&
        (has_han || text.language == Language::kEnglish)) {
      return absl::InvalidArgumentError(
          absl::StrCat("quotes[", q, "]: is in the text's own language, ",
                       std::string(text::LanguageCode(text.language)),
                       "; send quotes of the other one"));
    }
  }
  return absl::OkStatus();
}

Transcript QuoteTranscript(absl::Span<const std::string> quotes,
                           Language language) {
  Transcript transcript;
  transcript.language = language;
  for (const std::string& quote : quotes) {
    Segment segment;
    segment.text = std::string(WithoutLabel(quote));
    transcript.segments.push_back(std::move(segment));
  }
  return transcript;
}

Transcript Only(const Transcript& transcript, size_t segment) {
  Transcript only;
  only.language = transcript.language;
  only.segments.push_back(transcript.segments[segment]);
  return only;
}

double Weigh(absl::Span<const float> weights, const QuoteVector& features) {
  double sum = 0;
  for (size_t f = 0; f < kQuoteFeatures; ++f) sum += weights[f] * features[f];
  return sum;
}

// A table of contents names every subject, and says nothing about it.
bool HoldsFrontMatter(const Transcript& text, const SegmentRange& range) {
  return std::any_of(
      text.segments.begin() + range.begin, text.segments.begin() + range.end,
      [](const Segment& s) { return s.kind == SegmentKind::kFrontMatter; });
}

// The best runs that are likely enough, as places.
std::vector<QuotePlace> Places(absl::Span<const QuoteRun> runs,
                               absl::Span<const float> weights,
                               const QuoteOptions& options) {
  constexpr size_t kCandidates = 20;
  std::vector<QuotePlace> places;
  for (const QuoteRun& run : BestRuns(runs, kCandidates)) {
    if (places.size() == static_cast<size_t>(options.max_places)) break;
    const double confidence = 1 / (1 + std::exp(-Weigh(weights, run.features)));
    if (confidence < options.min_confidence) continue;
    places.push_back({run.segments, confidence});
  }
  return places;
}

}  // namespace

absl::string_view WithoutLabel(absl::string_view quote) {
  constexpr size_t kLabel = 20;
  size_t at = 0;
  for (size_t k = 0; k < kLabel && at < quote.size(); ++k) {
    const char32_t c = text::NextCodepoint(quote, at);
    if ((c == ':' || c == 0xFF1A) && at < quote.size()) return quote.substr(at);
  }
  return quote;
}

absl::StatusOr<std::vector<std::vector<QuotePlace>>> AlignQuotes(
    const Model& model, const Transcript& text,
    absl::Span<const std::string> quotes, const QuoteOptions& options) {
  if (absl::Status good = Check(text, quotes); !good.ok()) return good;
  const bool chinese = text.language == Language::kChinese;
  const Transcript spoken = QuoteTranscript(
      quotes, chinese ? Language::kEnglish : Language::kChinese);
  Transcript zh = chinese ? text : spoken;
  if (absl::Status simplified = model.simplifier().Simplify(zh);
      !simplified.ok()) {
    return simplified;
  }
  const Transcript& read = chinese ? zh : text;
  const Transcript& quoting = chinese ? spoken : zh;
  QuoteRuns all(model, read, quoting);
  const absl::Span<const float> weights = model.pack().quote_weights();
  const auto choice = WeightsOf(weights, chinese, QuoteModel::kChoice);
  const auto place = WeightsOf(weights, chinese, QuoteModel::kPlace);
  std::vector<std::vector<QuotePlace>> results;
  std::vector<QuoteRun> runs;
  for (size_t q = 0; q < quotes.size(); ++q) {
    if (options.cancelled && options.cancelled()) {
      return absl::CancelledError("the search for quotes was cancelled");
    }
    runs.clear();
    const auto add = [&](SegmentRange range, const QuoteVector& features) {
      if (HoldsFrontMatter(text, range)) return;
      runs.push_back({range, features, Weigh(choice, features)});
    };
    const auto written = WithElidedNames(read, quoting.segments[q].text);
    if (written.has_value()) {
      QuoteRuns(model, *written, Only(quoting, q)).ForEach(0, add);
    } else {
      all.ForEach(static_cast<int>(q), add);
    }
    results.push_back(Places(runs, place, options));
  }
  return results;
}

}  // namespace duilian::aligner
