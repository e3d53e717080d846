#include "aligner/word_classes.h"

#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

bool Holds(std::u32string_view characters, char32_t character) {
  return characters.find(character) != std::u32string_view::npos;
}

struct EnglishClass {
  WordClass word_class;
  absl::string_view words;  // a space on both sides of each
};

constexpr EnglishClass kEnglishClasses[] = {
    {WordClass::kParticle, " the a an "},
    {WordClass::kPreposition,
     " of in on at to for from with by as into over about through after before "
     "between under during without than "},
    {WordClass::kConjunction,
     " and or but so because if when while that which who what where how why "
     "then whether though although "},
    {WordClass::kPronoun,
     " i you he she it we they me him her us them there this these those "},
    {WordClass::kDeterminer,
     " my your his its our their some any each every no 's ’s "},
    {WordClass::kAuxiliary,
     " is are was were be been being am have has had do does did will would "
     "can "
     "could should may might must get got going "},
    {WordClass::kAdverb,
     " just also very really actually maybe like not too even still only now "
     "here well "},
};

struct ChineseClass {
  WordClass word_class;
  std::u32string_view characters;
};

constexpr ChineseClass kChineseClasses[] = {
    {WordClass::kParticle, U"的了着地得吗呢吧啊呀嘛过"},
    {WordClass::kPreposition, U"在对把被从向跟以为于给用由将按当"},
    {WordClass::kConjunction, U"和与及而但且或如则因所并虽"},
    {WordClass::kPronoun, U"我你他她它们您咱自"},
    {WordClass::kDeterminer, U"这那每某个些各该其位名种"},
    {WordClass::kAuxiliary, U"是有会要能可应想做让使"},
    {WordClass::kAdverb, U"就也都还很又再只太更最不没已才正便后前时候"},
};

}  // namespace

WordClass ClassOfEnglish(absl::string_view word) {
  const std::string key = absl::StrCat(" ", absl::AsciiStrToLower(word), " ");
  for (const EnglishClass& entry : kEnglishClasses) {
    if (absl::StrContains(entry.words, key)) return entry.word_class;
  }
  return WordClass::kContent;
}

WordClass ClassOfChinese(char32_t character) {
  for (const ChineseClass& entry : kChineseClasses) {
    if (Holds(entry.characters, character)) return entry.word_class;
  }
  return WordClass::kContent;
}

int BracketOf(char32_t character) {
  if (Holds(U"([（「『《“【", character)) return 1;
  return Holds(U")]）」』》”】", character) ? -1 : 0;
}

bool IsNumeral(char32_t character) {
  return text::IsDigit(character) ||
         Holds(U"一二三四五六七八九十百千万亿两几半", character);
}

}  // namespace duilian::aligner
