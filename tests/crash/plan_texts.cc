#include "tests/crash/plan_texts.h"

#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"

namespace duilian::crash {
namespace {

constexpr std::array<const char*, 5> kEnglishThings = {
    "the red kettle", "the north lamp", "our spare rope", "the tide table",
    "a box of chalk"};
constexpr std::array<const char*, 5> kChineseThings = {
    "红色的水壶", "北边的灯", "备用的绳子", "潮汐表", "一盒粉笔"};

// Most are short; every 25th is long enough for many blocks of the log.
int LineCount(int document) {
  return document % 25 == 24 ? 300 : 3 + document % 20;
}

}  // namespace

std::string DocumentName(int document) {
  return absl::StrCat(kProject, "/documents/plan-", document);
}

Lines LinesOf(int document, int draft) {
  Lines lines;
  for (int step = 1; step <= LineCount(document); ++step) {
    const size_t thing = static_cast<size_t>(step + draft) % 5;
    lines.emplace_back(
        absl::StrCat("Plan ", document, ", draft ", draft, ", step ", step,
                     ": bring ", kEnglishThings[thing], " up the hill."),
        absl::StrCat("第", document, "号计划，第", draft, "稿，第", step,
                     "步：把", kChineseThings[thing], "带上山。"));
  }
  return lines;
}

}  // namespace duilian::crash
