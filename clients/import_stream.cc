#include "clients/import_stream.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "clients/files.h"
#include "duilian/v1/import_service.grpc.pb.h"

namespace duilian::clients {
namespace {

constexpr size_t kChunkBytes = 256u << 10;

using Stream = grpc::ClientReaderWriter<v1::ImportDocumentsRequest,
                                        v1::ImportDocumentsResponse>;

absl::StatusOr<int64_t> MeasureFile(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status =
      std::filesystem::status(path, error);
  if (!error && !std::filesystem::is_regular_file(status)) {
    return absl::NotFoundError(absl::StrCat(
        path, " is not a plain file; import reads each text from a file"));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat(path, " cannot be opened: ", std::strerror(errno),
                     "; nothing was sent"));
  }
  const auto size = std::filesystem::file_size(path, error);
  if (error) {
    return absl::DataLossError(absl::StrCat(
        path, " cannot be measured: ", error.message(), "; nothing was sent"));
  }
  return static_cast<int64_t>(size);
}

// What is known of each document, shared by the streams.
class Ledger {
 public:
  Ledger(const std::vector<ImportItem>& items, int64_t bytes_total,
         const ImportListener& listener)
      : listener_(listener) {
    progress_.bytes_total = bytes_total;
    progress_.documents_total = items.size();
    for (const ImportItem& item : items) {
      end_.unanswered.push_back(item.header.name());
    }
  }

  void Sent(size_t bytes) {
    absl::MutexLock lock(&mutex_);
    progress_.bytes_sent += static_cast<int64_t>(bytes);
    listener_.on_progress(progress_);
  }

  void Answered(const v1::ImportDocumentsResponse& response) {
    absl::MutexLock lock(&mutex_);
    const auto place = std::find(end_.unanswered.begin(), end_.unanswered.end(),
                                 response.name());
    if (place != end_.unanswered.end()) end_.unanswered.erase(place);
    if (response.outcome() == v1::ImportDocumentsResponse::REFUSED) {
      end_.refused.push_back(response.name());
    } else {
      end_.stored.push_back(response.name());
    }
    ++progress_.documents_done;
    listener_.on_result(response);
    listener_.on_progress(progress_);
  }

  ImportEnd Finish(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    if (status.ok() && !end_.unanswered.empty()) {
      status = absl::InternalError(
          "the server ended the stream before it answered every document");
    }
    end_.status = std::move(status);
    return end_;
  }

 private:
  absl::Mutex mutex_;
  const ImportListener& listener_ ABSL_GUARDED_BY(mutex_);
  ImportProgress progress_ ABSL_GUARDED_BY(mutex_);
  ImportEnd end_ ABSL_GUARDED_BY(mutex_);
};

// False from Write means that the stream is broken; Finish says why.
enum class SendOutcome { kSent, kStreamBroken };

class Sender {
 public:
  Sender(Stream& stream, Ledger& ledger) : stream_(stream), ledger_(ledger) {}

  absl::StatusOr<SendOutcome> SendDocument(const ImportItem& item) {
    v1::ImportDocumentsRequest request;
    *request.mutable_header() = item.header;
    if (!stream_.Write(request)) return SendOutcome::kStreamBroken;
    for (const bool chinese : {false, true}) {
      absl::StatusOr<SendOutcome> outcome =
          SendFile(chinese ? item.zh_path : item.en_path, chinese);
      if (!outcome.ok() || *outcome != SendOutcome::kSent) return outcome;
    }
    request.set_finish(true);
    return stream_.Write(request) ? SendOutcome::kSent
                                  : SendOutcome::kStreamBroken;
  }

 private:
  absl::StatusOr<SendOutcome> SendFile(const std::string& path, bool chinese) {
    std::ifstream file(path, std::ios::binary);
    std::string chunk;
    while (file) {
      chunk.resize(kChunkBytes);
      file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
      chunk.resize(static_cast<size_t>(file.gcount()));
      if (chunk.empty()) break;
      v1::ImportDocumentsRequest request;
      (chinese ? *request.mutable_target_chunk()
               : *request.mutable_source_chunk()) = chunk;
      if (!stream_.Write(request)) return SendOutcome::kStreamBroken;
      ledger_.Sent(chunk.size());
    }
    if (file.eof()) return SendOutcome::kSent;
    return absl::DataLossError(absl::StrCat(
        path, " cannot be read to its end: ", std::strerror(errno)));
  }

  Stream& stream_;
  Ledger& ledger_;
};

// Deals the documents out to streams, in their order, until one fails.
class ItemQueue {
 public:
  explicit ItemQueue(const std::vector<ImportItem>& items) : items_(items) {}

  // Null: none is left.
  const ImportItem* Next() {
    const size_t index = next_.fetch_add(1);
    return index < items_.size() ? &items_[index] : nullptr;
  }
  void Close() { next_ = items_.size(); }

 private:
  const std::vector<ImportItem>& items_;
  std::atomic<size_t> next_ = 0;
};

// A document is taken from the queue when the one before it was answered: sent
// ahead, small ones would all wait on one stream.
absl::Status ImportOverOneStream(const Connection& connection, ItemQueue& queue,
                                 Ledger& ledger) {
  v1::ImportService::Stub stub(connection.channel());
  grpc::ClientContext context;
  connection.SetDeadline(context, std::nullopt);
  const std::unique_ptr<Stream> stream = stub.ImportDocuments(&context);
  Sender sender(*stream, ledger);
  absl::Status local;
  v1::ImportDocumentsResponse response;
  while (const ImportItem* item = queue.Next()) {
    const absl::StatusOr<SendOutcome> outcome = sender.SendDocument(*item);
    if (!outcome.ok()) {
      local = outcome.status();
      context.TryCancel();
      break;
    }
    if (*outcome == SendOutcome::kStreamBroken || !stream->Read(&response)) {
      break;
    }
    ledger.Answered(response);
  }
  queue.Close();
  stream->WritesDone();
  while (stream->Read(&response)) ledger.Answered(response);
  const absl::Status remote = connection.ToStatus(stream->Finish());
  return local.ok() ? remote : local;
}

absl::StatusOr<int64_t> MeasureFiles(const std::vector<ImportItem>& items) {
  int64_t bytes_total = 0;
  for (const ImportItem& item : items) {
    for (const std::string* path : {&item.en_path, &item.zh_path}) {
      const absl::StatusOr<int64_t> bytes = MeasureFile(*path);
      if (!bytes.ok() && item.line > 0) {
        return absl::Status(
            bytes.status().code(),
            absl::StrCat("line ", item.line,
                         " of the manifest: ", bytes.status().message()));
      }
      if (!bytes.ok()) return bytes.status();
      bytes_total += *bytes;
    }
  }
  return bytes_total;
}

}  // namespace

absl::StatusOr<std::vector<ImportItem>> ParseManifest(
    absl::string_view text, const std::string& folder) {
  if (absl::Status status = CheckUtf8("the manifest", text); !status.ok()) {
    return status;
  }
  std::vector<ImportItem> items;
  absl::flat_hash_map<std::string, int> lines;  // of the documents so far
  int number = 0;
  for (absl::string_view line :
       absl::StrSplit(WithoutByteOrderMark(text), '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (absl::StripAsciiWhitespace(line).empty() || line[0] == '#') continue;
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.size() < 3 || fields.size() > 4) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number, " of the manifest: ", fields.size(),
          " fields given, 3 or 4 accepted; write document, Chinese file, "
          "English file and title between tabs"));
    }
    const auto [known, is_new] = lines.try_emplace(fields[0], number);
    if (!is_new) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, " of the manifest: document ",
                       fields[0], " given, and line ", known->second,
                       " gives it already, where one line for each is "
                       "accepted; give it another id, or take a line out"));
    }
    ImportItem item;
    item.line = number;
    item.header.set_name(fields[0]);
    const std::filesystem::path base(folder);
    item.zh_path = (base / fields[1]).string();
    item.en_path = (base / fields[2]).string();
    if (fields.size() == 4) item.header.set_title(fields[3]);
    items.push_back(std::move(item));
  }
  if (items.empty()) {
    return absl::InvalidArgumentError(
        "the manifest names no document; write a line for each");
  }
  return items;
}

absl::StatusOr<ImportEnd> ImportAll(const Connection& connection,
                                    const std::vector<ImportItem>& items,
                                    size_t streams,
                                    const ImportListener& listener) {
  const absl::StatusOr<int64_t> bytes = MeasureFiles(items);
  if (!bytes.ok()) return bytes.status();
  Ledger ledger(items, *bytes, listener);
  ItemQueue queue(items);
  std::vector<absl::Status> ends(std::min(streams, items.size()));
  std::vector<std::thread> threads;
  for (absl::Status& end : ends) {
    threads.emplace_back(
        [&] { end = ImportOverOneStream(connection, queue, ledger); });
  }
  for (std::thread& thread : threads) thread.join();
  absl::Status first;
  for (const absl::Status& end : ends) first.Update(end);
  return ledger.Finish(std::move(first));
}

}  // namespace duilian::clients
