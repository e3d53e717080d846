#include "tests/soak/sentences.h"

#include <array>
#include <cstddef>
#include <vector>

#include "text/utf8.h"

namespace duilian::soak {
namespace {

constexpr std::array kEnglish = {
    "kettle", "lamp",     "rope",   "tide",   "chalk",   "harbour", "engine",
    "model",  "signal",   "window", "garden", "bridge",  "winter",  "letter",
    "copper", "paper",    "river",  "stone",  "market",  "circle",  "travels",
    "keeps",  "measures", "brings", "asks",   "carries", "opens",   "watches",
    "slowly", "often",    "never",  "again",  "before",  "behind",  "under",
    "the",    "a",        "our",    "every",  "their",   "small",   "quiet",
    "heavy",  "bright",   "narrow", "and",    "with",    "without", "from"};

constexpr std::array kChinese = {
    "水壶", "灯",   "绳子", "潮汐", "粉笔", "港口", "引擎", "模型", "信号",
    "窗户", "花园", "桥",   "冬天", "书信", "铜",   "纸",   "河流", "石头",
    "市场", "圆圈", "旅行", "保持", "测量", "带来", "询问", "携带", "打开",
    "观察", "慢慢", "常常", "从不", "再次", "之前", "后面", "下面", "这个",
    "一个", "我们", "每次", "他们", "小的", "安静", "沉重", "明亮", "狭窄",
    "和",   "跟着", "没有", "来自"};

template <typename Words>
const char* PickWord(const Words& words, Random& random) {
  return words[static_cast<size_t>(
      Pick(0, static_cast<int>(words.size()) - 1, random))];
}

}  // namespace

std::string EnglishWord(Random& random) { return PickWord(kEnglish, random); }

Line MakeLine(Random& random) {
  Line line;
  const int words = Pick(5, 14, random);
  for (int i = 0; i < words; ++i) {
    if (i > 0) line.english += ' ';
    line.english += PickWord(kEnglish, random);
    line.chinese += PickWord(kChinese, random);
    if (i == words / 2 && Pick(0, 2, random) == 0) line.chinese += "，";
  }
  line.english[0] = static_cast<char>(line.english[0] - 'a' + 'A');
  line.english += Pick(0, 4, random) == 0 ? "?" : ".";
  line.chinese += Pick(0, 4, random) == 0 ? "？" : "。";
  return line;
}

std::string WithTypos(const std::string& text, Random& random) {
  std::vector<char32_t> letters = text::Codepoints(text);
  for (int typos = Pick(1, 3, random); typos > 0; --typos) {
    const int at = Pick(0, static_cast<int>(letters.size()) - 1, random);
    const auto place = letters.begin() + at;
    const int other = Pick(0, static_cast<int>(letters.size()) - 1, random);
    const char32_t letter = letters[static_cast<size_t>(other)];
    switch (Pick(0, 2, random)) {
      case 0:
        if (letters.size() > 2) letters.erase(place);
        break;
      case 1:
        letters.insert(place, letter);
        break;
      default:
        *place = letter;
    }
  }
  std::string changed;
  for (const char32_t letter : letters) text::AppendUtf8(letter, changed);
  return changed;
}

}  // namespace duilian::soak
