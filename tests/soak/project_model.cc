#include "tests/soak/project_model.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/matrix_distance.h"
#include "text/normalize.h"
#include "text/utf8.h"

namespace duilian::soak {
namespace {

using Letters = std::vector<char32_t>;

Letters LettersOf(absl::string_view text) {
  return text::Codepoints(text::NormalizeForMatching(text));
}

const std::string& TextOf(const v1::Pair& pair, TextSide side) {
  return side == TextSide::kEnglish ? pair.source().text()
                                    : pair.target().text();
}

std::set<std::string> WordsOf(absl::string_view english) {
  std::set<std::string> words =
      absl::StrSplit(absl::AsciiStrToLower(english), absl::ByAnyChar(" .?"),
                     absl::SkipEmpty());
  return words;
}

bool Contains(const std::string& text, absl::string_view query, TextSide side) {
  if (side == TextSide::kChinese) return absl::StrContains(text, query);
  const std::set<std::string> words = WordsOf(text), wanted = WordsOf(query);
  return std::includes(words.begin(), words.end(), wanted.begin(),
                       wanted.end());
}

bool IsSeen(const KnownPair& known) {
  return known.pair.status() != v1::REJECTED;
}

// Someone decided about it, or wrote it.
bool IsReviewed(const v1::Pair& pair) {
  return pair.status() != v1::UNREVIEWED || pair.origin() == v1::MANUAL;
}

}  // namespace

PairState StateOf(const v1::Pair& pair) {
  return {pair.source().text(), pair.target().text(), pair.status()};
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

std::set<std::string> ProjectModel::Containing(absl::string_view query,
                                               TextSide side) const {
  std::set<std::string> names;
  for (const KnownPair& known : pairs_) {
    if (IsSeen(known) && Contains(TextOf(known.pair, side), query, side)) {
      names.insert(known.pair.name());
    }
  }
  return names;
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
