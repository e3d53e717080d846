// What a project of one client must hold, and the slow searches that say what
// the server must answer.

#ifndef DUILIAN_TESTS_SOAK_PROJECT_MODEL_H_
#define DUILIAN_TESTS_SOAK_PROJECT_MODEL_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "duilian/v1/pair.pb.h"
#include "tests/soak/sentences.h"

namespace duilian::soak {

// What a review may change.
struct PairState {
  std::string source, target;
  v1::ReviewStatus status = v1::UNREVIEWED;
  bool operator==(const PairState&) const = default;
};
PairState StateOf(const v1::Pair& pair);

inline constexpr int kNone = -1;

struct KnownPair {
  v1::Pair pair;                  // as acknowledged
  int document = kNone;           // kNone: made by hand
  int row = kNone;                // of the document; kNone: its line is gone
  std::vector<PairState> before;  // what undos go back to, the last on top
};

struct KnownDocument {
  std::string name;
  bool stored = false;
  std::vector<Line> rows;
};

enum class TextSide { kEnglish, kChinese };

// Pairs with the same two texts are one match.
using Texts = std::pair<std::string, std::string>;
struct ExpectedMatch {
  int score_percent = 0;
  std::set<std::string> names;
};
using ExpectedMatches = std::map<Texts, ExpectedMatch>;

const std::string& TextOf(const v1::Pair& pair, TextSide side);

// The words of an English text, in lower case, or the characters of a Chinese
// one; no punctuation.
std::vector<std::string> UnitsOf(absl::string_view text, TextSide side);

// What stands together. English: words in a row, a * at an end of one for any
// letters or none there (lam*). Chinese: one string, as it is written.
using Phrase = std::vector<std::string>;

// Whether the text has all of them.
bool HasPhrases(const std::string& text, const std::vector<Phrase>& phrases,
                TextSide side);

// Where a look-up's text stands: its neighbours and its document.
struct QueryPlace {
  std::string previous, next, document;
};
// What an equal text's score is there.
int ScoreInContext(const v1::Pair& pair, TextSide side,
                   const QueryPlace& place);

// Of a quote in a text, both in units: 100 less the share of the quote's units
// that are to be changed so that it stands in the text.
int QuoteScore(const std::vector<std::string>& quote,
               const std::vector<std::string>& text);

// The pairs stand in the order in which they came to be, whatever the server
// calls them, so that what is done next depends on the seed alone.
class ProjectModel {
 public:
  // Documents are called `prefix`-0, -1, ...
  ProjectModel(std::string project, absl::string_view prefix, int documents);

  const std::string& project() const { return project_; }
  std::vector<KnownDocument>& documents() { return documents_; }
  std::vector<KnownPair>& pairs() { return pairs_; }
  const std::vector<KnownPair>& pairs() const { return pairs_; }
  const KnownPair* Find(absl::string_view name) const;

  // Takes over what a document holds after its import, `listed`, if that is
  // what must have become of it; `rows` are its new lines. kInternal: it is
  // not.
  absl::Status TakeImported(int document, std::vector<Line> rows,
                            const std::vector<v1::Pair>& listed);
  void Remove(absl::string_view name);
  void RemoveDocument(int document);

  // Of the pairs that a search sees (not the rejected), those whose text is
  // like the query, by the plain edit distance over code points.
  ExpectedMatches Like(absl::string_view query, TextSide side,
                       int threshold_percent) const;
  // The names of those whose text has all the phrases; the rejected ones among
  // them when a search asks for them, too.
  std::set<std::string> Containing(const std::vector<Phrase>& phrases,
                                   TextSide side,
                                   bool rejected_too = false) const;
  // Those in whose text alone a quote stands, at that score or better, and with
  // which.
  std::map<std::string, int> Quoting(const std::vector<std::string>& quote,
                                     TextSide side,
                                     int threshold_percent) const;
  // All of a document.
  ExpectedMatches OfDocument(int document) const;

 private:
  const std::string project_;
  std::vector<KnownDocument> documents_;
  std::vector<KnownPair> pairs_;
};

}  // namespace duilian::soak

#endif  // DUILIAN_TESTS_SOAK_PROJECT_MODEL_H_
