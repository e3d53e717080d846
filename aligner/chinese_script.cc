#include "aligner/chinese_script.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "text/utf8.h"

namespace duilian::aligner {
namespace {

// The most frequent characters of either script that the other does not use.
// Left out are those that do stand in the other, if rarely: 后 (queen), 几
// (a table), 云 (to say), 与, 无, 万, 体, 没, 黄, 游, 著.
constexpr std::u32string_view kTraditional =
    U"這個們來說時會對過還為學國後種進動現點經從問頭長開關見應當實給話讓裡裏兩"
    U"樣東車馬電腦機場業產員買賣錢認識議論語詞讀書寫聽聲覺親愛歡樂難雖總統領導"
    U"張華億號歲遠連達選設計許評試詩誰請變負責資質費貴轉輪輕軍農邊邏錄鐵鐘門間"
    U"閃隊際險隨雙靜韓頁項順須預題類顯風飛飯館驗驚魚鳥齊龍發幾沒無萬與體麼於"
    U"嗎歷勝務區協參勞單噸團圖園報塊塵壓壞壯處夠奪奮嚴層島師帶幫廣庫廠廳彈"
    U"強徑復恆態憐憑憶懷戰戲戶擁擇擊擔據擴攝敗敵數斷條極構榮標權檢殘殺決況淚淺"
    U"減測準滿漢滅漸潔澤濟濃灣熱營獎獨獲環畫異療盡監盤碼確禮穩窮節範築簡籌糧約"
    U"紅級紀純紙細終組結絕絲網維緊線練縣繼續績織縮罰聞聯聰職肅脫腳臉臨興舊舉藝"
    U"藥蘇蘭術衛補裝複視觀觸訂訊討訓記訪訴診詢該詳誠誤調談諾講謝證譯護讚豐"
    U"貓貝財貨販貧貫貿賀賞賢賴趕跡蹤軟較載輸轄辦辭遞遲適鄉鄰醫釋針銷鋼鏡鎮閉"
    U"閱陣陽陳陸隱雞離霧響頂頓頗飲饑駕騎騙驅鬧魯鮮麗";
constexpr std::u32string_view kSimplified =
    U"这们来说时会对过还为学国种进动现点经从问头长开关见应当实给话让两样东车马"
    U"电脑场业产员买卖钱认识议论语词读书写声觉亲爱欢乐难虽总统领导张华亿号岁远"
    U"连达选设计许评试诗谁请变负责资质费贵转轮轻军农边逻录铁钟门间闪队际险随双"
    U"静韩页项顺须预题类显风飞饭馆验惊鱼鸟齐龙发吗历务区协劳单吨团图园报块压坏"
    U"壮处够夺奋严层岛师带帮广库厂厅弹径态怜忆怀战戏拥择击担据扩摄败敌数断条极"
    U"构荣标权检残杀决况浅减测满汉灭渐洁泽济浓湾热营奖独获环画异疗尽监盘码"
    U"稳穷节简筹粮约红级纪纯纸细终组结绝丝网维紧线练县继续绩织缩罚闻联聪职肃脱"
    U"脚脸临兴旧举艺药苏兰术卫补装视观触订讯讨训记访诉诊询该详诚误调谈诺讲谢证"
    U"译护赞丰猫贝财货贩贫贯贸贺赏贤赖赶轨软较载输辖办辞递迟适乡邻医释针销钢镜"
    U"镇闭阅阵阳陈陆隐鸡离响顶顿颇饮驾骑骗驱闹鲁鲜丽";

constexpr char32_t kFirst = 0x4E00, kLast = 0x9FFF;
using CharacterSet = std::array<uint64_t, (kLast - kFirst + 1) / 64>;

constexpr CharacterSet SetOf(std::u32string_view characters) {
  CharacterSet set = {};
  for (const char32_t c : characters) {
    set[(c - kFirst) / 64] |= uint64_t{1} << ((c - kFirst) % 64);
  }
  return set;
}

constexpr bool Holds(const CharacterSet& set, char32_t c) {
  return (set[(c - kFirst) / 64] >> ((c - kFirst) % 64) & 1) != 0;
}

}  // namespace

ScriptCounts CountTellingCharacters(absl::string_view text) {
  static constexpr CharacterSet traditional = SetOf(kTraditional);
  static constexpr CharacterSet simplified = SetOf(kSimplified);
  ScriptCounts counts;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = text::NextCodepoint(text, at);
    if (c < kFirst || c > kLast) continue;
    counts.traditional += Holds(traditional, c);
    counts.simplified += Holds(simplified, c);
  }
  return counts;
}

ChineseScript RecogniseScript(const ScriptCounts& counts) {
  if (counts.traditional > counts.simplified) {
    return ChineseScript::kTraditional;
  }
  const size_t telling = counts.traditional + counts.simplified;
  return counts.traditional > 0 && counts.traditional * 10 >= telling
             ? ChineseScript::kMixed
             : ChineseScript::kSimplified;
}

}  // namespace duilian::aligner
