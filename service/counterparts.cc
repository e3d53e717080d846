#include "service/counterparts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

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
  const aligner::PhraseLink link =
      MakeLinker(model, part.pair()).Link(language, SpanOf(part.quoted()));
  if (!link.span.has_value()) return;
  Fill(*link.span, link.confidence, *part.mutable_counterpart());
}

}  // namespace duilian::service
