#include "aligner/phrase_links.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "aligner/fragments.h"
#include "aligner/phrase_link_matrix.h"
#include "aligner/phrase_text.h"
#include "aligner/simplifier.h"

namespace duilian::aligner {
namespace {

using text::ByteSpan;
using text::Language;

// Most phrases of a pair are rendered, and a doubtful place is of more use
// than none: "not rendered" has to be this sure.
constexpr double kSureOfNone = 0.8;

bool IsLinkable(absl::string_view text) {
  return !text.empty() && text::CountCodepoints(text) <= kMaxLinkedCodepoints;
}

bool Overlap(const PhraseCandidate& a, const PhraseCandidate& b) {
  return a.begin < b.end && b.begin < a.end;
}

struct PhraseChoice {
  size_t index = 0;  // of the best; the last is "not rendered"
  double confidence = 0;
};

PhraseChoice ChoosePhrase(const std::vector<PhraseCandidate>& candidates,
                          const PhraseWeights& weights) {
  std::vector<double> chances;
  for (const PhraseCandidate& candidate : candidates) {
    chances.push_back(std::inner_product(weights.begin(), weights.end(),
                                         candidate.features.begin(), 0.0));
  }
  const double most = *std::max_element(chances.begin(), chances.end());
  double sum = 0;
  for (double& chance : chances) sum += chance = std::exp(chance - most);
  const auto none = chances.end() - 1;
  const auto best = std::max_element(chances.begin(), none);
  if (best == none || *none > kSureOfNone * sum) {
    return {chances.size() - 1, *none / sum};
  }
  PhraseChoice choice = {static_cast<size_t>(best - chances.begin()), 0};
  for (size_t c = 0; c + 1 < candidates.size(); ++c) {
    if (Overlap(candidates[c], candidates[choice.index])) {
      choice.confidence += chances[c] / sum;
    }
  }
  return choice;
}

// Where each fragment's Chinese rendering and the fragment stand together, as
// in 通用人工智能(AGI): the one renders the other.
struct Gloss {
  ByteSpan fragment, all;
};

std::vector<Gloss> FindGlosses(absl::string_view chinese) {
  std::vector<Gloss> glosses;
  for (const Fragment& fragment : ExtractFragments(chinese)) {
    if (fragment.rendering.empty()) continue;
    ByteSpan all = {
        std::min(fragment.span.begin, fragment.rendering_span.begin),
        std::max(fragment.span.end, fragment.rendering_span.end)};
    // The bracket behind.
    size_t after = all.end;
    while (after < chinese.size() && chinese[after] == ' ') ++after;
    if (after < chinese.size() &&
        BracketOf(text::NextCodepoint(chinese, after)) == -1) {
      all.end = after;
    }
    glosses.push_back({fragment.span, all});
  }
  return glosses;
}

// True when a phrase is a rendering with the whole gloss behind it.
bool IsGlossed(ByteSpan phrase, const Gloss& gloss) {
  return phrase.begin >= gloss.all.begin && phrase.end == gloss.all.end &&
         phrase.begin < gloss.fragment.begin;
}

}  // namespace

struct PhraseLinker::Sides {
  Sides(const Model& model, absl::string_view chinese_text,
        absl::string_view english_text)
      : chinese(ReadPhraseText(model, chinese_text, Language::kChinese)),
        english(ReadPhraseText(model, english_text, Language::kEnglish)),
        links(model, {chinese, chinese_text}, {english, english_text}),
        glosses(FindGlosses(chinese_text)) {}

  const PhraseText& side(Language language) const {
    return language == Language::kChinese ? chinese : english;
  }
  const PhraseText& other(Language language) const {
    return language == Language::kChinese ? english : chinese;
  }

  PhraseText chinese, english;
  PhraseLinkMatrix links;
  std::vector<Gloss> glosses;
};

PhraseLinker::PhraseLinker(const Model& model, absl::string_view chinese,
                           absl::string_view english) {
  if (!IsLinkable(chinese) || !IsLinkable(english)) return;
  // Traditional characters keep their places; unread dictionaries cost links,
  // not the pair.
  const absl::StatusOr<std::string> simplified =
      model.simplifier().Simplify(chinese);
  sides_ = std::make_unique<const Sides>(
      model, simplified.ok() ? *simplified : chinese, english);
}

PhraseLinker::~PhraseLinker() = default;
PhraseLinker::PhraseLinker(PhraseLinker&&) noexcept = default;

PhraseRange PhraseLinker::RangeOf(Language language, ByteSpan bytes) const {
  if (sides_ == nullptr) return {};
  const std::vector<PhraseUnit>& units = sides_->side(language).units;
  PhraseRange range;
  bool words = false;
  for (size_t u = 0; u < units.size(); ++u) {
    if (units[u].span.begin >= bytes.end || units[u].span.end <= bytes.begin) {
      continue;
    }
    if (units[u].letters == 0 && units[u].bracket == 0) continue;
    if (range.begin == range.end) range.begin = static_cast<int>(u);
    range.end = static_cast<int>(u) + 1;
    words = words || units[u].letters > 0;
  }
  return words ? range : PhraseRange();
}

std::vector<PhraseCandidate> PhraseLinker::Candidates(Language language,
                                                      ByteSpan phrase) const {
  const PhraseRange range = RangeOf(language, phrase);
  if (range.begin == range.end) return {};
  return FindPhraseCandidates(sides_->side(language), range,
                              sides_->other(language), sides_->links);
}

PhraseLink PhraseLinker::Link(Language language, ByteSpan phrase,
                              const PhraseWeights& weights) const {
  if (sides_ != nullptr && language == Language::kChinese) {
    for (const Gloss& gloss : sides_->glosses) {
      if (IsGlossed(phrase, gloss)) phrase = gloss.fragment;
    }
  }
  const std::vector<PhraseCandidate> candidates = Candidates(language, phrase);
  if (candidates.empty()) return {};
  const PhraseChoice choice = ChoosePhrase(candidates, weights);
  PhraseLink link;
  link.confidence = choice.confidence;
  const PhraseCandidate& best = candidates[choice.index];
  if (best.begin == best.end) return link;
  const PhraseText& other = sides_->other(language);
  link.span = {other.unit(best.begin).span.begin,
               other.unit(best.end - 1).span.end};
  if (language == Language::kChinese) return link;
  for (const Gloss& gloss : sides_->glosses) {
    if (*link.span == gloss.fragment) link.span = gloss.all;
  }
  return link;
}

}  // namespace duilian::aligner
