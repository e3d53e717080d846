#include "aligner/phrase_link_matrix.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

#include "aligner/dot.h"
#include "aligner/name_likeness.h"
#include "aligner/numbers.h"
#include "aligner/pack.h"

namespace duilian::aligner {
namespace {

using text::Language;
using Side = PhraseLinkMatrix::Side;

// How many times likelier than anywhere a piece is beside the other, as the
// lexicon counts it. Chosen by hand; halving or doubling any of them moves the
// measured figures by less than 2 points.
constexpr float kNone = 4;             // a link has to beat this
constexpr float kEqual = 1000;         // equal numbers, words, names
constexpr float kCosineScale = 9;      // of similar vectors: factor *
constexpr float kCosineFactor = .01F;  // exp(scale * cosine)
constexpr float kNearness = 3;         // nats a whole text's distance costs

constexpr double kSpelledAlike = 0.7;    // Lama and Llama
constexpr double kCapitalSounds = 0.68;  // a capitalised word and a name
constexpr double kOtherSounds = 0.8;
constexpr size_t kLongestName = 8;  // characters

float Ratio(uint8_t gain) {
  const float lift = std::exp(static_cast<float>(gain) / kGainSteps);
  return std::max(0.0F, lift - 0.2F) / 0.8F;
}

using Places = std::unordered_map<int, std::vector<size_t>>;

Places PlacesOf(const PhraseText& text) {
  Places places;
  for (size_t p = 0; p < text.pieces.size(); ++p) {
    places[text.pieces[p].id].push_back(p);
  }
  return places;
}

// Calls set(covered piece, covering piece, ratio).
template <typename Set>
void ReadLexicon(const LexiconView& lexicon, const Places& covered,
                 const Places& covering, Set set) {
  for (const auto& [id, from] : covered) {
    if (id >= lexicon.rows) continue;
    for (uint32_t k = lexicon.starts[id]; k < lexicon.starts[id + 1]; ++k) {
      const auto to = covering.find(lexicon.ids[k]);
      if (to == covering.end()) continue;
      for (const size_t f : from) {
        for (const size_t t : to->second) set(f, t, Ratio(lexicon.gains[k]));
      }
    }
  }
}

// The pieces' vectors, each of norm 1.
std::vector<float> Directions(const Model& model, const PhraseText& text) {
  const EmbeddingView& embeddings = model.pack().embeddings();
  const size_t dim = static_cast<size_t>(embeddings.dim);
  std::vector<float> rows(text.pieces.size() * dim);
  for (size_t p = 0; p < text.pieces.size(); ++p) {
    const size_t id = static_cast<size_t>(text.pieces[p].id);
    AddScaled(embeddings.scales[id] / std::max(text.pieces[p].weight, 1e-6F),
              embeddings.values + id * dim, rows.data() + p * dim,
              embeddings.dim);
  }
  return rows;
}

// The number that each unit belongs to, NaN where it belongs to none.
std::vector<double> NumbersOf(const Side& side) {
  std::vector<double> values(side.phrases.units.size(),
                             std::numeric_limits<double>::quiet_NaN());
  size_t u = 0;
  for (const NumberMention& number :
       FindNumbers(side.text, side.phrases.language)) {
    while (u < values.size() &&
           side.phrases.units[u].span.end <= number.span.begin) {
      ++u;
    }
    for (size_t k = u; k < values.size() &&
                       side.phrases.units[k].span.begin < number.span.end;
         ++k) {
      values[k] = number.value;
    }
  }
  return values;
}

absl::string_view TextOf(const Side& side, size_t u) {
  const text::ByteSpan& span = side.phrases.units[u].span;
  return side.text.substr(span.begin, span.size());
}

// Units [begin, end) that may spell a foreign name, and how it sounds.
struct SpelledName {
  size_t begin = 0, end = 0;
  std::string sounds;
};

std::vector<SpelledName> FindSpelledNames(const PhraseText& chinese) {
  std::vector<SpelledName> names;
  for (size_t begin = 0; begin < chinese.units.size(); ++begin) {
    std::u32string run;
    for (size_t u = begin;
         u < chinese.units.size() && run.size() < kLongestName; ++u) {
      if (!SpellsNames(chinese.units[u].han)) break;
      run.push_back(chinese.units[u].han);
      if (run.size() > 1) names.push_back({begin, u + 1, SoundsOfChinese(run)});
    }
  }
  return names;
}

// How surely units are the same word, number or name: [Chinese, English].
class UnitLikeness {
 public:
  UnitLikeness(const Side& chinese, const Side& english)
      : columns_(english.phrases.units.size()),
        likeness_(chinese.phrases.units.size() * columns_) {
    const std::vector<double> numbers = NumbersOf(chinese);
    const std::vector<double> others = NumbersOf(english);
    const std::vector<SpelledName> names = FindSpelledNames(chinese.phrases);
    for (size_t e = 0; e < columns_; ++e) {
      for (size_t z = 0; z < numbers.size(); ++z) {
        if (numbers[z] == others[e] || AreWordsAlike(chinese, z, english, e)) {
          likeness_[z * columns_ + e] = 1;
        }
      }
      AddName(names, english, e);
    }
  }

  // The most among the units of two pieces.
  float Of(const PhrasePiece& chinese, const PhrasePiece& english) const {
    float most = 0;
    for (int z = chinese.first_unit; z < chinese.last_unit; ++z) {
      for (int e = english.first_unit; e < english.last_unit; ++e) {
        most = std::max(most, likeness_[static_cast<size_t>(z) * columns_ +
                                        static_cast<size_t>(e)]);
      }
    }
    return most;
  }

 private:
  static bool AreWordsAlike(const Side& chinese, size_t z, const Side& english,
                            size_t e) {
    const PhraseUnit& a = chinese.phrases.units[z];
    const PhraseUnit& b = english.phrases.units[e];
    if (a.letters == 0 || a.han != 0 || b.letters == 0) return false;
    const double alike =
        SpellingLikeness(TextOf(chinese, z), TextOf(english, e));
    return alike >= (std::min(a.letters, b.letters) < 4 ? 1 : kSpelledAlike);
  }

  // The run of characters that sounds most like an English word.
  void AddName(const std::vector<SpelledName>& names, const Side& english,
               size_t e) {
    const PhraseUnit& word = english.phrases.units[e];
    if (names.empty() || word.function() || word.letters < 3) return;
    if (!word.capital && word.letters < 6) return;
    const std::string sounds = SoundsOfLatin(TextOf(english, e));
    double most = word.capital ? kCapitalSounds : kOtherSounds;
    const SpelledName* best = nullptr;
    for (const SpelledName& name : names) {
      if (!word.capital && name.end - name.begin < 3) continue;
      const double alike = SoundLikeness(name.sounds, sounds);
      if (alike <= most) continue;
      most = alike;
      best = &name;
    }
    if (best == nullptr) return;
    for (size_t z = best->begin; z < best->end; ++z) {
      float& likeness = likeness_[z * columns_ + e];
      likeness = std::max(likeness, static_cast<float>(most));
    }
  }

  size_t columns_;
  std::vector<float> likeness_;
};

float Place(size_t piece, size_t pieces) {
  return (static_cast<float>(piece) + 0.5F) / static_cast<float>(pieces);
}

}  // namespace

PhraseLinkMatrix::PhraseLinkMatrix(const Model& model, const Side& chinese,
                                   const Side& english)
    : rows_(chinese.phrases.pieces.size()),
      columns_(english.phrases.pieces.size()),
      chinese_(rows_ * columns_),
      english_(rows_ * columns_) {
  AddLexicons(model, chinese.phrases, english.phrases);
  AddLikeness(model, chinese, english);
  Normalize();
}

void PhraseLinkMatrix::AddLexicons(const Model& model,
                                   const PhraseText& chinese,
                                   const PhraseText& english) {
  const Places chinese_places = PlacesOf(chinese);
  const Places english_places = PlacesOf(english);
  ReadLexicon(model.pack().chinese_lexicon(), chinese_places, english_places,
              [&](size_t z, size_t e, float ratio) {
                chinese_[z * columns_ + e] = ratio;
              });
  ReadLexicon(model.pack().english_lexicon(), english_places, chinese_places,
              [&](size_t e, size_t z, float ratio) {
                english_[z * columns_ + e] = ratio;
              });
}

void PhraseLinkMatrix::AddLikeness(const Model& model, const Side& chinese,
                                   const Side& english) {
  const std::vector<float> rows = Directions(model, chinese.phrases);
  const std::vector<float> columns = Directions(model, english.phrases);
  const UnitLikeness likeness(chinese, english);
  const int dim = chinese.phrases.dim;
  const size_t stride = static_cast<size_t>(dim);
  for (size_t z = 0; z < rows_; ++z) {
    for (size_t e = 0; e < columns_; ++e) {
      const float cosine =
          Dot(rows.data() + z * stride, columns.data() + e * stride, dim);
      const float alike =
          likeness.Of(chinese.phrases.pieces[z], english.phrases.pieces[e]);
      const float more =
          kEqual * alike +
          kCosineFactor * std::exp(kCosineScale * std::max(0.0F, cosine));
      const float near =
          std::exp(-kNearness * std::abs(Place(z, rows_) - Place(e, columns_)));
      float& forward = chinese_[z * columns_ + e];
      float& backward = english_[z * columns_ + e];
      forward = (forward + more) * near;
      backward = (backward + more) * near;
    }
  }
}

void PhraseLinkMatrix::Normalize() {
  std::vector<float> sums(columns_, kNone);
  for (size_t z = 0; z < rows_; ++z) {
    float sum = kNone;
    for (size_t e = 0; e < columns_; ++e) {
      sum += chinese_[z * columns_ + e];
      sums[e] += english_[z * columns_ + e];
    }
    for (size_t e = 0; e < columns_; ++e) chinese_[z * columns_ + e] /= sum;
  }
  for (size_t z = 0; z < rows_; ++z) {
    for (size_t e = 0; e < columns_; ++e) {
      english_[z * columns_ + e] /= sums[e];
    }
  }
}

}  // namespace duilian::aligner
