// Quotes out of order.
//
// The simple version: score each run of up to five segments of the text as a
// bead with the quote, by the bead model; the probability of a place is its
// score against the score of "no counterpart".
//
// Complications, and why:
// 1. A long text offers many chances of a mere likeness, so "no counterpart"
//    gains the log of the number of segments, as a prior of one in so many.
// 2. Runs that overlap are versions of one place: they share its probability
//    and the best of them is reported. Places apart do not compete: a teaser
//    may be said twice.
#include "aligner/quotes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aligner/band.h"
#include "aligner/bead_features.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

using text::Language;

struct ScoredRun {
  SegmentRange segments;
  double score = 0;  // log of the odds against "no counterpart"
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

Transcript QuoteTranscript(absl::Span<const std::string> quotes,
                           Language language) {
  Transcript transcript;
  transcript.language = language;
  for (const std::string& quote : quotes) {
    Segment segment;
    segment.text = quote;
    transcript.segments.push_back(std::move(segment));
  }
  return transcript;
}

// One segment of a prepared text, as a text of its own.
PreparedText Slice(const PreparedText& all, int i) {
  const size_t at = static_cast<size_t>(i), dim = static_cast<size_t>(all.dim);
  PreparedText slice;
  slice.size = 1;
  slice.dim = all.dim;
  slice.pieces.assign(all.pieces_of(i), all.pieces_of(i) + all.piece_count(i));
  slice.piece_starts = {0, static_cast<uint32_t>(slice.pieces.size())};
  slice.vectors.assign(all.vector(i), all.vector(i) + dim);
  slice.gram.assign(kMaxSide, 0.0F);
  slice.gram[0] = all.gram[at * kMaxSide];
  slice.mean = all.mean;
  slice.background = {all.background[at]};
  slice.length = {all.length[at]};
  slice.marks = {all.marks[at]};
  slice.tokens = {all.tokens[at]};
  return slice;
}

class QuoteFinder {
 public:
  QuoteFinder(const Model& model, const Transcript& text,
              absl::Span<const std::string> quotes)
      : pack_(model.pack()),
        chinese_text_(text.language == Language::kChinese) {
    const Transcript spoken = QuoteTranscript(
        quotes, chinese_text_ ? Language::kEnglish : Language::kChinese);
    texts_ = chinese_text_ ? Prepare(model, text, spoken)
                           : Prepare(model, spoken, text);
    all_quotes_ = std::move(quote_side());
  }

  std::vector<QuotePlace> Find(int quote, const QuoteOptions& options) {
    quote_side() = Slice(all_quotes_, quote);
    return Places(ScoreRuns(), options);
  }

 private:
  PreparedText& quote_side() {
    return chinese_text_ ? texts_.english : texts_.chinese;
  }
  int segments() const {
    return chinese_text_ ? texts_.chinese.size : texts_.english.size;
  }

  double Potential(int segment, int type, BeadFeaturizer& featurizer) const {
    FeatureVector features;
    featurizer.Compute(chinese_text_ ? segment : 0, chinese_text_ ? 0 : segment,
                       type, features);
    double sum = 0;
    for (size_t f = 0; f < kBeadFeatures; ++f) {
      sum += pack_.bead_weights()[f] * features[f];
    }
    return sum;
  }

  std::vector<ScoredRun> ScoreRuns() const {
    const Band band = FullBand(texts_.chinese.size, texts_.english.size);
    BeadFeaturizer featurizer(pack_, texts_, band);
    featurizer.MoveTo(0);
    const double prior = std::log(static_cast<double>(segments()));
    const int deletion = chinese_text_ ? kDeleteEnglish : kDeleteChinese;
    std::vector<ScoredRun> runs;
    for (int at = 0; at < segments(); ++at) {
      if (chinese_text_) featurizer.MoveTo(at);
      const double none = Potential(at, deletion, featurizer) + prior;
      for (int type = 2; type < kBeadTypes; ++type) {
        const BeadType& bead = kTypes[static_cast<size_t>(type)];
        const int own = chinese_text_ ? bead.english : bead.chinese;
        const int length = chinese_text_ ? bead.chinese : bead.english;
        if (own != 1 || at + length > segments()) continue;
        runs.push_back(
            {{at, at + length}, Potential(at, type, featurizer) - none});
      }
    }
    return runs;
  }

  // The best runs that do not overlap, with the share of each place.
  static std::vector<QuotePlace> Places(std::vector<ScoredRun> runs,
                                        const QuoteOptions& options) {
    std::stable_sort(runs.begin(), runs.end(),
                     [](const ScoredRun& a, const ScoredRun& b) {
                       return a.score > b.score;
                     });
    const auto overlap = [](const SegmentRange& a, const SegmentRange& b) {
      return a.begin < b.end && b.begin < a.end;
    };
    std::vector<QuotePlace> places;
    for (const ScoredRun& run : runs) {
      if (places.size() >= static_cast<size_t>(options.max_places)) break;
      if (run.score < -20) break;
      const bool taken = std::any_of(
          places.begin(), places.end(), [&](const QuotePlace& place) {
            return overlap(place.segments, run.segments);
          });
      if (taken) continue;
      double place = 0;
      for (const ScoredRun& other : runs) {
        if (overlap(other.segments, run.segments)) {
          place += std::exp(std::min(other.score, 500.0));
        }
      }
      const double confidence = place / (1 + place);
      if (confidence < options.min_confidence) continue;
      places.push_back({run.segments, confidence});
    }
    return places;
  }

  const PackView& pack_;
  const bool chinese_text_;
  PreparedPair texts_;
  PreparedText all_quotes_;
};

}  // namespace

absl::StatusOr<std::vector<std::vector<QuotePlace>>> AlignQuotes(
    const Model& model, const Transcript& text,
    absl::Span<const std::string> quotes, const QuoteOptions& options) {
  if (absl::Status good = Check(text, quotes); !good.ok()) return good;
  QuoteFinder finder(model, text, quotes);
  std::vector<std::vector<QuotePlace>> results;
  for (size_t q = 0; q < quotes.size(); ++q) {
    if (options.cancelled && options.cancelled()) {
      return absl::CancelledError("the search for quotes was cancelled");
    }
    results.push_back(finder.Find(static_cast<int>(q), options));
  }
  return results;
}

}  // namespace duilian::aligner
