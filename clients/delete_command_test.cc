// duilian delete against a server in this process.

#include <grpcpp/grpcpp.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/command_line.h"
#include "duilian/v1/translation_memory_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Has documents named "talk", and any pair but 404.
class FakeMemory : public v1::TranslationMemoryService::Service {
 public:
  std::vector<std::string> deleted;

  grpc::Status DeleteDocument(grpc::ServerContext*,
                              const v1::DeleteDocumentRequest* request,
                              v1::DeleteDocumentResponse* response) override {
    if (request->name() != "projects/p/documents/talk") {
      return {grpc::StatusCode::NOT_FOUND, "no such document"};
    }
    deleted.push_back(request->name());
    response->set_deleted_pairs(142);
    response->set_deleted_reviewed_pairs(12);
    return grpc::Status::OK;
  }

  grpc::Status DeletePair(grpc::ServerContext*,
                          const v1::DeletePairRequest* request,
                          google::protobuf::Empty*) override {
    if (request->name() == "projects/p/pairs/404") {
      return {grpc::StatusCode::NOT_FOUND, "no such pair"};
    }
    deleted.push_back(request->name());
    return grpc::Status::OK;
  }
};

class DeleteCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&memory_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }

  int Run(std::vector<std::string> arguments) {
    const std::string address = absl::StrCat("127.0.0.1:", port_);
    std::vector<std::string> all = {"duilian", "--server", address, "--project",
                                    "p"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<const char*> argv;
    for (const std::string& argument : all) argv.push_back(argument.c_str());
    std::istringstream in;
    std::ostringstream out, err;
    Console console = {in, out, err, {}, {}};
    const int code =
        RunCommandLine(static_cast<int>(argv.size()), argv.data(), console);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  FakeMemory memory_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::string out_, err_;
};

TEST_F(DeleteCommandTest, ADocumentGoesWithAllItsPairs) {
  EXPECT_EQ(Run({"delete", "--document", "talk"}), 0) << err_;
  EXPECT_EQ(out_, "deleted talk: 142 pairs, 12 of them reviewed\n");
  EXPECT_THAT(memory_.deleted, ElementsAre("projects/p/documents/talk"));
  EXPECT_EQ(Run({"delete", "--document", "talk", "--output", "tsv"}), 0);
  EXPECT_EQ(out_,
            "name\tpairs\treviewed\nprojects/p/documents/talk\t142\t12\n");
  EXPECT_EQ(Run({"delete", "--document", "nope"}), 1);
  EXPECT_THAT(err_, HasSubstr("no such document"));
}

TEST_F(DeleteCommandTest, PairsGoOneByOneUntilOneIsNotThere) {
  EXPECT_EQ(Run({"delete", "7", "404", "8"}), 1);
  EXPECT_EQ(out_, "deleted 7\n");
  EXPECT_THAT(err_, HasSubstr("no such pair"));
  EXPECT_THAT(memory_.deleted, ElementsAre("projects/p/pairs/7"));
}

TEST_F(DeleteCommandTest, NothingIsDeletedUnlessItIsNamed) {
  EXPECT_EQ(Run({"delete"}), 2);
  EXPECT_EQ(Run({"delete", "--document", "talk", "7"}), 2);
  EXPECT_THAT(memory_.deleted, IsEmpty());
}

}  // namespace
}  // namespace duilian::clients
