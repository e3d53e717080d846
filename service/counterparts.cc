#include "service/counterparts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aligner/phrase_links.h"
#include "google/protobuf/repeated_field.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using text::ByteSpan;
using text::Language;
using Highlights = google::protobuf::RepeatedPtrField<v1::Highlight>;

void Fill(ByteSpan span, double confidence, v1::Highlight& highlight) {
  highlight.set_begin_byte(static_cast<int32_t>(span.begin));
  highlight.set_end_byte(static_cast<int32_t>(span.end));
  highlight.set_confidence(confidence);
}

ByteSpan SpanOf(const v1::Highlight& highlight) {
  return {static_cast<size_t>(highlight.begin_byte()),
          static_cast<size_t>(highlight.end_byte())};
}

aligner::PhraseLinker MakeLinker(const aligner::Model& model,
                                 const v1::Pair& pair) {
  return aligner::PhraseLinker(model, pair.target().text(),
                               pair.source().text());
}

// The same place is told once, with the most confidence that led to it.
void AddCounterpart(const aligner::PhraseLink& link, Highlights& counterparts) {
  if (!link.span.has_value()) return;
  for (v1::Highlight& there : counterparts) {
    if (SpanOf(there) != *link.span) continue;
    there.set_confidence(std::max(there.confidence(), link.confidence));
    return;
  }
  Fill(*link.span, link.confidence, *counterparts.Add());
}

void AddCounterparts(const aligner::PhraseLinker& linker, Language language,
                     const Highlights& highlights, Highlights& counterparts) {
  const int linked = std::min(highlights.size(), kMostLinkedHighlights);
  for (int i = 0; i < linked; ++i) {
    AddCounterpart(linker.Link(language, SpanOf(highlights[i])), counterparts);
  }
}

// What of `text` stands between what it begins and ends with as `query` does,
// on characters' edges.
ByteSpan Difference(absl::string_view query, absl::string_view text) {
  const size_t shorter = std::min(query.size(), text.size());
  size_t begin = 0;
  while (begin < shorter && query[begin] == text[begin]) ++begin;
  while (!text::IsCharacterEdge(text, begin)) --begin;
  size_t tail = 0;
  while (tail < shorter - begin &&
         query[query.size() - 1 - tail] == text[text.size() - 1 - tail]) {
    ++tail;
  }
  while (!text::IsCharacterEdge(text, text.size() - tail)) --tail;
  return {begin, text.size() - tail};
}

// A mark between two clauses, in the text of either language.
bool EndsClause(absl::string_view text, size_t begin, char32_t c) {
  constexpr absl::string_view kMarks = ",.;:?!()";
  if (c < 0x80) {
    if (kMarks.find(static_cast<char>(c)) == absl::string_view::npos) {
      return false;
    }
    // But not the point of 3.5 or v1.2.
    return begin + 1 == text.size() || text[begin + 1] == ' ' || c == '(';
  }
  constexpr absl::string_view kWideMarks = "，。；：？！（）、…—";
  size_t offset = 0;
  while (offset < kWideMarks.size()) {
    if (text::NextCodepoint(kWideMarks, offset) == c) return true;
  }
  return false;
}

// The clauses' words, between marks; marks and white space are in none.
std::vector<ByteSpan> ClausesOf(absl::string_view text) {
  std::vector<ByteSpan> clauses;
  bool is_open = false;
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t c = text::NextCodepoint(text, offset);
    if (EndsClause(text, begin, c)) {
      is_open = false;
    } else if (!text::IsSpace(c) && !text::IsPunctuation(c)) {
      if (!is_open) clauses.push_back({begin, offset});
      is_open = true;
      clauses.back().end = offset;
    }
  }
  return clauses;
}

// Words, and characters of Chinese.
size_t CountWords(absl::string_view text) {
  size_t words = 0;
  bool in_word = false;
  for (size_t offset = 0; offset < text.size();) {
    const char32_t c = text::NextCodepoint(text, offset);
    const bool is_han = text::IsHan(c);
    const bool is_word = !is_han && !text::IsSpace(c) &&
                         (!text::IsPunctuation(c) || c == U'\'' || c == U'-');
    if (is_han || (is_word && !in_word)) ++words;
    in_word = is_word;
  }
  return words;
}

// Where what is quoted begins or ends with a clause, what renders it does so,
// too, unless more than a few words are between.
ByteSpan ToClauseEdges(absl::string_view text, ByteSpan quoted,
                       absl::string_view other, ByteSpan counterpart) {
  ByteSpan wide = counterpart;
  for (const ByteSpan& clause : ClausesOf(text)) {
    for (const ByteSpan& there : ClausesOf(other)) {
      if (clause.begin == quoted.begin && there.begin < counterpart.begin &&
          counterpart.begin < there.end &&
          CountWords(
              other.substr(there.begin, counterpart.begin - there.begin)) <=
              kMostWordsToClauseEdge) {
        wide.begin = there.begin;
      }
      if (clause.end == quoted.end && there.begin < counterpart.end &&
          counterpart.end < there.end &&
          CountWords(
              other.substr(counterpart.end, there.end - counterpart.end)) <=
              kMostWordsToClauseEdge) {
        wide.end = there.end;
      }
    }
  }
  return wide;
}

// From the first to the last word, without the marks around them.
ByteSpan WordsOf(absl::string_view text, ByteSpan span) {
  ByteSpan words = {span.end, span.end};
  for (size_t offset = span.begin; offset < span.end;) {
    const size_t begin = offset;
    const char32_t c = text::NextCodepoint(text, offset);
    if (text::IsSpace(c) || text::IsPunctuation(c)) continue;
    words = {std::min(words.begin, begin), offset};
  }
  return words;
}

// True when the words render something that does not touch the quote.
bool RendersOther(const aligner::PhraseLinker& linker, Language language,
                  ByteSpan words, ByteSpan quoted) {
  if (words.size() == 0) return false;
  const aligner::PhraseLink link = linker.Link(language, words);
  return link.span.has_value() &&
         (link.span->end <= quoted.begin || quoted.end <= link.span->begin);
}

// True when what the quote leaves out is too little to be told apart: a gloss
// in brackets, a last word.
bool IsNearlyAll(absl::string_view text, ByteSpan quoted) {
  const size_t words = CountWords(text);
  return (words - CountWords(text.substr(quoted.begin, quoted.size()))) *
             kWordsPerUnquotedWord <=
         words;
}

}  // namespace

void LinkHighlights(const aligner::Model& model, v1::ConcordanceHit& hit) {
  const aligner::PhraseLinker linker = MakeLinker(model, hit.pair());
  AddCounterparts(linker, Language::kEnglish, hit.source_highlights(),
                  *hit.mutable_target_counterparts());
  AddCounterparts(linker, Language::kChinese, hit.target_highlights(),
                  *hit.mutable_source_counterparts());
}

void LinkDifference(const aligner::Model& model, absl::string_view query,
                    Language language, v1::Match& match) {
  const v1::Pair& pair = match.pair();
  const v1::Side& side =
      language == Language::kEnglish ? pair.source() : pair.target();
  const ByteSpan difference = Difference(query, side.text());
  if (difference.size() == 0) return;
  Fill(difference, 0, *match.mutable_difference());
  const aligner::PhraseLink link =
      MakeLinker(model, pair).Link(language, difference);
  if (!link.span.has_value()) return;
  Fill(*link.span, link.confidence, *match.mutable_difference_counterpart());
}

void LinkQuoted(const aligner::Model& model, Language language,
                v1::PassagePart& part) {
  const v1::Pair& pair = part.pair();
  const bool english = language == Language::kEnglish;
  const std::string& text = (english ? pair.source() : pair.target()).text();
  const std::string& other = (english ? pair.target() : pair.source()).text();
  const ByteSpan quoted = SpanOf(part.quoted());
  if (IsNearlyAll(text, quoted)) {
    Fill({0, other.size()},
         pair.status() == v1::ACCEPTED ? 1 : pair.confidence(),
         *part.mutable_counterpart());
    return;
  }
  const aligner::PhraseLinker linker = MakeLinker(model, pair);
  const aligner::PhraseLink link = linker.Link(language, quoted);
  if (!link.span.has_value()) return;
  ByteSpan wide = ToClauseEdges(text, WordsOf(text, quoted), other, *link.span);
  // A word at the clause's edge may render what the quote leaves out.
  const Language back = english ? Language::kChinese : Language::kEnglish;
  if (RendersOther(linker, back, {wide.begin, link.span->begin}, quoted)) {
    wide.begin = link.span->begin;
  }
  if (RendersOther(linker, back, {link.span->end, wide.end}, quoted)) {
    wide.end = link.span->end;
  }
  Fill(wide, link.confidence, *part.mutable_counterpart());
}

}  // namespace duilian::service
