// For tests: the whole command line, against services in this process.

#ifndef DUILIAN_CLIENTS_FAKE_SERVER_H_
#define DUILIAN_CLIENTS_FAKE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace duilian::clients {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

// Serves on a loopback port until it is gone. Aborts when there is none.
class FakeServer {
 public:
  // The services outlive it.
  FakeServer(std::initializer_list<grpc::Service*> services);

  const std::string& address() const { return address_; }
  grpc::Server& server() const { return *server_; }

  // Runs `duilian` with the arguments, and with this server and project "p"
  // where they name no other project.
  Outcome Run(std::vector<std::string> arguments,
              const std::string& input = "") const;

 private:
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_FAKE_SERVER_H_
