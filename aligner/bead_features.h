// What the bead model looks at.

#ifndef DUILIAN_ALIGNER_BEAD_FEATURES_H_
#define DUILIAN_ALIGNER_BEAD_FEATURES_H_

#include <array>
#include <cstddef>
#include <vector>

#include "aligner/cell_window.h"
#include "aligner/gain_table.h"
#include "aligner/pack.h"
#include "aligner/prepared_text.h"

namespace duilian::aligner {

// How many segments a bead takes of each side.
struct BeadType {
  int chinese = 0;
  int english = 0;
};

inline constexpr int kBeadTypes = 17;
// Insertion, deletion, and every n-to-m with n + m <= 6.
inline constexpr std::array<BeadType, kBeadTypes> kTypes = {{
    {1, 0},
    {0, 1},
    {1, 1},
    {1, 2},
    {2, 1},
    {2, 2},
    {1, 3},
    {3, 1},
    {2, 3},
    {3, 2},
    {1, 4},
    {4, 1},
    {3, 3},
    {2, 4},
    {4, 2},
    {1, 5},
    {5, 1},
}};
inline constexpr int kDeleteChinese = 0;  // {1, 0}
inline constexpr int kDeleteEnglish = 1;  // {0, 1}

// The features, after one bias a type. A pack's weights are in this order:
// append only, and raise kPackFormat when one changes its meaning.
enum Feature : int {
  // Similarity. Cosines of spans; "excess" is above the background.
  kCosine = kBeadTypes,
  kCosineBySize,  // times segments beyond two
  kExcess,
  kNeighbourMargin,  // best cosine with a neighbouring segment, minus ours
  kDropGain,         // best cosine with an edge segment dropped, minus ours
  kExtendGain,       // best cosine with a neighbour added, minus ours
  kCutCosine,        // best cut in two: mean cosine of the parts, minus ours
  // Length.
  kLengthRatio,  // |log of Chinese by English code points, by the usual|
  kLengthRatioSquared,
  kLengthRatioBySize,
  kLengthRatioSigned,
  kLengthBeyondOne,  // log length of a bead of more than two segments
  // Lexical cover: gains a piece, in nats.
  kCoverChinese,
  kCoverEnglish,
  kCoverLeast,
  kCoverBySize,
  kCoveredShareChinese,  // of pieces with a strong translation
  kCoveredShareEnglish,
  kLeakChinese,  // cover that a neighbouring segment would add
  kLeakEnglish,
  kWeakestChinese,  // worst covered member's cover minus the bead's
  kWeakestEnglish,
  kCutCover,  // cover kept by the best cut in two, minus ours
  // Shared words and numbers, weighted by rarity.
  kSharedWords,
  kWordsOnlyChinese,
  kWordsOnlyEnglish,
  kSharedNumbers,
  kNumbersOnlyChinese,
  kNumbersOnlyEnglish,
  // Marks.
  kQuestionBoth,
  kQuestionOne,
  kExclamationBoth,
  kExclamationOne,
  kNoFinalChinese,
  kNoFinalEnglish,
  kOpensQuoteBoth,
  kOpensQuoteOne,
  kClosesQuoteBoth,
  kClosesQuoteOne,
  kShortChinese,
  kShortEnglish,
  kShortBoth,
  // Turns and headings.
  kTurnBoth,  // both begin a turn
  kTurnOne,
  kSpansTurn,  // holds a turn's edge inside, on one side
  kHeadingOne,
  // Deletions, of a Chinese and of an English segment.
  kDeletedLengthChinese,
  kDeletedNearestChinese,  // best excess cosine in the band
  kDeletedCoverChinese,    // best cover in the band
  kDeletedShortChinese,
  kDeletedQuestionChinese,
  kDeletedNoFinalChinese,
  kDeletedWordsChinese,
  kDeletedHeadingChinese,
  kDeletedLengthEnglish,
  kDeletedNearestEnglish,
  kDeletedCoverEnglish,
  kDeletedShortEnglish,
  kDeletedQuestionEnglish,
  kDeletedNoFinalEnglish,
  kDeletedWordsEnglish,
  kDeletedHeadingEnglish,
  // Edges: what the clause at an edge would gain from the segment beyond it,
  // minus what it gains inside; nats a piece.
  kEdgeFirstChinese,
  kEdgeLastChinese,
  kEdgeFirstEnglish,
  kEdgeLastEnglish,
  kEdgeWorst,
  // Short members of beads with several segments on that side, such as "Yeah.":
  // how many, and how many nats a piece they fall short of kShortCover.
  kShortMemberChinese,
  kShortMemberEnglish,
  kShortUncoveredChinese,
  kShortUncoveredEnglish,
  // How many more quotations one side opens, or closes, than the other; at
  // most kMostQuotations.
  kQuotationsOpened,
  kQuotationsClosed,
  // As kLengthRatio, in pieces: a text of long words is not a long text.
  kPieceRatio,
  kPieceRatioSquared,
  // Sums where those above are means, so that two beads have together what the
  // bead of both would have: tens of nats of cover and of leak, a piece
  // counting
  // by its weight; the cosine by the root of the pieces, in fives; pieces, in
  // twenties, of a bead of more than two segments.
  kCoverSumChinese,
  kCoverSumEnglish,
  kLeakSumChinese,
  kLeakSumEnglish,
  kCosineByPieces,
  kPiecesBeyondOne,
  // How many segments the other side has more than this one's only segment has
  // clauses.
  kClausesFewChinese,
  kClausesFewEnglish,
  // What the clauses before a border of the bead and those behind it, each of
  // one side, gain from each other beyond what they gain from their own beads:
  // of the two the lesser, both borders together; fives of nats, rare pieces
  // counting for more. First the Chinese before and the English behind.
  kAcrossChineseEnglish,
  kAcrossEnglishChinese,
  kFeatureCount,
};
inline constexpr size_t kBeadFeatures = kFeatureCount;

// A run of features, both ends included, that look at one kind of evidence.
struct FeatureRun {
  const char* group;
  int first, last;
};

// Every feature is in one run; a group may have several. What stands before a
// colon is the kind of several groups. For measuring what each is worth.
inline constexpr FeatureRun kFeatureGroups[] = {
    {"bead types", 0, kBeadTypes - 1},
    {"similarity: of the span", kCosine, kExcess},
    {"similarity: margin to neighbours", kNeighbourMargin, kNeighbourMargin},
    {"similarity: edge dropped or added", kDropGain, kExtendGain},
    {"similarity: cut in two", kCutCosine, kCutCosine},
    {"length", kLengthRatio, kLengthBeyondOne},
    {"lexicon: Chinese by English", kCoverChinese, kCoverChinese},
    {"lexicon: English by Chinese", kCoverEnglish, kCoverEnglish},
    {"lexicon: both ways", kCoverLeast, kCoverBySize},
    {"lexicon: Chinese by English", kCoveredShareChinese, kCoveredShareChinese},
    {"lexicon: English by Chinese", kCoveredShareEnglish, kCoveredShareEnglish},
    {"lexicon: Chinese by English", kLeakChinese, kLeakChinese},
    {"lexicon: English by Chinese", kLeakEnglish, kLeakEnglish},
    {"lexicon: Chinese by English", kWeakestChinese, kWeakestChinese},
    {"lexicon: English by Chinese", kWeakestEnglish, kWeakestEnglish},
    {"lexicon: both ways", kCutCover, kCutCover},
    {"shared: English fragments", kSharedWords, kWordsOnlyEnglish},
    {"shared: numbers", kSharedNumbers, kNumbersOnlyEnglish},
    {"marks: questions, exclamations", kQuestionBoth, kExclamationOne},
    {"marks: none at the end", kNoFinalChinese, kNoFinalEnglish},
    {"marks: quotation marks", kOpensQuoteBoth, kClosesQuoteOne},
    {"short sides", kShortChinese, kShortBoth},
    {"turns and headings", kTurnBoth, kHeadingOne},
    {"deletions", kDeletedLengthChinese, kDeletedHeadingEnglish},
    {"lexicon: clauses at the edges", kEdgeFirstChinese, kEdgeWorst},
    {"short members", kShortMemberChinese, kShortUncoveredEnglish},
    {"marks: quotations", kQuotationsOpened, kQuotationsClosed},
    {"length", kPieceRatio, kPieceRatioSquared},
    {"sums over the segments", kCoverSumChinese, kPiecesBeyondOne},
    {"clauses", kClausesFewChinese, kClausesFewEnglish},
    {"lexicon: across the borders", kAcrossChineseEnglish,
     kAcrossEnglishChinese},
};

// One bead's features; zero where one does not apply.
using FeatureVector = std::array<float, kBeadFeatures>;

// Computes features of beads row by row. Not thread-safe; allocates nothing
// once warm.
class BeadFeaturizer {
 public:
  // What the lexicons borrow, the texts and the band must outlive it.
  BeadFeaturizer(const Lexicons& lexicons, const PreparedPair& texts,
                 const Band& band);

  // Must be called with rising i before the beads that begin at row i.
  void MoveTo(int i);

  // The features of the bead of `type` that begins at node (i, j). Requires
  // both its nodes in the band.
  void Compute(int i, int j, int type, FeatureVector& out);

  // The evidence segment by segment of the rows around the last MoveTo.
  const CellWindow& window() const { return gains_.window(); }

 private:
  struct Spans {
    int i, j, n, m;  // Chinese [i, i + n), English [j, j + m)
  };
  struct Cover {
    float chinese = 0, english = 0;                // sums of gains, in nats
    float strong_chinese = 0, strong_english = 0;  // pieces
    float leak_chinese = 0, leak_english = 0;      // in nats
    // The gains and the leak, a piece counting by its weight.
    float weighted_chinese = 0, weighted_english = 0;
    float weighted_leak_chinese = 0, weighted_leak_english = 0;
    float weakest_chinese = 0, weakest_english = 0;  // mean gain a piece
    float pieces_chinese = 0, pieces_english = 0;
    float short_chinese = 0, short_english = 0;  // members
    float uncovered_chinese = 0,
          uncovered_english = 0;  // nats a piece, of them
  };

  // At a node, what the clauses of the four segments around it gain, one by
  // one, from the segment across it beyond what they gain from the one beside
  // them; nats.
  struct Border {
    float chinese_before = 0, english_before = 0;
    float chinese_behind = 0, english_behind = 0;
    bool known = false;
  };
  struct BorderRow {
    int row = -1, begin = 0;
    std::vector<Border> borders;
  };
  // Cosines of the spans that begin in a row, by column, Chinese and English
  // segments; kUnknownCosine until asked for.
  struct CosineRow {
    int row = -1;
    std::vector<float> cosines;
  };

  float DotOf(const Spans& spans) const;
  float Cosine(const Spans& spans);
  void AddSimilarity(const Spans& spans, FeatureVector& out);
  void AddLength(const Spans& spans, FeatureVector& out) const;
  Cover CoverOf(const Spans& spans);
  float GainSum(const Spans& spans);
  void AddEdges(const Spans& spans, FeatureVector& out);
  void AddCover(const Spans& spans, FeatureVector& out);
  void AddSums(const Spans& spans, const Cover& cover,
               FeatureVector& out) const;
  void AddCut(const Spans& spans, const Cover& cover, FeatureVector& out);
  const Border& BorderAt(int i, int j);
  void AddAcross(const Spans& spans, FeatureVector& out);
  void AddTokens(const Spans& spans, FeatureVector& out);
  void AddMarks(const Spans& spans, FeatureVector& out) const;
  void AddQuotations(const Spans& spans, FeatureVector& out) const;
  void AddDeletedChinese(int i, FeatureVector& out) const;
  void AddDeletedEnglish(int i, int j, FeatureVector& out) const;

  const PreparedPair& texts_;
  GainTable gains_;
  float length_ratio_;  // log of Chinese by English code points, usually
  float piece_ratio_;   // the same of pieces
  std::array<BorderRow, kMaxSide + 2> borders_;  // by row, the last few
  std::array<CosineRow, kMaxSide + 3> cosines_;
  FeatureVector deleted_ = {};  // of Chinese segment deleted_row_
  int deleted_row_ = -1;
  std::vector<SharedToken> chinese_tokens_, english_tokens_;  // scratch
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_BEAD_FEATURES_H_
