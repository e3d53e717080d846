#include "aligner/quote_cover.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/model.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_file.h"

namespace duilian::aligner {
namespace {

using testing_support::IsOk;
using text::Language;

// Two Chinese pieces, 0 and 1, and four English ones. 2 is as near to 0 as can
// be and translates it; 3 is as near to 1; 4 is near to neither, but
// translates 1; 5 is near to neither and translates nothing.
std::unique_ptr<PackView> SmallPack() {
  PackContents contents;
  contents.meta = "{}";
  contents.rows = 6;
  contents.dim = 2;
  contents.scales.assign(6, 1);
  contents.values = {4, 0, 0, 3, 8, 0, 0, 2, -5, 0, 0, -3};
  contents.chinese_lexicon = {{0, 1, 2, 2, 2, 2, 2}, {2, 4}, {48, 32}};
  contents.english_lexicon = {{0, 0, 0, 1, 1, 2, 2}, {0, 1}, {48, 16}};
  const std::string path = testing_support::TestFile("quote_cover.pack");
  std::ofstream(path, std::ios::binary) << SerializePack(contents);
  auto pack = PackView::Map(path);
  EXPECT_THAT(pack, IsOk());
  return *std::move(pack);
}

PreparedText Pieces(const std::vector<std::vector<uint16_t>>& segments) {
  PreparedText text;
  text.size = static_cast<int>(segments.size());
  text.dim = 2;
  text.piece_starts = {0};
  for (const auto& segment : segments) {
    text.pieces.insert(text.pieces.end(), segment.begin(), segment.end());
    text.piece_starts.push_back(static_cast<uint32_t>(text.pieces.size()));
  }
  return text;
}

class QuoteCoverTest : public testing::Test {
 protected:
  const std::unique_ptr<PackView> pack_ = SmallPack();
  const PreparedText text_ = Pieces({{2}, {4}, {3, 5}, {}});
  const PreparedText quote_ = Pieces({{0, 1}});  // of weights 4 and 3
  QuoteCovers covers_{*pack_, text_, /*text_is_chinese=*/false};
};

TEST_F(QuoteCoverTest, WhatIsNeitherNearNorTranslatedIsUnmatched) {
  covers_.Take(quote_);
  const QuoteCover near = covers_.Of({0, 1});
  EXPECT_NEAR(near.nearness_quote, 4.0F / 7, 1e-5);
  EXPECT_NEAR(near.near_quote, 4.0F / 7, 1e-5);
  EXPECT_NEAR(near.unmatched_quote, 3.0F / 7, 1e-5);
  EXPECT_NEAR(near.nearness_run, 1, 1e-5);
  EXPECT_NEAR(near.unmatched_run, 0, 1e-5);
  const QuoteCover translated = covers_.Of({1, 2});
  EXPECT_NEAR(translated.nearness_quote, 0, 1e-5);
  EXPECT_NEAR(translated.unmatched_quote, 4.0F / 7, 1e-5);
  EXPECT_NEAR(translated.nearness_run, 0, 1e-5);
  EXPECT_NEAR(translated.unmatched_run, 0, 1e-5);
  const QuoteCover half = covers_.Of({2, 3});
  EXPECT_NEAR(half.near_run, 2.0 / 5, 1e-5);
  EXPECT_NEAR(half.unmatched_run, 3.0 / 5, 1e-5);
}

TEST_F(QuoteCoverTest, AnEndAddsWhatTheRestOfTheRunHasNot) {
  covers_.Take(quote_);
  // 3 nats of the 4 by a segment of 8, 2 nats of the 3 by one of 5.
  EXPECT_NEAR(covers_.Of({0, 2}).end_gain, 1.2, 1e-5);
  EXPECT_EQ(covers_.Of({0, 1}).end_gain, 0);
  EXPECT_EQ(covers_.Of({1, 3}).end_gain, 0);
}

TEST_F(QuoteCoverTest, TheSegmentsBesideWouldAddWhatTheRunHasNot) {
  covers_.Take(quote_);
  EXPECT_NEAR(covers_.Of({0, 1}).beyond_gain, 1.2, 1e-5);
  EXPECT_NEAR(covers_.Of({1, 2}).beyond_gain, 1.5, 1e-5);
  // 3 is all of the weight 3, in a segment of 5.
  EXPECT_NEAR(covers_.Of({0, 2}).beyond_nearness, 3.0 / 5, 1e-5);
  EXPECT_EQ(covers_.Of({0, 3}).beyond_gain, 0);
}

TEST_F(QuoteCoverTest, TheWorstSegmentIsToldOf) {
  covers_.Take(quote_);
  EXPECT_NEAR(covers_.Of({0, 1}).least_nearness, 0, 1e-5);
  // 8 of 13 are near; of the second segment nothing is.
  EXPECT_NEAR(covers_.Of({0, 2}).least_nearness, -8.0 / 13, 1e-5);
}

TEST_F(QuoteCoverTest, NothingIsLeftOfTheQuoteBefore) {
  covers_.Take(Pieces({{1, 1, 1}}));
  covers_.Take(quote_);
  EXPECT_NEAR(covers_.Of({0, 1}).unmatched_quote, 3.0F / 7, 1e-5);
  covers_.Take(Pieces({{1}}));
  EXPECT_NEAR(covers_.Of({0, 1}).unmatched_quote, 1, 1e-5);
}

TEST_F(QuoteCoverTest, AQuoteWithoutPiecesAndAnEmptySegmentHaveNothing) {
  covers_.Take(Pieces({{}}));
  const QuoteCover nothing = covers_.Of({0, 4});
  EXPECT_EQ(nothing.nearness_quote, 0);
  EXPECT_EQ(nothing.end_gain, 0);
  covers_.Take(quote_);
  EXPECT_EQ(covers_.Of({3, 4}).nearness_run, 0);
  EXPECT_NEAR(covers_.Of({3, 4}).unmatched_quote, 1, 1e-5);
}

// The same from single pairs of pieces, as the header says it.
struct SlowCover {
  const PackView& pack;
  const PreparedText& text;
  const PreparedText& quote;
  bool text_is_chinese;

  double Cosine(uint16_t a, uint16_t b) const {
    const EmbeddingView& all = pack.embeddings();
    const size_t dim = static_cast<size_t>(all.dim);
    double dot = 0, first = 0, second = 0;
    for (size_t d = 0; d < dim; ++d) {
      const double x = all.values[a * dim + d], y = all.values[b * dim + d];
      dot += x * y;
      first += x * x;
      second += y * y;
    }
    return std::max(0.0, dot / std::sqrt(first * second));
  }

  double Gain(uint16_t quoted, int segment) const {
    const LexiconView& lexicon =
        text_is_chinese ? pack.english_lexicon() : pack.chinese_lexicon();
    double best = 0;
    for (uint32_t at = lexicon.starts[quoted]; at < lexicon.starts[quoted + 1];
         ++at) {
      for (int p = 0; p < text.piece_count(segment); ++p) {
        if (text.pieces_of(segment)[p] != lexicon.ids[at]) continue;
        best = std::max(best, lexicon.gains[at] / double{kGainSteps});
      }
    }
    return best;
  }

  double Fresh(int segment, const SegmentRange& run) const {
    const std::vector<float> own = PieceWeights(
        pack,
        absl::MakeConstSpan(text.pieces_of(segment),
                            static_cast<size_t>(text.piece_count(segment))));
    double weight = 0, fresh = 0;
    for (const float w : own) weight += w;
    for (int q = 0; q < quote.piece_count(0); ++q) {
      const uint16_t piece = quote.pieces_of(0)[q];
      double best = 0;
      for (int s = run.begin; s < run.end; ++s) {
        best = std::max(best, Gain(piece, s));
      }
      fresh += PieceWeights(pack, {piece})[0] *
               std::max(0.0, Gain(piece, segment) - best);
    }
    return fresh / weight;
  }

  double NearnessOfQuote(const SegmentRange& run) const {
    double sum = 0, weight = 0;
    for (int q = 0; q < quote.piece_count(0); ++q) {
      const uint16_t piece = quote.pieces_of(0)[q];
      const double own = PieceWeights(pack, {piece})[0];
      double nearest = 0;
      for (int s = run.begin; s < run.end; ++s) {
        for (int p = 0; p < text.piece_count(s); ++p) {
          nearest = std::max(nearest, Cosine(piece, text.pieces_of(s)[p]));
        }
      }
      sum += own * nearest;
      weight += own;
    }
    return sum / weight;
  }
};

Transcript Lines(const std::vector<std::string>& lines, Language language) {
  Transcript transcript;
  transcript.language = language;
  for (const std::string& line : lines) {
    transcript.segments.emplace_back().text = line;
  }
  return transcript;
}

TEST(QuoteCoverReferenceTest, AgreesWithEveryPairOfPieces) {
  const auto model = Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  const Transcript en =
      Lines({"The baker opens at five.", "He sells bread and salt.",
             "Nobody else is awake.", "Then the first ferry comes in."},
            Language::kEnglish);
  const Transcript zh = Lines({"面包师五点开门。", "他卖面包，也卖盐。",
                               "别人都还没醒。", "然后第一班渡船进港了。"},
                              Language::kChinese);
  for (const bool text_is_chinese : {false, true}) {
    SCOPED_TRACE(text_is_chinese ? "in Chinese" : "in English");
    for (int quoted = 0; quoted < 4; ++quoted) {
      Transcript one = text_is_chinese ? en : zh;
      one.segments = {one.segments[static_cast<size_t>(quoted)]};
      const PreparedPair pair =
          PrepareQuotes(**model, text_is_chinese ? zh : en, one);
      const PreparedText& text = text_is_chinese ? pair.chinese : pair.english;
      const PreparedText& quote = text_is_chinese ? pair.english : pair.chinese;
      QuoteCovers covers((*model)->pack(), text, text_is_chinese);
      covers.Take(quote);
      const SlowCover slow = {(*model)->pack(), text, quote, text_is_chinese};
      for (const SegmentRange& run :
           {SegmentRange{0, 1}, {1, 3}, {3, 4}, {0, 4}}) {
        SCOPED_TRACE(absl::StrCat(quoted, " in ", run.begin, "-", run.end));
        const QuoteCover fast = covers.Of(run);
        EXPECT_NEAR(fast.nearness_quote, slow.NearnessOfQuote(run), 0.005);
        if (run.size() > 1) {
          const double first = slow.Fresh(run.begin, {run.begin + 1, run.end});
          const double last = slow.Fresh(run.end - 1, {run.begin, run.end - 1});
          EXPECT_NEAR(fast.end_gain, std::min(first, last), 1e-3);
        }
        double beyond = 0;
        if (run.begin > 0) beyond = slow.Fresh(run.begin - 1, run);
        if (run.end < 4) beyond = std::max(beyond, slow.Fresh(run.end, run));
        EXPECT_NEAR(fast.beyond_gain, beyond, 1e-3);
      }
    }
  }
}

}  // namespace
}  // namespace duilian::aligner
