#include "bench/fragment_quality.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aligner/align.h"
#include "aligner/fragment_places.h"
#include "aligner/quotes.h"
#include "bench/gold_set.h"

namespace duilian::bench {
namespace {

using aligner::FragmentFinding;
using aligner::Model;
using aligner::SegmentRange;
using aligner::Transcript;

// A Chinese line and a fragment in it, and where it is said to stand: the
// English line, a tab and the words; empty: nowhere.
using Places = std::multimap<std::pair<int, std::string>, std::string>;

absl::StatusOr<Places> ReadPlaces(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(path + ": no such file");
  Places places;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    int chinese = 0, english = 0;
    const bool nowhere =
        fields.size() == 5 && (fields[3] == "-" || fields[4] == "-");
    if (fields.size() != 5 || !absl::SimpleAtoi(fields[0], &chinese) ||
        (!nowhere && !absl::SimpleAtoi(fields[3], &english))) {
      return absl::DataLossError(absl::StrCat(
          path, " line ", number,
          ": is not a Chinese line, a fragment, its kind, an English line and "
          "the words there, with tabs between; correct it"));
    }
    places.emplace(std::pair(chinese, fields[1]),
                   nowhere ? "" : absl::StrCat(english, "\t", fields[4]));
  }
  return places;
}

using Texts = std::vector<absl::string_view>;

// The fragments of Chinese lines, the first of which is `line`, in a run of
// English ones.
void AddLinks(const Texts& chinese, int line, const Transcript& en,
              const SegmentRange& english, Places& places) {
  const Texts texts = aligner::TextsOf(en, english);
  for (const aligner::FragmentLink& link :
       aligner::LinkFragments(chinese, texts)) {
    std::string place;
    if (link.finding != FragmentFinding::kMissing) {
      place = absl::StrCat(
          english.begin + static_cast<int>(link.english_text), "\t",
          texts[link.english_text].substr(link.place.begin, link.place.size()));
    }
    places.emplace(std::pair(line + static_cast<int>(link.chinese_text),
                             link.fragment.text),
                   std::move(place));
  }
}

// Those of a line that is looked for as a quote. Nobody has said its label.
absl::Status AddQuoted(const Model& model, absl::string_view quote, int line,
                       const Transcript& en, Places& places) {
  if (aligner::ExtractFragments(quote).empty()) return absl::OkStatus();
  const auto found = aligner::AlignQuotes(model, en, {std::string(quote)},
                                          aligner::QuoteOptions());
  if (!found.ok()) return found.status();
  SegmentRange english;
  if (!found->front().empty()) english = found->front()[0].segments;
  const absl::string_view words = aligner::WithoutLabel(quote);
  AddLinks({quote.substr(0, quote.size() - words.size())}, line, en, {},
           places);
  AddLinks({words}, line, en, english, places);
  return absl::OkStatus();
}

// Of all lines up to `last`, and which of those are in no bead with English.
absl::StatusOr<Places> FindPlaces(const Model& model, const Transcript& zh,
                                  const Transcript& en, int last,
                                  std::set<int>& alone) {
  const auto beads = aligner::Align(model, zh, en, aligner::AlignOptions());
  if (!beads.ok()) return beads.status();
  Places places;
  for (const aligner::Bead& bead : *beads) {
    if (bead.source.begin > last || bead.source.size() == 0) continue;
    const Texts chinese = aligner::TextsOf(zh, bead.source);
    if (bead.target.size() > 0) {
      AddLinks(chinese, bead.source.begin, en, bead.target, places);
      continue;
    }
    alone.insert(bead.source.begin);
    const absl::Status added =
        AddQuoted(model, chinese[0], bead.source.begin, en, places);
    if (!added.ok()) return added;
  }
  return places;
}

// The same line, and the same words or some of them: Grok for X Grok.
bool IsSamePlace(const std::string& gold, const std::string& found) {
  if (gold.empty() || found.empty()) return gold == found;
  const std::pair<std::string, std::string> a = absl::StrSplit(gold, '\t');
  const std::pair<std::string, std::string> b = absl::StrSplit(found, '\t');
  return a.first == b.first && (absl::StrContains(a.second, b.second) ||
                                absl::StrContains(b.second, a.second));
}

std::string Told(const std::string& place) {
  return place.empty() ? "nowhere" : place;
}

}  // namespace

absl::StatusOr<FragmentScores> ScoreFragments(const Model& model,
                                              const std::string& data) {
  const auto gold = ReadPlaces(data + "/interview/fragments.dev.tsv");
  if (!gold.ok()) return gold.status();
  FragmentScores scores;
  if (gold->empty()) return scores;
  const auto zh = ReadInterviewLines(data, text::Language::kChinese);
  if (!zh.ok()) return zh.status();
  const auto en = ReadInterviewLines(data, text::Language::kEnglish);
  if (!en.ok()) return en.status();
  std::set<int> alone;
  auto found =
      FindPlaces(model, *zh, *en, std::prev(gold->end())->first.first, alone);
  if (!found.ok()) return found.status();
  for (const auto& [fragment, place] : *gold) {
    FragmentScore& score =
        alone.contains(fragment.first) ? scores.alone : scores.paired;
    ++score.fragments;
    const auto [begin, end] = found->equal_range(fragment);
    const auto right = std::find_if(begin, end, [&](const auto& one) {
      return IsSamePlace(place, one.second);
    });
    if (right != end) {
      ++score.right;
      found->erase(right);
      continue;
    }
    std::string wrong =
        absl::StrCat("line ", fragment.first, ", ", fragment.second,
                     ": stands at ", Told(place), "; found");
    for (auto it = begin; it != end; ++it) {
      absl::StrAppend(&wrong, " ", Told(it->second), ";");
    }
    score.wrong.push_back(std::move(wrong));
  }
  return scores;
}

}  // namespace duilian::bench
