#include "service/rendering_warnings.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aligner/phrase_links.h"
#include "text/language.h"

namespace duilian::service {
namespace {

std::vector<std::string> TermsOf(
    const std::vector<storage::PreferredRendering>& preferred) {
  std::vector<std::string> terms;
  for (const storage::PreferredRendering& one : preferred) {
    terms.push_back(one.term);
  }
  return terms;
}

void Fill(text::ByteSpan span, double confidence, v1::Highlight& highlight) {
  highlight.set_begin_byte(static_cast<int32_t>(span.begin));
  highlight.set_end_byte(static_cast<int32_t>(span.end));
  highlight.set_confidence(confidence);
}

}  // namespace

RenderingWarner::RenderingWarner(
    const std::vector<storage::PreferredRendering>& preferred)
    : finder_(TermsOf(preferred)) {
  for (const storage::PreferredRendering& one : preferred) {
    Wanted& wanted = wanted_.emplace_back();
    wanted.term = one.term;
    wanted.rendering = one.rendering;
    wanted.good.push_back(aligner::SplitTermWords(one.rendering));
    for (const std::string& rendering : one.also_good) {
      wanted.good.push_back(aligner::SplitTermWords(rendering));
    }
  }
}

absl::StatusOr<RenderingWarner> RenderingWarner::Load(
    const storage::TranslationMemory& memory, absl::string_view project) {
  const absl::StatusOr<storage::Page<storage::PreferredRendering>> page =
      memory.ListPreferredRenderings(project, storage::kMostPreferredRenderings,
                                     std::nullopt);
  if (!page.ok()) return page.status();
  return RenderingWarner(page->items);
}

bool RenderingWarner::IsGood(const Wanted& wanted,
                             absl::Span<const aligner::TermWord> chinese) {
  return std::any_of(
      wanted.good.begin(), wanted.good.end(), [&](const auto& rendering) {
        return aligner::FindRendering(chinese, rendering).has_value();
      });
}

void RenderingWarner::Warn(const aligner::Model* model,
                           v1::Match& match) const {
  const std::string& english = match.pair().source().text();
  const std::string& chinese = match.pair().target().text();
  const std::vector<aligner::TermPlace> places = finder_.Find(english);
  if (places.empty()) return;
  const std::vector<aligner::TermWord> words = aligner::SplitTermWords(chinese);
  std::optional<aligner::PhraseLinker> linker;
  std::set<size_t> looked_at;
  for (const aligner::TermPlace& place : places) {
    const Wanted& wanted = wanted_[place.term];
    if (!looked_at.insert(place.term).second || IsGood(wanted, words)) continue;
    v1::MatchWarning& warning = *match.add_warnings();
    warning.set_kind(v1::PREFERRED_RENDERING_MISSING);
    warning.set_term(wanted.term);
    warning.set_preferred_rendering(wanted.rendering);
    Fill(place.span, 0, *warning.mutable_term_place());
    std::string here = "this translation does not have that";
    if (model != nullptr) {
      if (!linker.has_value()) linker.emplace(*model, chinese, english);
      const aligner::PhraseLink link =
          linker->Link(text::Language::kEnglish, place.span);
      if (link.span.has_value()) {
        Fill(*link.span, link.confidence, *warning.mutable_rendered_as());
        here = absl::StrCat(
            "here it is ", chinese.substr(link.span->begin, link.span->size()));
      }
    }
    warning.set_message(absl::StrCat(wanted.term, " is to be rendered ",
                                     wanted.rendering, "; ", here));
  }
}

}  // namespace duilian::service
