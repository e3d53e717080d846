// What holds for every call, whatever it asks: deadlines, cancellation,
// queues, limits, health, reflection, and the end of the server.

#include "service/server.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "duilian/v1/settings_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/memory_store.h"
#include "storage/snapshot_head.h"
#include "storage/translation_memory.h"
#include "tests/support/gated_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_server.h"

namespace duilian::service {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::FromGrpc;
using testing_support::IsOk;
using testing_support::StatusIs;
using testing_support::TestServer;
using MemoryStub = v1::TranslationMemoryService::Stub;

v1::CreatePairsRequest OnePair() {
  v1::CreatePairsRequest request;
  request.set_parent("projects/p");
  v1::Pair& pair = *request.add_pairs();
  pair.mutable_source()->set_text("A cup.");
  pair.mutable_target()->set_text("一个杯子。");
  return request;
}

v1::GetPairRequest FirstPair() {
  v1::GetPairRequest request;
  request.set_name("projects/p/pairs/1");
  return request;
}

v1::LookupRequest ExactLookup(const std::string& query) {
  v1::LookupRequest request;
  request.set_parent("projects/p");
  request.set_query(query);
  request.set_query_language_code("en");
  request.set_threshold_percent(100);
  return request;
}

using Asked = std::function<grpc::Status(MemoryStub&, grpc::ClientContext&)>;

grpc::Status AskForFirstPair(MemoryStub& memory, grpc::ClientContext& context) {
  v1::Pair pair;
  return memory.GetPair(&context, FirstPair(), &pair);
}
grpc::Status LookCupUp(MemoryStub& memory, grpc::ClientContext& context) {
  v1::LookupResponse response;
  return memory.Lookup(&context, ExactLookup("A cup."), &response);
}

// Calls a unary method by its name; returns the answer's bytes.
absl::StatusOr<std::string> CallRaw(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
    const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::Slice slice(request);
  grpc::ByteBuffer in(&slice, 1), out;
  absl::Notification done;
  grpc::Status status;
  stub.UnaryCall(&context, method, {}, &in, &out, [&](grpc::Status ended) {
    status = std::move(ended);
    done.Notify();
  });
  done.WaitForNotification();
  if (!status.ok()) return FromGrpc(status);
  grpc::Slice bytes;
  if (!out.DumpToSingleSlice(&bytes).ok()) return std::string();
  return std::string(reinterpret_cast<const char*>(bytes.begin()),
                     bytes.size());
}

// A call on a thread of its own, to be waited for.
class BackgroundCall {
 public:
  explicit BackgroundCall(TestServer& server,
                          absl::Duration patience = absl::Hours(24),
                          const Asked& ask = AskForFirstPair)
      : thread_([this, &server, patience, ask] {
          context_.set_deadline(std::chrono::system_clock::now() +
                                absl::ToChronoSeconds(patience));
          status_ = FromGrpc(ask(server.memory(), context_));
        }) {}
  ~BackgroundCall() {
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Wait() {
    thread_.join();
    return status_;
  }

 private:
  grpc::ClientContext context_;
  absl::Status status_;
  std::thread thread_;
};

class BusyServerTest : public testing::Test {
 protected:
  // One worker, and it is held up by a read.
  void SetUp() override {
    ASSERT_THAT(
        server_.Call(server_.memory(), &MemoryStub::CreatePairs, OnePair()),
        IsOk());
    server_.store().Close();
    busy_ = std::make_unique<BackgroundCall>(server_);
    server_.store().AwaitWaiting(1);
    reads_before_ = server_.store().reads();
  }

  // The reads that each call that runs takes, and that no other took.
  void ExpectOnlyTheBusyCallRan() {
    server_.store().Open();
    EXPECT_THAT(busy_->Wait(), IsOk());
    const int of_one_call = server_.store().reads() - reads_before_;
    EXPECT_THAT(
        server_.Call(server_.memory(), &MemoryStub::GetPair, FirstPair()),
        IsOk());
    EXPECT_EQ(server_.store().reads() - reads_before_, 2 * of_one_call);
  }

  TestServer server_{TestServer::Options{1, 1, nullptr}};
  std::unique_ptr<BackgroundCall> busy_;
  int reads_before_ = 0;
};

TEST_F(BusyServerTest, ACallWhoseDeadlinePassedInTheQueueIsNotRun) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(50));
  context.AddMetadata("x-request-id", "too-late");
  v1::Pair pair;
  EXPECT_EQ(server_.memory().GetPair(&context, FirstPair(), &pair).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  // Which of the two clocks is first decides the code.
  EXPECT_TRUE(server_.AwaitLog({"too-late"}));
  ExpectOnlyTheBusyCallRan();
}

TEST_F(BusyServerTest, ACallThatExpiresByTheServersClockIsToldSo) {
  BackgroundCall call(server_, absl::Hours(1));
  server_.Advance(absl::Hours(2));
  server_.store().Open();
  EXPECT_THAT(call.Wait(), StatusIs(absl::StatusCode::kDeadlineExceeded,
                                    HasSubstr("allow it more time")));
  EXPECT_THAT(busy_->Wait(), IsOk());
}

TEST_F(BusyServerTest, ACallThatWasCancelledInTheQueueIsNotRun) {
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "not-wanted");
  v1::Pair pair;
  absl::Status status;
  std::thread caller([&] {
    status = FromGrpc(server_.memory().GetPair(&context, FirstPair(), &pair));
  });
  while (server_.server().waiting_calls() == 0) std::this_thread::yield();
  context.TryCancel();
  caller.join();
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(server_.AwaitLog({"not-wanted", "CANCELLED"}));
  ExpectOnlyTheBusyCallRan();
}

TEST_F(BusyServerTest, AFullQueueIsToldAtOnceAndTheServerRecovers) {
  // One fills the queue; whichever of the two comes second is refused.
  BackgroundCall first(server_), second(server_);
  EXPECT_TRUE(server_.AwaitLog({"GetPair", "RESOURCE_EXHAUSTED"}));
  const auto refused = StatusIs(absl::StatusCode::kResourceExhausted,
                                HasSubstr("no more than 1 may; call again"));
  server_.store().Open();
  const absl::Status statuses[] = {first.Wait(), second.Wait()};
  EXPECT_THAT(statuses, testing::UnorderedElementsAre(IsOk(), refused));
  EXPECT_THAT(busy_->Wait(), IsOk());
  EXPECT_THAT(server_.Call(server_.memory(), &MemoryStub::GetPair, FirstPair()),
              IsOk());
}

TEST_F(BusyServerTest, ACallUnderWayEndsBeforeTheServerDoes) {
  std::thread drain([&] { server_.server().Drain(absl::InfiniteDuration()); });
  EXPECT_TRUE(server_.AwaitLog({"draining"}));
  server_.store().Open();
  EXPECT_THAT(busy_->Wait(), IsOk());
  drain.join();
  EXPECT_TRUE(server_.AwaitLog({"stopped"}));
}

// One worker, held up by a read; before that, what look-ups are judged by was
// read.
class ShortCallTest : public BusyServerTest {
 protected:
  void SetUp() override {
    ASSERT_THAT(
        server_.Call(server_.memory(), &MemoryStub::CreatePairs, OnePair()),
        IsOk());
    PutFreeNumbers();
    for (const char* project : {"projects/p", kFreeNumbers}) {
      v1::LookupRequest lookup = ExactLookup("A cup.");
      lookup.set_parent(project);
      ASSERT_THAT(server_.Call(server_.memory(), &MemoryStub::Lookup, lookup),
                  IsOk());
    }
    server_.store().Close();
    busy_ = std::make_unique<BackgroundCall>(server_);
    server_.store().AwaitWaiting(1);
  }

  // A project where substituted numbers cost nothing.
  static constexpr char kFreeNumbers[] = "projects/free";
  void PutFreeNumbers() {
    v1::CreatePairsRequest pair = OnePair();
    pair.set_parent(kFreeNumbers);
    ASSERT_THAT(server_.Call(server_.memory(), &MemoryStub::CreatePairs, pair),
                IsOk());
    v1::UpdateProjectSettingsRequest update;
    update.set_name(absl::StrCat(kFreeNumbers, "/settings"));
    update.mutable_lookup_penalties()->set_numbers_substituted(0);
    using Settings = v1::SettingsService;
    const auto settings = Settings::NewStub(server_.channel());
    ASSERT_THAT(
        server_.Call(*settings, &Settings::Stub::UpdateProjectSettings, update),
        IsOk());
  }
};

TEST_F(ShortCallTest, AnExactLookupNeedsNoWorker) {
  // What finds nothing asks the store for nothing.
  const auto reply = server_.Call(server_.memory(), &MemoryStub::Lookup,
                                  ExactLookup("No such text."));
  EXPECT_THAT(reply, IsOk());
  EXPECT_THAT(reply.response.matches(), IsEmpty());
  EXPECT_TRUE(server_.AwaitLog({"TranslationMemoryService/Lookup", "\"OK\""}));
  server_.store().Open();
  EXPECT_THAT(busy_->Wait(), IsOk());
}

TEST_F(ShortCallTest, OthersWaitForTheWorker) {
  v1::LookupRequest requests[5];
  for (v1::LookupRequest& request : requests) {
    request = ExactLookup("No such text.");
  }
  requests[0].set_query(std::string(600, 'x'));
  requests[0].set_threshold_percent(99);
  requests[1].set_limit(100);
  requests[2].add_other_projects("projects/p2");
  requests[3].set_previous_text(std::string(10'000, 'x'));
  requests[4].set_parent(kFreeNumbers);
  for (const v1::LookupRequest& request : requests) {
    SCOPED_TRACE(request.ShortDebugString().substr(0, 200));
    grpc::ClientContext context;
    v1::LookupResponse response;
    std::thread caller([&] {
      EXPECT_FALSE(server_.memory().Lookup(&context, request, &response).ok());
    });
    while (server_.server().waiting_calls() == 0) std::this_thread::yield();
    context.TryCancel();
    caller.join();
    while (server_.server().waiting_calls() == 1) std::this_thread::yield();
  }
  server_.store().Open();
  EXPECT_THAT(busy_->Wait(), IsOk());
}

TEST_F(ShortCallTest, WhereOneIsHeldUpTheNextWaitsForTheWorker) {
  BackgroundCall first(server_, absl::Hours(24), LookCupUp);
  server_.store().AwaitWaiting(2);
  BackgroundCall second(server_, absl::Hours(24), LookCupUp);
  while (server_.server().waiting_calls() == 0) std::this_thread::yield();
  // What fills the queue is refused as ever, and the server is there to do it.
  EXPECT_THAT(server_.Call(server_.memory(), &MemoryStub::GetPair, FirstPair()),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("no more than 1 may; call again")));
  server_.store().Open();
  EXPECT_THAT(first.Wait(), IsOk());
  EXPECT_THAT(second.Wait(), IsOk());
  EXPECT_THAT(busy_->Wait(), IsOk());
}

TEST_F(ShortCallTest, OneThatExpiresMeanwhileIsToldSo) {
  BackgroundCall call(server_, absl::Hours(1), LookCupUp);
  server_.store().AwaitWaiting(2);
  server_.Advance(absl::Hours(2));
  server_.store().Open();
  EXPECT_THAT(call.Wait(), StatusIs(absl::StatusCode::kDeadlineExceeded,
                                    HasSubstr("allow it more time")));
  EXPECT_THAT(busy_->Wait(), IsOk());
}

TEST_F(ShortCallTest, OneThatIsOverWhenItComesIsNotRun) {
  server_.Advance(absl::Hours(2));
  BackgroundCall call(server_, absl::Hours(1), LookCupUp);
  EXPECT_THAT(call.Wait(), StatusIs(absl::StatusCode::kDeadlineExceeded,
                                    HasSubstr("allow it more time")));
  server_.store().Open();
  EXPECT_THAT(busy_->Wait(), IsOk());
}

TEST_F(ShortCallTest, BytesThatAreNoRequestAreRefusedAtOnce) {
  EXPECT_THAT(
      CallRaw(server_.channel(), "/duilian.v1.TranslationMemoryService/Lookup",
              "\x12\x02\xC3("),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("query: byte 0 is not UTF-8")));
  server_.store().Open();
  EXPECT_THAT(busy_->Wait(), IsOk());
}

TEST(ServerTest, EveryCallIsLoggedWithoutItsTexts) {
  TestServer server;
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "mine-1");
  v1::CreatePairsResponse created;
  ASSERT_TRUE(server.memory().CreatePairs(&context, OnePair(), &created).ok());
  EXPECT_EQ(context.GetServerInitialMetadata().find("x-request-id")->second,
            "mine-1");
  v1::LookupRequest lookup;
  lookup.set_parent("projects/A-secret-parent");
  lookup.set_query("A cup.");
  EXPECT_THAT(server.Call(server.memory(), &MemoryStub::Lookup, lookup),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("A-secret-parent")));
  EXPECT_TRUE(
      server.AwaitLog({"duilian.v1.TranslationMemoryService/CreatePairs",
                       "\"OK\"", "mine-1", "127.0.0.1"}));
  EXPECT_TRUE(
      server.AwaitLog({"TranslationMemoryService/Lookup", "INVALID_ARGUMENT"}));
  for (const std::string& line : server.log()) {
    EXPECT_THAT(line, testing::Not(HasSubstr("cup")));
    EXPECT_THAT(line, testing::Not(HasSubstr("杯子")));
    EXPECT_THAT(line, testing::Not(HasSubstr("secret")));
  }
}

TEST(ServerTest, AMessageOver8MiBIsRefusedAndTheServerAnswersOn) {
  TestServer server;
  v1::ExtractFragmentsRequest request;
  request.set_text(std::string((8 << 20) + 1, 'a'));
  EXPECT_THAT(
      server.Call(server.alignment(),
                  &v1::AlignmentService::Stub::ExtractFragments, request),
      StatusIs(absl::StatusCode::kResourceExhausted,
               HasSubstr("larger than max")));
  request.set_text(std::string(4'000'001, 'a'));
  EXPECT_THAT(
      server.Call(server.alignment(),
                  &v1::AlignmentService::Stub::ExtractFragments, request),
      StatusIs(absl::StatusCode::kResourceExhausted,
               HasSubstr("text: 4,000,001 bytes given, 1 to 4,000,000")));
  EXPECT_THAT(server.Call(server.memory(), &MemoryStub::CreatePairs, OnePair()),
              IsOk());
}

TEST(ServerTest, HealthSaysServingForEveryService) {
  TestServer server;
  for (const std::string name :
       {"", "duilian.v1.AlignmentService", "duilian.v1.ImportService",
        "duilian.v1.ReviewService", "duilian.v1.TranslationMemoryService"}) {
    SCOPED_TRACE(name);
    // HealthCheckRequest.service is field 1, a string.
    const std::string request =
        name.empty()
            ? ""
            : absl::StrCat(
                  "\x0a", std::string(1, static_cast<char>(name.size())), name);
    const absl::StatusOr<std::string> answer =
        CallRaw(server.channel(), "/grpc.health.v1.Health/Check", request);
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(*answer, "\x08\x01") << "status: SERVING";
  }
}

TEST(ServerTest, ReflectionNamesEveryService) {
  TestServer server;
  grpc::GenericStub stub(server.channel());
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto next = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  auto stream = stub.PrepareCall(
      &context,
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  stream->StartCall(nullptr);
  ASSERT_TRUE(next());
  // ServerReflectionRequest.list_services is field 7, a string.
  grpc::Slice slice(std::string("\x3a\x01*"));
  stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  ASSERT_TRUE(next());
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  ASSERT_TRUE(next());
  grpc::Slice bytes;
  ASSERT_TRUE(answer.DumpToSingleSlice(&bytes).ok());
  const std::string names(reinterpret_cast<const char*>(bytes.begin()),
                          bytes.size());
  for (const char* name :
       {"duilian.v1.AlignmentService", "duilian.v1.ImportService",
        "duilian.v1.ReviewService", "duilian.v1.TranslationMemoryService",
        "grpc.health.v1.Health"}) {
    EXPECT_THAT(names, HasSubstr(name));
  }
  stream->WritesDone(nullptr);
  ASSERT_TRUE(next());
  grpc::Status status;
  stream->Finish(&status, nullptr);
  ASSERT_TRUE(next());
  EXPECT_TRUE(status.ok());
}

TEST(ServerTest, AnIdleImportStreamDoesNotHoldTheEndUp) {
  TestServer server;
  grpc::ClientContext context;
  const auto stream = server.imports().ImportDocuments(&context);
  ASSERT_TRUE(testing_support::SendDocument(
      {"projects/p/documents/d", "Fine.\n", "好。\n"}, *stream));
  v1::ImportDocumentsResponse result;
  ASSERT_TRUE(stream->Read(&result));
  // Would never return if it waited for the client.
  server.server().Drain(absl::InfiniteDuration());
  EXPECT_FALSE(stream->Read(&result));
  EXPECT_THAT(FromGrpc(stream->Finish()),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("the documents answered so far are stored")));
}

TEST(ServerTest, AStreamInsideOfADocumentIsForcedToItsEnd) {
  TestServer server;
  grpc::ClientContext context;
  const auto stream = server.imports().ImportDocuments(&context);
  v1::ImportDocumentsRequest part;
  part.mutable_header()->set_name("projects/p/documents/d");
  ASSERT_TRUE(stream->Write(part));
  // A second stream's answer shows that the server reads what it was sent.
  ASSERT_THAT(
      server.Import({{"projects/q/documents/d", "Fine.\n", "好。\n"}}).results,
      SizeIs(1));
  server.server().Drain(absl::ZeroDuration());
  EXPECT_FALSE(stream->Finish().ok());
  EXPECT_TRUE(server.AwaitLog({"stopped"}));
}

ServerOptions QuietOptions(const std::string& listen) {
  ServerOptions options;
  options.listen = listen;
  options.clock = absl::Now;
  options.sink = [](absl::string_view) { return true; };
  return options;
}

TEST(ServerStartTest, RefusesAnOpenNetworkWithoutTlsUnlessTold) {
  const std::unique_ptr<storage::OrderedStore> store =
      storage::NewMemoryStore();
  ServerOptions options = QuietOptions("0.0.0.0:0");
  EXPECT_THAT(Server::Start(options, *store, nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("given without TLS, loopback addresses alone "
                                 "accepted then; add --tls-cert")));
  options.insecure = true;
  const auto server = Server::Start(options, *store, nullptr);
  ASSERT_THAT(server, IsOk());
  EXPECT_GT((*server)->port(), 0);
}

void StoreOnePair(storage::OrderedStore& store) {
  const auto memory = storage::TranslationMemory::Open(store);
  ASSERT_THAT(memory, IsOk());
  storage::UnitChange change;
  change.unit.source.text = "A cup.";
  change.unit.target.text = "一个杯子。";
  ASSERT_THAT(
      (*memory)->Apply("p", {change}, {storage::Action::kCreate, "", 1}, ""),
      IsOk());
}

// A server whose store does not answer until it is let.
class LoadingServerTest : public testing::Test {
 protected:
  void SetUp() override {
    StoreOnePair(store_);
    options_ = QuietOptions("127.0.0.1:0");
    options_.sink = [this](absl::string_view line) {
      TakeLine(line);
      return true;
    };
    options_.stop_loading = [this] { return stop_.HasBeenNotified(); };
  }
  ~LoadingServerTest() override {
    store_.Open();
    if (starting_.joinable()) starting_.join();
  }

  // Returns when it listens but cannot read on.
  void Start() {
    starting_ = std::thread(
        [this] { started_ = Server::Start(options_, store_, nullptr); });
    listening_.WaitForNotification();
    store_.AwaitWaiting(1);
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", port_),
                                   grpc::InsecureChannelCredentials());
    memory_ = v1::TranslationMemoryService::NewStub(channel_);
    imports_ = v1::ImportService::NewStub(channel_);
  }

  absl::Status GetPair() {
    grpc::ClientContext context;
    // A call that waits for the store would wait for ever.
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::minutes(1));
    v1::Pair pair;
    return FromGrpc(memory_->GetPair(&context, FirstPair(), &pair));
  }

  absl::Status Import() {
    grpc::ClientContext context;
    const auto stream = imports_->ImportDocuments(&context);
    stream->WritesDone();
    return FromGrpc(stream->Finish());
  }

  void TakeLine(absl::string_view line) {
    if (absl::StrContains(line, "\"listening\"")) {
      const size_t at = line.find("port ") + 5;
      port_ = std::string(line.substr(at, line.find('"', at) - at));
      // The first read of the loading is the next.
      store_.Close();
      listening_.Notify();
    }
    if (absl::StrContains(line, "\"serving\""))
      serving_line_ = std::string(line);
  }

  testing_support::GatedStore store_;
  ServerOptions options_;
  absl::Notification listening_, stop_;
  std::string port_, serving_line_;
  std::thread starting_;
  absl::StatusOr<std::unique_ptr<Server>> started_ = nullptr;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<MemoryStub> memory_;
  std::unique_ptr<v1::ImportService::Stub> imports_;
};

TEST_F(LoadingServerTest, CallsAreToldToComeAgainUntilItHasLoaded) {
  Start();
  const auto loading =
      StatusIs(absl::StatusCode::kUnavailable,
               AllOf(HasSubstr("the server is loading"),
                     HasSubstr("call again in a few seconds")));
  EXPECT_THAT(GetPair(), loading);
  EXPECT_THAT(Import(), loading);
  const auto health = [this] {
    return CallRaw(channel_, "/grpc.health.v1.Health/Check", "");
  };
  EXPECT_EQ(health().value(), "\x08\x02") << "status: NOT_SERVING";
  store_.Open();
  starting_.join();
  ASSERT_THAT(started_, IsOk());
  EXPECT_THAT(GetPair(), IsOk());
  EXPECT_THAT(Import(), IsOk());
  EXPECT_EQ(health().value(), "\x08\x01") << "status: SERVING";
  EXPECT_THAT(serving_line_, HasSubstr("1 pairs, loaded in "));
}

TEST_F(LoadingServerTest, LoadingCanBeEnded) {
  Start();
  stop_.Notify();
  store_.Open();
  starting_.join();
  EXPECT_THAT(started_,
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("the loading")));
  EXPECT_EQ(serving_line_, "");
}

// A server that keeps its index between runs.
class SavedIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    options_ = QuietOptions("127.0.0.1:0");
    options_.index_snapshot = absl::StrCat(
        testing::TempDir(), "/saved_index_test_", getpid(), ".snapshot");
    options_.sink = [this](absl::string_view line) {
      absl::StrAppend(&log_, line);
      return true;
    };
    storage::RemoveSnapshot(options_.index_snapshot);
    StoreOnePair(*store_);
  }
  void TearDown() override { storage::RemoveSnapshot(options_.index_snapshot); }

  // Starts, looks the pair up, and stops. Returns the log.
  std::string Run() {
    log_.clear();
    auto server = Server::Start(options_, *store_, nullptr);
    EXPECT_THAT(server, IsOk());
    if (!server.ok()) return log_;
    const auto memory = v1::TranslationMemoryService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", (*server)->port()),
                            grpc::InsecureChannelCredentials()));
    v1::LookupRequest request;
    request.set_parent("projects/p");
    request.set_query("a cup.");
    grpc::ClientContext context;
    v1::LookupResponse response;
    EXPECT_THAT(FromGrpc(memory->Lookup(&context, request, &response)), IsOk());
    EXPECT_EQ(response.matches_size(), 1);
    (*server)->Drain(absl::Seconds(10));
    return log_;
  }

  const std::unique_ptr<storage::OrderedStore> store_ =
      storage::NewMemoryStore();
  ServerOptions options_;
  std::string log_;
};

TEST_F(SavedIndexTest, IsWrittenAtTheStopAndReadAtTheNextStart) {
  Run();
  ASSERT_TRUE(std::filesystem::exists(options_.index_snapshot));
  const auto written =
      std::filesystem::last_write_time(options_.index_snapshot);
  EXPECT_THAT(Run(), Not(HasSubstr("index_not")));
  // It was read, and nothing had changed.
  EXPECT_EQ(std::filesystem::last_write_time(options_.index_snapshot), written);
}

// Nothing is in a snapshot yet, so that one is due at once.
TEST_F(SavedIndexTest, IsWrittenWhileTheServerRuns) {
  absl::Notification saved;
  options_.index_saving.worth_saving = 1;
  options_.sink = [&](absl::string_view line) {
    if (absl::StrContains(line, "index_saved")) saved.Notify();
    return true;
  };
  auto server = Server::Start(options_, *store_, nullptr);
  ASSERT_THAT(server, IsOk());
  EXPECT_TRUE(saved.WaitForNotificationWithTimeout(absl::Minutes(1)));
  const auto memory = storage::TranslationMemory::Open(*store_).value();
  storage::LookupIndex loaded(*memory);
  storage::LoadOptions options;
  options.snapshot = options_.index_snapshot;
  const auto summary = loaded.Load(options);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot, IsOk());
  EXPECT_EQ(summary->units, 1);
  EXPECT_EQ(summary->units_read, 0);
}

TEST_F(SavedIndexTest, ADamagedOneIsToldAndMadeAnew) {
  Run();
  std::filesystem::resize_file(options_.index_snapshot, 30);
  EXPECT_THAT(Run(), AllOf(HasSubstr("index_not_used"),
                           HasSubstr("cut short or damaged")));
  EXPECT_THAT(Run(), Not(HasSubstr("index_not")));
}

TEST_F(SavedIndexTest, WhereItCannotBeWrittenThatIsTold) {
  options_.index_snapshot += "/none/index";
  EXPECT_THAT(Run(),
              AllOf(HasSubstr("index_not_saved"), HasSubstr("cannot be made")));
}

TEST(ServerStartTest, ATakenPortAndABadCertificateAreTold) {
  TestServer taken;
  const std::unique_ptr<storage::OrderedStore> store =
      storage::NewMemoryStore();
  ServerOptions options =
      QuietOptions(absl::StrCat("127.0.0.1:", taken.server().port()));
  const auto cannot =
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("the port is taken"));
  EXPECT_THAT(Server::Start(options, *store, nullptr), cannot);
  options.listen = "127.0.0.1:0";
  options.tls = TlsIdentity{"no certificate", "no key"};
  EXPECT_THAT(Server::Start(options, *store, nullptr),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("the certificate is bad")));
}

}  // namespace
}  // namespace duilian::service
