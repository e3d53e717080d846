#include "tests/soak/project_model.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/support/matrix_distance.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace duilian::soak {
namespace {

using Letters = std::vector<char32_t>;

Letters LettersOf(absl::string_view text) {
  return text::Codepoints(text::NormalizeForMatching(text));
}

// A word, or a part of one: lam*, *amp, *am*.
bool IsLike(const std::string& word, absl::string_view asked) {
  const bool more_before = absl::ConsumePrefix(&asked, "*");
  const bool more_behind = absl::ConsumeSuffix(&asked, "*");
  if (more_before && more_behind) return absl::StrContains(word, asked);
  if (more_before) return absl::EndsWith(word, asked);
  return more_behind ? absl::StartsWith(word, asked) : word == asked;
}

bool HasPhrase(const std::vector<std::string>& words, const Phrase& phrase) {
  return std::search(words.begin(), words.end(), phrase.begin(), phrase.end(),
                     IsLike) != words.end();
}

bool HasPhrase(const std::string& text, const Phrase& phrase, TextSide side) {
  return side == TextSide::kChinese ? absl::StrContains(text, phrase.front())
                                    : HasPhrase(UnitsOf(text, side), phrase);
}

bool IsSeen(const KnownPair& known) {
  return known.pair.status() != v1::REJECTED;
}

// Someone decided about it, or wrote it.
bool IsReviewed(const v1::Pair& pair) {
  return pair.status() != v1::UNREVIEWED || pair.origin() == v1::MANUAL;
}

}  // namespace

const std::string& TextOf(const v1::Pair& pair, TextSide side) {
  return side == TextSide::kEnglish ? pair.source().text()
                                    : pair.target().text();
}

bool HasPhrases(const std::string& text, const std::vector<Phrase>& phrases,
                TextSide side) {
  return std::all_of(phrases.begin(), phrases.end(), [&](const Phrase& phrase) {
    return HasPhrase(text, phrase, side);
  });
}

PairState StateOf(const v1::Pair& pair) {
  return {pair.source().text(), pair.target().text(), pair.status()};
}

std::vector<std::string> UnitsOf(absl::string_view text, TextSide side) {
  std::vector<std::string> units;
  if (side == TextSide::kEnglish) {
    units = absl::StrSplit(absl::AsciiStrToLower(text), absl::ByAnyChar(" .?"),
                           absl::SkipEmpty());
    return units;
  }
  for (const char32_t letter : text::Codepoints(text)) {
    if (text::IsHan(letter)) text::AppendUtf8(letter, units.emplace_back());
  }
  return units;
}

int ScoreInContext(const v1::Pair& pair, TextSide side,
                   const QueryPlace& place) {
  const v1::Side& own =
      side == TextSide::kEnglish ? pair.source() : pair.target();
  const auto same = [](absl::string_view a, absl::string_view b) {
    return !a.empty() && LettersOf(a) == LettersOf(b);
  };
  const bool before = same(own.previous_text(), place.previous);
  const bool after = same(own.next_text(), place.next);
  const bool at_home =
      place.document.empty() || place.document == pair.document();
  if (before && after && at_home) return 102;
  return before || after ? 101 : 100;
}

int QuoteScore(const std::vector<std::string>& quote,
               const std::vector<std::string>& text) {
  // [i]: changes of the first i units of the quote, up to a place in the text.
  std::vector<size_t> changes(quote.size() + 1);
  for (size_t i = 0; i < changes.size(); ++i) changes[i] = i;
  size_t least = quote.size();
  for (const std::string& unit : text) {
    std::vector<size_t> next(changes.size(), 0);
    for (size_t i = 1; i < next.size(); ++i) {
      next[i] = std::min({changes[i - 1] + (quote[i - 1] == unit ? 0 : 1),
                          changes[i] + 1, next[i - 1] + 1});
    }
    changes = std::move(next);
    least = std::min(least, changes.back());
  }
  return static_cast<int>(100 * (quote.size() - least) / quote.size());
}

ProjectModel::ProjectModel(std::string project, absl::string_view prefix,
                           int documents)
    : project_(std::move(project)) {
  for (int i = 0; i < documents; ++i) {
    documents_.push_back(
        {absl::StrCat(project_, "/documents/", prefix, "-", i), false, {}});
  }
}

const KnownPair* ProjectModel::Find(absl::string_view name) const {
  const auto found = std::find_if(
      pairs_.begin(), pairs_.end(),
      [&](const KnownPair& known) { return known.pair.name() == name; });
  return found == pairs_.end() ? nullptr : &*found;
}

absl::Status ProjectModel::TakeImported(int document, std::vector<Line> rows,
                                        const std::vector<v1::Pair>& listed) {
  KnownDocument& known = documents_[static_cast<size_t>(document)];
  std::map<std::string, v1::Pair> there;
  for (const v1::Pair& pair : listed) there[pair.name()] = pair;
  std::vector<bool> held(rows.size(), false);
  std::vector<KnownPair> after;
  for (KnownPair& old : pairs_) {
    if (old.document != document) {
      after.push_back(std::move(old));
      continue;
    }
    if (old.row != kNone) {
      const auto row = static_cast<size_t>(old.row);
      if (row >= rows.size() || rows[row].english != known.rows[row].english) {
        old.row = kNone;
      }
    }
    if (old.row == kNone && !IsReviewed(old.pair)) continue;  // it goes
    const auto now = there.find(old.pair.name());
    if (now == there.end() || StateOf(now->second) != StateOf(old.pair)) {
      return absl::InternalError(
          absl::StrCat("expected after an import, as it was, ",
                       old.pair.ShortDebugString(), "; got ",
                       now == there.end() ? "no such pair"
                                          : now->second.ShortDebugString()));
    }
    // An import is not undone.
    if (now->second.etag() != old.pair.etag()) old.before.clear();
    if (old.row != kNone) held[static_cast<size_t>(old.row)] = true;
    old.pair = now->second;
    there.erase(now);
    after.push_back(std::move(old));
  }
  for (size_t row = 0; row < rows.size(); ++row) {
    if (held[row]) continue;
    const PairState expected = {rows[row].english, rows[row].chinese,
                                v1::UNREVIEWED};
    const auto now = std::find_if(
        there.begin(), there.end(),
        [&](const auto& entry) { return StateOf(entry.second) == expected; });
    if (now == there.end()) {
      return absl::InternalError(absl::StrCat(
          "expected after an import a new pair of line ", row + 1, ", \"",
          expected.source, "\"; got none, among ", listed.size(), " pairs"));
    }
    after.push_back({now->second, document, static_cast<int>(row), {}});
    there.erase(now);
  }
  if (!there.empty()) {
    return absl::InternalError(absl::StrCat(
        "expected after an import ", listed.size() - there.size(),
        " pairs; got one more, ", there.begin()->second.ShortDebugString()));
  }
  pairs_ = std::move(after);
  known.rows = std::move(rows);
  known.stored = true;
  return absl::OkStatus();
}

void ProjectModel::Remove(absl::string_view name) {
  std::erase_if(pairs_, [&](const KnownPair& known) {
    return known.pair.name() == name;
  });
}

void ProjectModel::RemoveDocument(int document) {
  std::erase_if(pairs_, [&](const KnownPair& known) {
    return known.document == document;
  });
  documents_[static_cast<size_t>(document)].stored = false;
  documents_[static_cast<size_t>(document)].rows.clear();
}

ExpectedMatches ProjectModel::Like(absl::string_view query, TextSide side,
                                   int threshold_percent) const {
  const Letters wanted = LettersOf(query);
  ExpectedMatches matches;
  for (const KnownPair& known : pairs_) {
    if (!IsSeen(known)) continue;
    const Letters letters = LettersOf(TextOf(known.pair, side));
    const size_t longer = std::max(letters.size(), wanted.size());
    const auto score = static_cast<int>(
        100 * (longer - testing_support::MatrixDistance(wanted, letters)) /
        longer);
    if (score < threshold_percent) continue;
    ExpectedMatch& match =
        matches[{known.pair.source().text(), known.pair.target().text()}];
    match.score_percent = score;
    match.names.insert(known.pair.name());
  }
  return matches;
}

std::set<std::string> ProjectModel::Containing(
    const std::vector<Phrase>& phrases, TextSide side,
    bool rejected_too) const {
  std::set<std::string> names;
  for (const KnownPair& known : pairs_) {
    if ((rejected_too || IsSeen(known)) &&
        HasPhrases(TextOf(known.pair, side), phrases, side)) {
      names.insert(known.pair.name());
    }
  }
  return names;
}

std::map<std::string, int> ProjectModel::Quoting(
    const std::vector<std::string>& quote, TextSide side,
    int threshold_percent) const {
  std::map<std::string, int> scores;
  for (const KnownPair& known : pairs_) {
    if (!IsSeen(known)) continue;
    const int score =
        QuoteScore(quote, UnitsOf(TextOf(known.pair, side), side));
    if (score >= threshold_percent) scores[known.pair.name()] = score;
  }
  return scores;
}

ExpectedMatches ProjectModel::OfDocument(int document) const {
  ExpectedMatches matches;
  for (const KnownPair& known : pairs_) {
    if (!IsSeen(known) || known.document != document) continue;
    matches[{known.pair.source().text(), known.pair.target().text()}]
        .names.insert(known.pair.name());
  }
  return matches;
}

}  // namespace duilian::soak
