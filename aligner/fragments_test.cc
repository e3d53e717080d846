#include "aligner/fragments.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

absl::string_view KindName(FragmentKind kind) {
  constexpr absl::string_view kNames[] = {"name", "org",   "product",
                                          "term", "reply", "quote"};
  return kNames[static_cast<int>(kind)];
}

std::vector<std::string> Texts(absl::string_view chinese) {
  std::vector<std::string> texts;
  for (const Fragment& f : ExtractFragments(chinese)) texts.push_back(f.text);
  return texts;
}

TEST(FragmentsTest, FindsMaximalRuns) {
  const struct {
    const char* chinese;
    std::vector<std::string> fragments;
  } cases[] = {
      {"他用 Node.js 和 C++ 写，也用 C#。", {"Node.js", "C++", "C#"}},
      {"AT&T 与 Johnson & Johnson 的 R&D",
       {"AT&T", "Johnson & Johnson", "R&D"}},
      {"Jean-Luc O'Neil来了,Anna,Ben也来", {"Jean-Luc O'Neil", "Anna", "Ben"}},
      {"看 DALL·E 1 和 iPhone 15 Pro", {"DALL·E 1", "iPhone 15 Pro"}},
      {"GPT-4 100 次，Sam 3 月到，Sora 2 亿", {"GPT-4", "Sam", "Sora"}},
      {"Y 轴、Q* 项目和 a 点", {"Y", "Q*"}},
      {"64K 内存，3D 电影，第 16th 次", {"3D"}},
      {"two  spaces", {"two", "spaces"}},
      {"ＡＧＩ 和 ＧＰＴ－５", {"ＡＧＩ", "ＧＰＴ－５"}},
      {"见 https://example.org/Some/Path?q=a。还有 www.example.org", {}},
      {"写信给 ann.lee@example.org 或找 Ann", {"Ann"}},
      {"请 mail ann@example.org", {"mail"}},
      {"没有外文，只有 42。", {}},
      {"", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.chinese);
    EXPECT_THAT(Texts(c.chinese), ElementsAreArray(c.fragments));
  }
}

TEST(FragmentsTest, NameAloneOnItsLinesSaysWhoSpeaks) {
  EXPECT_THAT(
      Texts("Ann Lee\n我用 Sora。\nBen Wu \r\nAnn Lee 说得对。\nAnn Lee\n"
            "好。\nBen Wu\nYes\n好。\nYes\n"),
      ElementsAre("Sora", "Ann Lee", "Yes", "Yes"));
  EXPECT_THAT(Texts("Ann Lee\n她来了。\n"), ElementsAre("Ann Lee"));
}

TEST(FragmentsTest, TellsKindsByShapeAndSurroundings) {
  const struct {
    const char* chinese;
    const char* kind;
  } cases[] = {
      {"和 Ann Lee 谈", "name"},
      {"Ada 说", "name"},
      {"Acme CEO Ann van Dyke 说", "name"},
      {"Borel 教授", "name"},
      {"在 DeepBridge 工作", "org"},
      {"在 Bridge 公司工作", "org"},
      {"Bridge Research Institute 的人", "org"},
      {"去 Google 上班", "org"},
      {"用 BRG-7 造桥", "product"},
      {"BRG-7 API 很好用", "product"},
      {"Bridge 模型", "product"},
      {"Bridge 系統", "product"},
      {"在 Bridge 大學讀書", "org"},
      {"Borel 老師", "name"},
      {"买 iPhone", "product"},
      {"所谓 CAD", "term"},
      {"很多 LLMs", "term"},
      {"每个 token", "term"},
      {"看 context window 的长度", "term"},
      {"Part 7", "term"},
      {"Sure", "reply"},
      {"Thank you。", "reply"},
      {"所谓「open」是什么", "quote"},
      {"所谓“ open source ”是什么", "quote"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.chinese);
    const std::vector<Fragment> fragments = ExtractFragments(c.chinese);
    ASSERT_EQ(fragments.size(), 1u);
    EXPECT_EQ(KindName(fragments[0].kind), c.kind);
  }
}

TEST(FragmentsTest, GivesTheChineseThatTheTextGives) {
  const struct {
    const char* chinese;
    std::vector<std::string> renderings;
  } cases[] = {
      {"大家造出了有限元分析（FEA）的软件", {"有限元分析"}},
      {"用「荷载分析」(LA)来算", {"荷载分析"}},
      {"FEA(有限元分析)很快", {"有限元分析"}},
      {"FEA （有限元分析）很快", {"有限元分析"}},
      {"有限元分析(FEA, 见上)", {"有限元分析"}},
      {"Ann(大笑)：Ben(笑)", {"", ""}},
      {"FEA 很快(真的)", {""}},
      {"這裡說的是這種有限元分析(FEA)。", {"有限元分析"}},
      // One place alone does not tell where the term begins; two do.
      {"关于经典有限元分析(FEA)。", {"经典有限元分析"}},
      {"关于经典有限元分析(FEA)。学习有限元分析(FEA)。",
       {"有限元分析", "有限元分析"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.chinese);
    const std::string text = c.chinese;
    std::vector<std::string> renderings;
    for (const Fragment& f : ExtractFragments(text)) {
      renderings.push_back(f.rendering);
      EXPECT_EQ(text.substr(f.rendering_span.begin, f.rendering_span.size()),
                f.rendering);
      EXPECT_EQ(text.substr(f.span.begin, f.span.size()), f.text);
    }
    EXPECT_THAT(renderings, ElementsAreArray(c.renderings));
  }
}

using Counts = std::map<std::string, int>;

// How many of `gold` are in `found`, as multisets.
int CommonCount(const Counts& gold, const Counts& found) {
  int common = 0;
  for (const auto& [key, count] : gold) {
    const auto it = found.find(key);
    if (it != found.end()) common += std::min(count, it->second);
  }
  return common;
}

int Total(const Counts& counts) {
  int total = 0;
  for (const auto& [key, count] : counts) total += count;
  return total;
}

TEST(FragmentsTest, FindsTheInterviewsFragmentsAndTheirKinds) {
  const std::string folder = DUILIAN_SHARED_DIR "/data/interview/";
  std::ifstream gold_file(folder + "fragments.dev.tsv");
  std::ifstream lines_file(folder + "zh.lines.txt");
  if (!gold_file || !lines_file) {
    GTEST_SKIP() << folder
                 << "fragments.dev.tsv is absent: the real interview lies "
                    "beside the repository and is not part of it";
  }
  Counts gold, gold_kinds, found, found_kinds;
  int last_line = 0;
  for (std::string row; std::getline(gold_file, row);) {
    const std::vector<std::string> fields = absl::StrSplit(row, '\t');
    ++gold[absl::StrCat(fields[0], "\t", fields[1])];
    ++gold_kinds[absl::StrCat(fields[0], "\t", fields[1], "\t", fields[2])];
    last_line = std::max(last_line, std::stoi(fields[0]));
  }
  int number = 0;
  for (std::string line; std::getline(lines_file, line); ++number) {
    if (number > last_line) break;  // the gold ends here
    for (const Fragment& f : ExtractFragments(line)) {
      ++found[absl::StrCat(number, "\t", f.text)];
      ++found_kinds[absl::StrCat(number, "\t", f.text, "\t", KindName(f.kind))];
    }
  }
  const int common = CommonCount(gold, found);
  ASSERT_GT(common, 0);
  const double f1 = 2.0 * common / (Total(gold) + Total(found));
  const double kinds = double(CommonCount(gold_kinds, found_kinds)) / common;
  RecordProperty("f1", absl::StrCat(f1));
  RecordProperty("kinds", absl::StrCat(kinds));
  EXPECT_GE(f1, 0.99);
  EXPECT_GE(kinds, 0.98);
}

}  // namespace
}  // namespace duilian::aligner
