#include "aligner/simplifier.h"

#include <exception>
#include <opencc/SimpleConverter.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aligner/chinese_script.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

// True when both have the same number of bytes for each character.
bool KeepsPlaces(absl::string_view text, absl::string_view converted) {
  if (text.size() != converted.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text::IsCharacterEdge(text, i) != text::IsCharacterEdge(converted, i)) {
      return false;
    }
  }
  return true;
}

}  // namespace

// OpenCC, with its exceptions caught. Its converter is const and keeps nothing
// of a call, so threads share it.
class Simplifier::Converter {
 public:
  explicit Converter(const std::string& config) : opencc_(config) {}

  // With the context of its phrases (著名, but 看着 for 看著) where that keeps
  // each character's place, character by character where it does not.
  std::string Convert(absl::string_view text) const {
    std::string converted = ConvertAll(text);
    if (KeepsPlaces(text, converted)) return converted;
    converted.clear();
    for (size_t at = 0; at < text.size();) {
      const size_t begin = at;
      text::NextCodepoint(text, at);
      const absl::string_view one = text.substr(begin, at - begin);
      const std::string other = ConvertAll(one);
      absl::StrAppend(&converted, KeepsPlaces(one, other) ? other : one);
    }
    return converted;
  }

 private:
  // The text as it is when OpenCC throws.
  std::string ConvertAll(absl::string_view text) const {
    try {
      return opencc_.Convert(text.data(), text.size());
    } catch (const std::exception&) {
      return std::string(text);
    }
  }

  const opencc::SimpleConverter opencc_;
};

Simplifier::Simplifier(std::string config) : config_(std::move(config)) {}
Simplifier::~Simplifier() = default;

absl::StatusOr<const Simplifier::Converter*> Simplifier::Load() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (converter_ == nullptr) {
    try {
      converter_ = std::make_unique<const Converter>(config_);
    } catch (const std::exception& error) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the Chinese is Traditional, and OpenCC cannot convert it (",
          error.what(),
          "); Simplified Chinese needs no conversion; install "
          "the packages libopencc1.1 and libopencc-data"));
    }
  }
  return converter_.get();
}

absl::StatusOr<std::string> Simplifier::Simplify(absl::string_view text) const {
  const ScriptCounts counts = CountTellingCharacters(text);
  if (RecogniseScript(counts) == ChineseScript::kSimplified) {
    return std::string(text);
  }
  const absl::StatusOr<const Converter*> converter = Load();
  if (!converter.ok()) return converter.status();
  return (*converter)->Convert(text);
}

absl::Status Simplifier::Simplify(Transcript& transcript) const {
  if (transcript.language != text::Language::kChinese) return absl::OkStatus();
  ScriptCounts counts;
  for (const Segment& segment : transcript.segments) {
    const ScriptCounts own = CountTellingCharacters(segment.text);
    counts.simplified += own.simplified;
    counts.traditional += own.traditional;
  }
  const ChineseScript script = RecogniseScript(counts);
  if (script == ChineseScript::kSimplified) return absl::OkStatus();
  const absl::StatusOr<const Converter*> converter = Load();
  if (!converter.ok()) {
    return script == ChineseScript::kMixed ? absl::OkStatus()
                                           : converter.status();
  }
  for (Segment& segment : transcript.segments) {
    if (script == ChineseScript::kMixed &&
        RecogniseScript(CountTellingCharacters(segment.text)) !=
            ChineseScript::kTraditional) {
      continue;
    }
    segment.text = (*converter)->Convert(segment.text);
  }
  return absl::OkStatus();
}

}  // namespace duilian::aligner
