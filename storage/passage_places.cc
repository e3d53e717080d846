// The simple version: write the texts of a document's units one behind the
// other and find where the query stands with the fewest edits (Sellers: the
// distance to a text that may begin and end anywhere). The complications:
//
// 1. Units that were read are a selection: they are cut into runs where more
//    than a few segments of the document lie between two of them.
// 2. A quote may stand twice in one run: what is before and behind a passage is
//    searched again.
// 3. Of places with as few edits, the shortest: a word that the text has in the
//    place of the query's first or last one is not claimed.
// 4. People shorten what they quote, with "…" or without it. A stretch of the
//    text that the query leaves out costs no more than a few edits, however
//    long it is: GapCosts.
//
// Tested by passage_places_test.cc.

#include "storage/passage_places.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "storage/matching_units.h"

namespace duilian::storage {
namespace {

struct PlacedText {
  TranslationUnit* unit = nullptr;
  const std::string* text = nullptr;  // of the side searched
  std::vector<PlacedUnit> units;
  int32_t first_segment = 0, end_segment = 0;
};

using Run = absl::Span<PlacedText>;

// One unit of a run's texts, written one behind the other.
struct Letter {
  const PlacedUnit* unit = nullptr;
  size_t text = 0;    // of the run
  size_t within = 0;  // of the text's units
};

// Of the query and the run; both half-open, and never empty.
struct Stretch {
  size_t query_begin = 0, query_end = 0;
  size_t begin = 0, end = 0;
};

struct Found {
  size_t distance = 0;
  std::map<size_t, Stretch> texts;  // of the run; `begin` in the text's units
};

// What a gap in the quote costs at most: where it shows, and where it does not,
// the latter growing with the quote.
constexpr uint32_t kMarkedGapCost = 1, kLeastGapCost = 4;
constexpr size_t kUnitsPerGapCost = 16;

bool HasEllipsis(absl::string_view text) {
  constexpr absl::string_view kEllipses[] = {"…", "⋯", "...", "。。。"};
  return absl::c_any_of(kEllipses, [&](absl::string_view ellipsis) {
    return absl::StrContains(text, ellipsis);
  });
}

// By how many of the query's units stand before the gap. Before the first and
// behind the last there is none: the text begins and ends where it likes.
std::vector<uint32_t> GapCosts(absl::string_view text,
                               const std::vector<PlacedUnit>& query) {
  const auto unmarked = std::max(
      kLeastGapCost, static_cast<uint32_t>(query.size() / kUnitsPerGapCost));
  std::vector<uint32_t> costs(query.size() + 1, unmarked);
  for (size_t i = 1; i < query.size(); ++i) {
    const size_t begin = query[i - 1].span.end;
    if (HasEllipsis(text.substr(begin, query[i].span.begin - begin))) {
      costs[i] = kMarkedGapCost;
    }
  }
  return costs;
}

enum Step : uint8_t { kStart, kPair, kSkipQuery, kSkipText, kLeap };
// Beside a step: gaps to the right of this cell begin here. A leap goes to the
// nearest such cell on its left.
constexpr uint8_t kLeapsBegin = 0x80;

// The steps that lead to each cell with the fewest edits, row-major
// [query + 1, letters + 1], and the last row's distances.
struct Steps {
  std::vector<uint8_t> to;
  std::vector<uint32_t> distances;
};

Steps FewestEdits(const std::vector<PlacedUnit>& query,
                  const std::vector<uint32_t>& gap_costs,
                  const std::vector<Letter>& letters) {
  const size_t columns = letters.size() + 1;
  Steps steps;
  steps.to.assign((query.size() + 1) * columns, kStart);
  std::vector<uint32_t> row(columns, 0);
  for (size_t i = 1; i <= query.size(); ++i) {
    uint32_t diagonal = row[0];
    row[0] = static_cast<uint32_t>(i);
    uint8_t* to = steps.to.data() + i * columns;
    to[0] = kSkipQuery | kLeapsBegin;
    uint32_t least = row[0];  // of the row, so far
    for (size_t j = 1; j < columns; ++j) {
      const bool equal = letters[j - 1].unit->text == query[i - 1].text;
      uint32_t best = diagonal + (equal ? 0 : 1);
      uint8_t step = kPair;
      diagonal = row[j];
      // Among equals a pair of equal words first, then what claims less text.
      if (row[j] + 1 < best || (row[j] + 1 == best && !equal)) {
        best = row[j] + 1;
        step = kSkipQuery;
      }
      if (row[j - 1] + 1 < best) {
        best = row[j - 1] + 1;
        step = kSkipText;
      }
      if (least + gap_costs[i] < best) {
        best = least + gap_costs[i];
        step = kLeap;
      }
      row[j] = best;
      to[j] = step;
      if (best > least) continue;
      least = best;
      to[j] |= kLeapsBegin;
    }
  }
  steps.distances = std::move(row);
  return steps;
}

std::vector<Letter> LettersOf(Run run, size_t query_size) {
  std::vector<Letter> letters;
  for (size_t t = 0; t < run.size(); ++t) {
    const size_t more = run[t].units.size();
    if (t > 0 && (letters.size() + more) * query_size > kMostPlacedCells) break;
    for (size_t u = 0; u < more; ++u) {
      letters.push_back({&run[t].units[u], t, u});
    }
  }
  const size_t most = kMostPlacedCells / query_size;
  if (letters.size() > most) letters.resize(most);
  return letters;
}

Found FindBest(const std::vector<PlacedUnit>& query,
               const std::vector<uint32_t>& gap_costs, Run run) {
  const std::vector<Letter> letters = LettersOf(run, query.size());
  const Steps steps = FewestEdits(query, gap_costs, letters);
  const auto least = absl::c_min_element(steps.distances);
  Found found;
  found.distance = *least;
  size_t i = query.size();
  auto j = static_cast<size_t>(least - steps.distances.begin());
  while (i > 0) {
    const uint8_t* to = steps.to.data() + i * (letters.size() + 1);
    switch (to[j] & ~kLeapsBegin) {
      case kPair: {
        --i;
        --j;
        const Letter& letter = letters[j];
        const auto [place, is_new] = found.texts.try_emplace(
            letter.text, Stretch{i, i + 1, letter.within, letter.within + 1});
        place->second.query_begin = i;
        place->second.begin = letter.within;
        break;
      }
      case kSkipQuery:
        --i;
        break;
      case kLeap:
        do {
          --j;
        } while ((to[j] & kLeapsBegin) == 0);
        break;
      default:
        --j;
    }
  }
  return found;
}

// From the first to the last unit, with the marks around them at the edges.
text::ByteSpan BytesOf(absl::string_view text,
                       const std::vector<PlacedUnit>& units, size_t begin,
                       size_t end) {
  return {begin == 0 ? 0 : units[begin].span.begin,
          end == units.size() ? text.size() : units[end - 1].span.end};
}

class PassageFinder {
 public:
  explicit PassageFinder(const PassageQuery& query)
      : query_(query),
        units_(PlaceUnits(query.text)),
        gap_costs_(GapCosts(query.text, units_)) {}

  // Adds the passages of a run and of what it leaves before and behind.
  absl::Status Search(Run run) {
    if (run.empty() || units_.empty()) return absl::OkStatus();
    if (query_.cancelled && query_.cancelled()) {
      return absl::CancelledError("the search for a passage was cancelled");
    }
    const Found found = FindBest(units_, gap_costs_, run);
    if (found.texts.empty() || Score(found) < query_.threshold_percent) {
      return absl::OkStatus();
    }
    Add(found, run);
    const size_t first = found.texts.begin()->first;
    const size_t last = found.texts.rbegin()->first;
    absl::Status status = Search(run.subspan(0, first));
    if (status.ok()) status = Search(run.subspan(last + 1));
    return status;
  }

  std::vector<Passage> Take() && {
    absl::c_sort(passages_, IsBetterPassage);
    if (passages_.size() > query_.limit) passages_.resize(query_.limit);
    return std::move(passages_);
  }

 private:
  int Score(const Found& found) const {
    return static_cast<int>(100 * (units_.size() - found.distance) /
                            units_.size());
  }

  void Add(const Found& found, Run run) {
    Passage& passage = passages_.emplace_back();
    passage.score_percent = Score(found);
    for (const auto& [index, stretch] : found.texts) {
      PlacedText& text = run[index];
      PassagePart& part = passage.parts.emplace_back();
      part.in_query =
          BytesOf(query_.text, units_, stretch.query_begin, stretch.query_end);
      part.in_text =
          BytesOf(*text.text, text.units, stretch.begin, stretch.end);
      part.is_whole = stretch.begin == 0 && stretch.end == text.units.size();
      part.unit = *text.unit;
    }
  }

  const PassageQuery& query_;
  const std::vector<PlacedUnit> units_;
  const std::vector<uint32_t> gap_costs_;
  std::vector<Passage> passages_;
};

std::vector<PlacedText> PlaceTexts(text::Language language,
                                   std::vector<TranslationUnit>& units) {
  std::vector<PlacedText> texts;
  for (TranslationUnit& unit : units) {
    const UnitSide& side =
        language == text::Language::kEnglish ? unit.source : unit.target;
    PlacedText& text = texts.emplace_back();
    text.unit = &unit;
    text.text = &side.text;
    text.units = PlaceUnits(side.text);
    if (side.spans.empty()) continue;
    const auto [first, last] =
        std::minmax_element(side.spans.begin(), side.spans.end(),
                            [](const SegmentSpan& a, const SegmentSpan& b) {
                              return a.segment < b.segment;
                            });
    text.first_segment = first->segment;
    text.end_segment = last->segment + 1;
  }
  absl::c_sort(texts, [](const PlacedText& a, const PlacedText& b) {
    const auto order = [](const PlacedText& text) {
      return std::tie(text.unit->document, text.first_segment, text.unit->id);
    };
    return order(a) < order(b);
  });
  return texts;
}

// Units without a place in a document stand alone.
bool GoOn(const PlacedText& before, const PlacedText& text) {
  return !text.unit->document.empty() &&
         text.unit->document == before.unit->document &&
         before.end_segment > before.first_segment &&
         text.first_segment - before.end_segment <= kMostSegmentsBetween;
}

}  // namespace

bool IsBetterPassage(const Passage& a, const Passage& b) {
  const auto order = [](const Passage& passage) {
    bool accepted = true;
    double confidence = 1;
    for (const PassagePart& part : passage.parts) {
      accepted = accepted && part.unit.status == ReviewStatus::kAccepted;
      confidence = std::min(confidence, part.unit.confidence);
    }
    return std::make_tuple(-passage.score_percent, !accepted, -confidence,
                           passage.parts.front().unit.id);
  };
  return order(a) < order(b);
}

absl::StatusOr<std::vector<Passage>> PlacePassages(
    const PassageQuery& query, std::vector<TranslationUnit> units) {
  std::vector<PlacedText> texts = PlaceTexts(query.language, units);
  PassageFinder finder(query);
  for (size_t begin = 0; begin < texts.size();) {
    size_t end = begin + 1;
    while (end < texts.size() && GoOn(texts[end - 1], texts[end])) ++end;
    if (absl::Status status =
            finder.Search(absl::MakeSpan(texts).subspan(begin, end - begin));
        !status.ok()) {
      return status;
    }
    begin = end;
  }
  return std::move(finder).Take();
}

}  // namespace duilian::storage
