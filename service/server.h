#ifndef DUILIAN_SERVICE_SERVER_H_
#define DUILIAN_SERVICE_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aligner/model.h"
#include "service/clock.h"
#include "service/json_log.h"
#include "service/meaning_follower.h"
#include "service/snapshot_schedule.h"
#include "storage/backups.h"
#include "storage/following_store.h"
#include "storage/ordered_store.h"

namespace duilian::service {

// A certificate chain and its key, in PEM.
struct TlsIdentity {
  std::string certificate;
  std::string key;
};

struct ServerOptions {
  std::string listen = "127.0.0.1:50351";  // port 0 takes any free one
  std::optional<TlsIdentity> tls;
  // Without TLS, only loopback addresses are listened on unless this is set.
  bool insecure = false;
  // Workers for look-ups, lists and reviews, and as many again for alignment
  // and import, so that long work never holds the short up.
  size_t threads = 4;
  // Beside the workers: while a look-up is alone, they share it. 0: it has one
  // processor.
  size_t lookup_threads = 0;
  // Calls known to be short that run at once, on gRPC's threads, rather than on
  // workers; fewer than gRPC has threads (DirectPlaces). 0: none.
  size_t direct_calls = 1;
  // Calls that may wait for each of the two groups of workers.
  size_t queue = 256;
  // Where the look-up index is kept between runs; empty keeps it nowhere, and
  // it is made of the store at each start.
  std::string index_snapshot;
  // The same for the meaning index, which is made while calls are answered.
  std::string meaning_snapshot;
  // When they are saved while the server runs; at a stop they always are.
  SnapshotLimits index_saving;
  SnapshotLimits meaning_saving = kMeaningSaving;
  // The server only reads: another one writes the store.
  struct Following {
    storage::FollowingStore* store = nullptr;  // the same that Start() is given
    std::string directory;                     // for messages
    absl::Duration period;  // the store is looked at so often
  };
  std::optional<Following> following;
  // Of the same store, and outlive the server. Null: it keeps none.
  storage::Backups* backups = nullptr;
  // Asked now and then while the server loads; true ends the start with
  // kCancelled. May be empty.
  std::function<bool()> stop_loading;
  Clock clock;         // required
  JsonLog::Sink sink;  // required; where the log goes
};

// What a program that serves calls once, before its first thread. Abseil as
// Debian builds it looks for deadlocks at every lock that is taken, of all
// threads in one place; only builds with assertions go on doing so.
void TakeLocksUnchecked();

// The services on a port, with health and reflection beside them. Owns what
// stands between the store and the network. Thread-safe.
class Server {
 public:
  // Listens, reads the store into the look-up index, and returns when calls are
  // answered. Until then health says NOT_SERVING, calls are UNAVAILABLE, and
  // the log tells how far it is. `store` outlives it, and `model` too; a null
  // model serves everything but alignment and searches by meaning.
  // kInvalidArgument: a bad address, or no TLS where it is needed.
  // kFailedPrecondition: the store was written by a newer release.
  // kUnavailable: the port is taken. kDataLoss: the store is damaged.
  // kCancelled: options.stop_loading.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, storage::OrderedStore& store,
      const aligner::Model* model);
  ~Server();  // Drain() without time

  int port() const;

  // Calls that wait for a worker.
  size_t waiting_calls() const;

  // Stops: health says NOT_SERVING, new calls are refused, streams end after
  // the document that they are at, and what is under way has `patience` to
  // end before it is cancelled. Returns when all of it has ended, and the
  // indexes are saved. Once.
  void Drain(absl::Duration patience);

 private:
  class Services;
  class Endpoint;

  explicit Server(std::unique_ptr<Services> services);
  absl::Status Load(const ServerOptions& options);

  std::unique_ptr<Services> services_;
  std::unique_ptr<Endpoint> endpoint_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_SERVER_H_
