#include "aligner/training/quote_trainer.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/string_view.h"
#include "aligner/dot.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner::training {
namespace {

// Wrong runs of a quote apart from its place: the likeliest that do not overlap
// each other, as many that overlap these, and as many of any kind, so that a
// model sees all that it will have to refuse.
constexpr size_t kElsewhere = 12;

// Features, both ends included.
struct Range {
  int first, last;
};

// What tells a quote's run from others, whatever the text: a quote may be cut,
// relabelled and taken out of its turn, so marks and turns do not count.
constexpr Range kOfChoice[] = {
    {0, kQuestionOne},
    {kEdgeFirstChinese, kShortUncoveredEnglish},
    {kQuoteCovered, kBeyondNearness},
};
// What says that a run is a translation at all. With more the model learns how
// the documents at hand are made; lengths would speak against parts.
constexpr Range kOfPlace[] = {
    {0, kCosine},
    {kExcess, kExcess},
    {kCoverChinese, kCoverLeast},
    {kCoveredShareChinese, kCoveredShareEnglish},
    {kSharedWords, kNumbersOnlyEnglish},
    {kQuoteCovered, kUnmatchedRun},
    {kFitMargin, kFitMargin},
};

bool Holds(absl::Span<const Range> ranges, size_t feature) {
  const int f = static_cast<int>(feature);
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return f >= range.first && f <= range.last;
  });
}

// A quote of a gold document, and where it stands, if it does.
struct QuoteGold {
  std::string text;
  std::optional<SegmentRange> place;
};

bool IsRun(const std::vector<int>& segments) {
  return !segments.empty() && segments.back() - segments.front() + 1 ==
                                  static_cast<int>(segments.size());
}

std::string Joined(const Transcript& transcript,
                   const std::vector<int>& segments) {
  const bool spaces = transcript.language == text::Language::kEnglish;
  std::string joined;
  for (const int k : segments) {
    if (spaces && !joined.empty()) joined += ' ';
    joined += transcript.segments[static_cast<size_t>(k)].text;
  }
  return joined;
}

std::vector<QuoteGold> QuotesOf(const GoldDocument& document,
                                bool text_is_chinese) {
  std::vector<QuoteGold> quotes;
  const Transcript& quoting =
      text_is_chinese ? document.english : document.chinese;
  QuoteGold before;  // the bead before this one
  const auto add = [&](std::string words, SegmentRange place) {
    if (place.size() <= kMaxSide) quotes.push_back({std::move(words), place});
  };
  for (const GoldBead& bead : document.beads) {
    const auto& own = text_is_chinese ? bead.english : bead.chinese;
    const auto& other = text_is_chinese ? bead.chinese : bead.english;
    const std::string words = Joined(quoting, own);
    if (other.empty()) quotes.push_back({words, std::nullopt});
    if (!IsRun(own) || !IsRun(other)) {
      before.place.reset();
      continue;
    }
    const SegmentRange place = {other.front(), other.back() + 1};
    add(words, place);
    const std::string part = LongerPart(words);
    if (own.size() == 1 && other.size() == 1 && part.size() > 12) {
      add(part, place);
    }
    if (before.place.has_value() && before.place->end == place.begin) {
      const char* space =
          quoting.language == text::Language::kEnglish ? " " : "";
      add(before.text + space + words, {before.place->begin, place.end});
    }
    before = {words, place};
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

using Borrowed = std::vector<const QuoteExample*>;

double Weigh(const std::vector<double>& weights, const QuoteVector& features) {
  double sum = 0;
  for (size_t f = 0; f < kQuoteFeatures; ++f) sum += weights[f] * features[f];
  return sum;
}

bool Overlap(const SegmentRange& a, const SegmentRange& b) {
  return a.begin < b.end && b.begin < a.end;
}

// How likely a run looks before anything is fitted.
double Likeness(const QuoteVector& features) {
  return features[kExcess] +
         0.25 * (features[kQuoteCovered] + features[kRunCovered]);
}

// Keeps the runs that overlap the place, and of the others those that a model
// must learn to refuse.
QuoteExample ToExample(const std::vector<QuoteRun>& runs,
                       const std::optional<SegmentRange>& place,
                       std::mt19937& random) {
  QuoteExample example;
  std::vector<QuoteRun> elsewhere;
  for (const QuoteRun& run : runs) {
    if (!place.has_value() || !Overlap(*place, run.segments)) {
      elsewhere.push_back(run);
      continue;
    }
    if (run.segments == *place) example.right = example.overlapping;
    ++example.overlapping;
    example.runs.push_back(run);
  }
  if (elsewhere.empty()) return example;
  const std::vector<QuoteRun> likely = BestRuns(elsewhere, kElsewhere);
  for (QuoteRun run : likely) {
    run.features[kFitMargin] = 0;
    example.runs.push_back(run);
    std::vector<const QuoteRun*> beside;
    for (const QuoteRun& other : elsewhere) {
      if (other.segments != run.segments &&
          Overlap(other.segments, run.segments)) {
        beside.push_back(&other);
      }
    }
    if (!beside.empty()) {
      example.runs.push_back(*beside[random() % beside.size()]);
    }
    example.runs.push_back(elsewhere[random() % elsewhere.size()]);
  }
  return example;
}

std::vector<QuoteExample> ExamplesOf(const Model& model,
                                     const GoldDocument& document,
                                     bool text_is_chinese) {
  const std::vector<QuoteGold> quotes = QuotesOf(document, text_is_chinese);
  const Transcript quoting =
      ToTranscript(quotes, text_is_chinese ? text::Language::kEnglish
                                           : text::Language::kChinese);
  QuoteRuns all(model, text_is_chinese ? document.chinese : document.english,
                quoting);
  std::vector<QuoteExample> examples;
  std::vector<QuoteRun> runs;
  std::mt19937 random(1);
  for (size_t q = 0; q < quotes.size(); ++q) {
    runs.clear();
    all.ForEach(static_cast<int>(q),
                [&](SegmentRange range, const QuoteVector& features) {
                  runs.push_back({range, features, Likeness(features)});
                });
    examples.push_back(ToExample(runs, quotes[q].place, random));
  }
  return examples;
}

// The standard deviations of the features; the biases of the types, which are
// 0 or 1, are taken as they are.
std::vector<double> Deviations(const Borrowed& examples) {
  constexpr double kLeastDeviation = 0.1;
  std::vector<double> sums(kQuoteFeatures, 0.0), squares(kQuoteFeatures, 0.0);
  double count = 0;
  for (const QuoteExample* example : examples) {
    for (const QuoteRun& run : example->runs) {
      ++count;
      for (size_t f = 0; f < kQuoteFeatures; ++f) {
        const double value = run.features[f];
        sums[f] += value;
        squares[f] += value * value;
      }
    }
  }
  std::vector<double> deviations(kQuoteFeatures, 1.0);
  for (size_t f = kBeadTypes; count > 0 && f < kQuoteFeatures; ++f) {
    const double mean = sums[f] / count;
    deviations[f] = std::sqrt(std::max(kLeastDeviation * kLeastDeviation,
                                       squares[f] / count - mean * mean));
  }
  // Not one of the examples', but of what is judged.
  deviations[kFitMargin] = 1;
  return deviations;
}

// Weights on their way up a likelihood, by Adam (Kingma & Ba 2015), each
// taken a standard deviation of its feature.
class Ascent {
 public:
  Ascent(absl::Span<const Range> used, const std::vector<double>& deviations,
         const ModelFitOptions& options)
      : used_(used),
        deviations_(deviations),
        options_(options),
        weights_(kQuoteFeatures, 0.0),
        mean_(kQuoteFeatures, 0.0),
        square_(kQuoteFeatures, 0.0),
        gradient_(kQuoteFeatures, 0.0),
        single_(kQuoteFeatures, 0.0F) {}

  const std::vector<double>& weights() const { return weights_; }

  double Weigh(const QuoteVector& features) const {
    return Dot(single_.data(), features.data(),
               static_cast<int>(kQuoteFeatures));
  }

  void Add(double error, const QuoteVector& features) {
    if (std::fabs(error) < 1e-6) return;
    for (size_t f = 0; f < kQuoteFeatures; ++f) {
      gradient_[f] += error * features[f];
    }
  }

  // One constant, kept in every type's bias.
  void TieTypes() {
    double constant = 0;
    for (size_t t = 0; t < kBeadTypes; ++t) constant += gradient_[t];
    std::fill(gradient_.begin(), gradient_.begin() + kBeadTypes, constant);
  }

  // The gradient is the sum over `count` examples.
  void Step(double count) {
    const double left = 1 - static_cast<double>(round_) / options_.rounds;
    ++round_;
    for (size_t f = 0; f < kQuoteFeatures; ++f) {
      if (!Holds(used_, f)) continue;
      const double deviation = deviations_[f];
      const double g = gradient_[f] / (count * deviation) -
                       options_.decay * weights_[f] * deviation;
      mean_[f] = 0.9 * mean_[f] + 0.1 * g;
      square_[f] = 0.99 * square_[f] + 0.01 * g * g;
      const double m = mean_[f] / (1 - std::pow(0.9, round_));
      const double s = square_[f] / (1 - std::pow(0.99, round_));
      weights_[f] +=
          options_.step * left * m / ((std::sqrt(s) + 1e-8) * deviation);
      single_[f] = static_cast<float>(weights_[f]);
    }
    std::fill(gradient_.begin(), gradient_.end(), 0.0);
  }

 private:
  const absl::Span<const Range> used_;
  const std::vector<double>& deviations_;
  const ModelFitOptions& options_;
  std::vector<double> weights_, mean_, square_, gradient_;
  std::vector<float> single_;  // the weights
  int round_ = 0;
};

// A softmax over the runs: which of them is it?
std::vector<double> FitChoice(const Borrowed& examples,
                              const std::vector<double>& deviations,
                              const ModelFitOptions& options) {
  Ascent ascent(kOfChoice, deviations, options);
  std::vector<double> shares;
  for (int round = 0; round < options.rounds; ++round) {
    double count = 0;
    for (const QuoteExample* example : examples) {
      if (example->overlapping == 0) continue;
      ++count;
      shares.clear();
      double top = -1e300, sum = 0;
      for (const QuoteRun& run : example->runs) {
        shares.push_back(ascent.Weigh(run.features));
        top = std::max(top, shares.back());
      }
      for (double& share : shares) sum += share = std::exp(share - top);
      for (size_t r = 0; r < shares.size(); ++r) {
        const bool right = r == static_cast<size_t>(example->right);
        ascent.Add((right ? 1 : 0) - shares[r] / sum,
                   example->runs[r].features);
      }
    }
    ascent.Step(std::max(count, 1.0));
  }
  return ascent.weights();
}

struct Judged {
  QuoteVector features;
  double right = 0, weight = 0;
};

// The best of the runs as a search has them, with the place and without it.
std::vector<Judged> Judge(const Borrowed& examples,
                          const std::vector<double>& choice,
                          const QuoteFitOptions& options) {
  std::vector<Judged> judged;
  for (const QuoteExample* example : examples) {
    std::vector<QuoteRun> runs = example->runs;
    for (QuoteRun& run : runs) run.fit = Weigh(choice, run.features);
    const auto place = runs.begin() + example->overlapping;
    const SegmentRange right =
        runs[static_cast<size_t>(example->right)].segments;
    if (example->overlapping > 0) {
      for (const QuoteRun& run : BestRuns(runs, kElsewhere)) {
        const bool here = Overlap(run.segments, right);
        judged.push_back({run.features, here ? 1.0 : 0.0,
                          here ? 1 : options.negative_weight});
      }
    }
    runs.erase(runs.begin(), place);
    double weight = 1;
    for (const QuoteRun& run : BestRuns(runs, kElsewhere)) {
      judged.push_back({run.features, 0, weight});
      weight = options.negative_weight;
    }
  }
  return judged;
}

// A logistic model: is this run the quote's place?
std::vector<double> FitPlace(const std::vector<Judged>& judged,
                             const std::vector<double>& deviations,
                             const ModelFitOptions& options) {
  Ascent ascent(kOfPlace, deviations, options);
  for (int round = 0; round < options.rounds; ++round) {
    double count = 1e-9;
    for (const Judged& run : judged) {
      const double probability =
          1 / (1 + std::exp(-ascent.Weigh(run.features)));
      ascent.Add(run.weight * (run.right - probability), run.features);
      count += run.weight;
    }
    ascent.TieTypes();
    ascent.Step(count);
  }
  return ascent.weights();
}

// The place model, then the choice model, as WeightsOf reads them.
std::vector<double> FitBoth(const Borrowed& examples,
                            const QuoteFitOptions& options) {
  const std::vector<double> deviations = Deviations(examples);
  const std::vector<double> choice =
      FitChoice(examples, deviations, options.choice);
  std::vector<double> weights =
      FitPlace(Judge(examples, choice, options), deviations, options.place);
  weights.insert(weights.end(), choice.begin(), choice.end());
  return weights;
}

}  // namespace

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

QuoteExamples QuoteExamplesOf(const Model& model,
                              const GoldDocument& document) {
  QuoteExamples examples;
  std::thread other(
      [&] { examples.in_english = ExamplesOf(model, document, false); });
  examples.in_chinese = ExamplesOf(model, document, true);
  other.join();
  return examples;
}

std::vector<double> FitQuoteWeights(
    absl::Span<const QuoteExamples* const> examples,
    const QuoteFitOptions& options) {
  Borrowed in_english, in_chinese;
  for (const QuoteExamples* document : examples) {
    for (const auto& example : document->in_english) {
      in_english.push_back(&example);
    }
    for (const auto& example : document->in_chinese) {
      in_chinese.push_back(&example);
    }
  }
  std::vector<double> weights, more;
  std::thread other([&] { weights = FitBoth(in_english, options); });
  more = FitBoth(in_chinese, options);
  other.join();
  weights.insert(weights.end(), more.begin(), more.end());
  return weights;
}

}  // namespace duilian::aligner::training
