#include "aligner/phrase_text.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "aligner/chinese_words.h"
#include "aligner/dot.h"
#include "aligner/numbers.h"
#include "aligner/pack.h"
#include "aligner/subword_model.h"

namespace duilian::aligner {
namespace {

using text::Language;

// Letters that make words; Han and kana stand for themselves.
bool IsWordLetter(char32_t c) {
  return text::IsLatin(c) || text::IsDigit(c) ||
         (c < 0x2E80 && !text::IsSpace(c) && !text::IsPunctuation(c));
}

// Marks that join what stands on both of their sides into one word.
bool JoinsDigits(char32_t c) { return c == ',' || c == ':'; }
bool JoinsLetters(char32_t c) {
  return c == '-' || c == '\'' || c == 0x2019 || c == '.' || c == 0xB7 ||
         c == '&' || c == '_' || c == 0x2011;
}

// True when 's or ’s stands at the head and no letter behind it.
bool BeginsWithPossessive(absl::string_view rest) {
  size_t at = 0;
  const char32_t mark = rest.empty() ? 0 : text::NextCodepoint(rest, at);
  if (mark != '\'' && mark != 0x2019) return false;
  if (at >= rest.size() || (rest[at] != 's' && rest[at] != 'S')) return false;
  ++at;
  return at == rest.size() || !IsWordLetter(text::NextCodepoint(rest, at));
}

// The end of the word that begins at `begin`.
size_t EndOfWord(absl::string_view text, size_t begin) {
  size_t end = begin;
  char32_t last = text::NextCodepoint(text, end);
  if (!IsWordLetter(last)) return end + 1;  // a possessive
  for (size_t at = end; at < text.size();) {
    const char32_t c = text::NextCodepoint(text, at);
    if (IsWordLetter(c)) {
      end = at;
      last = c;
      continue;
    }
    if (at >= text.size() || BeginsWithPossessive(text.substr(end))) break;
    const char32_t next = text::NextCodepoint(text, at);
    const bool joined = JoinsDigits(c)
                            ? text::IsDigit(last) && text::IsDigit(next)
                            : JoinsLetters(c) && IsWordLetter(next);
    if (!joined) break;
    end = at;
    last = next;
  }
  return end;
}

PhraseUnit MakeWord(absl::string_view text, size_t begin, size_t end) {
  const absl::string_view word = text.substr(begin, end - begin);
  PhraseUnit unit;
  unit.letters = static_cast<int>(text::CountCodepoints(word));
  unit.size = static_cast<float>(unit.letters) / 3;
  unit.word_class = ClassOfEnglish(word);
  unit.capital = word[0] >= 'A' && word[0] <= 'Z';
  return unit;
}

PhraseUnit MakeCharacter(char32_t c) {
  PhraseUnit unit;
  if (text::IsPunctuation(c)) {
    unit.bracket = BracketOf(c);
    return unit;
  }
  unit.letters = 1;
  unit.size = 1;
  unit.han = c;
  unit.word_class = ClassOfChinese(c);
  return unit;
}

void AddUnits(absl::string_view text, std::vector<PhraseUnit>& units) {
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const char32_t c = text::NextCodepoint(text, at);
    if (text::IsSpace(c)) continue;
    if (IsWordLetter(c) || BeginsWithPossessive(text.substr(begin))) {
      at = EndOfWord(text, begin);
      units.push_back(MakeWord(text, begin, at));
    } else {
      units.push_back(MakeCharacter(c));
    }
    units.back().span = {begin, at};
  }
}

// True when the two characters are one subword.
bool IsBigram(const SubwordModel& subwords, absl::string_view characters) {
  std::vector<int> ids;
  subwords.Encode(std::string_view(characters.data(), characters.size()), ids);
  return ids.size() == 1 || (ids.size() == 2 && subwords.piece(ids[0]) == "▁");
}

void MarkNumbers(absl::string_view text, PhraseText& out) {
  size_t next = 0;
  for (const NumberMention& number : FindNumbers(text, out.language)) {
    while (next < out.units.size() &&
           out.units[next].span.begin <= number.span.begin) {
      ++next;
    }
    for (; next < out.units.size() &&
           out.units[next].span.begin < number.span.end;
         ++next) {
      out.units[next].inside_number = true;
    }
  }
}

// What an edge between two characters of Chinese would cut.
void MarkChinese(const Model& model, absl::string_view text, PhraseText& out) {
  const std::vector<size_t> words = FindWordEdges(text);
  for (size_t u = 1; u < out.units.size(); ++u) {
    PhraseUnit& unit = out.units[u];
    const PhraseUnit& before = out.units[u - 1];
    if (unit.han == 0 || before.letters == 0) continue;
    size_t at = before.span.begin;
    if (IsNumeral(text::NextCodepoint(text, at))) unit.inside_number = true;
    unit.inside_word =
        !std::binary_search(words.begin(), words.end(), unit.span.begin);
    if (before.han == 0 || before.span.end != unit.span.begin) continue;
    unit.inside_bigram = IsBigram(
        model.subwords(),
        text.substr(before.span.begin, unit.span.end - before.span.begin));
  }
}

// Shares the vector of a piece out among its units.
void AddPiece(const EmbeddingView& embeddings, int id, size_t first,
              size_t last, PhraseText& out) {
  const size_t dim = static_cast<size_t>(out.dim);
  const size_t row = static_cast<size_t>(id);
  const int8_t* values = embeddings.values + row * dim;
  const float scale = embeddings.scales[row];
  float square = 0;
  for (size_t d = 0; d < dim; ++d) {
    square += static_cast<float>(values[d]) * static_cast<float>(values[d]);
  }
  out.pieces.push_back({id, static_cast<int>(first), static_cast<int>(last),
                        scale * std::sqrt(square)});
  for (size_t u = first; u < last; ++u) {
    AddScaled(scale / static_cast<float>(last - first), values,
              out.vectors.data() + u * dim, out.dim);
    if (u > first) out.units[u].inside_piece = true;
  }
  AddScaled(scale, values, out.total.data(), out.dim);
}

void AddPieces(const Model& model, absl::string_view text, PhraseText& out) {
  const EmbeddingView& embeddings = model.pack().embeddings();
  out.dim = embeddings.dim;
  out.vectors.assign(out.units.size() * static_cast<size_t>(out.dim), 0.0F);
  out.total.assign(static_cast<size_t>(out.dim), 0.0F);
  size_t next = 0;  // the first unit that ends behind the piece's begin
  for (const Piece& piece : model.subwords().EncodeWithPlaces(
           std::string_view(text.data(), text.size()))) {
    while (next < out.units.size() && out.units[next].span.end <= piece.begin) {
      ++next;
    }
    size_t end = next;
    while (end < out.units.size() && out.units[end].span.begin < piece.end) {
      ++end;
    }
    // A piece of white space alone touches none.
    if (end > next) AddPiece(embeddings, piece.id, next, end, out);
  }
}

}  // namespace

PhraseText ReadPhraseText(const Model& model, absl::string_view text,
                          Language language) {
  PhraseText out;
  out.language = language;
  AddUnits(text, out.units);
  MarkNumbers(text, out);
  MarkChinese(model, text, out);
  AddPieces(model, text, out);
  return out;
}

}  // namespace duilian::aligner
