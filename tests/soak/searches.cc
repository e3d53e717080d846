#include "tests/soak/searches.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "google/protobuf/util/message_differencer.h"
#include "text/utf8.h"

namespace duilian::soak {
namespace {

using google::protobuf::util::MessageDifferencer;
using Stub = v1::TranslationMemoryService::Stub;

constexpr int kMostMatches = 100;

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

absl::Status CheckMatches(absl::string_view what,
                          const v1::LookupResponse& response,
                          ExpectedMatches expected, const ProjectModel& model) {
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
      Words(request), reply.response,
      session.model.Like(request.query(), side, request.threshold_percent()),
      session.model);
}

// One or two words, or some characters that stand beside each other.
std::string ConcordanceQuery(TextSide side, Session& session) {
  if (side == TextSide::kEnglish) {
    std::string words = EnglishWord(session.random);
    if (Pick(0, 2, session.random) == 0) {
      absl::StrAppend(&words, " ", EnglishWord(session.random));
    }
    return words;
  }
  const std::vector<char32_t> letters =
      text::Codepoints(PickText(session, side));
  const int most = static_cast<int>(letters.size()) - 1;
  const int begin = Pick(0, std::max(most - 2, 0), session.random);
  std::string piece;
  for (int at = begin; at <= std::min(begin + 2, most); ++at) {
    const char32_t letter = letters[static_cast<size_t>(at)];
    if (!text::IsHan(letter)) break;
    text::AppendUtf8(letter, piece);
  }
  return piece.empty() ? "水壶" : piece;
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

}  // namespace

absl::Status LookUpExact(Session& session) {
  const TextSide side = PickSide(session.random);
  return LookUp("exact",
                RequestFor(session, PickText(session, side), side, 100), side,
                session);
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
        session.model.Like(one.query(), side, one.threshold_percent()),
        session.model);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SearchConcordance(Session& session) {
  const TextSide side = PickSide(session.random);
  v1::SearchConcordanceRequest request;
  request.set_parent(session.model.project());
  request.set_query(ConcordanceQuery(side, session));
  request.set_query_language_code(CodeOf(side));
  request.set_page_size(Pick(20, 100, session.random));
  std::vector<v1::ConcordanceHit> hits;
  do {
    const auto page = Timed("concordance", session, session.server->memory(),
                            &Stub::SearchConcordance, request);
    if (IsUnknownProject(page.status, session)) return absl::OkStatus();
    if (!page.status.ok()) return page.status;
    hits.insert(hits.end(), page.response.hits().begin(),
                page.response.hits().end());
    request.set_page_token(page.response.next_page_token());
  } while (!request.page_token().empty());
  return CheckHits(absl::StrCat("concordance of \"", request.query(), "\""),
                   hits, side, session.model.Containing(request.query(), side),
                   session.model);
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
