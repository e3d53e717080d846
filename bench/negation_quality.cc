#include "bench/negation_quality.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "aligner/negation.h"

namespace duilian::bench {
namespace {

using aligner::Segment;
using aligner::Transcript;
using aligner::training::GoldBead;
using aligner::training::GoldDocument;

// What stands in a text, and what it becomes.
using Change = std::pair<absl::string_view, absl::string_view>;

// Longer words before those that they begin with.
constexpr Change kEnglishNegations[] = {{"cannot", "can"},
                                        {"can't", "can"},
                                        {"won't", "will"},
                                        {"shan't", "shall"},
                                        {"n't", ""},
                                        {" not ", " "},
                                        {" never ", " always "},
                                        {"nobody", "everybody"},
                                        {"nothing", "everything"},
                                        {"no one", "everyone"},
                                        {" no ", " some "},
                                        {" none ", " all "}};
constexpr Change kEnglishVerbs[] = {
    {" is ", " is not "},         {" are ", " are not "},
    {" was ", " was not "},       {" were ", " were not "},
    {" can ", " cannot "},        {" will ", " will not "},
    {" would ", " would not "},   {" could ", " could not "},
    {" should ", " should not "}, {"'s ", "'s not "},
    {"'re ", "'re not "}};
// A word that becomes itself is passed over.
constexpr Change kChineseNegations[] = {
    {"不过", "不过"},     {"差不多", "差不多"},
    {"不断", "不断"},     {"不仅", "不仅"},
    {"不但", "不但"},     {"不管", "不管"},
    {"不论", "不论"},     {"不久", "不久"},
    {"不同", "不同"},     {"不得不", "不得不"},
    {"是不是", "是不是"}, {"有没有", "有没有"},
    {"能不能", "能不能"}, {"会不会", "会不会"},
    {"要不要", "要不要"}, {"不是", "是"},
    {"没有", "有"},       {"从未", "曾"},
    {"无法", "能"},       {"并非", "是"},
    {"不", ""},           {"没", ""}};
constexpr Change kChineseVerbs[] = {
    {"但是", "但是"},   {"可是", "可是"},   {"于是", "于是"},
    {"还是", "还是"},   {"只是", "只是"},   {"要是", "要是"},
    {"总是", "总是"},   {"或是", "或是"},   {"凡是", "凡是"},
    {"若是", "若是"},   {"机会", "机会"},   {"社会", "社会"},
    {"会议", "会议"},   {"一会", "一会"},   {"可能", "可能"},
    {"能力", "能力"},   {"能量", "能量"},   {"功能", "功能"},
    {"智能", "智能"},   {"只能", "只能"},   {"主要", "主要"},
    {"重要", "重要"},   {"只要", "只要"},   {"需要", "不需要"},
    {"思想", "思想"},   {"想法", "想法"},   {"想象", "想象"},
    {"所有", "所有"},   {"有些", "有些"},   {"有点", "有点"},
    {"只有", "只有"},   {"还有", "还有"},   {"具有", "不具有"},
    {"喜欢", "不喜欢"}, {"知道", "不知道"}, {"可以", "不可以"},
    {"应该", "不应该"}, {"觉得", "不觉得"}, {"相信", "不相信"},
    {"是", "不是"},     {"会", "不会"},     {"能", "不能"},
    {"要", "不要"},     {"想", "不想"},     {"有", "没有"}};

// The first change that applies, from the left.
template <size_t kSize>
std::optional<std::string> ChangeFirst(absl::string_view text,
                                       const Change (&changes)[kSize]) {
  const std::string lower = absl::AsciiStrToLower(text);
  for (size_t at = 0; at < lower.size();) {
    const auto* const change = std::find_if(
        std::begin(changes), std::end(changes), [&](const Change& c) {
          return absl::StartsWith(absl::string_view(lower).substr(at), c.first);
        });
    if (change == std::end(changes)) {
      ++at;
    } else if (change->first == change->second) {
      at += change->first.size();
    } else {
      return absl::StrCat(text.substr(0, at), change->second,
                          text.substr(at + change->first.size()));
    }
  }
  return std::nullopt;
}

std::string TextOf(const Transcript& side, const std::vector<int>& segments,
                   absl::string_view separator) {
  std::string text;
  for (const int i : segments) {
    absl::StrAppend(&text, text.empty() ? "" : separator,
                    side.segments[static_cast<size_t>(i)].text);
  }
  return text;
}

// Typographic apostrophes, which the tables above do without.
std::string WithPlainApostrophes(absl::string_view text) {
  std::string plain;
  for (size_t at = 0; at < text.size();) {
    const bool curly = absl::StartsWith(text.substr(at), "’");
    plain += curly ? '\'' : text[at];
    at += curly ? absl::string_view("’").size() : 1;
  }
  return plain;
}

void Count(absl::string_view english, absl::string_view chinese, Rate& rate) {
  ++rate.cases;
  rate.found += aligner::CompareNegations(english, chinese).has_value();
}

void Measure(const std::string& english, const std::string& chinese,
             NegationQuality& quality) {
  Count(english, chinese, quality.right);
  const auto english_without = WithoutNegation(english);
  const auto chinese_without = WithoutChineseNegation(chinese);
  if (english_without.has_value() && chinese_without.has_value()) {
    Count(english, *chinese_without, quality.lost_in_chinese);
    Count(*english_without, chinese, quality.lost_in_english);
  }
  if (english_without.has_value() || chinese_without.has_value()) return;
  if (const auto added = WithChineseNegation(chinese); added.has_value()) {
    Count(english, *added, quality.added_in_chinese);
  }
  if (const auto added = WithNegation(english); added.has_value()) {
    Count(*added, chinese, quality.added_in_english);
  }
}

void PrintRow(const char* name, const NegationQuality& quality) {
  std::printf("%-12s", name);
  for (const Rate& rate :
       {quality.right, quality.lost_in_chinese, quality.added_in_chinese,
        quality.lost_in_english, quality.added_in_english}) {
    std::printf("  %4d of %4d %5.1f %%", rate.found, rate.cases,
                100 * rate.Share());
  }
  std::printf("\n");
}

}  // namespace

std::optional<std::string> WithoutNegation(absl::string_view english) {
  return ChangeFirst(english, kEnglishNegations);
}

std::optional<std::string> WithNegation(absl::string_view english) {
  return ChangeFirst(english, kEnglishVerbs);
}

std::optional<std::string> WithoutChineseNegation(absl::string_view chinese) {
  return ChangeFirst(chinese, kChineseNegations);
}

std::optional<std::string> WithChineseNegation(absl::string_view chinese) {
  return ChangeFirst(chinese, kChineseVerbs);
}

NegationQuality MeasureNegation(
    absl::Span<const GoldDocument* const> documents) {
  NegationQuality quality;
  for (const GoldDocument* document : documents) {
    for (const GoldBead& bead : document->beads) {
      if (bead.chinese.empty() || bead.english.empty()) continue;
      Measure(
          WithPlainApostrophes(TextOf(document->english, bead.english, " ")),
          TextOf(document->chinese, bead.chinese, ""), quality);
    }
  }
  return quality;
}

void PrintNegationQuality(absl::Span<const GoldDocument* const> documents) {
  if (documents.empty()) return;
  std::printf("%-12s  %-21s  %-21s  %-21s  %-21s  %s\n", "negations",
              "right pairs told of", "lost in the Chinese",
              "added in the Chinese", "lost in the English",
              "added in the English");
  PrintRow("novels", MeasureNegation(documents.first(documents.size() - 1)));
  PrintRow("interview", MeasureNegation(documents.last(1)));
}

}  // namespace duilian::bench
