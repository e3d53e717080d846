#include "aligner/training/quote_trainer.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "aligner/prepared_text.h"
#include "aligner/quote_runs.h"

namespace duilian::aligner::training {
namespace {

// What tells a place in a search: a quote may be cut, relabelled, and stand
// beside anything, so neighbours and marks do not count, nor does the type.
constexpr Feature kUsed[] = {
    kCosine,
    kExcess,
    kCoverChinese,
    kCoverEnglish,
    kCoverLeast,
    kCoveredShareChinese,
    kCoveredShareEnglish,
    kSharedWords,
    kWordsOnlyChinese,
    kWordsOnlyEnglish,
    kSharedNumbers,
    kNumbersOnlyChinese,
    kNumbersOnlyEnglish,
    kLengthRatio,
    kLengthRatioSquared,
    kLengthRatioSigned,
};

// The runs that overlap a quote's place, of which one is it.
struct Choice {
  std::vector<FeatureVector> runs;
  size_t right = 0;
};

struct Example {
  FeatureVector features;
  bool right = false;
};

struct Examples {
  std::vector<Example> places;
  std::vector<Choice> choices;
};

// A quote of a gold document: a segment that is one side of a bead alone, or
// a part of it.
struct QuoteGold {
  std::string text;
  std::optional<SegmentRange> place;
};

// The longer part of a sentence cut at its middle comma; empty without one.
std::string LongerPart(const std::string& text) {
  static constexpr absl::string_view kCommas[] = {"，", ",", "；", ";"};
  size_t best = std::string::npos, width = 0;
  const size_t middle = text.size() / 2;
  const auto distance = [&](size_t at) {
    return at > middle ? at - middle : middle - at;
  };
  for (const absl::string_view comma : kCommas) {
    const std::string mark(comma);
    for (size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + 1)) {
      if (best == std::string::npos || distance(at) < distance(best)) {
        best = at;
        width = mark.size();
      }
    }
  }
  if (best == std::string::npos) return "";
  const std::string first = text.substr(0, best);
  const std::string second = text.substr(best + width);
  return first.size() > second.size() ? first : second;
}

std::vector<QuoteGold> QuotesOf(const GoldDocument& document,
                                bool text_is_chinese) {
  std::vector<QuoteGold> quotes;
  const Transcript& quoting =
      text_is_chinese ? document.english : document.chinese;
  for (const GoldBead& bead : document.beads) {
    const auto& own = text_is_chinese ? bead.english : bead.chinese;
    const auto& other = text_is_chinese ? bead.chinese : bead.english;
    if (own.size() != 1 || other.size() > kMaxSide) continue;
    QuoteGold quote = {quoting.segments[static_cast<size_t>(own[0])].text,
                       std::nullopt};
    if (!other.empty()) {
      quote.place = SegmentRange{other.front(), other.back() + 1};
    }
    quotes.push_back(quote);
    quote.text = LongerPart(quote.text);
    if (other.size() == 1 && quote.text.size() > 12) quotes.push_back(quote);
  }
  return quotes;
}

Transcript ToTranscript(const std::vector<QuoteGold>& quotes,
                        text::Language language) {
  Transcript transcript;
  transcript.language = language;
  for (const QuoteGold& quote : quotes) {
    Segment segment;
    segment.text = quote.text;
    transcript.segments.push_back(std::move(segment));
  }
  return transcript;
}

bool Overlap(const SegmentRange& a, const SegmentRange& b) {
  return a.begin < b.end && b.begin < a.end;
}

void AddExamples(const Model& model, absl::Span<const double> bead_weights,
                 const GoldDocument& document, bool text_is_chinese,
                 const QuoteFitOptions& options, Examples& examples) {
  const std::vector<QuoteGold> quotes = QuotesOf(document, text_is_chinese);
  const Transcript quoting =
      ToTranscript(quotes, text_is_chinese ? text::Language::kEnglish
                                           : text::Language::kChinese);
  QuoteRuns runs(model.pack(),
                 text_is_chinese ? Prepare(model, document.chinese, quoting)
                                 : Prepare(model, quoting, document.english),
                 text_is_chinese);
  struct Wrong {
    double score;
    SegmentRange range;
    FeatureVector features;
  };
  for (size_t q = 0; q < quotes.size(); ++q) {
    const std::optional<SegmentRange>& place = quotes[q].place;
    std::vector<Wrong> wrong;
    Choice choice;
    const auto visit = [&](SegmentRange range, const FeatureVector& features) {
      if (place == range) {
        examples.places.push_back({features, true});
        choice.right = choice.runs.size();
      }
      if (place.has_value() && Overlap(*place, range)) {
        choice.runs.push_back(features);
        return;
      }
      double score = 0;
      for (size_t f = 0; f < kBeadFeatures; ++f) {
        score += bead_weights[f] * features[f];
      }
      wrong.push_back({score, range, features});
    };
    runs.ForEach(static_cast<int>(q), visit);
    if (!choice.runs.empty()) examples.choices.push_back(std::move(choice));
    std::sort(wrong.begin(), wrong.end(),
              [](const Wrong& a, const Wrong& b) { return a.score > b.score; });
    // The same candidates as in a search: none overlaps a better one.
    std::vector<SegmentRange> taken;
    for (const Wrong& run : wrong) {
      if (taken.size() == static_cast<size_t>(options.negatives)) break;
      const bool covered = std::any_of(
          taken.begin(), taken.end(),
          [&](const SegmentRange& other) { return Overlap(other, run.range); });
      if (covered) continue;
      taken.push_back(run.range);
      examples.places.push_back({run.features, false});
    }
  }
}

// Adam (Kingma & Ba 2015) for gradient ascent.
class Adam {
 public:
  explicit Adam(const QuoteFitOptions& options)
      : options_(options),
        mean_(kBeadFeatures, 0.0),
        square_(kBeadFeatures, 0.0) {}

  void StartRound() { ++round_; }
  void Step(size_t f, double gradient, std::vector<double>& weights) {
    const double g = gradient - options_.decay * weights[f];
    mean_[f] = 0.9 * mean_[f] + 0.1 * g;
    square_[f] = 0.99 * square_[f] + 0.01 * g * g;
    weights[f] += options_.step * mean_[f] / (1 - std::pow(0.9, round_)) /
                  (std::sqrt(square_[f] / (1 - std::pow(0.99, round_))) + 1e-8);
  }

 private:
  const QuoteFitOptions& options_;
  std::vector<double> mean_, square_;
  int round_ = 0;
};

double Weigh(const std::vector<double>& weights,
             const FeatureVector& features) {
  double sum = 0;
  for (size_t f = 0; f < kBeadFeatures; ++f) sum += weights[f] * features[f];
  return sum;
}

// A logistic model: is this run the quote's place?
std::vector<double> FitPlaces(const std::vector<Example>& examples,
                              const QuoteFitOptions& options) {
  std::vector<double> weights(kBeadFeatures, 0.0), gradient(kBeadFeatures);
  Adam adam(options);
  for (int round = 0; round < options.rounds; ++round) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (const Example& example : examples) {
      const double probability =
          1 / (1 + std::exp(-Weigh(weights, example.features)));
      const double error = example.right
                               ? 1 - probability
                               : -options.negative_weight * probability;
      for (size_t f = 0; f < kBeadFeatures; ++f) {
        gradient[f] += error * example.features[f];
      }
    }
    // One constant, kept in every type's bias.
    double constant = 0;
    for (size_t type = 0; type < kBeadTypes; ++type) constant += gradient[type];
    const double count = static_cast<double>(examples.size());
    adam.StartRound();
    for (size_t type = 0; type < kBeadTypes; ++type) {
      adam.Step(type, constant / count, weights);
    }
    for (const Feature f : kUsed) adam.Step(f, gradient[f] / count, weights);
  }
  return weights;
}

// A softmax over overlapping runs: which of them is it?
std::vector<double> FitChoices(const std::vector<Choice>& choices,
                               const QuoteFitOptions& options) {
  std::vector<double> weights(kBeadFeatures, 0.0), gradient(kBeadFeatures);
  Adam adam(options);
  std::vector<double> shares;
  for (int round = 0; round < options.rounds; ++round) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (const Choice& choice : choices) {
      shares.clear();
      double top = -1e300, sum = 0;
      for (const FeatureVector& run : choice.runs) {
        shares.push_back(Weigh(weights, run));
        top = std::max(top, shares.back());
      }
      for (double& share : shares) sum += share = std::exp(share - top);
      for (size_t r = 0; r < shares.size(); ++r) {
        const double error = (r == choice.right ? 1 : 0) - shares[r] / sum;
        for (size_t f = 0; f < kBeadFeatures; ++f) {
          gradient[f] += error * choice.runs[r][f];
        }
      }
    }
    adam.StartRound();
    for (size_t f = 0; f < kBeadFeatures; ++f) {
      adam.Step(f, gradient[f] / static_cast<double>(choices.size()), weights);
    }
  }
  return weights;
}

}  // namespace

std::vector<double> FitQuoteWeights(
    const Model& model, absl::Span<const double> bead_weights,
    absl::Span<const GoldDocument* const> documents,
    const QuoteFitOptions& options) {
  Examples examples;
  for (const GoldDocument* document : documents) {
    AddExamples(model, bead_weights, *document, true, options, examples);
    AddExamples(model, bead_weights, *document, false, options, examples);
  }
  std::vector<double> weights = FitPlaces(examples.places, options);
  const std::vector<double> choice = FitChoices(examples.choices, options);
  weights.insert(weights.end(), choice.begin(), choice.end());
  return weights;
}

}  // namespace duilian::aligner::training
