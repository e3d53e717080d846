#include "aligner/fragment_kinds.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "aligner/characters.h"

namespace duilian::aligner {
namespace {

constexpr absl::string_view kReplies[] = {
    "bye",    "cool",   "exactly", "great", "hello", "hey",
    "hi",     "hmm",    "no",      "nope",  "oh",    "ok",
    "okay",   "please", "right",   "sorry", "sure",  "thank you",
    "thanks", "well",   "wow",     "yeah",  "yep",   "yes"};
// Household names whose shape does not tell an organisation from a person.
constexpr absl::string_view kOrganizations[] = {
    "Adobe",     "Airbnb",  "Alibaba", "Amazon",   "Anthropic", "Apple",
    "Baidu",     "BBC",     "CNN",     "Disney",   "Facebook",  "FBI",
    "Google",    "Harvard", "IBM",     "Intel",    "MIT",       "Meta",
    "Microsoft", "NASA",    "Netflix", "Nvidia",   "Oracle",    "Reddit",
    "Samsung",   "Sony",    "Spotify", "Stanford", "Stripe",    "Tencent",
    "Tesla",     "Twitter", "Uber",    "Wikipedia"};
constexpr absl::string_view kProducts[] = {
    "Alexa",     "Android", "Bard", "Chrome", "Claude", "Copilot", "Gemini",
    "Git",       "Grok",    "Java", "Kindle", "Linux",  "Llama",   "Midjourney",
    "Photoshop", "Python",  "Siri", "Sora",   "Unix",   "Windows"};
constexpr absl::string_view kOrganizationWords[] = {
    "Association", "Bank",        "Capital",    "College",   "Company",
    "Corp",        "Corporation", "Foundation", "Fund",      "Group",
    "Inc",         "Institute",   "Lab",        "Labs",      "LLC",
    "Ltd",         "School",      "Studios",    "University"};
// Titles before or behind a person's name.
constexpr absl::string_view kTitles[] = {"CEO", "CFO",  "COO",      "CTO",
                                         "Dr",  "Mr",   "Mrs",      "Ms",
                                         "PhD", "Prof", "Professor"};
// Words before a number that make no product of it.
constexpr absl::string_view kNumbered[] = {"Chapter", "Figure", "Level", "Part",
                                           "Section", "Step",   "Table"};
// Words in lower case that stand inside names.
constexpr absl::string_view kParticles[] = {"bin", "da", "de",  "del", "der",
                                            "la",  "of", "van", "von"};

template <size_t n>
bool Contains(const absl::string_view (&list)[n], absl::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

struct Shape {
  int upper = 0, lower = 0, digits = 0;
  bool leads_upper = false;
  bool inner_upper = false;  // a capital behind a small letter, or x in xAI
};

Shape ShapeOf(absl::string_view word) {
  Shape shape;
  for (const char byte : word) {
    const auto c = static_cast<unsigned char>(byte);
    if (IsAsciiUpper(c)) {
      if (shape.upper + shape.lower == 0) shape.leads_upper = true;
      shape.inner_upper = shape.inner_upper || shape.lower > 0;
      ++shape.upper;
    } else if (IsAsciiLower(c) || c >= 0x80) {
      shape.lower += IsAsciiLower(c) ? 1 : 0;
    } else if (IsAsciiDigit(c)) {
      ++shape.digits;
    }
  }
  return shape;
}

bool IsCapitalised(absl::string_view word) {
  const Shape shape = ShapeOf(word);
  return shape.leads_upper && shape.digits == 0;
}

// AGI, LLMs, GB; not Q*, which the caller has seen already.
bool IsAcronym(absl::string_view word) {
  const Shape shape = ShapeOf(word);
  const bool plural = shape.lower == 1 && word.back() == 's';
  return shape.upper >= 1 && shape.digits == 0 &&
         (shape.lower == 0 || (plural && shape.upper >= 2));
}

// GPT-5, Q*, iPhone; a model's name by its looks.
bool LooksLikeProduct(absl::string_view word) {
  if (Contains(kProducts, word)) return true;
  const Shape shape = ShapeOf(word);
  if (shape.digits > 0 && shape.upper + shape.lower > 0) return true;
  if (shape.upper > 0 && word.back() == '*') return true;
  if (word.find("GPT") != word.npos) return true;
  // iPhone, eBay; xAI, of which no small letter follows, is a company.
  return shape.lower > 1 && shape.inner_upper && !shape.leads_upper;
}

bool StartsWith(std::u32string_view text, std::u32string_view start) {
  return text.substr(0, start.size()) == start;
}

// What the Chinese behind calls it: "X 公司", "X 模型".
std::optional<FragmentKind> KindByWhatFollows(std::u32string_view behind) {
  while (!behind.empty() && behind[0] == ' ') behind.remove_prefix(1);
  constexpr std::u32string_view kOrganization[] = {
      U"公司", U"大学", U"学院", U"实验室", U"基金", U"集团",
      U"银行", U"大學", U"學院", U"實驗室", U"集團", U"銀行"};
  constexpr std::u32string_view kProduct[] = {
      U"模型", U"系统", U"软件", U"应用", U"手机", U"浏览器",
      U"系統", U"軟體", U"軟件", U"應用", U"手機", U"瀏覽器"};
  constexpr std::u32string_view kPerson[] = {U"先生", U"女士", U"教授",
                                             U"博士", U"老师", U"老師"};
  for (const auto word : kOrganization) {
    if (StartsWith(behind, word)) return FragmentKind::kOrganization;
  }
  for (const auto word : kProduct) {
    if (StartsWith(behind, word)) return FragmentKind::kProduct;
  }
  for (const auto word : kPerson) {
    if (StartsWith(behind, word)) return FragmentKind::kName;
  }
  return std::nullopt;
}

FragmentKind ClassifyWord(const std::string& word,
                          const FragmentContext& context) {
  if (Contains(kOrganizations, word)) return FragmentKind::kOrganization;
  if (LooksLikeProduct(word)) return FragmentKind::kProduct;
  if (IsAcronym(word)) return FragmentKind::kTerm;
  if (!IsCapitalised(word) && ShapeOf(word).upper == 0) {
    return FragmentKind::kTerm;
  }
  if (const auto kind = KindByWhatFollows(context.behind)) return *kind;
  return ShapeOf(word).inner_upper ? FragmentKind::kOrganization
                                   : FragmentKind::kName;
}

// Two words or more, each capitalised or a particle, and not all acronyms.
bool IsNameInWords(absl::Span<const std::string> words) {
  size_t capitalised = 0;
  for (const std::string& word : words) {
    if (Contains(kParticles, word)) continue;
    if (!IsCapitalised(word) || Contains(kOrganizationWords, word)) {
      return false;
    }
    const Shape shape = ShapeOf(word);
    capitalised += shape.lower > 0 || shape.upper == 1;
  }
  return capitalised >= 2;
}

FragmentKind ClassifyWords(absl::Span<const std::string> words,
                           const FragmentContext& context) {
  // "OpenAI CEO Sam Altman": a person, whatever goes before a title.
  size_t name = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    if (Contains(kTitles, words[i]) && i + 1 < words.size()) name = i + 1;
  }
  if (name > 0 && IsCapitalised(words[name])) return FragmentKind::kName;
  if (Contains(kNumbered, words[0])) return FragmentKind::kTerm;
  if (std::any_of(words.begin(), words.end(), LooksLikeProduct) ||
      ShapeOf(words.back()).digits > 0) {
    return FragmentKind::kProduct;
  }
  if (Contains(kOrganizationWords, words.back())) {
    return FragmentKind::kOrganization;
  }
  if (const auto kind = KindByWhatFollows(context.behind);
      kind.has_value() && IsCapitalised(words[0])) {
    return *kind;
  }
  if (Contains(kOrganizations, words[0])) return FragmentKind::kOrganization;
  return IsNameInWords(words) ? FragmentKind::kName : FragmentKind::kTerm;
}

}  // namespace

FragmentKind ClassifyFragment(absl::Span<const std::string> words,
                              const FragmentContext& context) {
  if (context.quoted) return FragmentKind::kQuoted;
  if (Contains(kReplies, absl::AsciiStrToLower(absl::StrJoin(words, " ")))) {
    return FragmentKind::kReply;
  }
  return words.size() == 1 ? ClassifyWord(words[0], context)
                           : ClassifyWords(words, context);
}

}  // namespace duilian::aligner
