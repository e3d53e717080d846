#include "tests/soak/edits.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace duilian::soak {
namespace {

using testing_support::SentDocument;
using Memory = v1::TranslationMemoryService::Stub;
using Reviews = v1::ReviewService::Stub;
using Result = v1::ImportDocumentsResponse;

constexpr char kReviewer[] = "Tian";
constexpr int kMostByHand = 30;

std::vector<Line> MakeLines(Random& random) {
  std::vector<Line> lines;
  for (int count = Pick(5, 40, random); count > 0; --count) {
    lines.push_back(MakeLine(random));
  }
  return lines;
}

// A document that is stored, or is not; nullopt when there is none such.
std::optional<int> PickDocument(bool stored, ProjectModel& model,
                                Random& random) {
  std::vector<int> fitting;
  for (size_t i = 0; i < model.documents().size(); ++i) {
    if (model.documents()[i].stored == stored) {
      fitting.push_back(static_cast<int>(i));
    }
  }
  const int number = Pick(0, 1 << 20, random);
  if (fitting.empty()) return std::nullopt;
  return fitting[static_cast<size_t>(number) % fitting.size()];
}

// nullptr when there are none.
KnownPair* PickPair(Session& session) {
  const int number = Pick(0, 1 << 20, session.random);
  std::vector<KnownPair>& pairs = session.model.pairs();
  if (pairs.empty()) return nullptr;
  return &pairs[static_cast<size_t>(number) % pairs.size()];
}

// Sends the lines as a document's.
absl::Status Send(absl::string_view kind, const std::string& name,
                  const std::vector<Line>& lines, Result::Outcome expected,
                  Session& session) {
  SentDocument sent;
  sent.name = name;
  sent.chunk_bytes = static_cast<size_t>(Pick(100, 4'000, session.random));
  for (const Line& line : lines) {
    absl::StrAppend(&sent.source, line.english, "\n");
    absl::StrAppend(&sent.target, line.chinese, "\n");
  }
  const absl::Time begin = absl::Now();
  const testing_support::ImportReply reply = session.server->Import({sent});
  session.meter.Enter(kind, absl::Now() - begin);
  if (!reply.status.ok()) return reply.status;
  if (reply.results.size() == 1 && reply.results[0].outcome() == expected) {
    return absl::OkStatus();
  }
  return Wrong(absl::StrCat(kind, " of ", name), Result::Outcome_Name(expected),
               reply.results.empty() ? "no result"
                                     : reply.results[0].ShortDebugString());
}

// The same, and holds what the document then lists against what the model makes
// of it.
absl::Status Import(absl::string_view kind, int document,
                    std::vector<Line> lines, Result::Outcome expected,
                    Session& session) {
  const std::string name =
      session.model.documents()[static_cast<size_t>(document)].name;
  if (absl::Status status = Send(kind, name, lines, expected, session);
      !status.ok()) {
    return status;
  }
  const auto listed = session.server->ListAll(session.model.project(), name);
  if (!listed.status.ok()) return listed.status;
  return session.model.TakeImported(document, std::move(lines),
                                    listed.response);
}

// Enters what a pair was changed to, if that is `expected`.
absl::Status TakeChanged(absl::string_view what, const v1::Pair& changed,
                         const PairState& expected, KnownPair& known) {
  if (changed.name() != known.pair.name() || StateOf(changed) != expected ||
      changed.etag() == known.pair.etag()) {
    return Wrong(what,
                 absl::StrCat(known.pair.name(), " with \"", expected.source,
                              "\" | ", expected.target, ", ",
                              v1::ReviewStatus_Name(expected.status),
                              ", and another etag than ", known.pair.etag()),
                 changed.ShortDebugString());
  }
  known.pair = changed;
  return absl::OkStatus();
}

v1::ReviewPairRequest ReviewOf(const v1::Pair& pair, const PairState& state) {
  v1::ReviewPairRequest request;
  *request.mutable_pair() = pair;
  request.mutable_pair()->set_status(state.status);
  request.mutable_pair()->mutable_source()->set_text(state.source);
  request.mutable_pair()->mutable_target()->set_text(state.target);
  request.set_reviewer(kReviewer);
  if (state.status != pair.status()) {
    request.mutable_update_mask()->add_paths("status");
  }
  if (state.source != pair.source().text() ||
      state.target != pair.target().text()) {
    request.mutable_update_mask()->add_paths("source.text");
    request.mutable_update_mask()->add_paths("target.text");
  }
  return request;
}

absl::Status Review(absl::string_view kind, const PairState& state,
                    KnownPair& known, Session& session) {
  const PairState before = StateOf(known.pair);
  const auto reply = Timed(kind, session, session.server->review(),
                           &Reviews::ReviewPair, ReviewOf(known.pair, state));
  if (!reply.status.ok()) return reply.status;
  known.before.push_back(before);
  return TakeChanged(kind, reply.response, state, known);
}

}  // namespace

absl::Status ImportNew(Session& session) {
  const std::optional<int> document =
      PickDocument(false, session.model, session.random);
  if (!document.has_value()) return DeleteDocument(session);
  return Import("import", *document, MakeLines(session.random), Result::STORED,
                session);
}

// Pairs that were deleted do not come back: nothing changes.
absl::Status ImportAgain(Session& session) {
  const std::optional<int> document =
      PickDocument(true, session.model, session.random);
  if (!document.has_value()) return absl::OkStatus();
  const KnownDocument& known =
      session.model.documents()[static_cast<size_t>(*document)];
  return Send("import again", known.name, known.rows, Result::UNCHANGED,
              session);
}

absl::Status ImportChanged(Session& session) {
  const std::optional<int> document =
      PickDocument(true, session.model, session.random);
  if (!document.has_value()) return absl::OkStatus();
  std::vector<Line> lines =
      session.model.documents()[static_cast<size_t>(*document)].rows;
  for (int changes = Pick(1, 4, session.random); changes > 0; --changes) {
    const int at = Pick(0, static_cast<int>(lines.size()) - 1, session.random);
    lines[static_cast<size_t>(at)] = MakeLine(session.random);
  }
  return Import("import changed", *document, std::move(lines), Result::REPLACED,
                session);
}

absl::Status Decide(Session& session) {
  const int step = Pick(1, 2, session.random);
  KnownPair* const known = PickPair(session);
  if (known == nullptr) return absl::OkStatus();
  PairState state = StateOf(known->pair);
  state.status = static_cast<v1::ReviewStatus>(
      1 + (static_cast<int>(state.status) - 1 + step) % 3);
  return Review("decide", state, *known, session);
}

absl::Status Edit(Session& session) {
  const Line line = MakeLine(session.random);
  KnownPair* const known = PickPair(session);
  if (known == nullptr) return absl::OkStatus();
  return Review("edit", {line.english, line.chinese, known->pair.status()},
                *known, session);
}

absl::Status Undo(Session& session) {
  KnownPair* const known = PickPair(session);
  if (known == nullptr) return absl::OkStatus();
  v1::UndoReviewRequest request;
  request.set_name(known->pair.name());
  request.set_etag(known->pair.etag());
  request.set_reviewer(kReviewer);
  const auto reply = Timed("undo", session, session.server->review(),
                           &Reviews::UndoReview, request);
  if (known->before.empty()) {
    if (reply.status.code() == absl::StatusCode::kFailedPrecondition) {
      return absl::OkStatus();
    }
    return Wrong(absl::StrCat("undo of ", known->pair.name()),
                 "FAILED_PRECONDITION, as nothing is left to undo",
                 absl::StrCat(reply.status.ToString(), " ",
                              reply.response.ShortDebugString()));
  }
  if (!reply.status.ok()) return reply.status;
  if (reply.response.pairs_size() != 1) {
    return Wrong("undo", "one pair", reply.response.ShortDebugString());
  }
  const PairState expected = known->before.back();
  known->before.pop_back();
  return TakeChanged("undo", reply.response.pairs(0), expected, *known);
}

absl::Status ReviewStale(Session& session) {
  KnownPair* const known = PickPair(session);
  if (known == nullptr || known->before.empty()) return absl::OkStatus();
  PairState state = StateOf(known->pair);
  state.status = state.status == v1::ACCEPTED ? v1::REJECTED : v1::ACCEPTED;
  const v1::Pair fresh = known->pair;
  // The review makes the etag in `fresh` an old one.
  if (absl::Status status = Review("decide", state, *known, session);
      !status.ok()) {
    return status;
  }
  PairState other = StateOf(fresh);
  other.source += " Stale.";
  const auto reply = Timed("stale", session, session.server->review(),
                           &Reviews::ReviewPair, ReviewOf(fresh, other));
  if (absl::IsAborted(reply.status)) return absl::OkStatus();
  return Wrong(absl::StrCat("review of ", fresh.name(), " with an old etag"),
               "ABORTED", reply.status.ToString());
}

absl::Status CreatePairs(Session& session) {
  int by_hand = 0;
  for (const KnownPair& known : session.model.pairs()) {
    if (known.document == kNone) ++by_hand;
  }
  v1::CreatePairsRequest request;
  request.set_parent(session.model.project());
  std::vector<PairState> expected;
  for (int count = Pick(1, 3, session.random); count > 0; --count) {
    const Line line = MakeLine(session.random);
    v1::Pair& pair = *request.add_pairs();
    pair.mutable_source()->set_text(line.english);
    pair.mutable_target()->set_text(line.chinese);
    expected.push_back({line.english, line.chinese, v1::UNREVIEWED});
  }
  if (by_hand >= kMostByHand) return DeletePair(session);
  const auto reply = Timed("create", session, session.server->memory(),
                           &Memory::CreatePairs, request);
  if (!reply.status.ok()) return reply.status;
  for (size_t i = 0; i < expected.size(); ++i) {
    const int at = static_cast<int>(i);
    if (reply.response.pairs_size() <= at ||
        reply.response.pairs(at).source().text() != expected[i].source ||
        reply.response.pairs(at).target().text() != expected[i].target) {
      return Wrong("create", expected[i].source,
                   reply.response.ShortDebugString());
    }
    session.model.pairs().push_back(
        {reply.response.pairs(at), kNone, kNone, {}});
  }
  return absl::OkStatus();
}

absl::Status DeletePair(Session& session) {
  KnownPair* const known = PickPair(session);
  if (known == nullptr) return absl::OkStatus();
  const std::string name = known->pair.name();
  v1::DeletePairRequest request;
  request.set_name(name);
  request.set_etag(known->pair.etag());
  const auto reply = Timed("delete", session, session.server->memory(),
                           &Memory::DeletePair, request);
  if (!reply.status.ok()) return reply.status;
  session.model.Remove(name);
  v1::GetPairRequest get;
  get.set_name(name);
  const auto gone =
      Timed("get", session, session.server->memory(), &Memory::GetPair, get);
  if (absl::IsNotFound(gone.status)) return absl::OkStatus();
  return Wrong(absl::StrCat("reading ", name, ", which was deleted"),
               "NOT_FOUND", gone.status.ToString());
}

absl::Status DeleteDocument(Session& session) {
  const std::optional<int> document =
      PickDocument(true, session.model, session.random);
  if (!document.has_value()) return absl::OkStatus();
  const size_t before = session.model.pairs().size();
  v1::DeleteDocumentRequest request;
  request.set_name(
      session.model.documents()[static_cast<size_t>(*document)].name);
  const auto reply = Timed("delete document", session, session.server->memory(),
                           &Memory::DeleteDocument, request);
  if (!reply.status.ok()) return reply.status;
  session.model.RemoveDocument(*document);
  const size_t deleted = before - session.model.pairs().size();
  if (reply.response.deleted_pairs() == static_cast<int>(deleted)) {
    return absl::OkStatus();
  }
  return Wrong(absl::StrCat("delete of ", request.name()),
               absl::StrCat(deleted, " deleted pairs"),
               reply.response.ShortDebugString());
}

// --- The project that all share ---

namespace {

absl::Status ImportOrDeleteShared(int document, Session& session) {
  std::vector<Line> lines = MakeLines(session.random);
  KnownDocument& known =
      session.shared.documents()[static_cast<size_t>(document)];
  if (!known.stored) {
    absl::Status status =
        Send("import", known.name, lines, Result::STORED, session);
    known.stored = status.ok();
    known.rows = std::move(lines);
    return status;
  }
  v1::DeleteDocumentRequest request;
  request.set_name(known.name);
  const auto reply = Timed("delete document", session, session.server->memory(),
                           &Memory::DeleteDocument, request);
  if (reply.status.ok()) session.shared.RemoveDocument(document);
  return reply.status;
}

// A line of a stored document is found in it, whatever others decided about it.
absl::Status FindShared(int document, Session& session) {
  const int number = Pick(0, 1 << 20, session.random);
  const KnownDocument& known =
      session.shared.documents()[static_cast<size_t>(document)];
  v1::LookupRequest request;
  request.set_parent(kSharedProject);
  request.set_query_language_code("en");
  request.set_limit(100);
  request.mutable_filter()->set_document(known.name);
  for (const v1::ReviewStatus status :
       {v1::UNREVIEWED, v1::ACCEPTED, v1::REJECTED}) {
    request.mutable_filter()->add_statuses(status);
  }
  request.set_query(
      known.stored
          ? known.rows[static_cast<size_t>(number) % known.rows.size()].english
          : "The harbour keeps a quiet lamp.");
  const auto reply = Timed("shared", session, session.server->memory(),
                           &Memory::Lookup, request);
  if (absl::IsNotFound(reply.status)) return absl::OkStatus();
  if (!reply.status.ok()) return reply.status;
  const bool found = reply.response.matches_size() > 0 &&
                     reply.response.matches(0).identical();
  if (found == known.stored) return absl::OkStatus();
  return Wrong(
      absl::StrCat("look-up of \"", request.query(), "\" in ", known.name),
      known.stored ? "the pair" : "nothing, as it was deleted",
      reply.response.ShortDebugString());
}

// Someone else may have been faster.
absl::Status ReviewShared(Session& session) {
  const int number = Pick(0, 1 << 20, session.random);
  const int step = Pick(1, 2, session.random);
  v1::ListPairsRequest request;
  request.set_parent(kSharedProject);
  const auto listed = Timed("list", session, session.server->memory(),
                            &Memory::ListPairs, request);
  if (absl::IsNotFound(listed.status)) return absl::OkStatus();
  if (!listed.status.ok()) return listed.status;
  if (listed.response.pairs().empty()) return absl::OkStatus();
  const v1::Pair& pair =
      listed.response.pairs(number % listed.response.pairs_size());
  PairState state = StateOf(pair);
  state.status = static_cast<v1::ReviewStatus>(
      1 + (static_cast<int>(state.status) - 1 + step) % 3);
  const auto reply = Timed("shared", session, session.server->review(),
                           &Reviews::ReviewPair, ReviewOf(pair, state));
  if (absl::IsAborted(reply.status) || absl::IsNotFound(reply.status)) {
    return absl::OkStatus();
  }
  return reply.status;
}

// Every hit has the word, whoever changes what meanwhile.
absl::Status SearchShared(Session& session) {
  v1::SearchConcordanceRequest request;
  request.set_parent(kSharedProject);
  request.set_query(EnglishWord(session.random));
  request.set_query_language_code("en");
  request.set_page_size(100);
  const auto reply = Timed("shared", session, session.server->memory(),
                           &Memory::SearchConcordance, request);
  if (absl::IsNotFound(reply.status)) return absl::OkStatus();
  if (!reply.status.ok()) return reply.status;
  for (const v1::ConcordanceHit& hit : reply.response.hits()) {
    if (!absl::StrContains(absl::AsciiStrToLower(hit.pair().source().text()),
                           request.query())) {
      return Wrong("concordance in the shared project",
                   absl::StrCat("\"", request.query(), "\""),
                   hit.ShortDebugString());
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status UseSharedProject(Session& session) {
  const int document =
      Pick(0, static_cast<int>(session.shared.documents().size()) - 1,
           session.random);
  switch (Pick(0, 5, session.random)) {
    case 0:
      return ImportOrDeleteShared(document, session);
    case 1:
      return ReviewShared(session);
    case 2:
      return SearchShared(session);
    default:
      return FindShared(document, session);
  }
}

}  // namespace duilian::soak
