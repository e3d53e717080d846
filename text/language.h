#ifndef DUILIAN_TEXT_LANGUAGE_H_
#define DUILIAN_TEXT_LANGUAGE_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace duilian::text {

enum class Language { kEnglish, kChinese };

// BCP 47: "en", "zh".
absl::string_view LanguageCode(Language language);

// "en", "en-US", "zh", "zh-Hans", "zh_CN", "zh-TW" … in any case; nullopt for
// any other language.
std::optional<Language> ParseLanguageCode(absl::string_view code);

// The language that a text is written in by its script: Chinese when Han
// characters carry it, English when Latin words do, nullopt when neither does
// (digits, other scripts, next to nothing). One Han character weighs as much
// as one Latin word. Requires valid UTF-8; reads at most the first 64 KiB.
std::optional<Language> DetectLanguage(absl::string_view text);

}  // namespace duilian::text

#endif  // DUILIAN_TEXT_LANGUAGE_H_
