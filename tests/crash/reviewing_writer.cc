#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/crash/plan_texts.h"
#include "tests/crash/writers.h"

namespace duilian::crash {
namespace {

using testing_support::RemoteServer;
using Pairs = std::vector<v1::Pair>;
using Stub = v1::ReviewService::Stub;

constexpr char kReviewer[] = "Tian";

// What a call is to do, and what it should come to.
struct Task {
  enum class Kind { kAccept, kEdit, kSplit, kMerge };
  Kind kind = Kind::kAccept;
  int document = 0;
  Review review;
  int source_cut = 0, target_cut = 0;  // of kSplit
};

// Where the text goes on behind the last `mark`; nullopt if nothing is there.
std::optional<size_t> CutBehind(const std::string& mark,
                                const std::string& text) {
  const size_t at = text.rfind(mark);
  if (at == std::string::npos || at + mark.size() >= text.size()) {
    return std::nullopt;
  }
  return at + mark.size();
}

bool MakeSplit(Task& task) {
  const PairState whole = StateOf(task.review.before[0]);
  const std::optional<size_t> source = CutBehind(": ", whole.source);
  const std::optional<size_t> target = CutBehind("：", whole.target);
  if (!source.has_value() || !target.has_value()) return false;
  task.kind = Task::Kind::kSplit;
  task.source_cut = static_cast<int>(*source);
  task.target_cut = static_cast<int>(*target);
  // The space at the cut goes.
  task.review.after = {{whole.source.substr(0, *source - 1),
                        whole.target.substr(0, *target), whole.status},
                       {whole.source.substr(*source),
                        whole.target.substr(*target), whole.status}};
  return true;
}

bool MakeMerge(const v1::Pair& other, Task& task) {
  v1::Pair& first = task.review.before[0];
  if (other.name() == first.name()) return false;
  const PairState a = StateOf(first), b = StateOf(other);
  task.kind = Task::Kind::kMerge;
  task.review.before.push_back(other);
  task.review.after = {{absl::StrCat(a.source, " ", b.source),
                        absl::StrCat(a.target, b.target),
                        a.status == b.status ? a.status : v1::UNREVIEWED}};
  return true;
}

// `stamp` makes each edit's text new.
void MakeEdit(int stamp, Task& task) {
  PairState state = StateOf(task.review.before[0]);
  absl::StrAppend(&state.source, " Edited ", stamp, ".");
  absl::StrAppend(&state.target, "改", stamp, "。");
  task.kind = Task::Kind::kEdit;
  task.review.after = {std::move(state)};
}

void MakeAccept(Task& task) {
  PairState state = StateOf(task.review.before[0]);
  state.status = v1::ACCEPTED;
  task.kind = Task::Kind::kAccept;
  task.review.after = {std::move(state)};
}

const v1::Pair& PickPair(const DocumentRecord& record, Random& random) {
  const int at = Pick(0, static_cast<int>(record.pairs.size()) - 1, random);
  return std::next(record.pairs.begin(), at)->second;
}

void PickTask(const DocumentRecord& record, Random& random, Task& task) {
  task.review.before = {PickPair(record, random)};
  switch (Pick(0, 3, random)) {
    case 0:
      if (MakeSplit(task)) return;
      break;
    case 1:
      if (MakeMerge(PickPair(record, random), task)) return;
      break;
    case 2:
      return MakeEdit(Pick(0, 1'000'000'000, random), task);
    default:
      break;
  }
  MakeAccept(task);
}

// A document that can be reviewed.
int PickDocument(Random& random, Ledger& ledger) {
  std::vector<int> documents;
  ledger.Visit([&](const Records& records) {
    for (const auto& [document, record] : records) {
      if (document % 2 == 0 && record.draft.has_value()) {
        documents.push_back(document);
      }
    }
  });
  return documents[static_cast<size_t>(
      Pick(0, static_cast<int>(documents.size()) - 1, random))];
}

absl::Status ReadPairsOf(int document, RemoteServer& server, Ledger& ledger) {
  bool known = false;
  ledger.Visit([&](const Records& records) {
    known = !records.at(document).pairs.empty();
  });
  if (known) return absl::OkStatus();
  const auto listed = server.ListAll(kProject, DocumentName(document));
  if (!listed.status.ok()) return listed.status;
  if (listed.response.empty()) {
    return absl::InternalError(
        absl::StrCat(DocumentName(document), " was stored but has no pairs"));
  }
  ledger.Visit([&](Records& records) {
    for (const v1::Pair& pair : listed.response) {
      records[document].pairs[pair.name()] = pair;
    }
  });
  return absl::OkStatus();
}

absl::Status CallOne(const Task& task, RemoteServer& server, Pairs& pairs) {
  v1::ReviewPairRequest request;
  v1::Pair& pair = *request.mutable_pair();
  pair = task.review.before[0];
  pair.set_status(task.review.after[0].status);
  pair.mutable_source()->set_text(task.review.after[0].source);
  pair.mutable_target()->set_text(task.review.after[0].target);
  const std::vector<std::string> paths =
      task.kind == Task::Kind::kAccept
          ? std::vector<std::string>{"status"}
          : std::vector<std::string>{"source.text", "target.text"};
  for (const std::string& path : paths) {
    request.mutable_update_mask()->add_paths(path);
  }
  request.set_reviewer(kReviewer);
  const auto reply = server.Call(server.review(), &Stub::ReviewPair, request);
  pairs = {reply.response};
  return reply.status;
}

absl::Status CallSplit(const Task& task, RemoteServer& server, Pairs& pairs) {
  v1::SplitPairRequest request;
  request.set_name(task.review.before[0].name());
  request.set_etag(task.review.before[0].etag());
  request.set_source_offset(task.source_cut);
  request.set_target_offset(task.target_cut);
  request.set_reviewer(kReviewer);
  const auto reply = server.Call(server.review(), &Stub::SplitPair, request);
  pairs = {reply.response.first(), reply.response.second()};
  return reply.status;
}

absl::Status CallMerge(const Task& task, RemoteServer& server, Pairs& pairs) {
  v1::MergePairsRequest request;
  for (const v1::Pair& pair : task.review.before) {
    request.add_names(pair.name());
    request.add_etags(pair.etag());
  }
  request.set_reviewer(kReviewer);
  const auto reply = server.Call(server.review(), &Stub::MergePairs, request);
  pairs = {reply.response};
  return reply.status;
}

absl::Status Perform(const Task& task, RemoteServer& server, Pairs& pairs) {
  switch (task.kind) {
    case Task::Kind::kSplit:
      return CallSplit(task, server, pairs);
    case Task::Kind::kMerge:
      return CallMerge(task, server, pairs);
    default:
      return CallOne(task, server, pairs);
  }
}

}  // namespace

absl::Status ReviewOn(RemoteServer& server, Random random, Ledger& ledger) {
  while (true) {
    Task task;
    task.document = PickDocument(random, ledger);
    if (absl::Status status = ReadPairsOf(task.document, server, ledger);
        !status.ok()) {
      return status;
    }
    ledger.Visit([&](Records& records) {
      DocumentRecord& record = records[task.document];
      PickTask(record, random, task);
      record.asked_review = task.review;
      record.touched = true;
    });
    Pairs pairs;
    if (absl::Status status = Perform(task, server, pairs); !status.ok()) {
      return status;
    }
    if (!IsDone(task.review, pairs)) {
      return absl::InternalError(
          absl::StrCat("a review of ", task.review.before[0].ShortDebugString(),
                       " was answered with ", pairs[0].ShortDebugString()));
    }
    ledger.Acknowledge(
        [&](Records& records) { EnterReview(pairs, records[task.document]); });
  }
}

}  // namespace duilian::crash
