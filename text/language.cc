#include "text/language.h"

#include <string>

#include "absl/strings/ascii.h"
#include "text/utf8.h"

namespace duilian::text {

absl::string_view LanguageCode(Language language) {
  return language == Language::kEnglish ? "en" : "zh";
}

std::optional<Language> ParseLanguageCode(absl::string_view code) {
  const std::string lower = absl::AsciiStrToLower(code);
  const auto is = [&](absl::string_view base) {
    return absl::string_view(lower).substr(0, base.size()) == base &&
           (lower.size() == base.size() || lower[base.size()] == '-' ||
            lower[base.size()] == '_');
  };
  if (is("en")) return Language::kEnglish;
  if (is("zh")) return Language::kChinese;
  return std::nullopt;
}

std::optional<Language> DetectLanguage(absl::string_view text) {
  constexpr size_t kMaxBytes = 64 << 10;
  size_t han = 0, kana_or_hangul = 0, latin_words = 0, other_letters = 0;
  bool in_word = false;
  for (size_t offset = 0; offset < text.size() && offset < kMaxBytes;) {
    const char32_t c = NextCodepoint(text, offset);
    const bool latin = IsLatin(c);
    if (latin && !in_word) ++latin_words;
    in_word = latin || (in_word && (c == '\'' || c == 0x2019));
    if (IsHan(c)) {
      ++han;
    } else if ((c >= 0x3041 && c <= 0x30FF && c != 0x30FB) ||
               (c >= 0xAC00 && c <= 0xD7A3)) {
      ++kana_or_hangul;
    } else if (!latin && c >= 0x370 && c <= 0x1CFF) {
      ++other_letters;
    }
  }
  const size_t letters = han + latin_words + kana_or_hangul + other_letters / 4;
  if (letters == 0) return std::nullopt;
  if (kana_or_hangul * 4 > letters || other_letters > 2 * (han + latin_words)) {
    return std::nullopt;
  }
  return han > latin_words ? Language::kChinese : Language::kEnglish;
}

}  // namespace duilian::text
