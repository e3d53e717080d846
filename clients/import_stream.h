// Many documents over a few ImportDocuments calls.

#ifndef DUILIAN_CLIENTS_IMPORT_STREAM_H_
#define DUILIAN_CLIENTS_IMPORT_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/connection.h"
#include "duilian/v1/import_service.pb.h"

namespace duilian::clients {

struct ImportItem {
  v1::DocumentHeader header;
  std::string zh_path;
  std::string en_path;
  int line = 0;  // of the manifest; 0 without one
};

// Reads a manifest: a line a document, between tabs its id, the Chinese file,
// the English file, and a title (which may be left out). Relative paths count
// from `folder`. Empty lines and lines that begin with # are passed over.
// A byte order mark is passed over. kInvalidArgument: it is not UTF-8, a line
// has too few or too many fields or names a document that stands on another
// (the message names the lines), or there is no document.
absl::StatusOr<std::vector<ImportItem>> ParseManifest(
    absl::string_view text, const std::string& folder);

struct ImportProgress {
  int64_t bytes_sent = 0;
  int64_t bytes_total = 0;
  size_t documents_done = 0;
  size_t documents_total = 0;
};

// Told of each result as it comes and of each step; never two at a time.
struct ImportListener {
  std::function<void(const v1::ImportDocumentsResponse&)> on_result;
  std::function<void(const ImportProgress&)> on_progress;
};

struct ImportEnd {
  // Why the stream broke; OK when every document was answered.
  absl::Status status;
  // Names, in the order of their results, or as given where none came.
  std::vector<std::string> stored;  // now there: stored, unchanged, replaced
  std::vector<std::string> refused;
  std::vector<std::string> unanswered;
};

// Sends every document and waits for every result, a document at a time on each
// of the `streams`: with several, results come in any order. When one of them
// breaks, the others end what they have begun. Files are opened and measured
// before the first byte is sent.
// kNotFound, kDataLoss: a file cannot be read; nothing was sent.
absl::StatusOr<ImportEnd> ImportAll(const Connection& connection,
                                    const std::vector<ImportItem>& items,
                                    size_t streams,
                                    const ImportListener& listener);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_IMPORT_STREAM_H_
