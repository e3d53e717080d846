// The simple version: link each term of each pair, and count what the links
// find. The complications:
//
// 1. A link takes milliseconds, and an interview says a name a thousand times:
//    some pairs are linked, and the renderings that they give are searched for
//    in the others.
// 2. Links now and then take a character too many (埃隆说): a rendering that
//    holds a commoner one is that one.
// 3. A term kept in English needs no link, nor one with its Chinese in
//    brackets.
// 4. Links are unsure of what the model has hardly seen (AGI), and halve it:
//    what an unsure one points at is believed when several pairs of the term
//    have it and hardly any other pair has, and is as long as they agree.
//
// Tested by term_renderings_test.cc.

#include "aligner/term_renderings.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "aligner/fragments.h"
#include "aligner/phrase_links.h"
#include "aligner/terms.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

constexpr size_t kMostTermWords = 4;
constexpr size_t kMostRenderingWords = 16;  // of a link that is believed
constexpr size_t kMostFragments = 500;
constexpr size_t kMostAgreeing = 100;    // pairs that are asked
constexpr size_t kLeastAgreedWords = 2;  // of a rendering's end
// What unsure links point at: pairs without a rendering that have it, the share
// of its pairs that have the term, and how many are looked into.
constexpr size_t kLeastUnsurePairs = 2;
constexpr double kLeastUnsureShare = 0.7;
constexpr size_t kMostUnsure = 4;

std::string Folded(absl::Span<const TermWord> words) {
  std::string folded;
  for (const TermWord& word : words) {
    absl::StrAppend(&folded, folded.empty() ? "" : " ", word.folded);
  }
  return folded;
}

std::string Folded(absl::string_view text) {
  return Folded(SplitTermWords(text));
}

// True when a sentence, or a quotation, begins with the word at `offset`.
bool BeginsSentence(absl::string_view text, size_t offset) {
  const absl::string_view before = text.substr(0, offset);
  const size_t last = before.find_last_not_of(" \t\n'([");
  if (last == absl::string_view::npos) return true;
  return absl::string_view(".?!:\"-").find(before[last]) !=
             absl::string_view::npos ||
         static_cast<unsigned char>(before[last]) >= 0x80;  // “ … —
}

absl::Status Cancelled() {
  return absl::CancelledError("the search for renderings was cancelled");
}

// kCancelled, when it is looked at and nobody waits.
absl::Status CheckWaiting(size_t step, const std::function<bool()>& cancelled) {
  if (step % 256 == 0 && cancelled && cancelled()) return Cancelled();
  return absl::OkStatus();
}

// Which words are names: they have a capital inside sentences, and never stand
// without one.
class NameWords {
 public:
  // Once. kCancelled.
  absl::Status Learn(absl::Span<const PairTexts> pairs,
                     const std::function<bool()>& cancelled) {
    absl::flat_hash_set<std::string> common;
    for (size_t p = 0; p < pairs.size(); ++p) {
      absl::Status status = CheckWaiting(p, cancelled);
      if (!status.ok()) return status;
      const PairTexts& pair = pairs[p];
      for (const TermWord& word : SplitTermWords(pair.english)) {
        if (!word.capital) {
          common.insert(word.folded);
        } else if (word.folded.size() > 1 &&
                   !BeginsSentence(pair.english, word.span.begin)) {
          names_.insert(word.folded);
        }
      }
    }
    for (const std::string& word : common) names_.erase(word);
    return absl::OkStatus();
  }

  bool Has(const TermWord& word) const {
    return word.capital && names_.contains(word.folded);
  }

 private:
  absl::flat_hash_set<std::string> names_;
};

// The runs of names in a text, as written. A number behind belongs to one.
std::vector<std::string> NamesIn(absl::string_view english,
                                 const NameWords& names) {
  const std::vector<TermWord> words = SplitTermWords(english);
  std::vector<std::string> found;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!names.Has(words[i])) continue;
    size_t end = i + 1;
    while (end < words.size() && end - i < kMostTermWords) {
      const absl::string_view between =
          english.substr(words[end - 1].span.end,
                         words[end].span.begin - words[end - 1].span.end);
      const bool is_number =
          text::IsDigit(static_cast<unsigned char>(words[end].folded.front()));
      const bool goes_on = between == "-" || (between == " " && !is_number);
      if (!goes_on || !(names.Has(words[end]) || is_number)) break;
      ++end;
    }
    found.push_back(std::string(english.substr(
        words[i].span.begin, words[end - 1].span.end - words[i].span.begin)));
    i = end - 1;
  }
  return found;
}

// Terms by their folded words: as first written, and in how many pairs.
struct TermCount {
  std::string term;
  size_t pairs = 0;
};
using TermCounts = std::map<std::string, TermCount>;

void Count(const std::vector<std::string>& terms, TermCounts& counts) {
  std::set<std::string> counted;
  for (const std::string& term : terms) {
    std::string folded = Folded(term);
    if (folded.empty() || !counted.insert(folded).second) continue;
    TermCount& count = counts[std::move(folded)];
    if (count.pairs++ == 0) count.term = term;
  }
}

std::vector<std::string> MostFrequent(const TermCounts& counts, size_t least,
                                      size_t most) {
  std::vector<TermCount> kept;
  for (const auto& [folded, count] : counts) {
    if (count.pairs >= least) kept.push_back(count);
  }
  std::stable_sort(
      kept.begin(), kept.end(),
      [](const TermCount& a, const TermCount& b) { return a.pairs > b.pairs; });
  if (kept.size() > most) kept.resize(most);
  std::vector<std::string> terms;
  for (TermCount& count : kept) terms.push_back(std::move(count.term));
  return terms;
}

bool IsTerm(const Fragment& fragment) {
  return fragment.text.size() > 1 && fragment.kind != FragmentKind::kReply &&
         fragment.kind != FragmentKind::kQuoted &&
         SplitTermWords(fragment.text).size() <= kMostTermWords;
}

// A pair that has the term, and where.
struct TermPair {
  size_t pair = 0;
  text::ByteSpan span;  // in the English
};

// Where `part` stands first in a text, with the Chinese character before it
// (or behind); empty where there is none.
std::string Wider(absl::string_view text, absl::string_view part, bool before) {
  const size_t begin = text.find(part);
  const size_t end = begin + part.size();
  if (!before) {
    size_t wide = end;
    if (end == text.size() || !text::IsHan(text::NextCodepoint(text, wide))) {
      return "";
    }
    return std::string(text.substr(begin, wide - begin));
  }
  if (begin == 0) return "";
  size_t wide = begin - 1;
  while (!text::IsCharacterEdge(text, wide)) --wide;
  size_t offset = wide;
  if (!text::IsHan(text::NextCodepoint(text, offset))) return "";
  return std::string(text.substr(wide, end - wide));
}

// The part, and what of Chinese beside it all of the texts have there.
std::string AgreedWords(std::string part,
                        const std::vector<std::string>& texts) {
  for (const bool before : {true, false}) {
    for (size_t grown = 0; grown < kMostRenderingWords; ++grown) {
      std::string wider = Wider(texts.front(), part, before);
      const bool all_have =
          !wider.empty() &&
          std::all_of(texts.begin(), texts.end(), [&](const auto& text) {
            return absl::StrContains(text, wider);
          });
      if (!all_have) break;
      part = std::move(wider);
    }
  }
  return part;
}

// Gathers the renderings of one term.
class RenderingCensus {
 public:
  RenderingCensus(absl::Span<const PairTexts> pairs, const Model* model,
                  const TermOptions& options)
      : pairs_(pairs), model_(model), options_(options) {}

  // Whether nobody waited any more: what was taken then is not whole.
  bool is_cut_short() const { return is_cut_short_; }

  TermUse Take(const std::string& term, const KnownTerm* known,
               const std::vector<TermPair>& places) {
    forms_.clear();
    if (known != nullptr) {
      for (size_t i = 0; i < known->renderings.size(); ++i) {
        AddForm(known->renderings[i], i);
      }
    }
    std::vector<TermPair> rest = TakeKnown(places);
    rest = TakeKnown(TakeKept(term, rest, places));
    LearnForms(rest);
    rest = TakeKnown(rest);
    LearnUnsureForms(rest);
    TermUse use;
    use.term = term;
    use.pairs = places.size();
    for (const TermPair& place : TakeKnown(rest)) {
      use.without.push_back(place.pair);
    }
    for (Form& form : forms_) {
      if (form.rendering.pairs.empty()) continue;
      std::sort(form.rendering.pairs.begin(), form.rendering.pairs.end());
      use.renderings.push_back(std::move(form.rendering));
    }
    std::stable_sort(use.renderings.begin(), use.renderings.end(),
                     [](const TermRendering& a, const TermRendering& b) {
                       return a.pairs.size() > b.pairs.size();
                     });
    return use;
  }

 private:
  // Looks at whether anybody waits, now and then: of a million pairs a term may
  // have hundreds of thousands.
  bool IsCutShort() {
    if (!is_cut_short_) {
      is_cut_short_ = !CheckWaiting(steps_++, options_.cancelled).ok();
    }
    return is_cut_short_;
  }

  struct Form {
    std::vector<TermWord> words;
    TermRendering rendering;
  };

  Form& AddForm(const std::string& text, std::optional<size_t> known) {
    Form& form = forms_.emplace_back();
    form.words = SplitTermWords(text);
    form.rendering.text = text;
    form.rendering.known = known;
    return form;
  }

  // Gives each pair to the first form that it holds; returns the others.
  std::vector<TermPair> TakeKnown(const std::vector<TermPair>& places) {
    if (forms_.empty()) return places;
    std::vector<TermPair> rest;
    for (const TermPair& place : places) {
      if (IsCutShort()) break;
      const std::vector<TermWord> chinese =
          SplitTermWords(pairs_[place.pair].chinese);
      const auto form =
          std::find_if(forms_.begin(), forms_.end(), [&](const Form& one) {
            return FindRendering(chinese, one.words).has_value();
          });
      if (form == forms_.end()) {
        rest.push_back(place);
      } else {
        form->rendering.pairs.push_back(place.pair);
      }
    }
    return rest;
  }

  // Gives pairs that keep the term in English to that form, or to what stands
  // for it beside brackets; returns the others. `all` are all of its pairs.
  std::vector<TermPair> TakeKept(const std::string& term,
                                 const std::vector<TermPair>& places,
                                 const std::vector<TermPair>& all) {
    const std::vector<TermWord> own = SplitTermWords(term);
    const std::string folded = Folded(own);
    std::vector<TermPair> rest;
    for (const TermPair& place : places) {
      if (IsCutShort()) break;
      const absl::string_view chinese = pairs_[place.pair].chinese;
      const auto kept = FindRendering(SplitTermWords(chinese), own);
      if (!kept.has_value()) {
        rest.push_back(place);
        continue;
      }
      std::string rendering(chinese.substr(kept->begin, kept->size()));
      for (const Fragment& fragment : ExtractFragments(chinese)) {
        if (!fragment.rendering.empty() && Folded(fragment.text) == folded) {
          rendering = AgreedEnd(fragment.rendering, place.pair, all);
        }
      }
      FormOf(rendering).rendering.pairs.push_back(place.pair);
    }
    return rest;
  }

  // Nothing marks where 通用人工智能 begins in 我们造出通用人工智能(AGI): the
  // longest end of it that another pair of the term has, if one does.
  std::string AgreedEnd(const std::string& rendering, size_t pair,
                        const std::vector<TermPair>& all) const {
    const std::vector<TermWord> words = SplitTermWords(rendering);
    size_t longest = 0;
    const size_t looked_at = std::min(all.size(), kMostAgreeing);
    for (size_t i = 0; i < looked_at; ++i) {
      if (all[i].pair == pair) continue;
      const std::vector<TermWord> chinese =
          SplitTermWords(pairs_[all[i].pair].chinese);
      while (
          longest < words.size() &&
          FindRendering(chinese, absl::MakeConstSpan(words).last(longest + 1))
              .has_value()) {
        ++longest;
      }
    }
    if (longest < kLeastAgreedWords) return rendering;
    return rendering.substr(words[words.size() - longest].span.begin);
  }

  Form& FormOf(const std::string& text) {
    const std::string folded = Folded(text);
    for (Form& form : forms_) {
      if (Folded(form.words) == folded) return form;
    }
    return AddForm(text, std::nullopt);
  }

  struct Vote {
    std::string text;
    size_t votes = 0;
    double confidence = 0;  // the most
  };

  // What links find in some of the pairs becomes forms; what they are unsure
  // of is kept.
  void LearnForms(const std::vector<TermPair>& places) {
    unsure_.clear();
    if (model_ == nullptr || places.empty()) return;
    std::map<std::string, Vote> votes;
    const size_t links = std::min(options_.most_links, places.size());
    for (size_t i = 0; i < links; ++i) {
      const TermPair& place = places[i * places.size() / links];
      const PairTexts& pair = pairs_[place.pair];
      const PhraseLink link = PhraseLinker(*model_, pair.chinese, pair.english)
                                  .Link(text::Language::kEnglish, place.span);
      if (!link.span.has_value()) continue;
      std::string text(
          pair.chinese.substr(link.span->begin, link.span->size()));
      if (link.confidence < options_.least_lone_confidence) {
        unsure_.insert(text);
      }
      if (link.confidence < options_.least_confidence) continue;
      const std::vector<TermWord> words = SplitTermWords(text);
      if (words.empty() || words.size() > kMostRenderingWords) continue;
      Vote& vote = votes[Folded(words)];
      if (vote.votes++ == 0) vote.text = std::move(text);
      vote.confidence = std::max(vote.confidence, link.confidence);
    }
    TakeVotes(votes);
  }

  void TakeVotes(const std::map<std::string, Vote>& votes) {
    std::vector<Vote> ranked;
    for (const auto& [folded, vote] : votes) ranked.push_back(vote);
    std::sort(ranked.begin(), ranked.end(), [](const Vote& a, const Vote& b) {
      return std::make_tuple(b.votes, a.text.size(), a.text) <
             std::make_tuple(a.votes, b.text.size(), b.text);
    });
    size_t added = 0;
    for (const Vote& vote : ranked) {
      if (added == options_.most_renderings) break;
      if (vote.votes == 1 && vote.confidence < options_.least_lone_confidence) {
        continue;
      }
      const std::vector<TermWord> words = SplitTermWords(vote.text);
      const bool holds_another =
          std::any_of(forms_.begin(), forms_.end(), [&](const Form& form) {
            return FindRendering(words, form.words).has_value();
          });
      if (holds_another) continue;
      AddForm(vote.text, std::nullopt);
      ++added;
    }
  }

  std::vector<std::string> TextsWith(const std::vector<TermPair>& places,
                                     absl::string_view part) const {
    std::vector<std::string> texts;
    for (const TermPair& place : places) {
      if (absl::StrContains(pairs_[place.pair].chinese, part)) {
        texts.emplace_back(pairs_[place.pair].chinese);
      }
    }
    return texts;
  }

  // Of all pairs that have it, those that are the term's; it stands in some.
  double ShareOfTerm(absl::string_view part, size_t in_term) const {
    const auto all =
        std::count_if(pairs_.begin(), pairs_.end(), [&](const PairTexts& pair) {
          return absl::StrContains(pair.chinese, part);
        });
    return static_cast<double>(in_term) / static_cast<double>(all);
  }

  // Of pairs of the term that have no rendering yet.
  void LearnUnsureForms(const std::vector<TermPair>& places) {
    size_t looked_into = 0;
    for (const std::string& part : unsure_) {
      const bool is_known =
          std::any_of(forms_.begin(), forms_.end(), [&](const Form& form) {
            return FindRendering(form.words, SplitTermWords(part)).has_value();
          });
      if (is_known || SplitTermWords(part).size() < kLeastAgreedWords) continue;
      const std::vector<std::string> texts = TextsWith(places, part);
      if (texts.size() < kLeastUnsurePairs) continue;
      if (looked_into++ == kMostUnsure) return;
      if (ShareOfTerm(part, texts.size()) < kLeastUnsureShare) continue;
      AddForm(AgreedWords(part, texts), std::nullopt);
    }
  }

  const absl::Span<const PairTexts> pairs_;
  const Model* const model_;
  const TermOptions& options_;
  std::vector<Form> forms_;
  std::set<std::string> unsure_;  // what links pointed at without being sure
  size_t steps_ = 0;
  bool is_cut_short_ = false;
};

// Pairs beside those of the rendering that all should have.
size_t Departures(const TermUse& use) {
  size_t all = 0, best = 0;
  for (const TermRendering& rendering : use.renderings) {
    all += rendering.pairs.size();
    const bool counts = !use.known.has_value() || rendering.known == size_t{0};
    if (counts) best = std::max(best, rendering.pairs.size());
  }
  return all - best;
}

bool IsWorthTelling(const TermUse& use) {
  return use.renderings.size() > 1 ||
         (use.known.has_value() && !use.renderings.empty() &&
          use.renderings.front().known != size_t{0});
}

// Known terms and others, each once.
absl::StatusOr<std::vector<std::string>> AllTerms(
    absl::Span<const PairTexts> pairs, absl::Span<const KnownTerm> known,
    const TermOptions& options) {
  std::vector<std::string> terms;
  std::set<std::string> seen;
  for (const KnownTerm& one : known) {
    terms.push_back(one.term);
    seen.insert(Folded(one.term));
  }
  absl::StatusOr<std::vector<std::string>> others =
      FindRecurringTerms(pairs, options.least_pairs, options.cancelled);
  if (!others.ok()) return others.status();
  for (std::string& term : *others) {
    if (seen.insert(Folded(term)).second) terms.push_back(std::move(term));
  }
  return terms;
}

// Of each term, the pairs that have it, rising.
absl::StatusOr<std::vector<std::vector<TermPair>>> PlacesOf(
    const std::vector<std::string>& terms, absl::Span<const PairTexts> pairs,
    const std::function<bool()>& cancelled) {
  const TermFinder finder(terms);
  std::vector<std::vector<TermPair>> places(terms.size());
  for (size_t p = 0; p < pairs.size(); ++p) {
    absl::Status status = CheckWaiting(p, cancelled);
    if (!status.ok()) return status;
    for (const TermPlace& place : finder.Find(pairs[p].english)) {
      std::vector<TermPair>& all = places[place.term];
      if (all.empty() || all.back().pair != p) all.push_back({p, place.span});
    }
  }
  return places;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> FindRecurringTerms(
    absl::Span<const PairTexts> pairs, size_t least_pairs,
    const std::function<bool()>& cancelled) {
  NameWords names;
  absl::Status status = names.Learn(pairs, cancelled);
  TermCounts fragments, counts;
  for (size_t p = 0; status.ok() && p < pairs.size(); ++p) {
    status = CheckWaiting(p, cancelled);
    Count(NamesIn(pairs[p].english, names), counts);
    std::vector<std::string> texts;
    for (const Fragment& fragment : ExtractFragments(pairs[p].chinese)) {
      if (IsTerm(fragment)) texts.push_back(fragment.text);
    }
    Count(texts, fragments);
  }
  // Fragments count where the English says them.
  const std::vector<std::string> written =
      MostFrequent(fragments, 1, kMostFragments);
  const TermFinder finder(written);
  TermCounts said;
  for (size_t p = 0; status.ok() && p < pairs.size(); ++p) {
    status = CheckWaiting(p, cancelled);
    std::vector<std::string> texts;
    for (const TermPlace& place : finder.Find(pairs[p].english)) {
      texts.push_back(written[place.term]);
    }
    Count(texts, said);
  }
  if (!status.ok()) return status;
  for (const auto& [folded, count] : said) counts.try_emplace(folded, count);
  return MostFrequent(counts, std::max<size_t>(least_pairs, 1), counts.size());
}

absl::StatusOr<std::vector<TermUse>> FindCompetingRenderings(
    absl::Span<const PairTexts> pairs, absl::Span<const KnownTerm> known,
    const Model* model, const TermOptions& options) {
  const absl::StatusOr<std::vector<std::string>> all_terms =
      AllTerms(pairs, known, options);
  if (!all_terms.ok()) return all_terms.status();
  const std::vector<std::string>& terms = *all_terms;
  const absl::StatusOr<std::vector<std::vector<TermPair>>> all_places =
      PlacesOf(terms, pairs, options.cancelled);
  if (!all_places.ok()) return all_places.status();
  const std::vector<std::vector<TermPair>>& places = *all_places;
  RenderingCensus census(pairs, model, options);
  std::vector<TermUse> uses;
  size_t looked_into = 0;
  for (size_t t = 0; t < terms.size(); ++t) {
    const bool is_known = t < known.size();
    if (absl::Status status = CheckWaiting(0, options.cancelled);
        !status.ok()) {
      return status;
    }
    if (places[t].empty() ||
        (!is_known && places[t].size() < options.least_pairs)) {
      continue;
    }
    if (looked_into++ >= options.most_terms) break;
    TermUse use =
        census.Take(terms[t], is_known ? &known[t] : nullptr, places[t]);
    if (census.is_cut_short()) return Cancelled();
    if (is_known) use.known = t;
    if (IsWorthTelling(use)) uses.push_back(std::move(use));
  }
  std::sort(uses.begin(), uses.end(), [](const TermUse& a, const TermUse& b) {
    const auto order = [](const TermUse& use) {
      return std::make_tuple(~Departures(use), ~use.pairs,
                             absl::string_view(use.term));
    };
    return order(a) < order(b);
  });
  return uses;
}

}  // namespace duilian::aligner
