#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/crash/plan_texts.h"
#include "tests/crash/writers.h"

namespace duilian::crash {
namespace {

using testing_support::FromGrpc;
using testing_support::ImportClientStream;
using testing_support::RemoteServer;
using testing_support::SentDocument;
using Result = v1::ImportDocumentsResponse;

struct NextImport {
  int document = 0;
  int draft = 0;
  Result::Outcome expected = Result::STORED;
};

// Chooses what to send, and enters it as asked for.
NextImport AskForOne(Random& random, Ledger& ledger) {
  NextImport next;
  ledger.Visit([&](Records& records) {
    const int count = static_cast<int>(records.size());
    const bool new_one = count == 0 || Pick(0, 9, random) < 7;
    next.document = new_one ? count : Pick(0, count - 1, random);
    DocumentRecord& record = records[next.document];
    next.draft = record.draft.value_or(0);
    if (next.document % 2 == 1 && Pick(0, 1, random) == 0) ++next.draft;
    if (record.draft.has_value()) {
      next.expected =
          record.draft == next.draft ? Result::UNCHANGED : Result::REPLACED;
    }
    record.asked_draft = next.draft;
    record.touched = true;
  });
  return next;
}

SentDocument TextsOf(const NextImport& next, Random& random) {
  SentDocument sent;
  sent.name = DocumentName(next.document);
  for (const auto& [english, chinese] : LinesOf(next.document, next.draft)) {
    absl::StrAppend(&sent.source, english, "\n");
    absl::StrAppend(&sent.target, chinese, "\n");
  }
  sent.chunk_bytes = static_cast<size_t>(Pick(100, 4'000, random));
  return sent;
}

}  // namespace

absl::Status ImportOn(RemoteServer& server, Random random, Ledger& ledger) {
  grpc::ClientContext context;
  RemoteServer::SetDeadline(context);
  const std::unique_ptr<ImportClientStream> stream =
      server.imports().ImportDocuments(&context);
  while (true) {
    const NextImport next = AskForOne(random, ledger);
    Result result;
    if (!SendDocument(TextsOf(next, random), *stream) ||
        !stream->Read(&result)) {
      return FromGrpc(stream->Finish());
    }
    if (result.name() != DocumentName(next.document) ||
        result.outcome() != next.expected) {
      context.TryCancel();
      stream->Finish();
      return absl::InternalError(absl::StrCat(
          "importing draft ", next.draft, " of ", DocumentName(next.document),
          ", expected ", Result::Outcome_Name(next.expected), " but got ",
          result.ShortDebugString()));
    }
    ledger.Acknowledge([&](Records& records) {
      records[next.document].draft = next.draft;
      records[next.document].asked_draft.reset();
    });
  }
}

}  // namespace duilian::crash
