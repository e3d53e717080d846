#include "storage/edit_words.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

constexpr size_t kMostToldEdits = 3;
constexpr size_t kMostToldCodepoints = 30;

bool IsWordCharacter(char32_t c) {
  return !text::IsHan(c) && !text::IsSpace(c) && !text::IsPunctuation(c);
}

bool JoinsWords(char32_t c) {
  return c == U'-' || c == U'\'' || c == U'.' || c == U',';
}

// True for a character of a word, and a mark between two (GPT-4, don't, 3.5).
bool IsInWord(const std::vector<char32_t>& form, size_t i) {
  if (IsWordCharacter(form[i])) return true;
  return JoinsWords(form[i]) && i > 0 && i + 1 < form.size() &&
         IsWordCharacter(form[i - 1]) && IsWordCharacter(form[i + 1]);
}

// True when what stands before `i` and what stands at it are of one word.
bool CutsWord(const text::PlacedText& form, size_t i) {
  return i > 0 && i < form.codepoints.size() &&
         IsInWord(form.codepoints, i - 1) && IsInWord(form.codepoints, i);
}

// True when both became of one written character.
bool CutsPlace(const text::PlacedText& form, size_t i) {
  return i > 0 && i < form.places.size() &&
         form.places[i - 1].begin == form.places[i].begin;
}

using Cuts = bool (*)(const text::PlacedText&, size_t);

// Makes edits wider until no end of them cuts anything in either text; those
// that meet become one. Between edits the two texts are equal, so that both
// spans grow by as much.
std::vector<Edit> Widen(absl::Span<const Edit> edits,
                        const text::PlacedText& query,
                        const text::PlacedText& text, Cuts cuts) {
  const auto cut_at = [&](size_t i, size_t j) {
    return cuts(query, i) || cuts(text, j);
  };
  std::vector<Edit> wide;
  for (Edit edit : edits) {
    const size_t least = wide.empty() ? 0 : wide.back().query.end;
    if (edit.query.begin >= least) {
      while (edit.query.begin > least && edit.text.begin > 0 &&
             cut_at(edit.query.begin, edit.text.begin)) {
        --edit.query.begin;
        --edit.text.begin;
      }
    }
    while (edit.query.end < query.codepoints.size() &&
           edit.text.end < text.codepoints.size() &&
           cut_at(edit.query.end, edit.text.end)) {
      ++edit.query.end;
      ++edit.text.end;
    }
    if (!wide.empty() && edit.query.begin <= wide.back().query.end &&
        edit.text.begin <= wide.back().text.end) {
      wide.back().query.end = std::max(wide.back().query.end, edit.query.end);
      wide.back().text.end = std::max(wide.back().text.end, edit.text.end);
    } else {
      wide.push_back(edit);
    }
  }
  return wide;
}

text::CodepointSpan PlaceOf(text::CodepointSpan span,
                            const text::PlacedText& form) {
  if (span.size() > 0) {
    return {form.places[span.begin].begin, form.places[span.end - 1].end};
  }
  size_t at = 0;
  if (span.begin < form.places.size()) {
    at = form.places[span.begin].begin;
  } else if (!form.places.empty()) {
    at = form.places.back().end;
  }
  return {at, at};
}

std::string Quoted(text::CodepointSpan span, const WrittenText& text) {
  const text::CodepointSpan place = PlaceOf(span, text.form);
  std::string quoted;
  size_t codepoint = 0;
  for (size_t offset = 0; offset < text.written.size(); ++codepoint) {
    const char32_t c = text::NextCodepoint(text.written, offset);
    if (codepoint >= place.begin && codepoint < place.end) {
      text::AppendUtf8(text::IsSpace(c) ? U' ' : c, quoted);
    }
  }
  const absl::string_view bare = absl::StripAsciiWhitespace(quoted);
  if (bare.empty()) return "a space";
  return absl::StrCat("'", text::Abbreviate(bare, kMostToldCodepoints), "'");
}

std::string Tell(const Edit& edit, const WrittenText& query,
                 const WrittenText& text) {
  if (edit.query.size() == 0) {
    return absl::StrCat("also ", Quoted(edit.text, text));
  }
  if (edit.text.size() == 0) {
    return absl::StrCat("lacks ", Quoted(edit.query, query));
  }
  return absl::StrCat(Quoted(edit.text, text), " for ",
                      Quoted(edit.query, query));
}

}  // namespace

std::vector<Edit> PlaceEdits(absl::Span<const Edit> edits,
                             const WrittenText& query,
                             const WrittenText& text) {
  std::vector<Edit> placed = Widen(edits, query.form, text.form, CutsPlace);
  for (Edit& edit : placed) {
    edit.query = PlaceOf(edit.query, query.form);
    edit.text = PlaceOf(edit.text, text.form);
  }
  return placed;
}

std::string TellEdits(absl::Span<const Edit> edits, const WrittenText& query,
                      const WrittenText& text) {
  const std::vector<Edit> words = Widen(edits, query.form, text.form, CutsWord);
  if (words.empty()) return "";
  std::string told = absl::StrCat(
      words.size(), words.size() == 1 ? " difference: " : " differences: ");
  for (size_t i = 0; i < std::min(words.size(), kMostToldEdits); ++i) {
    absl::StrAppend(&told, i == 0 ? "" : ", ", Tell(words[i], query, text));
  }
  if (words.size() > kMostToldEdits) {
    absl::StrAppend(&told, " and ", words.size() - kMostToldEdits, " more");
  }
  return told;
}

}  // namespace duilian::storage
