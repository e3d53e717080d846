// duilian delete against a server in this process.

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>
#include <vector>

#include "clients/fake_server.h"
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
  int pairs = 142;  // of the document

  grpc::Status DeleteDocument(grpc::ServerContext*,
                              const v1::DeleteDocumentRequest* request,
                              v1::DeleteDocumentResponse* response) override {
    if (request->name() != "projects/p/documents/talk") {
      return {grpc::StatusCode::NOT_FOUND, "no such document"};
    }
    deleted.push_back(request->name());
    response->set_deleted_pairs(pairs);
    response->set_deleted_reviewed_pairs(pairs / 10);
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
  int Run(std::vector<std::string> arguments) {
    Outcome outcome = server_.Run(std::move(arguments));
    out_ = std::move(outcome.out);
    err_ = std::move(outcome.err);
    return outcome.code;
  }

  FakeMemory memory_;
  const FakeServer server_{&memory_};
  std::string out_, err_;
};

TEST_F(DeleteCommandTest, ADocumentGoesWithAllItsPairs) {
  EXPECT_EQ(Run({"delete", "--document", "talk"}), 0) << err_;
  EXPECT_EQ(out_, "deleted talk: 142 pairs, 14 of them reviewed\n");
  EXPECT_THAT(memory_.deleted, ElementsAre("projects/p/documents/talk"));
  EXPECT_EQ(Run({"delete", "--document", "talk", "--output", "tsv"}), 0);
  EXPECT_EQ(out_,
            "name\tpairs\treviewed\nprojects/p/documents/talk\t142\t14\n");
  memory_.pairs = 1;
  EXPECT_EQ(Run({"delete", "--document", "talk"}), 0) << err_;
  EXPECT_EQ(out_, "deleted talk: 1 pair, 0 of them reviewed\n");
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
