#include "service/incoming_document.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/checks.h"
#include "service/limits.h"
#include "service/read_side.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

absl::Status OutOfOrder(absl::string_view what, absl::string_view accepted) {
  return absl::InvalidArgumentError(absl::StrCat(
      what, ", ", accepted,
      "; a document is a header, its chunks, and finish: true; the documents "
      "answered so far are stored, send the rest again"));
}

absl::Status ReadHeader(const v1::DocumentHeader& header,
                        IncomingDocument& document) {
  absl::StatusOr<DocumentName> name =
      ParseDocumentName("header.name", header.name());
  if (!name.ok()) return name.status();
  document.name = *std::move(name);
  if (absl::Status status =
          CheckText(header.title(), {"header.title", 0, kMaxTitleCodepoints});
      !status.ok()) {
    return status;
  }
  document.title = header.title();
  document.format = header.format();
  document.aligned_lines = header.aligned_lines();
  return CheckFormat("header.format", header.format());
}

// Gives the memory back too.
void Forget(std::string& text) { std::string().swap(text); }

}  // namespace

bool ByteBudget::Take(size_t bytes) {
  size_t free = free_.load();
  while (free >= bytes) {
    if (free_.compare_exchange_weak(free, free - bytes)) return true;
  }
  return false;
}

BudgetShare::BudgetShare(BudgetShare&& other) noexcept
    : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}

bool BudgetShare::Grow(size_t bytes) {
  if (!budget_->Take(bytes)) return false;
  bytes_ += bytes;
  return true;
}

void BudgetShare::Clear() { budget_->Return(std::exchange(bytes_, 0)); }

absl::Status DocumentAssembler::Add(const v1::ImportDocumentsRequest& part) {
  if (part.part_case() == v1::ImportDocumentsRequest::kHeader) {
    return Begin(part.header());
  }
  if (idle()) {
    return OutOfOrder("a chunk or finish came before any header",
                      "a header is accepted here");
  }
  switch (part.part_case()) {
    case v1::ImportDocumentsRequest::kSourceChunk:
      Collect("source", part.source_chunk(), document_->source);
      return absl::OkStatus();
    case v1::ImportDocumentsRequest::kTargetChunk:
      Collect("target", part.target_chunk(), document_->target);
      return absl::OkStatus();
    case v1::ImportDocumentsRequest::kFinish:
      if (!part.finish()) {
        return OutOfOrder("finish: false came", "true alone is accepted");
      }
      complete_ = true;
      return absl::OkStatus();
    default:
      return OutOfOrder(
          "a message without a part came",
          "header, source_chunk, target_chunk or finish is accepted");
  }
}

absl::Status DocumentAssembler::Begin(const v1::DocumentHeader& header) {
  if (!idle()) {
    return OutOfOrder(absl::StrCat("a header came inside of ",
                                   text::Abbreviate(document_->full_name, 200)),
                      "chunks or finish are accepted here");
  }
  document_.emplace(budget_);
  document_->full_name = header.name();
  document_->refusal = ReadHeader(header, *document_);
  return absl::OkStatus();
}

void DocumentAssembler::Collect(absl::string_view side,
                                const std::string& chunk, std::string& text) {
  if (!document_->refusal.ok()) return;
  if (chunk.size() > kMaxChunkBytes) {
    Refuse(absl::InvalidArgumentError(absl::StrCat(
        side, "_chunk: ", Grouped(chunk.size()), " bytes given, up to ",
        Grouped(kMaxChunkBytes), " accepted; send the text in more chunks")));
  } else if (text.size() + chunk.size() > kMaxSideBytes) {
    Refuse(absl::ResourceExhaustedError(absl::StrCat(
        side, ": more than ", Grouped(kMaxSideBytes),
        " bytes given, up to that accepted; import it as several documents")));
  } else if (!document_->share.Grow(chunk.size())) {
    Refuse(absl::ResourceExhaustedError(absl::StrCat(
        "the server is busy: documents of ", Grouped(kMaxBufferedImportBytes),
        " bytes are on their way in, and no more may be; send this one again "
        "later")));
  } else {
    text += chunk;
  }
}

void DocumentAssembler::Refuse(absl::Status why) {
  document_->refusal = std::move(why);
  Forget(document_->source);
  Forget(document_->target);
  document_->share.Clear();
}

IncomingDocument DocumentAssembler::Take() {
  IncomingDocument document = *std::move(document_);
  document_.reset();
  complete_ = false;
  return document;
}

}  // namespace duilian::service
