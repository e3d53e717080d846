#include "tests/crash/recovery_check.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/crash/plan_texts.h"

namespace duilian::crash {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing_support::RemoteServer;
using Pairs = std::vector<v1::Pair>;
using MemoryStub = v1::TranslationMemoryService::Stub;

// What a list of pairs holds, for a message.
std::string Describe(const Pairs& pairs) {
  std::string text = absl::StrCat(pairs.size(), " pairs");
  for (const v1::Pair& pair : pairs) {
    absl::StrAppend(&text, "\n  ", pair.name(), " ", pair.etag(), " ",
                    v1::ReviewStatus_Name(pair.status()), " ",
                    pair.source().text(), " | ", pair.target().text());
  }
  return text;
}

bool HoldsDraft(int document, std::optional<int> draft, const Pairs& stored) {
  if (!draft.has_value()) return stored.empty();
  const Lines lines = LinesOf(document, *draft);
  return std::equal(lines.begin(), lines.end(), stored.begin(), stored.end(),
                    [](const auto& line, const v1::Pair& pair) {
                      return StateOf(pair) ==
                             PairState{line.first, line.second, v1::UNREVIEWED};
                    });
}

// A document whose pairs nobody has read yet: whole, with one draft or the
// other.
absl::Status CheckImported(int document, const Pairs& stored,
                           DocumentRecord& record, Unanswered& unanswered) {
  const std::optional<int> asked = std::exchange(record.asked_draft, {});
  if (HoldsDraft(document, record.draft, stored)) {
    if (asked.has_value() && asked != record.draft) ++unanswered.not_done;
    return absl::OkStatus();
  }
  if (asked.has_value() && HoldsDraft(document, asked, stored)) {
    record.draft = asked;
    ++unanswered.done;
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat(DocumentName(document), ": acknowledged draft ",
                   record.draft.value_or(-1), ", asked for draft ",
                   asked.value_or(-1), ", but it holds ", Describe(stored)));
}

// A document whose pairs were acknowledged one by one.
absl::Status CheckReviewed(int document, const Pairs& stored,
                           DocumentRecord& record, Unanswered& unanswered) {
  record.asked_draft.reset();  // the same texts again: nothing may change
  std::map<std::string, v1::Pair> missing = record.pairs;
  Pairs changed;
  for (const v1::Pair& pair : stored) {
    const auto place = missing.find(pair.name());
    if (place != missing.end() &&
        MessageDifferencer::Equals(place->second, pair)) {
      missing.erase(place);
    } else {
      changed.push_back(pair);
    }
  }
  if (missing.empty() && changed.empty()) {
    if (record.asked_review.has_value()) ++unanswered.not_done;
    record.asked_review.reset();
    return absl::OkStatus();
  }
  // What is not as acknowledged must be the asked-for review, all of it.
  if (record.asked_review.has_value()) {
    for (const v1::Pair& pair : record.asked_review->before) {
      missing.erase(pair.name());
    }
    if (missing.empty() && IsDone(*record.asked_review, changed)) {
      EnterReview(changed, record);
      ++unanswered.done;
      return absl::OkStatus();
    }
  }
  Pairs acknowledged;
  for (const auto& [name, pair] : record.pairs) acknowledged.push_back(pair);
  return absl::DataLossError(absl::StrCat(
      DocumentName(document), ": acknowledged ", Describe(acknowledged),
      "\nbut it holds, changed or new, ", Describe(changed), "\nof ",
      Describe(stored),
      record.asked_review.has_value() ? "\nand a review of it was not answered"
                                      : ""));
}

absl::Status CheckDocument(int document, const Pairs& stored,
                           DocumentRecord& record, Unanswered& unanswered) {
  return record.pairs.empty()
             ? CheckImported(document, stored, record, unanswered)
             : CheckReviewed(document, stored, record, unanswered);
}

// Through the index of documents: the same pairs as in the whole list.
absl::Status CheckDocumentList(int document, const Pairs& stored,
                               RemoteServer& server) {
  const auto listed = server.ListAll(kProject, DocumentName(document));
  if (!listed.status.ok()) return listed.status;
  if (std::equal(listed.response.begin(), listed.response.end(), stored.begin(),
                 stored.end(), [](const v1::Pair& a, const v1::Pair& b) {
                   return MessageDifferencer::Equals(a, b);
                 })) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat(DocumentName(document), " lists ", Describe(listed.response),
                   "\nbut the project lists, of it, ", Describe(stored)));
}

// The counters that were written beside the pairs.
absl::Status CheckCounts(RemoteServer& server, const Records& records,
                         const Pairs& stored) {
  const auto reply = server.Call(server.memory(), &MemoryStub::ListProjects,
                                 v1::ListProjectsRequest());
  if (!reply.status.ok()) return reply.status;
  const auto documents = std::count_if(
      records.begin(), records.end(),
      [](const auto& entry) { return entry.second.draft.has_value(); });
  const auto accepted = std::count_if(
      stored.begin(), stored.end(),
      [](const v1::Pair& pair) { return pair.status() == v1::ACCEPTED; });
  const v1::Project& project = reply.response.projects(0);
  if (project.documents() == documents && project.accepted() == accepted &&
      project.pairs() == static_cast<int64_t>(stored.size())) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat("the project counts ", project.ShortDebugString(),
                   " but there are ", documents, " documents, ", stored.size(),
                   " pairs, ", accepted, " of them accepted"));
}

absl::Status CheckLookup(const v1::Pair& pair, RemoteServer& server) {
  v1::LookupRequest request;
  request.set_parent(kProject);
  request.set_query(pair.target().text());
  request.set_threshold_percent(100);
  // Pairs that were split end alike, in every document.
  request.mutable_filter()->set_document(pair.document());
  request.set_limit(100);
  const auto reply = server.Call(server.memory(), &MemoryStub::Lookup, request);
  if (!reply.status.ok()) return reply.status;
  for (const v1::Match& match : reply.response.matches()) {
    if (!match.identical()) continue;
    // Pairs with the same texts are one match; another may stand for this one.
    if (MessageDifferencer::Equals(match.pair(), pair) ||
        (match.occurrences() > 1 &&
         match.pair().source().text() == pair.source().text() &&
         match.pair().target().text() == pair.target().text())) {
      return absl::OkStatus();
    }
  }
  return absl::DataLossError(absl::StrCat("a look-up of ",
                                          pair.ShortDebugString(), " gave ",
                                          reply.response.ShortDebugString()));
}

bool NothingAcknowledged(const Records& records) {
  return std::none_of(records.begin(), records.end(), [](const auto& entry) {
    return entry.second.draft.has_value();
  });
}

}  // namespace

absl::Status CheckRecovered(RemoteServer& server, Random& random,
                            Records& records, Unanswered& unanswered) {
  const auto listed = server.ListAll(kProject);
  // A project comes into being with its first document.
  if (listed.status.code() == absl::StatusCode::kNotFound &&
      NothingAcknowledged(records)) {
    return absl::OkStatus();
  }
  if (!listed.status.ok()) return listed.status;
  std::map<std::string, Pairs> stored;
  for (const v1::Pair& pair : listed.response) {
    stored[pair.document()].push_back(pair);
  }
  for (auto& [document, record] : records) {
    const Pairs pairs = std::move(stored[DocumentName(document)]);
    stored.erase(DocumentName(document));
    absl::Status status = CheckDocument(document, pairs, record, unanswered);
    if (status.ok() && std::exchange(record.touched, false)) {
      status = CheckDocumentList(document, pairs, server);
    }
    if (!status.ok()) return status;
  }
  if (!stored.empty()) {
    return absl::DataLossError(
        absl::StrCat("nobody sent ", stored.begin()->first, ", which holds ",
                     Describe(stored.begin()->second)));
  }
  if (listed.response.empty()) return absl::OkStatus();
  if (absl::Status status = CheckCounts(server, records, listed.response);
      !status.ok()) {
    return status;
  }
  const int last = static_cast<int>(listed.response.size()) - 1;
  return CheckLookup(
      listed.response[static_cast<size_t>(Pick(0, last, random))], server);
}

}  // namespace duilian::crash
