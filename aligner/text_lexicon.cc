// The simple version: of the beads that the first pass is sure of, each pair of
// pieces, one of either side, is counted once a bead; a pair that occurs
// together in several, and hardly the one without the other, by Dice and by the
// log-likelihood ratio (Dunning 1993), is a translation in these texts.
// Tested by text_lexicon_test.cc.
#include "aligner/text_lexicon.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace duilian::aligner {
namespace {

constexpr double kSure = 0.8;        // of a bead that teaches
constexpr size_t kMostBeads = 4000;  // that teach
constexpr int kLeastTogether = 3;
constexpr double kLeastDice = 0.4;
constexpr double kLeastRatio = 15;
// Pieces of a sentence, roughly: a piece's own probability is its share.
constexpr double kPieces = 10;

// The pieces of some segments, each once.
std::vector<uint16_t> PiecesOf(const PreparedText& text, int begin, int count) {
  const uint16_t* first = text.pieces_of(begin);
  const uint16_t* last = first;
  for (int k = begin; k < begin + count; ++k) last += text.piece_count(k);
  std::vector<uint16_t> pieces(first, last);
  std::sort(pieces.begin(), pieces.end());
  pieces.erase(std::unique(pieces.begin(), pieces.end()), pieces.end());
  return pieces;
}

double Entropy(double count) { return count > 0 ? count * std::log(count) : 0; }

// Of two things that occur `a` and `b` times among n, together `both` times.
double LikelihoodRatio(double both, double a, double b, double n) {
  return 2 * (Entropy(both) + Entropy(a - both) + Entropy(b - both) +
              Entropy(n - a - b + both) - Entropy(a) - Entropy(n - a) -
              Entropy(b) - Entropy(n - b) + Entropy(n));
}

// As the pack has it: how much likelier a piece is that occurs `own` times
// among n beads where the other is, which does `other` times.
uint8_t GainOf(double both, double own, double other, double n) {
  const double translation = 0.5 * (both - 0.5) / other;
  const double chance = 0.5 * own / n / kPieces;
  const double gain = std::log((0.8 * translation + 0.2 * chance) / chance);
  return static_cast<uint8_t>(std::clamp(gain * kGainSteps, 0.0, 255.0));
}

}  // namespace

TextLexicon::TextLexicon(const Lexicons& known, const PreparedPair& texts,
                         absl::Span<const LatticeBead> beads) {
  std::vector<int> chinese(65536, 0), english(65536, 0);
  std::vector<uint32_t> pairs;
  size_t count = 0;
  for (const LatticeBead& bead : beads) {
    const BeadType& type = kTypes[static_cast<size_t>(bead.type)];
    if (type.chinese == 0 || type.english == 0 || bead.posterior < kSure) {
      continue;
    }
    if (++count > kMostBeads) break;
    const auto zh = PiecesOf(texts.chinese, bead.i, type.chinese);
    const auto en = PiecesOf(texts.english, bead.j, type.english);
    for (const uint16_t z : zh) ++chinese[z];
    for (const uint16_t e : en) ++english[e];
    for (const uint16_t z : zh) {
      for (const uint16_t e : en) pairs.push_back(uint32_t{z} << 16 | e);
    }
  }
  std::sort(pairs.begin(), pairs.end());
  const double n = static_cast<double>(std::min(count, kMostBeads));
  std::vector<Entry> of_chinese, of_english;
  for (size_t begin = 0, end; begin < pairs.size(); begin = end) {
    end = begin;
    while (end < pairs.size() && pairs[end] == pairs[begin]) ++end;
    const double both = static_cast<double>(end - begin);
    const auto z = static_cast<uint16_t>(pairs[begin] >> 16);
    const auto e = static_cast<uint16_t>(pairs[begin] & 0xFFFF);
    const double a = chinese[z], b = english[e];
    if (both < kLeastTogether || 2 * both < kLeastDice * (a + b) ||
        both * n <= a * b || LikelihoodRatio(both, a, b, n) < kLeastRatio) {
      continue;
    }
    of_chinese.push_back({z, e, GainOf(both, a, b, n)});
    of_english.push_back({e, z, GainOf(both, b, a, n)});
  }
  learnt_ = static_cast<int>(of_chinese.size());
  chinese_ = Merge(known.chinese, std::move(of_chinese));
  english_ = Merge(known.english, std::move(of_english));
}

TextLexicon::Rows TextLexicon::Merge(const LexiconView& known,
                                     std::vector<Entry> learnt) {
  std::sort(learnt.begin(), learnt.end(), [](const Entry& a, const Entry& b) {
    return a.piece != b.piece ? a.piece < b.piece : a.other < b.other;
  });
  Rows rows;
  rows.starts.push_back(0);
  auto next = learnt.begin();
  for (int piece = 0; piece < known.rows; ++piece) {
    uint32_t at = known.starts[piece];
    const uint32_t end = known.starts[piece + 1];
    while (at < end || (next != learnt.end() && next->piece == piece)) {
      const bool here = next != learnt.end() && next->piece == piece;
      const bool from_known =
          at < end && (!here || known.ids[at] <= next->other);
      const bool both = from_known && here && known.ids[at] == next->other;
      rows.ids.push_back(from_known ? known.ids[at] : next->other);
      uint8_t gain = from_known ? known.gains[at] : next->gain;
      if (both) gain = std::max(gain, next->gain);
      rows.gains.push_back(gain);
      if (from_known) ++at;
      if (!from_known || both) ++next;
    }
    rows.starts.push_back(static_cast<uint32_t>(rows.ids.size()));
  }
  return rows;
}

Lexicons TextLexicon::lexicons() const {
  const auto view = [](const Rows& rows) {
    return LexiconView{static_cast<int>(rows.starts.size()) - 1,
                       rows.starts.data(), rows.ids.data(), rows.gains.data()};
  };
  return {view(chinese_), view(english_)};
}

}  // namespace duilian::aligner
