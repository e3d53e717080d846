#include "aligner/name_renderings.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// Seven pairs with Marlow, rendered as 马洛, and some without.
std::vector<NamedPair> Talk() {
  return {{"Yesterday Marlow came home.", "昨天马洛回家了。"},
          {"The sea was calm.", "海面很平静。"},
          {"Everybody there knows Marlow.", "那里人人都认识马洛。"},
          {"The boats were late.", "船来晚了。"},
          {"I asked Marlow about the oars.", "我问马洛桨的事。"},
          {"They were of oak.", "它们是橡木做的。"},
          {"In spring Marlow left again.", "春天马洛又走了。"},
          {"The harbour was empty.", "港口空了。"},
          {"Nobody heard of Marlow for years.", "多年没人听说马洛的消息。"},
          {"The mill burned down.", "磨坊烧毁了。"},
          {"The barn stood.", "谷仓还在。"},
          {"Then a letter came.", "后来来了一封信。"}};
}

TEST(NameRenderingsTest, NothingIsMissingWhereAllIsRendered) {
  EXPECT_THAT(FindMissingNames(Talk(), NameOptions()), IsEmpty());
}

TEST(NameRenderingsTest, TellsOfTheNameThatIsMissing) {
  std::vector<NamedPair> pairs = Talk();
  pairs.push_back({"It was for Marlow.", "是给米勒的。"});
  const auto missing = FindMissingNames(pairs, NameOptions());
  ASSERT_THAT(missing, SizeIs(1));
  EXPECT_EQ(missing[0].pair, pairs.size() - 1);
  EXPECT_EQ(missing[0].name, "Marlow");
  EXPECT_EQ(missing[0].rendering, "马洛");
}

TEST(NameRenderingsTest, LongDocumentIsReadStretchByStretch) {
  std::vector<NamedPair> pairs(kNameStretch, {"It rained.", "下雨了。"});
  for (const NamedPair& pair : Talk()) pairs.push_back(pair);
  pairs.push_back({"It was for Marlow.", "是给米勒的。"});
  const auto missing = FindMissingNames(pairs, NameOptions());
  ASSERT_THAT(missing, SizeIs(1));
  EXPECT_EQ(missing[0].pair, pairs.size() - 1);
}

TEST(NameRenderingsTest, NameJustSaidMayBeLeftOut) {
  std::vector<NamedPair> pairs = Talk();
  pairs.push_back({"Marlow wrote that, and Marlow signed it.", "马洛写的。"});
  pairs.push_back({"We thought Marlow was dead.", "我们以为他死了。"});
  EXPECT_THAT(FindMissingNames(pairs, NameOptions()), IsEmpty());
}

TEST(NameRenderingsTest, NameMayStandInLatinLetters) {
  std::vector<NamedPair> pairs = Talk();
  pairs.push_back({"It was for Marlow.", "是给 Marlow 的。"});
  EXPECT_THAT(FindMissingNames(pairs, NameOptions()), IsEmpty());
}

TEST(NameRenderingsTest, NameThatStaysInLatinLettersIsToldOfWithoutAnother) {
  std::vector<NamedPair> pairs;
  for (int i = 0; i < 8; ++i) {
    pairs.push_back({"We sailed on BOAT again.", "我们又坐 BOAT 出海。"});
    pairs.push_back({"It was cold.", "天冷。"});
  }
  pairs.push_back({"We hid BOAT-V there.", "我们把 BOAT-V 藏在那里。"});
  pairs.push_back({"It was dark.", "天黑。"});
  pairs.push_back({"It was calm.", "很静。"});
  pairs.push_back({"We sank BOAT there.", "我们在那里沉了它。"});
  const auto missing = FindMissingNames(pairs, NameOptions());
  ASSERT_THAT(missing, SizeIs(1));
  EXPECT_EQ(missing[0].pair, pairs.size() - 1);
  EXPECT_EQ(missing[0].rendering, "BOAT");
}

TEST(NameRenderingsTest, WordsThatAreNoNamesSayNothing) {
  std::vector<NamedPair> pairs;
  for (const char* chinese : {"船来了。", "船走了。", "船沉了。", "船小。",
                              "船大。", "天冷。", "天黑。", "风停了。"}) {
    pairs.push_back({"Boats, boats. The Boats again.", chinese});
  }
  EXPECT_THAT(FindMissingNames(pairs, NameOptions()), IsEmpty());
  EXPECT_THAT(FindMissingNames({}, NameOptions()), IsEmpty());
}

TEST(NameRenderingsTest, NameWithoutAUsualRenderingSaysNothing) {
  std::vector<NamedPair> pairs;
  for (const char* chinese : {"他来了。", "船走了。", "我见过。", "天冷。",
                              "谁知道呢。", "早就忘了。"}) {
    pairs.push_back({"We saw Marlow.", chinese});
  }
  EXPECT_THAT(FindMissingNames(pairs, NameOptions()), IsEmpty());
}

}  // namespace
}  // namespace duilian::aligner
