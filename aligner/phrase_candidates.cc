#include "aligner/phrase_candidates.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "aligner/dot.h"

namespace duilian::aligner {
namespace {

using enum PhraseFeature::Index;
using text::Language;

constexpr float kTiny = 1e-6F;
constexpr float kMostTimesLonger = 4;
constexpr float kMostLonger = 8;  // units of size more than that
constexpr float kNothing = 0.3F;  // sizes below are no rest

float Share(float part, float whole) { return part / std::max(whole, kTiny); }

float Cosine(float dot, float square, float other_square) {
  if (square <= kTiny || other_square <= kTiny) return 0;
  return dot / std::sqrt(square * other_square);
}

// The phrase and what is left of its side.
struct Phrase {
  float size = 0, expected = 0, rest_size = 0, middle = 0;
  int marks = 0;
  bool opens_function = false, closes_function = false;
  std::vector<float> vector, rest;
  float square = 0, rest_square = 0;
};

Phrase ReadPhrase(const PhraseText& own, PhraseRange range) {
  Phrase phrase;
  phrase.vector.assign(static_cast<size_t>(own.dim), 0.0F);
  phrase.rest = own.total;
  float seen = 0, gloss = 0;
  int depth = 0;
  for (int u = 0; u < own.size(); ++u) {
    const PhraseUnit& unit = own.unit(u);
    if (u >= range.begin && u < range.end) {
      if (u > range.begin) depth += unit.bracket;
      if (depth > 0) gloss += unit.size;  // says the same again
      phrase.marks += unit.letters == 0 && unit.bracket == 0;
      phrase.size += unit.size;
      phrase.middle +=
          (seen + unit.size / 2) / static_cast<float>(range.end - range.begin);
      for (size_t d = 0; d < phrase.vector.size(); ++d) {
        phrase.vector[d] += own.vector(u)[d];
        phrase.rest[d] -= own.vector(u)[d];
      }
    }
    seen += unit.size;
  }
  phrase.middle = seen > 0 ? phrase.middle / seen : 0;
  phrase.rest_size = seen - phrase.size;
  phrase.expected = phrase.size - gloss;
  phrase.opens_function = own.unit(range.begin).function();
  phrase.closes_function = own.unit(range.end - 1).function();
  phrase.square = Dot(phrase.vector.data(), phrase.vector.data(), own.dim);
  phrase.rest_square = Dot(phrase.rest.data(), phrase.rest.data(), own.dim);
  return phrase;
}

// What is known of a unit of the other side with the phrase in view, or the
// sum of it over a span.
struct Evidence {
  float linked = 0;                      // of the phrase that ends here
  float intruding = 0;                   // of the rest that ends here
  float from_phrase = 0, from_rest = 0;  // of this, by where it comes from
  float weight = 0;
  float size = 0;
  float phrase_dot = 0, rest_dot = 0, total_dot = 0;
  int marks = 0, functions = 0;

  void Add(const Evidence& other) {
    linked += other.linked;
    intruding += other.intruding;
    from_phrase += other.from_phrase;
    from_rest += other.from_rest;
    weight += other.weight;
    size += other.size;
    phrase_dot += other.phrase_dot;
    rest_dot += other.rest_dot;
    total_dot += other.total_dot;
    marks += other.marks;
    functions += other.functions;
  }
};

class CandidateFinder {
 public:
  CandidateFinder(const PhraseText& own, PhraseRange range,
                  const PhraseText& other, const PhraseLinkMatrix& links)
      : own_(own),
        other_(other),
        phrase_(ReadPhrase(own, range)),
        units_(other.units.size()),
        cosines_(other.units.size()) {
    ReadLinks(range, links);
    ReadUnits();
  }

  std::vector<PhraseCandidate> Find() {
    std::vector<PhraseCandidate> candidates;
    for (int begin = 0; begin < other_.size(); ++begin) {
      AddSpansFrom(begin, candidates);
    }
    for (PhraseCandidate& candidate : candidates) CompareLengths(candidate);
    candidates.push_back(NotRendered());
    return candidates;
  }

 private:
  void ReadLinks(PhraseRange range, const PhraseLinkMatrix& links);
  void ReadUnits();
  void AddSpansFrom(int begin, std::vector<PhraseCandidate>& candidates);
  PhraseCandidate MakeCandidate(int begin, int end, const Evidence& span,
                                float square) const;
  void AddLinks(const Evidence& span, PhraseCandidate& candidate) const;
  void AddEdgeLinks(PhraseCandidate& candidate) const;
  void AddVectors(const Evidence& span, float square,
                  PhraseCandidate& candidate) const;
  void AddShape(const Evidence& span, PhraseCandidate& candidate) const;
  void AddEdges(const Evidence& span, PhraseCandidate& candidate) const;
  void CompareLengths(PhraseCandidate& candidate) const;
  PhraseCandidate NotRendered() const;

  bool MayBegin(int unit) const {
    return other_.unit(unit).letters > 0 || other_.unit(unit).bracket == 1;
  }
  bool MayEnd(int unit) const {
    return other_.unit(unit).letters > 0 || other_.unit(unit).bracket == -1;
  }
  // The word at `unit`; nullptr for marks and outside the text.
  const PhraseUnit* Word(int unit) const {
    if (unit < 0 || unit >= other_.size()) return nullptr;
    return other_.unit(unit).letters > 0 ? &other_.unit(unit) : nullptr;
  }
  const Evidence& evidence(int unit) const {
    return units_[static_cast<size_t>(unit)];
  }
  float CosineOf(int begin, int end) const;

  const PhraseText& own_;
  const PhraseText& other_;
  const Phrase phrase_;
  std::vector<Evidence> units_;
  Evidence whole_;
  std::vector<float> before_;  // [size + 1]: size of what stands before a unit
  float phrase_weight_ = 0, total_square_ = 0, rest_total_ = 0;
  std::vector<std::vector<float>> cosines_;  // by begin, then length - 1
  float best_cosine_ = 0;
};

void CandidateFinder::ReadLinks(PhraseRange range,
                                const PhraseLinkMatrix& links) {
  std::vector<float> inside;  // share of a piece that the phrase holds
  for (const PhrasePiece& piece : own_.pieces) {
    const int units = std::min(range.end, piece.last_unit) -
                      std::max(range.begin, piece.first_unit);
    inside.push_back(static_cast<float>(std::max(0, units)) * piece.share());
    phrase_weight_ += inside.back() * piece.weight;
  }
  const bool from_chinese = own_.language == Language::kChinese;
  for (size_t o = 0; o < other_.pieces.size(); ++o) {
    const PhrasePiece& piece = other_.pieces[o];
    Evidence found;
    for (size_t p = 0; p < own_.pieces.size(); ++p) {
      const float to = from_chinese ? links.ChineseFromEnglish(p, o)
                                    : links.EnglishFromChinese(p, o);
      const float from = from_chinese ? links.EnglishFromChinese(o, p)
                                      : links.ChineseFromEnglish(o, p);
      const float weight = own_.pieces[p].weight * to * piece.share();
      found.linked += inside[p] * weight;
      found.intruding += (1 - inside[p]) * weight;
      found.from_phrase += inside[p] * from * piece.weight * piece.share();
      found.from_rest += (1 - inside[p]) * from * piece.weight * piece.share();
    }
    found.weight = piece.weight * piece.share();
    for (int u = piece.first_unit; u < piece.last_unit; ++u) {
      units_[static_cast<size_t>(u)].Add(found);
    }
  }
}

void CandidateFinder::ReadUnits() {
  before_ = {0};
  total_square_ = Dot(other_.total.data(), other_.total.data(), other_.dim);
  rest_total_ = Dot(phrase_.rest.data(), other_.total.data(), other_.dim);
  for (int u = 0; u < other_.size(); ++u) {
    Evidence& found = units_[static_cast<size_t>(u)];
    const PhraseUnit& unit = other_.unit(u);
    const float* vector = other_.vector(u);
    found.size = unit.size;
    found.phrase_dot = Dot(phrase_.vector.data(), vector, other_.dim);
    found.rest_dot = Dot(phrase_.rest.data(), vector, other_.dim);
    found.total_dot = Dot(other_.total.data(), vector, other_.dim);
    found.marks = unit.letters == 0 && unit.bracket == 0;
    found.functions =
        unit.function() && unit.word_class != WordClass::kParticle;
    before_.push_back(before_.back() + unit.size);
    whole_.Add(found);
  }
}

void CandidateFinder::AddSpansFrom(int begin,
                                   std::vector<PhraseCandidate>& candidates) {
  const float limit = kMostTimesLonger * phrase_.expected + kMostLonger;
  std::vector<float> sum(static_cast<size_t>(other_.dim));
  std::vector<float>& cosines = cosines_[static_cast<size_t>(begin)];
  float square = 0;
  Evidence span;
  int depth = 0;
  bool wrapped = other_.unit(begin).bracket == 1;  // by its own first bracket
  for (int last = begin; last < other_.size(); ++last) {
    const float* vector = other_.vector(last);
    span.Add(evidence(last));
    depth += other_.unit(last).bracket;
    if (span.size > limit || depth < 0) break;
    square += 2 * Dot(sum.data(), vector, other_.dim) +
              Dot(vector, vector, other_.dim);
    for (size_t d = 0; d < sum.size(); ++d) sum[d] += vector[d];
    cosines.push_back(Cosine(span.phrase_dot, phrase_.square, square));
    if (depth != 0 || !MayBegin(begin) || !MayEnd(last)) continue;
    if (std::exchange(wrapped, false)) continue;
    best_cosine_ = std::max(best_cosine_, cosines.back());
    candidates.push_back(MakeCandidate(begin, last + 1, span, square));
  }
}

PhraseCandidate CandidateFinder::MakeCandidate(int begin, int end,
                                               const Evidence& span,
                                               float square) const {
  PhraseCandidate candidate;
  candidate.begin = begin;
  candidate.end = end;
  AddLinks(span, candidate);
  AddEdgeLinks(candidate);
  AddVectors(span, square, candidate);
  AddShape(span, candidate);
  AddEdges(span, candidate);
  return candidate;
}

void CandidateFinder::AddLinks(const Evidence& span,
                               PhraseCandidate& candidate) const {
  PhraseFeatures& features = candidate.features;
  features[kLinked] = Share(span.linked, phrase_weight_);
  features[kLinkedRoot] = std::sqrt(features[kLinked]);
  features[kAccounted] = Share(span.from_phrase, span.weight);
  features[kAccountedRoot] = std::sqrt(features[kAccounted]);
  features[kLeftOut] =
      Share(whole_.from_phrase - span.from_phrase, whole_.from_phrase);
  features[kIntruding] = Share(span.intruding, span.intruding + span.linked);
}

void CandidateFinder::AddEdgeLinks(PhraseCandidate& candidate) const {
  PhraseFeatures& features = candidate.features;
  const auto add = [&](int unit, size_t linked, size_t intruding,
                       size_t orphan) {
    const PhraseUnit* word = Word(unit);
    if (word == nullptr) return;
    const Evidence& found = evidence(unit);
    const float here = Share(found.from_phrase, found.weight);
    const float there = Share(found.from_rest, found.weight);
    features[linked] += here;
    features[intruding] += there;
    if (!word->function()) {
      features[orphan] += std::max(0.0F, 1 - here - there);
    }
  };
  for (const int unit : {candidate.begin, candidate.end - 1}) {
    add(unit, kEdgeLinked, kEdgeIntruding, kEdgeOrphan);
  }
  for (const int unit : {candidate.begin - 1, candidate.end}) {
    add(unit, kBeyondLinked, kBeyondIntruding, kBeyondOrphan);
  }
}

void CandidateFinder::AddVectors(const Evidence& span, float square,
                                 PhraseCandidate& candidate) const {
  PhraseFeatures& features = candidate.features;
  features[kCosine] = CosineOf(candidate.begin, candidate.end);
  const bool own_rest = phrase_.rest_size > kNothing;
  const bool other_rest = whole_.size - span.size > kNothing;
  features[kNoRest] = own_rest != other_rest;
  if (own_rest && other_rest) {
    features[kRestCosine] =
        Cosine(rest_total_ - span.rest_dot, phrase_.rest_square,
               total_square_ - 2 * span.total_dot + square);
  }
}

void CandidateFinder::AddShape(const Evidence& span,
                               PhraseCandidate& candidate) const {
  PhraseFeatures& features = candidate.features;
  const float ratio = std::log((span.size + 0.5F) / (phrase_.expected + 0.5F));
  features[kLength] = std::abs(ratio);
  features[kLengthSquare] = ratio * ratio;
  features[kLonger] = std::max(0.0F, ratio);
  const float middle = (before_[static_cast<size_t>(candidate.begin)] +
                        before_[static_cast<size_t>(candidate.end)]) /
                       2;
  features[kDistance] =
      std::abs(phrase_.middle - Share(middle, before_.back()));
  features[kInnerMarks] =
      static_cast<float>(std::max(0, span.marks - phrase_.marks));
}

void CandidateFinder::AddEdges(const Evidence& span,
                               PhraseCandidate& candidate) const {
  PhraseFeatures& features = candidate.features;
  const PhraseUnit& first = other_.unit(candidate.begin);
  const PhraseUnit& last = other_.unit(candidate.end - 1);
  for (const int unit : {candidate.begin, candidate.end}) {
    if (unit >= other_.size()) continue;
    const PhraseUnit& cut = other_.unit(unit);
    features[kCutsWord] += cut.inside_word;
    features[kCutsPiece] += cut.inside_piece;
    features[kCutsBigram] += cut.inside_bigram && !cut.inside_piece;
    features[kCutsNumber] += cut.inside_number;
    features[kCutsName] +=
        unit > 0 && cut.capital && other_.unit(unit - 1).capital;
  }
  const bool english = other_.language == Language::kEnglish;
  features[kLeavesGloss] = !english && candidate.end < other_.size() &&
                           other_.unit(candidate.end).bracket == 1;
  features[kLongArticle] =
      first.word_class == WordClass::kParticle && span.functions > 0;
  features[kOpensFunction] = first.function() && !phrase_.opens_function;
  features[kClosesFunction] = last.function() && !phrase_.closes_function;
  const size_t opens = english ? kEnglishOpens : kChineseOpens;
  const size_t closes = english ? kEnglishCloses : kChineseCloses;
  features[opens + static_cast<size_t>(first.word_class)] = 1;
  features[closes + static_cast<size_t>(last.word_class)] = 1;
}

// 0 for what is no span, or one too long.
float CandidateFinder::CosineOf(int begin, int end) const {
  if (begin < 0 || begin >= end) return 0;
  const std::vector<float>& row = cosines_[static_cast<size_t>(begin)];
  const size_t at = static_cast<size_t>(end - begin - 1);
  return at < row.size() ? row[at] : 0;
}

void CandidateFinder::CompareLengths(PhraseCandidate& candidate) const {
  const int begin = candidate.begin, end = candidate.end;
  PhraseFeatures& features = candidate.features;
  const float cosine = features[kCosine];
  const float longer =
      std::max(CosineOf(begin - 1, end), CosineOf(begin, end + 1));
  const float shorter =
      std::max(CosineOf(begin + 1, end), CosineOf(begin, end - 1));
  features[kBetterLonger] = std::max(0.0F, longer - cosine);
  features[kBetterShorter] = std::max(0.0F, shorter - cosine);
}

PhraseCandidate CandidateFinder::NotRendered() const {
  PhraseCandidate none;
  none.features[kUnrendered] = 1;
  none.features[kUnrenderedLinked] = Share(whole_.linked, phrase_weight_);
  none.features[kUnrenderedCosine] = best_cosine_;
  return none;
}

}  // namespace

std::vector<PhraseCandidate> FindPhraseCandidates(
    const PhraseText& own, PhraseRange phrase, const PhraseText& other,
    const PhraseLinkMatrix& links) {
  return CandidateFinder(own, phrase, other, links).Find();
}

}  // namespace duilian::aligner
