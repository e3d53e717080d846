// Negation is compared by presence alone: a pair is told of when one side
// surely denies and the other holds nothing that could stand for it. What is
// sure, and what could stand for it, are tables: the words came from looking
// at which Chinese negations have an English one beside them in parallel text
// (没有 nine times in ten, 不同 twice), and at what remained.
//
// Tested by negation_test.cc; figures: bench/negation_quality.h.

#include "aligner/negation.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "aligner/characters.h"

namespace duilian::aligner {
namespace {

// ---- English ----

struct Token {
  std::string word;          // lower case; "don't" gives "do" and "not"
  text::ByteSpan span;       // of the word as written
  bool contracted = false;   // the "not" of an n't
  bool ends_clause = false;  // a mark stands behind it
};

bool IsApostrophe(char32_t c) { return c == '\'' || c == 0x2019; }

// "don't" as "do" and "not", "cannot" as "can" and "not".
void AddWord(std::string word, text::ByteSpan span,
             std::vector<Token>& tokens) {
  if (word == "cannot") word = "can not";
  const bool contracted = absl::EndsWith(word, "n't");
  if (word == "can't") {
    word = "can not";
  } else if (contracted) {
    word.replace(word.size() - 3, 3, " not");
  }
  const size_t space = word.find(' ');
  tokens.push_back({word.substr(0, space), span});
  if (space != word.npos) {
    tokens.push_back({word.substr(space + 1), span, contracted});
  }
}

std::vector<Token> TokensOf(absl::string_view english) {
  const Characters chars(english);
  std::vector<Token> tokens;
  for (size_t i = 0; i < chars.size();) {
    if (!IsAsciiLetter(chars[i])) {
      const bool joins = chars[i] == ' ' || chars[i] == '"';
      if (!joins && !tokens.empty()) tokens.back().ends_clause = true;
      ++i;
      continue;
    }
    const size_t begin = i;
    std::string word;
    while (IsAsciiLetter(chars[i]) ||
           (IsApostrophe(chars[i]) && IsAsciiLetter(chars[i + 1]))) {
      word += IsApostrophe(chars[i])
                  ? '\''
                  : absl::ascii_tolower(static_cast<unsigned char>(chars[i]));
      ++i;
    }
    AddWord(std::move(word), chars.Bytes(begin, i), tokens);
  }
  return tokens;
}

constexpr absl::string_view kNegations[] = {
    "neither", "never", "no",      "nobody",  "none",
    "nor",     "not",   "nothing", "nowhere", "without"};
static_assert(std::is_sorted(std::begin(kNegations), std::end(kNegations)));

// Said without denying, or what Chinese often puts the other way round.
constexpr absl::string_view kIdioms[] = {"can not help",
                                         "could not help",
                                         "had no choice",
                                         "has no choice",
                                         "have no choice",
                                         "if not",
                                         "in no time",
                                         "never again",
                                         "never before",
                                         "never ever",
                                         "never failed",
                                         "never fails",
                                         "never fear",
                                         "never mind",
                                         "never once",
                                         "no better",
                                         "no choice but",
                                         "no doubt",
                                         "no earlier",
                                         "no end",
                                         "no exception",
                                         "no fewer",
                                         "no good",
                                         "no later",
                                         "no less",
                                         "no less than",
                                         "no longer",
                                         "no matter",
                                         "no more than",
                                         "no other",
                                         "no problem",
                                         "no question",
                                         "no small",
                                         "no sooner",
                                         "no time",
                                         "no wonder",
                                         "none other",
                                         "none the less",
                                         "none too",
                                         "not agree more",
                                         "not bad",
                                         "not but",
                                         "not even begin",
                                         "not exactly",
                                         "not fail",
                                         "not far",
                                         "not forget",
                                         "not help but",
                                         "not hesitate",
                                         "not just",
                                         "not least",
                                         "not long",
                                         "not lose",
                                         "not matter",
                                         "not merely",
                                         "not mind",
                                         "not miss",
                                         "not only",
                                         "not quite",
                                         "not really",
                                         "not simply",
                                         "not so much",
                                         "not stop",
                                         "not that i know",
                                         "not to mention",
                                         "not too long",
                                         "not unless",
                                         "not unlike",
                                         "not until",
                                         "not wait to",
                                         "not worry",
                                         "not wrong",
                                         "nothing but",
                                         "nothing else",
                                         "nothing less",
                                         "nothing like",
                                         "nothing more",
                                         "nothing other",
                                         "nothing short",
                                         "nothing wrong",
                                         "off the",
                                         "or no",
                                         "or not",
                                         "out of",
                                         "ran out",
                                         "run out",
                                         "whether or not",
                                         "why not",
                                         "without a doubt",
                                         "without doubt",
                                         "without exception",
                                         "without fail",
                                         "without question",
                                         "yet to"};
static_assert(std::is_sorted(std::begin(kIdioms), std::end(kIdioms)));

// Words that hold a negation, or that Chinese often says with one: most stand
// beside an unmatched Chinese negation four times as often as elsewhere.
constexpr absl::string_view kHolders[] = {
    "abandoned",    "absence",    "absent",       "afford",      "afraid",
    "ain't",        "alone",      "apart",        "avoid",       "avoided",
    "avoiding",     "avoids",     "awkward",      "bad",         "badly",
    "banned",       "barely",     "before",       "beyond",      "cease",
    "ceased",       "constantly", "contrary",     "dead",        "denied",
    "denies",       "deny",       "differ",       "difference",  "different",
    "differently",  "differs",    "difficult",    "difficulty",  "disabled",
    "doubt",        "doubted",    "doubts",       "either",      "empty",
    "except",       "exclude",    "excluded",     "excluding",   "excuse",
    "fail",         "failed",     "failing",      "fails",       "failure",
    "false",        "far",        "few",          "fewer",       "forbid",
    "forbidden",    "forget",     "forgot",       "forgotten",   "gone",
    "hard",         "harder",     "hardly",       "hate",        "hated",
    "hates",        "ignore",     "ignored",      "ignores",     "ill",
    "illegal",      "immune",     "impatient",    "impatiently", "imperfect",
    "impossible",   "inability",  "incapable",    "incomplete",  "inconsistent",
    "inconvenient", "incorrect",  "indefinitely", "independent", "indifferent",
    "ineffective",  "inevitable", "inevitably",   "infinite",    "innocent",
    "insane",       "instead",    "insufficient", "interrupted", "invalid",
    "invisible",    "irregular",  "irrelevant",   "lack",        "lacked",
    "lacking",      "lacks",      "least",        "less",        "lest",
    "little",       "lose",       "losing",       "lost",        "misfortune",
    "missed",       "misses",     "missing",      "mistrust",    "must",
    "nah",          "naked",      "naught",       "nay",         "neglected",
    "nonsense",     "nope",       "nor",          "oblivious",   "otherwise",
    "poor",         "poorly",     "prevent",      "prevented",   "preventing",
    "prevents",     "prohibited", "quit",         "rarely",      "rather",
    "refuse",       "refused",    "refuses",      "refusing",    "regardless",
    "reject",       "rejected",   "rejects",      "reluctant",   "reluctantly",
    "resist",       "rid",        "save",         "scarcely",    "seldom",
    "short",        "shy",        "sick",         "silence",     "silent",
    "sorry",        "stop",       "stopped",      "stops",       "strange",
    "than",         "till",       "too",          "trouble",     "unless",
    "unlike",       "until",      "weak",         "wonder",      "wondered",
    "wondering",    "worse",      "worst",        "wrong",       "yet"};
static_assert(std::is_sorted(std::begin(kHolders), std::end(kHolders)));

// Behind an n't: it asks.
constexpr absl::string_view kSubjects[] = {"he",   "i",     "it",    "she",
                                           "that", "there", "these", "they",
                                           "this", "those", "we",    "you"};
static_assert(std::is_sorted(std::begin(kSubjects), std::end(kSubjects)));

template <size_t kSize>
bool Has(const absl::string_view (&words)[kSize], absl::string_view word) {
  return std::binary_search(std::begin(words), std::end(words), word);
}

bool HoldsNegation(absl::string_view word) {
  if (Has(kHolders, word) || absl::EndsWith(word, "less") ||
      absl::EndsWith(word, "lessly")) {
    return true;
  }
  const auto begins = [&](absl::string_view prefix, size_t more) {
    return absl::StartsWith(word, prefix) &&
           word.size() >= prefix.size() + more;
  };
  // Not "under", "unite", "uncle"; not "discuss", "distance", "display".
  const bool is_able =
      absl::EndsWith(word, "able") || absl::EndsWith(word, "ible");
  if (begins("non", 4) || (is_able && (begins("in", 6) || begins("im", 6)))) {
    return true;
  }
  if (begins("un", 4)) {
    return !begins("under", 0) && !begins("uni", 0) && !begins("uncle", 0);
  }
  if (begins("dis", 4)) {
    for (const absl::string_view other :
         {"discu", "disc", "dist", "displ", "disp"}) {
      if (absl::StartsWith(word, other)) return false;
    }
    return true;
  }
  return false;
}

// "don't you", "isn't it": a tag, or a question that expects yes.
bool IsInverted(const std::vector<Token>& tokens, size_t i) {
  return tokens[i].contracted && i + 1 < tokens.size() &&
         Has(kSubjects, tokens[i + 1].word);
}

// "not … until dusk": Chinese says when it begins.
bool IsTimed(const std::vector<Token>& tokens, size_t i) {
  constexpr size_t kNear = 12;  // words
  const size_t end = std::min(i + kNear, tokens.size());
  for (size_t k = i + 1; k < end; ++k) {
    const absl::string_view word = tokens[k].word;
    if (word == "until" || word == "till" || word == "unless") return true;
  }
  return false;
}

constexpr size_t kLongestIdiom = 4;  // words

// Which tokens an idiom takes.
std::vector<bool> InIdioms(const std::vector<Token>& tokens) {
  std::vector<bool> taken(tokens.size(), false);
  for (size_t begin = 0; begin < tokens.size(); ++begin) {
    std::string words;
    for (size_t end = begin;
         end < std::min(begin + kLongestIdiom, tokens.size()); ++end) {
      absl::StrAppend(&words, end > begin ? " " : "", tokens[end].word);
      if (!Has(kIdioms, words)) continue;
      std::fill(taken.begin() + static_cast<std::ptrdiff_t>(begin),
                taken.begin() + static_cast<std::ptrdiff_t>(end) + 1, true);
    }
  }
  return taken;
}

NegationReading ReadEnglish(absl::string_view english) {
  NegationReading reading;
  const std::vector<Token> tokens = TokensOf(english);
  const std::vector<bool> in_idiom = InIdioms(tokens);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (!Has(kNegations, token.word)) {
      reading.possible |= in_idiom[i] || HoldsNegation(token.word);
      continue;
    }
    reading.possible = true;
    // "No, …" answers, and "…, no?" asks.
    const bool answers = token.word == "no" && token.ends_clause;
    const bool weak = token.word == "without" || token.word == "nor" ||
                      token.word == "neither";
    if (!in_idiom[i] && !answers && !weak && !IsInverted(tokens, i) &&
        !IsTimed(tokens, i)) {
      reading.sure.push_back(token.span);
    }
  }
  return reading;
}

// ---- Chinese ----

// Simplified for the few characters that the tables know.
char32_t Simplified(char32_t c) {
  static constexpr std::pair<char32_t, char32_t> kForms[] = {
      {U'沒', U'没'}, {U'無', U'无'}, {U'別', U'别'}, {U'過', U'过'},
      {U'錯', U'错'}, {U'論', U'论'}, {U'僅', U'仅'}, {U'斷', U'断'},
      {U'對', U'对'}, {U'難', U'难'}, {U'會', U'会'}, {U'來', U'来'},
      {U'從', U'从'}, {U'並', U'并'}, {U'還', U'还'}, {U'絕', U'绝'},
      {U'決', U'决'}, {U'應', U'应'}, {U'該', U'该'}, {U'經', U'经'},
      {U'願', U'愿'}, {U'瞭', U'了'}, {U'遠', U'远'}, {U'們', U'们'},
      {U'種', U'种'}, {U'級', U'级'}, {U'區', U'区'}, {U'個', U'个'},
      {U'識', U'识'}, {U'類', U'类'}, {U'離', U'离'}, {U'關', U'关'},
      {U'係', U'系'}, {U'淨', U'净'}, {U'處', U'处'}, {U'絶', U'绝'},
      {U'見', U'见'}, {U'聽', U'听'}, {U'開', U'开'}, {U'壞', U'坏'},
      {U'嗎', U'吗'}, {U'豈', U'岂'}, {U'誰', U'谁'}, {U'麼', U'么'},
      {U'罷', U'罢'}, {U'記', U'记'}, {U'須', U'须'}, {U'單', U'单'},
      {U'隻', U'只'}, {U'認', U'认'}, {U'為', U'为'}, {U'覺', U'觉'},
      {U'確', U'确'}};
  for (const auto& [traditional, simplified] : kForms) {
    if (c == traditional) return simplified;
  }
  return c;
}

std::u32string SimplifiedOf(absl::string_view chinese) {
  const Characters chars(chinese);
  std::u32string text;
  for (size_t i = 0; i < chars.size(); ++i) text += Simplified(chars[i]);
  return text;
}

constexpr std::u32string_view kNegators = U"不没无未别莫勿毋甭非否";

// Words with such a character that never stand for an English negation.
constexpr std::u32string_view kNeutral[] = {
    U"差不多", U"不断",   U"非常", U"特别", U"别人", U"别的", U"分别",
    U"区别",   U"级别",   U"识别", U"类别", U"个别", U"性别", U"辨别",
    U"告别",   U"离别",   U"别墅", U"鉴别", U"各别", U"别致", U"派别",
    U"国别",   U"未来",   U"非洲", U"南非", U"是非", U"非得", U"了不起",
    U"不一会", U"不禁",   U"不由", U"不料", U"不愧", U"不妨", U"不知不觉",
    U"淹没",   U"沉没",   U"埋没", U"出没", U"没收", U"吞没", U"隐没",
    U"没入",   U"否则",   U"北非", U"久别", U"送别", U"道别", U"别处",
    U"别扭",   U"无线",   U"无辜", U"莫名", U"约莫", U"莫非", U"无比",
    U"别名",   U"别动队", U"惜别", U"阔别"};

// Those that may, but that English says without one as often as with.
constexpr std::u32string_view kOptional[] = {
    U"而不是", U"要不是",   U"不同",     U"不少",     U"不久",     U"不错",
    U"不仅",   U"不但",     U"不只",     U"不止",     U"不光",     U"不单",
    U"不论",   U"不管",     U"不得不",   U"不如",     U"不可",     U"不得",
    U"不到",   U"不已",     U"不停",     U"不住",     U"不见",     U"不幸",
    U"不安",   U"不足",     U"不好",     U"不起",     U"不大",     U"不太",
    U"不一样", U"不禁",     U"不然",     U"不必",     U"不小心",   U"不了",
    U"不小",   U"不满",     U"不便",     U"不容易",   U"不易",     U"不动",
    U"不等",   U"不利",     U"不多",     U"不当",     U"不良",     U"不适",
    U"不解",   U"不堪",     U"不快",     U"不肯",     U"不惜",     U"不顾",
    U"不平",   U"不定",     U"不明",     U"不具",     U"不受",     U"不合",
    U"不在乎", U"不像",     U"不够",     U"不在",     U"不对",     U"没准",
    U"没关系", U"没错",     U"没事",     U"没什么",   U"没想到",   U"毫无",
    U"没完",   U"没多久",   U"没有多久", U"没过多久", U"没一会",   U"没几",
    U"尚未",   U"没意思",   U"没劲",     U"没用",     U"没命",     U"不耐",
    U"不屑",   U"不敢当",   U"不好意思", U"不客气",   U"不行",     U"不死",
    U"不说",   U"不提",     U"不清",     U"不懂",     U"不舒服",   U"不高兴",
    U"不时",   U"不拘",     U"不得了",   U"不外",     U"不啻",     U"不愧",
    U"不归",   U"不遗余力", U"不假",     U"不乏",     U"不忘",     U"不要命",
    U"不怕",   U"不亚于",   U"不赖",     U"不免",     U"不择手段", U"不费",
    U"不齿",   U"没齿"};

// Negations that English has, too, nine times in ten.
constexpr std::u32string_view kSure[] = {
    U"没有",   U"不会",     U"不能",   U"不知道", U"不要",   U"不想",
    U"不喜欢", U"不应",     U"不该",   U"不是",   U"并不",   U"并没",
    U"并非",   U"从不",     U"从没",   U"从未",   U"从来不", U"从来没",
    U"绝不",   U"决不",     U"没人",   U"没法",   U"不再",   U"不需",
    U"不认为", U"不觉得",   U"不相信", U"不信",   U"不确定", U"不介意",
    U"不认识", U"不记得",   U"不打算", U"我不",   U"你不",   U"他不",
    U"她不",   U"它不",     U"们不",   U"也不",   U"但不",   U"我没",
    U"你没",   U"他没",     U"她没",   U"它没",   U"们没",   U"也没",
    U"但没",   U"无法",     U"不关心", U"不懂得", U"不应该", U"都没",
    U"根本不", U"一点也不", U"绝没",   U"不敢",   U"没",     U"真不",
    U"还不",   U"都不",     U"又不",   U"却不",   U"不清楚", U"不害怕",
    U"不必",   U"不用",     U"太不",   U"那不",   U"的不是", U"不认",
    U"不可能", U"不了解",   U"不明白", U"不值得", U"不需要", U"不允许",
    U"不存在", U"不理解"};

// What English negations become without one in Chinese. Single characters: a
// longer word would find less.
constexpr std::u32string_view kStandIns =
    U"难拒缺少免失禁才休岂罢忘罕避远绝忍疑";

// The places of a table's words, as [begin, end) marks over the text.
template <size_t kSize>
std::vector<bool> MarkWords(std::u32string_view text,
                            const std::u32string_view (&words)[kSize]) {
  std::vector<bool> marks(text.size(), false);
  for (const std::u32string_view word : words) {
    for (size_t at = text.find(word); at != text.npos;
         at = text.find(word, at + 1)) {
      std::fill_n(marks.begin() + static_cast<std::ptrdiff_t>(at), word.size(),
                  true);
    }
  }
  return marks;
}

// 是不是, 有没有, 能不能: asks, denies nothing. 现在不在 denies.
bool IsChoice(std::u32string_view text, size_t i) {
  const auto at = [&](size_t k) { return k < text.size() ? text[k] : U'\0'; };
  if (i == 0 || (text[i] != U'不' && text[i] != U'没')) return false;
  if (at(i - 1) == at(i + 1)) {
    constexpr std::u32string_view kWordsBefore = U"现正存机社可但只就还于总若";
    return i < 2 || kWordsBefore.find(at(i - 2)) == kWordsBefore.npos;
  }
  return i >= 2 && at(i - 2) == at(i + 1) && at(i - 1) == at(i + 2);
}

constexpr std::u32string_view kClauseEnds = U"，。、；：？！,.;:?!」』”’\"' \n";

// From i to the end of what is said there, or as far as matters.
std::u32string_view ClauseFrom(std::u32string_view text, size_t i) {
  constexpr size_t kLongest = 60;  // characters
  const std::u32string_view rest = text.substr(i, kLongest);
  return rest.substr(0, rest.find_first_of(kClauseEnds));
}

// "But": 不过 where something begins; 打不过 is "cannot beat".
bool IsBut(std::u32string_view text, size_t i) {
  return text.substr(i).starts_with(U"不过") &&
         (i == 0 || kClauseEnds.find(text[i - 1]) != kClauseEnds.npos);
}

// 不…吗, 岂不…, …了没有？: a question, or one that expects yes.
bool IsAsked(std::u32string_view text, size_t i) {
  const std::u32string_view clause = ClauseFrom(text, i);
  const bool closes = clause == U"没有" || clause == U"不" || clause == U"没";
  const size_t end = i + clause.size();
  if (closes && i > 0 && end < text.size() &&
      (text[end] == U'？' || text[end] == U'?' || text[i - 1] == U'了')) {
    return true;
  }
  const std::u32string_view before = text.substr(0, i);
  return clause.find_first_of(U"吗吧罢么") != clause.npos ||
         before.ends_with(U"岂") || before.ends_with(U"谁说");
}

// Which characters deny, or may. 不 of a choice does neither here: it asks.
std::vector<bool> MarkNegators(std::u32string_view text) {
  const std::vector<bool> neutral = MarkWords(text, kNeutral);
  std::vector<bool> marks(text.size(), false);
  for (size_t i = 0; i < text.size(); ++i) {
    marks[i] = kNegators.find(text[i]) != kNegators.npos && !neutral[i] &&
               !IsChoice(text, i) && !IsBut(text, i);
  }
  return marks;
}

// 不会是没道理, 没有不爱的: two that make a yes.
bool IsDoubled(std::u32string_view text, const std::vector<bool>& negators,
               size_t i) {
  constexpr size_t kNear = 5;  // characters
  const auto ends = [&](size_t k) {
    return kClauseEnds.find(text[k]) != kClauseEnds.npos;
  };
  for (size_t k = i + 1; k < std::min(i + 1 + kNear, text.size()); ++k) {
    if (ends(k)) break;
    if (negators[k]) return true;
  }
  for (size_t k = i; k > 0 && k + kNear > i; --k) {
    if (ends(k - 1)) break;
    if (negators[k - 1]) return true;
  }
  return false;
}

NegationReading ReadChinese(absl::string_view chinese) {
  NegationReading reading;
  const std::u32string text = SimplifiedOf(chinese);
  const std::vector<bool> negators = MarkNegators(text);
  const std::vector<bool> optional = MarkWords(text, kOptional);
  const std::vector<bool> sure = MarkWords(text, kSure);
  const Characters chars(chinese);
  const size_t doubted = text.find(U"难道");  // all behind it is asked
  for (size_t i = 0; i < text.size(); ++i) {
    reading.possible |= negators[i] || IsChoice(text, i) ||
                        kStandIns.find(text[i]) != kStandIns.npos;
    if (!negators[i] || !sure[i] || optional[i] || i > doubted ||
        IsAsked(text, i) || IsDoubled(text, negators, i)) {
      continue;
    }
    reading.sure.push_back(chars.Bytes(i, std::min(i + 2, text.size())));
  }
  return reading;
}

}  // namespace

NegationReading ReadNegations(absl::string_view text, text::Language language) {
  return language == text::Language::kEnglish ? ReadEnglish(text)
                                              : ReadChinese(text);
}

std::optional<NegationMismatch> CompareNegations(absl::string_view english,
                                                 absl::string_view chinese) {
  const NegationReading en = ReadEnglish(english);
  const NegationReading zh = ReadChinese(chinese);
  if (!en.sure.empty() && !zh.possible) {
    return NegationMismatch{text::Language::kEnglish, en.sure.front()};
  }
  if (!zh.sure.empty() && !en.possible) {
    return NegationMismatch{text::Language::kChinese, zh.sure.front()};
  }
  return std::nullopt;
}

}  // namespace duilian::aligner
