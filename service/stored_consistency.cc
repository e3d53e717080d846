#include "service/stored_consistency.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aligner/source_groups.h"
#include "aligner/term_renderings.h"
#include "aligner/terms.h"
#include "service/limits.h"
#include "service/names.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using PreferredRenderings = absl::Span<const storage::PreferredRendering>;

// What terms and their renderings are compared by: no marks, no spaces, no
// case.
std::string WordsOf(absl::string_view text) {
  return absl::StrJoin(aligner::SplitTermWords(text), " ",
                       [](std::string* out, const aligner::TermWord& word) {
                         absl::StrAppend(out, word.folded);
                       });
}

// How a whole source is to be rendered, as a term is.
struct WantedRenderings {
  std::string preferred;
  std::vector<std::string> also_good;  // all as WordsOf
};

absl::flat_hash_map<std::string, WantedRenderings> ByWords(
    PreferredRenderings preferred) {
  absl::flat_hash_map<std::string, WantedRenderings> wanted;
  for (const storage::PreferredRendering& one : preferred) {
    WantedRenderings& added = wanted[WordsOf(one.term)];
    added.preferred = WordsOf(one.rendering);
    for (const std::string& good : one.also_good) {
      added.also_good.push_back(WordsOf(good));
    }
  }
  return wanted;
}

// Makes messages of what was found in units.
class ConsistencyWriter {
 public:
  ConsistencyWriter(absl::string_view project, const ComparedUnits& units,
                    PreferredRenderings preferred,
                    const ConsistencyOptions& options)
      : project_(project),
        units_(units),
        preferred_(preferred),
        wanted_(ByWords(preferred)),
        options_(options) {}

  v1::SourceRenderings Write(const aligner::SourceGroup& group) const {
    v1::SourceRenderings out;
    for (const size_t pair : group.sources) {
      if (out.sources_size() == kMaxGroupSources) break;
      out.add_sources(Shown(units_.texts()[pair].english));
    }
    out.set_pairs(static_cast<int32_t>(group.pairs));
    const WantedRenderings* const wanted = WantedFor(group);
    for (const aligner::SourceRendering& rendering : group.renderings) {
      if (out.renderings_size() == kMaxGroupRenderings) break;
      const absl::string_view chinese =
          units_.texts()[rendering.pairs.front()].chinese;
      v1::CompetingRendering& added = *out.add_renderings();
      added = WriteRendering(chinese, rendering.pairs);
      if (wanted == nullptr) continue;
      const std::string words = WordsOf(chinese);
      added.set_preferred(words == wanted->preferred);
      added.set_also_good(!added.preferred() &&
                          absl::c_linear_search(wanted->also_good, words));
    }
    out.set_omitted_renderings(static_cast<int32_t>(group.renderings.size()) -
                               out.renderings_size());
    out.set_omitted_pairs(static_cast<int32_t>(group.omitted_pairs));
    return out;
  }

  v1::TermRenderings Write(const aligner::TermUse& use) const {
    v1::TermRenderings out;
    out.set_term(use.term);
    out.set_pairs(static_cast<int32_t>(use.pairs));
    for (const aligner::TermRendering& rendering : use.renderings) {
      v1::CompetingRendering& added = *out.add_renderings();
      added = WriteRendering(rendering.text, rendering.pairs);
      added.set_preferred(rendering.known == size_t{0});
      added.set_also_good(rendering.known.has_value() && !added.preferred());
    }
    out.set_pairs_without(static_cast<int32_t>(use.without.size()));
    WritePlaces(use.without, *out.mutable_places_without());
    if (use.known.has_value()) {
      out.set_preferred_rendering(preferred_[*use.known].rendering);
    }
    return out;
  }

 private:
  using Places = google::protobuf::RepeatedPtrField<v1::RenderingPlace>;

  // Null: nobody has set any.
  const WantedRenderings* WantedFor(const aligner::SourceGroup& group) const {
    if (wanted_.empty()) return nullptr;
    for (const size_t pair : group.sources) {
      const auto found = wanted_.find(WordsOf(units_.texts()[pair].english));
      if (found != wanted_.end()) return &found->second;
    }
    return nullptr;
  }

  static std::string Shown(absl::string_view text) {
    // The ellipsis counts, too.
    return text::Abbreviate(text, kMaxRenderingTextCodepoints - 1);
  }

  void WritePlaces(const std::vector<size_t>& pairs, Places& out) const {
    for (const size_t pair : pairs) {
      if (static_cast<size_t>(out.size()) == options_.most_places) break;
      v1::RenderingPlace& place = *out.Add();
      place.set_pair(FormatPairName(project_, units_.id(pair)));
      const std::string& document = units_.document(pair);
      if (document.empty()) continue;
      place.set_document(FormatDocumentName(project_, document));
    }
  }

  v1::CompetingRendering WriteRendering(
      absl::string_view text, const std::vector<size_t>& pairs) const {
    v1::CompetingRendering out;
    out.set_text(Shown(text));
    out.set_pairs(static_cast<int32_t>(pairs.size()));
    out.set_accepted_pairs(static_cast<int32_t>(
        std::count_if(pairs.begin(), pairs.end(),
                      [&](size_t pair) { return units_.accepted(pair); })));
    WritePlaces(pairs, *out.mutable_places());
    return out;
  }

  const absl::string_view project_;
  const ComparedUnits& units_;
  const PreferredRenderings preferred_;
  const absl::flat_hash_map<std::string, WantedRenderings> wanted_;
  const ConsistencyOptions& options_;
};

std::vector<aligner::KnownTerm> KnownTerms(PreferredRenderings preferred) {
  std::vector<aligner::KnownTerm> known;
  for (const storage::PreferredRendering& one : preferred) {
    known.push_back({one.term, {one.rendering}});
    std::vector<std::string>& renderings = known.back().renderings;
    renderings.insert(renderings.end(), one.also_good.begin(),
                      one.also_good.end());
  }
  return known;
}

// Adds messages up to the limit of their number and of the answer's size;
// returns how many are left out.
template <typename Message, typename Item, typename Write>
int32_t AddUpTo(size_t limit, const std::vector<Item>& items,
                const Write& write, size_t& bytes,
                google::protobuf::RepeatedPtrField<Message>& out) {
  for (const Item& item : items) {
    if (static_cast<size_t>(out.size()) == limit) break;
    Message message = write(item);
    bytes += message.ByteSizeLong();
    if (bytes > kMaxPageBytes) break;
    *out.Add() = std::move(message);
  }
  return static_cast<int32_t>(items.size()) - out.size();
}

}  // namespace

void ComparedUnits::Add(const storage::TranslationUnit& unit) {
  const auto next = static_cast<uint32_t>(documents_.size());
  const auto [document, is_new] =
      document_numbers_.try_emplace(unit.document, next);
  if (is_new) documents_.push_back(unit.document);
  units_.push_back({unit.id, document->second,
                    unit.status == storage::ReviewStatus::kAccepted});
  texts_.push_back({Keep(unit.source.text), Keep(unit.target.text)});
}

absl::string_view ComparedUnits::Keep(absl::string_view text) {
  constexpr size_t kChunkBytes = 1 << 20;
  if (text.empty()) return "";
  if (text.size() > left_) {
    const size_t bytes = std::max(kChunkBytes, text.size());
    // Not initialised: memory that is not written takes none.
    chunks_.emplace_back(new char[bytes]);
    left_ = bytes;
    end_ = chunks_.back().get();
  }
  char* const begin = end_;
  std::memcpy(begin, text.data(), text.size());
  end_ += text.size();
  left_ -= text.size();
  text_bytes_ += text.size();
  return {begin, text.size()};
}

absl::StatusOr<v1::ReportConsistencyResponse> ReportConsistencyOf(
    absl::string_view project, const ComparedUnits& units,
    absl::Span<const storage::PreferredRendering> preferred,
    const aligner::Model* model, const ConsistencyOptions& options) {
  aligner::SourceGroupOptions source_options;
  source_options.least_words = options.least_words;
  source_options.most_difference = 1 - options.near_percent / 100.0;
  source_options.cancelled = options.cancelled;
  const absl::StatusOr<aligner::InconsistentSources> sources =
      aligner::FindInconsistentSources(units.texts(), source_options);
  if (!sources.ok()) return sources.status();
  aligner::TermOptions term_options;
  term_options.most_terms += preferred.size();
  term_options.cancelled = options.cancelled;
  const absl::StatusOr<std::vector<aligner::TermUse>> uses =
      aligner::FindCompetingRenderings(units.texts(), KnownTerms(preferred),
                                       model, term_options);
  if (!uses.ok()) return uses.status();

  const ConsistencyWriter writer(project, units, preferred, options);
  v1::ReportConsistencyResponse response;
  response.set_pairs(static_cast<int32_t>(units.size()));
  size_t bytes = 0;
  // The terms first: they are short.
  response.set_omitted_terms(AddUpTo(
      options.limit, *uses, [&](const auto& use) { return writer.Write(use); },
      bytes, *response.mutable_terms()));
  response.set_omitted_sources(AddUpTo(
      options.limit, sources->groups,
      [&](const auto& group) { return writer.Write(group); }, bytes,
      *response.mutable_sources()));
  response.set_partly_compared_sources(
      static_cast<int32_t>(sources->partly_compared));
  return response;
}

}  // namespace duilian::service
