#include "clients/script_cut.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

// A text by characters: what the user counts.
class CountedText {
 public:
  explicit CountedText(absl::string_view text)
      : text_(text), characters_(text::Codepoints(text)) {
    for (size_t offset = 0; offset < text.size();) {
      offsets_.push_back(offset);
      text::NextCodepoint(text, offset);
    }
    offsets_.push_back(text.size());
  }

  size_t size() const { return characters_.size(); }
  size_t offset(size_t i) const { return offsets_[i]; }

  size_t CharacterAt(size_t offset) const {
    return text::CountCodepoints(text_.substr(0, offset));
  }

  // Whether a cut before i leaves parts of one word on either side; the
  // apostrophe of "don't" is a part.
  bool IsInsideWord(size_t i) const {
    if (i == 0 || i >= size()) return false;
    if (IsLetter(i - 1) && IsLetter(i)) return true;
    if (IsApostrophe(i)) return IsLetter(i - 1) && IsLetter(i + 1);
    return IsApostrophe(i - 1) && i >= 2 && IsLetter(i - 2) && IsLetter(i);
  }

  absl::string_view WordAround(size_t i) const {
    const size_t begin = BeginOfWord(i), end = EndOfWord(i);
    return text_.substr(offsets_[begin], offsets_[end] - offsets_[begin]);
  }
  size_t BeginOfWord(size_t i) const {
    while (IsInsideWord(i)) --i;
    return i;
  }
  size_t EndOfWord(size_t i) const {
    while (IsInsideWord(i)) ++i;
    return i;
  }

 private:
  bool IsLetter(size_t i) const {
    return i < size() &&
           (text::IsLatin(characters_[i]) || text::IsDigit(characters_[i]));
  }
  bool IsApostrophe(size_t i) const {
    return i < size() && (characters_[i] == '\'' || characters_[i] == U'’');
  }

  absl::string_view text_;
  std::vector<char32_t> characters_;
  std::vector<size_t> offsets_;  // one more than characters_
};

absl::StatusOr<size_t> FindMarker(absl::string_view text,
                                  absl::string_view marker,
                                  absl::string_view side) {
  const size_t place = text.find(marker);
  if (place == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(side, ": \"", marker,
                     "\" given, and the text does not hold it; copy from it "
                     "the words with which the second part begins"));
  }
  if (text.find(marker, place + 1) != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(side, ": \"", marker,
                     "\" given, and the text holds it more than once; take "
                     "more words, or count the characters of the first part"));
  }
  return place;
}

}  // namespace

std::optional<ScriptCut> TakeCut(absl::string_view& line) {
  line = absl::StripLeadingAsciiWhitespace(line);
  ScriptCut cut;
  const bool quoted = absl::ConsumePrefix(&line, "\"");
  const size_t end = quoted ? line.find('"') : line.find_first_of(" \t");
  if (quoted && end == absl::string_view::npos) return std::nullopt;
  const absl::string_view word = line.substr(0, end);
  line.remove_prefix(word.size() + (quoted ? 1 : 0));
  if (quoted) {
    cut.marker = std::string(word);
    return word.empty() ? std::nullopt : std::optional(cut);
  }
  if (!absl::SimpleAtoi(word, &cut.codepoints)) return std::nullopt;
  return cut;
}

absl::StatusOr<int32_t> FindCut(absl::string_view text, const ScriptCut& cut,
                                absl::string_view side) {
  const CountedText counted(text);
  size_t place = cut.codepoints;
  if (!cut.marker.empty()) {
    const absl::StatusOr<size_t> found = FindMarker(text, cut.marker, side);
    if (!found.ok()) return found.status();
    place = counted.CharacterAt(*found);
  }
  if (place == 0 || place >= counted.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(side, ": ", place, " characters in the first part, 1 to ",
                     counted.size() == 0 ? 0 : counted.size() - 1,
                     " accepted; leave something on both sides of the cut"));
  }
  if (counted.IsInsideWord(place)) {
    return absl::InvalidArgumentError(absl::StrCat(
        side, ": ", place, " characters end inside the word \"",
        counted.WordAround(place), "\", and only words as a whole are accepted",
        "; cut after ", counted.BeginOfWord(place), " or ",
        counted.EndOfWord(place), " characters"));
  }
  return static_cast<int32_t>(counted.offset(place));
}

}  // namespace duilian::clients
