// What is measured over the network: a real server on a loopback port, and
// the least that any server could do, on another.

#ifndef DUILIAN_BENCH_LOOPBACK_H_
#define DUILIAN_BENCH_LOOPBACK_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/sentence_pairs.h"
#include "duilian/v1/import_service.grpc.pb.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "service/server.h"
#include "storage/ordered_store.h"

namespace duilian::bench {

// A new directory, removed with all that is in it at the end.
class ScratchDirectory {
 public:
  // kUnavailable: nothing can be made in `parent`.
  static absl::StatusOr<std::unique_ptr<ScratchDirectory>> Make(
      const std::string& parent);
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }
  uint64_t Bytes() const;

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// A document whose lines are pairs already, of at most 1 MiB a side.
struct LinesDocument {
  std::string name, english, chinese;
};

// Documents of at most `kPairsPerDocument` pairs with the numbers [begin, end).
inline constexpr uint64_t kPairsPerDocument = 1'000;
std::vector<LinesDocument> Documents(const SentencePairs& pairs, uint64_t begin,
                                     uint64_t end);

inline constexpr char kProject[] = "projects/bench";

// The services over RocksDB in a scratch directory, and one client's channel.
class LoopbackServer {
 public:
  static absl::StatusOr<std::unique_ptr<LoopbackServer>> Start(
      const std::string& scratch_parent);

  // Sends the documents on two streams, as duilian import does; OK when each of
  // them is stored.
  absl::Status Import(const std::vector<LinesDocument>& documents);

  v1::TranslationMemoryService::Stub& memory() { return *memory_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  storage::OrderedStore& store() { return *store_; }
  uint64_t DiskBytes() const { return directory_->Bytes(); }

 private:
  LoopbackServer() = default;

  // Every second document, from `first` on, on one stream.
  absl::Status ImportHalf(const std::vector<LinesDocument>& documents,
                          size_t first);

  // In the order in which they need each other.
  std::unique_ptr<ScratchDirectory> directory_;
  std::unique_ptr<storage::OrderedStore> store_;
  std::unique_ptr<service::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::TranslationMemoryService::Stub> memory_;
  std::unique_ptr<v1::ImportService::Stub> imports_;
};

// The floor under a look-up: answers the look-ups, whatever they ask, with
// `replies`, one after the other and round again, and does nothing else.
class EchoServer {
 public:
  // `replies` is not empty. kUnavailable: no port.
  static absl::StatusOr<std::unique_ptr<EchoServer>> Start(
      std::vector<v1::LookupResponse> replies);
  ~EchoServer();

  v1::TranslationMemoryService::Stub& memory() { return *memory_; }

 private:
  class Service;
  EchoServer();

  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::TranslationMemoryService::Stub> memory_;
};

absl::Status FromGrpc(const grpc::Status& status);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_LOOPBACK_H_
