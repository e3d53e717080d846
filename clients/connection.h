// The way to the server: a channel, deadlines, and its errors in words.

#ifndef DUILIAN_CLIENTS_CONNECTION_H_
#define DUILIAN_CLIENTS_CONNECTION_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace duilian::clients {

struct ConnectionOptions {
  std::string server = "127.0.0.1:50351";  // HOST:PORT
  bool tls = false;
  // PEM file of the authorities to trust; empty for the system's.
  std::string ca_path;
  // Of one call; nullopt leaves the command's own.
  std::optional<double> timeout_seconds;
};

// Calls that only read are tried again, up to four times within two seconds
// or so, while the server is UNAVAILABLE; calls that change something never.
// Thread-safe.
class Connection {
 public:
  // Opens no socket yet: an absent server shows at the first call.
  // kNotFound: the file of authorities cannot be read.
  static absl::StatusOr<Connection> Open(const ConnectionOptions& options);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& server() const { return options_.server; }

  // Sets the call's deadline: the user's, or else the command's, or none.
  void SetDeadline(grpc::ClientContext& context,
                   std::optional<double> default_seconds) const;

  // The server's code and message; where the message alone would not tell
  // what to do (no server there, no answer in time), it says that too; a field
  // that a flag sets is named by the flag.
  absl::Status ToStatus(const grpc::Status& status) const;

 private:
  Connection(ConnectionOptions options, std::shared_ptr<grpc::Channel> channel)
      : options_(std::move(options)), channel_(std::move(channel)) {}

  ConnectionOptions options_;
  std::shared_ptr<grpc::Channel> channel_;
};

constexpr double kCallSeconds = 30;

// One unary call: Call(connection, stub, &Stub::Lookup, request).
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(const Connection& connection, Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const Request& request,
                              double default_seconds = kCallSeconds) {
  grpc::ClientContext context;
  connection.SetDeadline(context, default_seconds);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return connection.ToStatus(status);
  return response;
}

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_CONNECTION_H_
