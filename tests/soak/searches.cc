#include "tests/soak/searches.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/message_differencer.h"
#include "text/utf8.h"

namespace duilian::soak {
namespace {

using google::protobuf::util::MessageDifferencer;
using Stub = v1::TranslationMemoryService::Stub;

constexpr int kMostMatches = 100;
constexpr int kMostPassages = 50;

TextSide PickSide(Random& random) {
  return Pick(0, 1, random) == 0 ? TextSide::kEnglish : TextSide::kChinese;
}

const char* CodeOf(TextSide side) {
  return side == TextSide::kEnglish ? "en" : "zh";
}

// Of a pair of the model, or a new one when there are none.
std::string PickText(Session& session, TextSide side) {
  const std::vector<KnownPair>& pairs = session.model.pairs();
  const int number = Pick(0, 1 << 20, session.random);
  Line line = MakeLine(session.random);
  if (!pairs.empty()) {
    const v1::Pair& pair =
        pairs[static_cast<size_t>(number) % pairs.size()].pair;
    line = {pair.source().text(), pair.target().text()};
  }
  return side == TextSide::kEnglish ? line.english : line.chinese;
}

std::string Describe(const ExpectedMatches& matches) {
  return absl::StrJoin(matches, "; ", [](std::string* out, const auto& entry) {
    absl::StrAppend(out, entry.second.score_percent, " % of ",
                    entry.second.names.size(), " x \"", entry.first.first,
                    "\" | ", entry.first.second, " (",
                    absl::StrJoin(entry.second.names, " "), ")");
  });
}

// A pair that the server names must be as it was acknowledged.
absl::Status CheckPair(absl::string_view what, const v1::Pair& pair,
                       const ProjectModel& model) {
  const KnownPair* const known = model.Find(pair.name());
  if (known != nullptr && MessageDifferencer::Equals(known->pair, pair)) {
    return absl::OkStatus();
  }
  return Wrong(what,
               known == nullptr ? "no such pair, or one that was deleted"
                                : known->pair.ShortDebugString(),
               pair.ShortDebugString());
}

QueryPlace PlaceOf(const v1::LookupRequest& request) {
  return {request.previous_text(), request.next_text(), request.document()};
}

// The score of the pair that is shown, of those that are one match with it; one
// that is like it but in a better place would have to be shown.
absl::Status CheckScore(absl::string_view what, const v1::Match& match,
                        const ExpectedMatch& expected, TextSide side,
                        const QueryPlace& place, const ProjectModel& model) {
  const v1::Pair& shown = match.pair();
  const auto score_of = [&](const v1::Pair& pair) {
    return expected.score_percent == 100 ? ScoreInContext(pair, side, place)
                                         : expected.score_percent;
  };
  int best = score_of(shown);
  for (const std::string& name : expected.names) {
    const v1::Pair& pair = model.Find(name)->pair;
    if (pair.status() == shown.status() && pair.origin() == shown.origin() &&
        pair.confidence() == shown.confidence()) {
      best = std::max(best, score_of(pair));
    }
  }
  if (match.score_percent() == score_of(shown) &&
      match.score_percent() == best) {
    return absl::OkStatus();
  }
  return Wrong(
      what,
      absl::StrCat("a score of ", score_of(shown), ", the best of ", best),
      match.ShortDebugString());
}

absl::Status CheckMatches(absl::string_view what,
                          const v1::LookupResponse& response, TextSide side,
                          const QueryPlace& place, ExpectedMatches expected,
                          const ProjectModel& model) {
  const size_t all = expected.size();
  for (const v1::Match& match : response.matches()) {
    if (absl::Status status = CheckPair(what, match.pair(), model);
        !status.ok()) {
      return status;
    }
    const auto found = expected.find(
        {match.pair().source().text(), match.pair().target().text()});
    if (found == expected.end() ||
        match.similarity_percent() != found->second.score_percent ||
        match.occurrences() !=
            static_cast<int64_t>(found->second.names.size()) ||
        found->second.names.count(match.pair().name()) == 0) {
      return Wrong(what,
                   found == expected.end() ? "no such match, or once only"
                                           : Describe({*found}),
                   match.ShortDebugString());
    }
    if (absl::Status status =
            CheckScore(what, match, found->second, side, place, model);
        !status.ok()) {
      return status;
    }
    expected.erase(found);
  }
  if (all <= kMostMatches ? expected.empty()
                          : response.matches_size() == kMostMatches) {
    return absl::OkStatus();
  }
  return Wrong(what, absl::StrCat("also ", Describe(expected)),
               absl::StrCat(response.matches_size(), " other matches"));
}

v1::LookupRequest RequestFor(const Session& session, const std::string& query,
                             TextSide side, int threshold_percent) {
  v1::LookupRequest request;
  request.set_parent(session.model.project());
  request.set_query(query);
  request.set_query_language_code(CodeOf(side));
  request.set_threshold_percent(threshold_percent);
  request.set_limit(kMostMatches);
  return request;
}

std::string Words(const v1::LookupRequest& request) {
  return absl::StrCat("look-up of \"", request.query(), "\" at ",
                      request.threshold_percent(), " %");
}

// Nothing of the project is stored yet, so nothing can be found in it.
bool IsUnknownProject(const absl::Status& status, const Session& session) {
  return absl::IsNotFound(status) && session.model.pairs().empty();
}

absl::Status LookUp(absl::string_view kind, const v1::LookupRequest& request,
                    TextSide side, Session& session) {
  const auto reply =
      Timed(kind, session, session.server->memory(), &Stub::Lookup, request);
  if (IsUnknownProject(reply.status, session)) return absl::OkStatus();
  if (!reply.status.ok()) return reply.status;
  return CheckMatches(
      Words(request), reply.response, side, PlaceOf(request),
      session.model.Like(request.query(), side, request.threshold_percent()),
      session.model);
}

// A query, and what a text must have to be found by it.
struct Concordance {
  std::string query;
  std::vector<Phrase> phrases;
};

// Some characters of a text, from a Chinese one to a Chinese one; punctuation
// may stand between them.
std::string Piece(int most, Session& session) {
  std::vector<char32_t> letters =
      text::Codepoints(PickText(session, TextSide::kChinese));
  const int last = static_cast<int>(letters.size()) - 1;
  const int begin = Pick(0, std::max(last - most, 0), session.random);
  const int length = Pick(1, most, session.random);
  letters.resize(static_cast<size_t>(std::min(begin + length, last + 1)));
  letters.erase(letters.begin(), letters.begin() + begin);
  while (!letters.empty() && !text::IsHan(letters.back())) letters.pop_back();
  while (!letters.empty() && !text::IsHan(letters.front())) {
    letters.erase(letters.begin());
  }
  std::string piece;
  for (const char32_t letter : letters) text::AppendUtf8(letter, piece);
  return piece.empty() ? "水壶" : piece;
}

// One or two words, or some characters that stand beside each other.
Concordance SomeWords(TextSide side, Session& session) {
  Concordance asked;
  if (side == TextSide::kChinese) {
    asked.query = Piece(3, session);
    asked.phrases = {{asked.query}};
    return asked;
  }
  for (int words = Pick(0, 2, session.random) == 0 ? 2 : 1; words > 0;
       --words) {
    asked.phrases.push_back({EnglishWord(session.random)});
    absl::StrAppend(&asked.query, asked.query.empty() ? "" : " ",
                    asked.phrases.back().front());
  }
  return asked;
}

// The word with a * for its beginning, its end or both; too short a one whole.
std::string PartOf(const std::string& word, Random& random) {
  const int size = static_cast<int>(word.size());
  const int kind = Pick(0, 2, random);
  if (size < 4) return word;
  const int begin =
      kind == 0 ? 0 : Pick(1, kind == 1 ? size - 2 : size - 3, random);
  const int length =
      kind == 1 ? size - begin : Pick(2, size - begin - 1, random);
  return absl::StrCat(
      kind == 0 ? "" : "*",
      word.substr(static_cast<size_t>(begin), static_cast<size_t>(length)),
      kind == 1 ? "" : "*");
}

Concordance SomeParts(Session& session) {
  Concordance asked;
  for (int parts = Pick(1, 2, session.random); parts > 0; --parts) {
    asked.phrases.push_back(
        {PartOf(EnglishWord(session.random), session.random)});
    absl::StrAppend(&asked.query, asked.query.empty() ? "" : " ",
                    asked.phrases.back().front());
  }
  return asked;
}

// Words in a row, parts of words among them. Where a * stands beside Chinese,
// it stands for nothing.
std::pair<std::string, Phrase> SomePhrase(TextSide side, Session& session) {
  if (side == TextSide::kChinese) {
    const std::string piece = Piece(6, session);
    constexpr const char* kStars[][2] = {{"", ""}, {"*", ""}, {"", "*"}};
    const auto& [before, behind] = kStars[Pick(0, 2, session.random)];
    return {absl::StrCat(before, piece, behind), {piece}};
  }
  const Phrase words = UnitsOf(PickText(session, side), side);
  const int most = static_cast<int>(words.size());
  const int size = Pick(1, std::min(3, most), session.random);
  const int begin = Pick(0, most - size, session.random);
  Phrase phrase(words.begin() + begin, words.begin() + begin + size);
  for (std::string& word : phrase) {
    if (Pick(0, 3, session.random) == 0) word = PartOf(word, session.random);
  }
  std::string written = absl::StrJoin(phrase, " ");
  return {std::move(written), std::move(phrase)};
}

Concordance SomePhrases(TextSide side, Session& session) {
  Concordance asked;
  for (int phrases = Pick(1, 2, session.random); phrases > 0; --phrases) {
    auto [written, phrase] = SomePhrase(side, session);
    absl::StrAppend(&asked.query, asked.query.empty() ? "\"" : " \"", written,
                    "\"");
    asked.phrases.push_back(std::move(phrase));
  }
  return asked;
}

absl::Status CheckHits(absl::string_view what,
                       const std::vector<v1::ConcordanceHit>& hits,
                       TextSide side, std::set<std::string> expected,
                       const ProjectModel& model) {
  bool accepted_before = true;
  for (const v1::ConcordanceHit& hit : hits) {
    if (absl::Status status = CheckPair(what, hit.pair(), model);
        !status.ok()) {
      return status;
    }
    const int places = side == TextSide::kEnglish
                           ? hit.source_highlights_size()
                           : hit.target_highlights_size();
    const bool accepted = hit.pair().status() == v1::ACCEPTED;
    if (expected.erase(hit.pair().name()) == 0 || places == 0 ||
        (accepted && !accepted_before)) {
      return Wrong(what, "a hit once, with its places, accepted ones first",
                   hit.ShortDebugString());
    }
    accepted_before = accepted;
  }
  if (expected.empty()) return absl::OkStatus();
  return Wrong(what, absl::StrCat("also ", absl::StrJoin(expected, " ")),
               absl::StrCat(hits.size(), " other hits"));
}

v1::SearchConcordanceRequest RequestFor(const Concordance& asked, TextSide side,
                                        Session& session) {
  v1::SearchConcordanceRequest request;
  request.set_parent(session.model.project());
  request.set_query(asked.query);
  request.set_query_language_code(CodeOf(side));
  request.set_page_size(Pick(20, 100, session.random));
  return request;
}

// Those of all pages.
absl::StatusOr<std::vector<v1::ConcordanceHit>> AllHits(
    absl::string_view kind, v1::SearchConcordanceRequest request,
    Session& session) {
  std::vector<v1::ConcordanceHit> hits;
  do {
    const auto page = Timed(kind, session, session.server->memory(),
                            &Stub::SearchConcordance, request);
    if (!page.status.ok()) return page.status;
    hits.insert(hits.end(), page.response.hits().begin(),
                page.response.hits().end());
    request.set_page_token(page.response.next_page_token());
  } while (!request.page_token().empty());
  return hits;
}

// What must be found of the client's documents in the project that all share.
std::set<std::string> SharedLines(const Concordance& asked, TextSide side,
                                  Session& session) {
  std::set<std::string> lines;
  for (const KnownDocument& document : session.shared.documents()) {
    for (const Line& line : document.rows) {
      const std::string& text =
          side == TextSide::kEnglish ? line.english : line.chinese;
      if (HasPhrases(text, asked.phrases, side)) lines.insert(text);
    }
  }
  return lines;
}

absl::Status Search(absl::string_view kind, const Concordance& asked,
                    TextSide side, Session& session) {
  const auto hits = AllHits(kind, RequestFor(asked, side, session), session);
  if (IsUnknownProject(hits.status(), session)) return absl::OkStatus();
  if (!hits.ok()) return hits.status();
  return CheckHits(absl::StrCat("concordance of ", asked.query), *hits, side,
                   session.model.Containing(asked.phrases, side),
                   session.model);
}

struct Quote {
  std::vector<std::string> units;
  int threshold_percent = 100;
};

// A part of a text as it stands there; or all of one, with a unit or two that
// are others or left out, at a threshold that asks for no less. More changes
// than those two could be fewer to the server, which takes a stretch that is
// left out for four at the most.
Quote SomeQuote(TextSide side, Session& session) {
  constexpr int kLeastPart = 4, kLeastChanged = 8, kMostChanges = 2;
  Quote quote;
  quote.units = UnitsOf(PickText(session, side), side);
  const int size = static_cast<int>(quote.units.size());
  const bool changed = Pick(0, 1, session.random) == 0;
  if (!changed || size < kLeastChanged + kMostChanges) {
    const int length = Pick(std::min(kLeastPart, size), size, session.random);
    const int begin = Pick(0, size - length, session.random);
    quote.units = {quote.units.begin() + begin,
                   quote.units.begin() + begin + length};
    return quote;
  }
  for (int changes = Pick(1, kMostChanges, session.random); changes > 0;
       --changes) {
    const int last = static_cast<int>(quote.units.size()) - 1;
    const auto place = quote.units.begin() + Pick(0, last, session.random);
    if (Pick(0, 1, session.random) == 0) {
      quote.units.erase(place);
    } else {
      *place = side == TextSide::kEnglish ? "zebra" : "鹅";
    }
  }
  const int left = static_cast<int>(quote.units.size());
  quote.threshold_percent = 100 * (left - kMostChanges) / left;
  return quote;
}

// The score of a passage, as that of all its pairs' texts one behind the other.
int ScoreOf(const v1::QuotedPassage& passage, const Quote& quote,
            TextSide side) {
  std::vector<std::string> texts;
  for (const v1::PassagePart& part : passage.parts()) {
    const v1::Pair& pair = part.pair();
    for (std::string& unit :
         UnitsOf(side == TextSide::kEnglish ? pair.source().text()
                                            : pair.target().text(),
                 side)) {
      texts.push_back(std::move(unit));
    }
  }
  return QuoteScore(quote.units, texts);
}

// What stands in one pair is found there, or in a passage of several that has
// that pair.
absl::Status CheckPassages(absl::string_view what,
                           const v1::FindQuoteResponse& response,
                           const Quote& quote, TextSide side,
                           const ProjectModel& model) {
  std::map<std::string, int> expected =
      model.Quoting(quote.units, side, quote.threshold_percent);
  int before = 100;
  for (const v1::QuotedPassage& passage : response.passages()) {
    const int score = passage.score_percent();
    bool known = passage.parts_size() > 1;
    for (const v1::PassagePart& part : passage.parts()) {
      if (absl::Status status = CheckPair(what, part.pair(), model);
          !status.ok()) {
        return status;
      }
      known = expected.erase(part.pair().name()) > 0 || known;
    }
    if (!known || score > before || score < quote.threshold_percent ||
        score != ScoreOf(passage, quote, side)) {
      return Wrong(what,
                   absl::StrCat("a passage once, in order, with the score ",
                                ScoreOf(passage, quote, side)),
                   passage.ShortDebugString());
    }
    before = score;
  }
  if (expected.empty() || response.passages_size() == kMostPassages) {
    return absl::OkStatus();
  }
  return Wrong(what,
               absl::StrCat("also in ", expected.begin()->first, ", ",
                            expected.begin()->second, " %"),
               absl::StrCat(response.passages_size(), " other passages"));
}

}  // namespace

absl::Status LookUpExact(Session& session) {
  const TextSide side = PickSide(session.random);
  return LookUp("exact",
                RequestFor(session, PickText(session, side), side, 100), side,
                session);
}

// As of a translator who comes upon a stored text, between what stands beside
// it in the memory, or beside one of the two.
absl::Status LookUpInContext(Session& session) {
  const TextSide side = PickSide(session.random);
  const std::vector<KnownPair>& pairs = session.model.pairs();
  const int number = Pick(0, 1 << 20, session.random);
  if (pairs.empty()) return absl::OkStatus();
  const v1::Pair& pair = pairs[static_cast<size_t>(number) % pairs.size()].pair;
  const v1::Side& own =
      side == TextSide::kEnglish ? pair.source() : pair.target();
  v1::LookupRequest request = RequestFor(
      session, own.text(), side, Pick(0, 1, session.random) == 0 ? 100 : 80);
  const int kept = Pick(0, 3, session.random);
  const std::string other = PickText(session, side);
  request.set_previous_text(kept == 1 ? other : own.previous_text());
  request.set_next_text(kept == 2 ? other : own.next_text());
  switch (Pick(0, 2, session.random)) {
    case 0:
      request.set_document(pair.document());
      break;
    case 1:
      request.set_document(session.model.documents().front().name);
      break;
    default:
      break;  // it is not known
  }
  return LookUp("context", request, side, session);
}

absl::Status LookUpLike(Session& session) {
  const TextSide side = PickSide(session.random);
  const std::string query = WithTypos(PickText(session, side), session.random);
  const int threshold = Pick(50, 95, session.random);
  return LookUp("fuzzy", RequestFor(session, query, side, threshold), side,
                session);
}

absl::Status LookUpBatch(Session& session) {
  v1::BatchLookupRequest request;
  request.set_parent(session.model.project());
  const TextSide side = PickSide(session.random);
  for (int i = Pick(2, 20, session.random); i > 0; --i) {
    const std::string query =
        WithTypos(PickText(session, side), session.random);
    *request.add_requests() = RequestFor(session, query, side, 70);
  }
  const auto reply = Timed("batch", session, session.server->memory(),
                           &Stub::BatchLookup, request);
  if (IsUnknownProject(reply.status, session)) return absl::OkStatus();
  if (!reply.status.ok()) return reply.status;
  if (reply.response.responses_size() != request.requests_size()) {
    return Wrong("batch", absl::StrCat(request.requests_size(), " answers"),
                 absl::StrCat(reply.response.responses_size()));
  }
  for (int i = 0; i < request.requests_size(); ++i) {
    const v1::LookupRequest& one = request.requests(i);
    absl::Status status = CheckMatches(
        absl::StrCat("in a batch, ", Words(one)), reply.response.responses(i),
        side, PlaceOf(one),
        session.model.Like(one.query(), side, one.threshold_percent()),
        session.model);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SearchConcordance(Session& session) {
  const TextSide side = PickSide(session.random);
  return Search("concordance", SomeWords(side, session), side, session);
}

// Of the client's project all is known; of the one that all share the client's
// lines, which others may review but not change.
absl::Status SearchProjects(Session& session) {
  const TextSide side = PickSide(session.random);
  const Concordance asked = SomeWords(side, session);
  v1::SearchConcordanceRequest request = RequestFor(asked, side, session);
  request.add_other_projects(kSharedProject);
  for (const v1::ReviewStatus status :
       {v1::UNREVIEWED, v1::ACCEPTED, v1::REJECTED}) {
    request.mutable_filter()->add_statuses(status);
  }
  std::set<std::string> missing = SharedLines(asked, side, session);
  const auto hits = AllHits("projects", request, session);
  if (absl::IsNotFound(hits.status()) &&
      (session.model.pairs().empty() || missing.empty())) {
    return absl::OkStatus();
  }
  if (!hits.ok()) return hits.status();
  const std::string what =
      absl::StrCat("concordance of projects, of ", asked.query);
  std::vector<v1::ConcordanceHit> own;
  for (const v1::ConcordanceHit& hit : *hits) {
    const v1::Pair& pair = hit.pair();
    if (absl::StartsWith(pair.name(), absl::StrCat(request.parent(), "/"))) {
      own.push_back(hit);
      continue;
    }
    if (!absl::StartsWith(pair.name(), absl::StrCat(kSharedProject, "/")) ||
        !HasPhrases(TextOf(pair, side), asked.phrases, side)) {
      return Wrong(what, "a pair of the two projects, with the words",
                   hit.ShortDebugString());
    }
    missing.erase(TextOf(pair, side));
  }
  // From page to page a pair that is reviewed may be passed over.
  const bool on_one_page =
      hits->size() < static_cast<size_t>(request.page_size());
  if (on_one_page && !missing.empty()) {
    return Wrong(what, absl::StrCat("also ", *missing.begin()),
                 absl::StrCat(hits->size(), " other hits"));
  }
  return CheckHits(what, own, side,
                   session.model.Containing(asked.phrases, side, true),
                   session.model);
}

absl::Status SearchParts(Session& session) {
  return Search("parts", SomeParts(session), TextSide::kEnglish, session);
}

absl::Status SearchPhrases(Session& session) {
  const TextSide side = PickSide(session.random);
  return Search("phrases", SomePhrases(side, session), side, session);
}

absl::Status FindQuote(Session& session) {
  const TextSide side = PickSide(session.random);
  const Quote quote = SomeQuote(side, session);
  v1::FindQuoteRequest request;
  request.set_parent(session.model.project());
  request.set_query(
      absl::StrJoin(quote.units, side == TextSide::kEnglish ? " " : ""));
  request.set_query_language_code(CodeOf(side));
  request.set_threshold_percent(quote.threshold_percent);
  request.set_limit(kMostPassages);
  const auto reply = Timed("quote", session, session.server->quotes(),
                           &v1::QuoteService::Stub::FindQuote, request);
  if (IsUnknownProject(reply.status, session)) return absl::OkStatus();
  if (!reply.status.ok()) return reply.status;
  return CheckPassages(absl::StrCat("quote \"", request.query(), "\" at ",
                                    quote.threshold_percent, " %"),
                       reply.response, quote, side, session.model);
}

// Within a document of less pairs than are asked for, all must be found.
absl::Status SearchMeaning(Session& session) {
  const TextSide side = PickSide(session.random);
  const std::string query = PickText(session, side);
  const int document =
      Pick(0, static_cast<int>(session.model.documents().size()) - 1,
           session.random);
  v1::SearchMeaningRequest request;
  request.set_parent(session.model.project());
  request.set_query(query);
  request.set_query_language_code(CodeOf(side));
  request.set_limit(kMostMatches);
  request.mutable_filter()->set_document(
      session.model.documents()[static_cast<size_t>(document)].name);
  const auto reply = Timed("meaning", session, session.server->memory(),
                           &Stub::SearchMeaning, request);
  if (IsUnknownProject(reply.status, session)) return absl::OkStatus();
  if (!reply.status.ok()) return reply.status;
  if (reply.response.pending_pairs() > 0) return absl::OkStatus();  // trails
  const std::string what =
      absl::StrCat("search by meaning for \"", query, "\"");
  ExpectedMatches expected = session.model.OfDocument(document);
  double before = 1;
  for (const v1::MeaningMatch& match : reply.response.matches()) {
    if (absl::Status status = CheckPair(what, match.pair(), session.model);
        !status.ok()) {
      return status;
    }
    if (expected.erase({match.pair().source().text(),
                        match.pair().target().text()}) == 0 ||
        match.similarity() > before) {
      return Wrong(what, "a pair of the document, once, in order",
                   match.ShortDebugString());
    }
    before = match.similarity();
  }
  if (expected.empty()) return absl::OkStatus();
  return Wrong(what, absl::StrCat("also ", Describe(expected)),
               absl::StrCat(reply.response.matches_size(), " other matches"));
}

absl::Status ReadPair(Session& session) {
  const std::vector<KnownPair>& pairs = session.model.pairs();
  const int number = Pick(0, 1 << 20, session.random);
  if (pairs.empty()) return absl::OkStatus();
  v1::GetPairRequest request;
  request.set_name(
      pairs[static_cast<size_t>(number) % pairs.size()].pair.name());
  const auto reply =
      Timed("get", session, session.server->memory(), &Stub::GetPair, request);
  if (!reply.status.ok()) return reply.status;
  return CheckPair("reading a pair", reply.response, session.model);
}

absl::Status ListEverything(Session& session) {
  if (session.model.pairs().empty()) return absl::OkStatus();
  const auto listed = session.server->ListAll(session.model.project());
  if (!listed.status.ok()) return listed.status;
  for (const v1::Pair& pair : listed.response) {
    if (absl::Status status =
            CheckPair("listing the project", pair, session.model);
        !status.ok()) {
      return status;
    }
  }
  if (listed.response.size() == session.model.pairs().size()) {
    return absl::OkStatus();
  }
  return Wrong("listing the project",
               absl::StrCat(session.model.pairs().size(), " pairs"),
               absl::StrCat(listed.response.size()));
}

}  // namespace duilian::soak
