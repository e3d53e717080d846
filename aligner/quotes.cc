// Quotes out of order.
//
// The simple version: each run of up to five segments of the text is judged as
// a bead with the quote, by a logistic model over the bead features that was
// fitted to tell the true place from the likeliest wrong ones, in the same
// text. Its probability is the confidence; where the place begins and ends is
// a second model's to say, fitted to choose among runs that overlap. A teaser
// may be said twice, so places apart do not compete.
#include "aligner/quotes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aligner/bead_features.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"
#include "aligner/quote_runs.h"
#include "aligner/simplifier.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

using text::Language;

struct ScoredRun {
  SegmentRange segments;
  double log_odds = 0;  // of being the place, by the quote model
  double bead = 0;      // as a bead, by the bead model
  double fit = 0;       // among runs that overlap it, by the choice model
};

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

// A quote without the label in front of it, as summaries have it: "On AGI: ..."
// and 谈监管：……. The label is at most kLabel code points long.
std::string WithoutLabel(const std::string& quote) {
  constexpr size_t kLabel = 20;
  size_t at = 0;
  for (size_t k = 0; k < kLabel && at < quote.size(); ++k) {
    const char32_t c = text::NextCodepoint(quote, at);
    if ((c == ':' || c == 0xFF1A) && at < quote.size()) return quote.substr(at);
  }
  return quote;
}

Transcript QuoteTranscript(absl::Span<const std::string> quotes,
                           Language language) {
  Transcript transcript;
  transcript.language = language;
  for (const std::string& quote : quotes) {
    Segment segment;
    segment.text = WithoutLabel(quote);
    transcript.segments.push_back(std::move(segment));
  }
  return transcript;
}

double Weigh(absl::Span<const float> weights, const FeatureVector& features) {
  double sum = 0;
  for (size_t f = 0; f < kBeadFeatures; ++f) sum += weights[f] * features[f];
  return sum;
}

// A table of contents names every subject, and says nothing about it.
bool HoldsFrontMatter(const Transcript& text, const SegmentRange& range) {
  return std::any_of(
      text.segments.begin() + range.begin, text.segments.begin() + range.end,
      [](const Segment& s) { return s.kind == SegmentKind::kFrontMatter; });
}

bool Overlap(const SegmentRange& a, const SegmentRange& b) {
  return a.begin < b.end && b.begin < a.end;
}

// The runs that are better beads than any that they overlap, likeliest first.
std::vector<ScoredRun> Candidates(std::vector<ScoredRun> runs) {
  constexpr size_t kCandidates = 50;
  std::stable_sort(
      runs.begin(), runs.end(),
      [](const ScoredRun& a, const ScoredRun& b) { return a.bead > b.bead; });
  std::vector<ScoredRun> candidates;
  for (const ScoredRun& run : runs) {
    if (candidates.size() == kCandidates) break;
    const bool taken = std::any_of(
        candidates.begin(), candidates.end(), [&](const ScoredRun& candidate) {
          return Overlap(candidate.segments, run.segments);
        });
    if (!taken) candidates.push_back(run);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const ScoredRun& a, const ScoredRun& b) {
                     return a.log_odds > b.log_odds;
                   });
  return candidates;
}

// The likeliest candidates, each cut as the choice model says.
std::vector<QuotePlace> Places(const std::vector<ScoredRun>& runs,
                               const QuoteOptions& options) {
  std::vector<QuotePlace> places;
  for (const ScoredRun& run : Candidates(runs)) {
    const double confidence = 1 / (1 + std::exp(-run.log_odds));
    if (places.size() >= static_cast<size_t>(options.max_places) ||
        confidence < options.min_confidence) {
      break;
    }
    const ScoredRun* best = nullptr;
    for (const ScoredRun& other : runs) {
      if (Overlap(other.segments, run.segments) &&
          (best == nullptr || other.fit > best->fit)) {
        best = &other;
      }
    }
    const bool taken =
        std::any_of(places.begin(), places.end(), [&](const QuotePlace& place) {
          return Overlap(place.segments, best->segments);
        });
    if (!taken) places.push_back({best->segments, confidence});
  }
  return places;
}

}  // namespace

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
  QuoteRuns all(model.pack(), Prepare(model, zh, chinese ? spoken : text),
                chinese);
  std::vector<std::vector<QuotePlace>> results;
  std::vector<ScoredRun> runs;
  const absl::Span<const float> weights = model.pack().quote_weights();
  for (size_t q = 0; q < quotes.size(); ++q) {
    if (options.cancelled && options.cancelled()) {
      return absl::CancelledError("the search for quotes was cancelled");
    }
    runs.clear();
    all.ForEach(static_cast<int>(q), [&](SegmentRange range,
                                         const FeatureVector& features) {
      if (HoldsFrontMatter(text, range)) return;
      runs.push_back({range, Weigh(weights.subspan(0, kBeadFeatures), features),
                      Weigh(model.pack().bead_weights(), features),
                      Weigh(weights.subspan(kBeadFeatures), features)});
    });
    results.push_back(Places(runs, options));
  }
  return results;
}

}  // namespace duilian::aligner
