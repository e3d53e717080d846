// A document on its way in: from the parts of a stream to two whole texts.

#ifndef DUILIAN_SERVICE_INCOMING_DOCUMENT_H_
#define DUILIAN_SERVICE_INCOMING_DOCUMENT_H_

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "duilian/v1/import_service.pb.h"
#include "service/names.h"

namespace duilian::service {

// Bytes that all streams together may hold. Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(size_t bytes) : free_(bytes) {}

  bool Take(size_t bytes);  // false when there are not as many
  void Return(size_t bytes) { free_ += bytes; }

 private:
  std::atomic<size_t> free_;
};

// A part of a budget, returned when it goes. Movable.
class BudgetShare {
 public:
  explicit BudgetShare(ByteBudget& budget) : budget_(&budget) {}
  BudgetShare(BudgetShare&& other) noexcept;
  BudgetShare& operator=(BudgetShare&&) = delete;
  ~BudgetShare() { Clear(); }

  bool Grow(size_t bytes);
  void Clear();

 private:
  ByteBudget* budget_;
  size_t bytes_ = 0;
};

struct IncomingDocument {
  explicit IncomingDocument(ByteBudget& budget) : share(budget) {}

  std::string full_name;  // as sent
  DocumentName name;
  std::string title;
  int format = 0;
  bool aligned_lines = false;
  std::string source, target;
  BudgetShare share;
  // Why it cannot be stored; its texts are gone then.
  absl::Status refusal;
};

// Puts the parts of one stream together, a document at a time.
class DocumentAssembler {
 public:
  // `budget` outlives it and every document taken.
  explicit DocumentAssembler(ByteBudget& budget) : budget_(budget) {}

  // A document over a limit, or with a bad header, is refused, not the
  // stream: the rest of its parts are dropped.
  // kInvalidArgument: the part comes out of order, or says nothing.
  absl::Status Add(const v1::ImportDocumentsRequest& part);

  // True between documents.
  bool idle() const { return !document_.has_value(); }
  // The name of the document that is coming in; empty between documents.
  std::string unfinished() const { return idle() ? "" : document_->full_name; }
  // True once a `finish` has come.
  bool complete() const { return complete_; }
  // Requires complete(). Begins anew.
  IncomingDocument Take();

 private:
  absl::Status Begin(const v1::DocumentHeader& header);
  void Collect(absl::string_view side, const std::string& chunk,
               std::string& text);
  void Refuse(absl::Status why);

  ByteBudget& budget_;
  std::optional<IncomingDocument> document_;
  bool complete_ = false;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_INCOMING_DOCUMENT_H_
