#include "aligner/name_likeness.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"

namespace duilian::aligner {
namespace {

struct Reading {
  std::u32string_view characters;
  const char* syllable;
};

// The characters that names are spelled with, by syllable.
constexpr Reading kReadings[] = {
    {U"阿啊", "a"},     {U"艾埃爱", "ai"},  {U"安", "an"},
    {U"昂", "ang"},     {U"奥敖", "ao"},    {U"巴芭", "ba"},
    {U"拜", "bai"},     {U"班", "ban"},     {U"邦", "bang"},
    {U"保鲍", "bao"},   {U"贝", "bei"},     {U"本", "ben"},
    {U"比彼", "bi"},    {U"宾", "bin"},     {U"波博伯", "bo"},
    {U"布", "bu"},      {U"查", "cha"},     {U"达", "da"},
    {U"戴代黛", "dai"}, {U"丹", "dan"},     {U"道", "dao"},
    {U"德", "de"},      {U"登", "den"},     {U"迪蒂狄", "di"},
    {U"丁", "din"},     {U"杜都", "du"},    {U"顿", "dun"},
    {U"多", "do"},      {U"厄俄", "e"},     {U"恩", "en"},
    {U"尔", "er"},      {U"法", "fa"},      {U"凡范", "fan"},
    {U"菲费", "fei"},   {U"芬", "fen"},     {U"弗夫福佛", "fu"},
    {U"富", "fu"},      {U"盖", "gai"},     {U"甘", "gan"},
    {U"戈格哥", "ge"},  {U"根", "gen"},     {U"古", "gu"},
    {U"哈", "ha"},      {U"海", "hai"},     {U"汉", "han"},
    {U"豪", "hao"},     {U"赫", "he"},      {U"亨", "hen"},
    {U"霍", "ho"},      {U"胡", "hu"},      {U"惠", "wei"},
    {U"基吉", "ji"},    {U"加嘉", "jia"},   {U"杰", "jie"},
    {U"金", "jin"},     {U"卡", "ka"},      {U"凯", "kai"},
    {U"坎", "kan"},     {U"考", "kao"},     {U"科柯可", "ke"},
    {U"克", "ke"},      {U"肯", "ken"},     {U"库", "ku"},
    {U"昆", "kun"},     {U"拉", "la"},      {U"莱赖", "lai"},
    {U"兰", "lan"},     {U"朗", "lang"},    {U"劳", "lao"},
    {U"勒", "le"},      {U"雷", "lei"},     {U"利里莉丽黎", "li"},
    {U"林琳", "lin"},   {U"卢鲁露", "lu"},  {U"伦", "lun"},
    {U"罗洛", "lo"},    {U"马玛", "ma"},    {U"迈", "mai"},
    {U"曼", "man"},     {U"芒", "mang"},    {U"毛", "mao"},
    {U"梅", "mei"},     {U"门", "men"},     {U"蒙", "mon"},
    {U"米", "mi"},      {U"明", "min"},     {U"莫摩默", "mo"},
    {U"穆", "mu"},      {U"纳娜", "na"},    {U"奈", "nai"},
    {U"南楠", "nan"},   {U"内", "nei"},     {U"尼妮", "ni"},
    {U"宁", "nin"},     {U"纽", "niu"},     {U"诺", "no"},
    {U"努", "nu"},      {U"欧", "o"},       {U"帕", "pa"},
    {U"潘", "pan"},     {U"佩", "pei"},     {U"彭", "pen"},
    {U"皮", "pi"},      {U"平", "pin"},     {U"珀", "po"},
    {U"普", "pu"},      {U"齐奇", "qi"},    {U"乔", "qiao"},
    {U"琼", "qion"},    {U"热", "re"},      {U"瑞", "rui"},
    {U"若", "ro"},      {U"萨莎", "sa"},    {U"赛塞", "sai"},
    {U"桑", "san"},     {U"瑟", "se"},      {U"森", "sen"},
    {U"沙", "sha"},     {U"尚", "shang"},   {U"圣", "shen"},
    {U"舍谢", "she"},   {U"史什施", "shi"}, {U"舒", "shu"},
    {U"斯丝思", "si"},  {U"松", "son"},     {U"苏", "su"},
    {U"索", "so"},      {U"塔", "ta"},      {U"泰", "tai"},
    {U"坦", "tan"},     {U"汤", "tan"},     {U"特", "te"},
    {U"腾", "ten"},     {U"提", "ti"},      {U"廷", "tin"},
    {U"图", "tu"},      {U"托", "to"},      {U"瓦", "wa"},
    {U"万", "wan"},     {U"旺", "wang"},    {U"威维薇", "wei"},
    {U"温文", "wen"},   {U"沃", "wo"},      {U"伍武", "wu"},
    {U"西希锡", "xi"},  {U"夏", "xia"},     {U"香", "xiang"},
    {U"肖", "xiao"},    {U"辛欣", "xin"},   {U"休", "xiu"},
    {U"雪", "xue"},     {U"逊", "xun"},     {U"雅亚娅", "ya"},
    {U"扬", "yang"},    {U"耶叶", "ye"},    {U"伊依", "yi"},
    {U"因英", "yin"},   {U"尤", "you"},     {U"约", "yue"},
    {U"隆", "lon"},     {U"龙", "lon"},     {U"扎", "zha"},
    {U"詹", "zhan"},    {U"珍", "zhen"},    {U"朱", "zhu"},
    {U"佐", "zo"},      {U"兹", "zi"},      {U"茨", "ci"},
    {U"泽", "ze"},      {U"曾", "zen"},
};

const Reading* FindReading(char32_t character) {
  for (const Reading& reading : kReadings) {
    if (reading.characters.find(character) != std::u32string_view::npos) {
      return &reading;
    }
  }
  return nullptr;
}

// P, M, F, T, N, L, K, S consonants; H and W weak ones; A, E, O vowels.
char ClassOf(char letter) {
  switch (letter) {
    case 'b':
    case 'p':
      return 'P';
    case 'm':
      return 'M';
    case 'f':
    case 'v':
      return 'F';
    case 'd':
    case 't':
      return 'T';
    case 'n':
      return 'N';
    case 'l':
    case 'r':
      return 'L';
    case 'g':
    case 'k':
    case 'q':
      return 'K';
    case 'c':
    case 'j':
    case 's':
    case 'x':
    case 'z':
      return 'S';
    case 'h':
      return 'H';
    case 'w':
      return 'W';
    case 'a':
      return 'A';
    case 'e':
    case 'i':
    case 'y':
      return 'E';
    case 'o':
    case 'u':
      return 'O';
    default:
      return 0;
  }
}

void AddSound(char sound, std::string& sounds) {
  if (sound != 0 && (sounds.empty() || sounds.back() != sound)) {
    sounds.push_back(sound);
  }
}

double Weight(char sound) {
  switch (sound) {
    case 'A':
    case 'E':
    case 'O':
    case 'H':
    case 'W':
      return 0.4;
    default:
      return 1;
  }
}

double Replace(char a, char b) {
  if (a == b) return 0;
  const double heavier = std::max(Weight(a), Weight(b));
  const bool both_light = heavier < 1;
  const bool lips = (a == 'F' && b == 'W') || (a == 'W' && b == 'F');
  const bool back = (a == 'K' && b == 'S') || (a == 'S' && b == 'K');
  if (both_light || lips) return 0.3;
  return back ? 0.5 : heavier;
}

template <typename WeightOf, typename ReplaceCost>
double EditCost(absl::string_view a, absl::string_view b, WeightOf weight,
                ReplaceCost replace) {
  std::vector<double> row = {0};
  for (const char c : b) row.push_back(row.back() + weight(c));
  for (const char c : a) {
    double diagonal = row[0];
    row[0] += weight(c);
    for (size_t j = 0; j < b.size(); ++j) {
      const double best =
          std::min({diagonal + replace(c, b[j]), row[j + 1] + weight(c),
                    row[j] + weight(b[j])});
      diagonal = row[j + 1];
      row[j + 1] = best;
    }
  }
  return row.back();
}

}  // namespace

bool SpellsNames(char32_t character) {
  return FindReading(character) != nullptr;
}

std::string SoundsOfChinese(std::u32string_view characters) {
  std::string sounds;
  for (const char32_t character : characters) {
    const Reading* reading = FindReading(character);
    if (reading == nullptr) continue;
    const absl::string_view syllable = reading->syllable;
    for (size_t i = 0; i < syllable.size(); ++i) {
      // zh, ch, sh sound as z, c, s; ng as n; er as r.
      if (i > 0 && (syllable[i] == 'h' || syllable[i] == 'g')) continue;
      if (syllable == "er" && i == 0) continue;
      AddSound(ClassOf(syllable[i]), sounds);
    }
  }
  return sounds;
}

std::string SoundsOfLatin(absl::string_view word) {
  const std::string lower = absl::AsciiStrToLower(word);
  std::string sounds;
  for (size_t i = 0; i < lower.size(); ++i) {
    const char next = i + 1 < lower.size() ? lower[i + 1] : '\0';
    const bool soft = next == 'e' || next == 'i' || next == 'y' || next == 'h';
    char sound = ClassOf(lower[i]);
    if (lower[i] == 'c' && !soft) sound = 'K';
    if (lower[i] == 'p' && next == 'h') sound = 'F';
    if (lower[i] == 'x') AddSound('K', sounds);
    if (lower[i] == 'h' && i > 0 && ClassOf(lower[i - 1]) != 'A' &&
        ClassOf(lower[i - 1]) != 'E' && ClassOf(lower[i - 1]) != 'O') {
      continue;
    }
    AddSound(sound, sounds);
  }
  return sounds;
}

double SoundLikeness(absl::string_view a, absl::string_view b) {
  double total = 0;
  for (const char c : a) total += Weight(c);
  double other = 0;
  for (const char c : b) other += Weight(c);
  const double most = std::max(total, other);
  return most <= 0 ? 0
                   : std::max(0.0, 1 - EditCost(a, b, Weight, Replace) / most);
}

double SpellingLikeness(absl::string_view a, absl::string_view b) {
  const size_t most = std::max(a.size(), b.size());
  if (most == 0) return 0;
  const double cost = EditCost(
      absl::AsciiStrToLower(a), absl::AsciiStrToLower(b),
      [](char) { return 1.0; },
      [](char x, char y) { return x == y ? 0.0 : 1.0; });
  return 1 - cost / static_cast<double>(most);
}

}  // namespace duilian::aligner
