#include "aligner/clauses.h"

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using text::Language;

std::string Cut(absl::string_view segment, Language language) {
  std::vector<std::string> clauses;
  for (const text::ByteSpan& span : CutClauses(segment, language)) {
    clauses.emplace_back(segment.substr(span.begin, span.size()));
  }
  return absl::StrJoin(clauses, "|");
}

TEST(ClausesTest, EndBehindMarks) {
  const struct {
    const char* name;
    Language language;
    const char* segment;
    const char* want;
  } cases[] = {
      {"wide marks", Language::kChinese, "渡船晚了半天，我们走路回家。",
       "渡船晚了半天，|我们走路回家。"},
      {"narrow marks in Chinese", Language::kChinese,
       "渡船晚了半天,我们走路回家。", "渡船晚了半天,|我们走路回家。"},
      {"a dash of two", Language::kChinese, "渡船晚了半天——我们走路回家。",
       "渡船晚了半天——|我们走路回家。"},
      {"colons", Language::kChinese, "船夫对大家说：今天不开船了。",
       "船夫对大家说：|今天不开船了。"},
      {"a short one goes with the next", Language::kChinese,
       "好吧，我们走路回家，明天再来。", "好吧，我们走路回家，|明天再来。"},
      {"a short one at the end", Language::kChinese, "我们走路回家，好吗？",
       "我们走路回家，好吗？"},
      {"English", Language::kEnglish,
       "The ferry was late, so we walked home; it rained.",
       "The ferry was late,| so we walked home;| it rained."},
      {"no cut inside a number", Language::kEnglish,
       "They waited for 1,000 days and 3.5 hours.",
       "They waited for 1,000 days and 3.5 hours."},
      {"short in English", Language::kEnglish, "Well, yes, the ferry was late.",
       "Well, yes,| the ferry was late."},
      {"no mark", Language::kEnglish, "a heading of some length",
       "a heading of some length"},
      {"empty", Language::kEnglish, "", ""},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.name);
    EXPECT_EQ(Cut(one.segment, one.language), one.want);
  }
}

TEST(ClausesTest, AnEmptySegmentIsOneClause) {
  EXPECT_EQ(CutClauses("", Language::kChinese).size(), 1);
}

}  // namespace
}  // namespace duilian::aligner
