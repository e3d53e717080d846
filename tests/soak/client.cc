#include "tests/soak/client.h"

#include "absl/strings/str_cat.h"
#include "tests/soak/edits.h"
#include "tests/soak/searches.h"

namespace duilian::soak {
namespace {

// Enough that documents come and go, few enough for slow searches.
constexpr int kDocuments = 8;
constexpr int kSharedDocuments = 3;

// After a start, so many searches of each kind are held against the model.
constexpr int kSearchesToCheck = 10;

struct Operation {
  const char* name;
  int weight;
  absl::Status (*run)(Session&);
};

constexpr Operation kOperations[] = {
    {"exact look-up", 14, LookUpExact},
    {"fuzzy look-up", 18, LookUpLike},
    {"batch look-up", 4, LookUpBatch},
    {"concordance", 12, SearchConcordance},
    {"search by meaning", 8, SearchMeaning},
    {"read", 4, ReadPair},
    {"list", 2, ListEverything},
    {"import", 4, ImportNew},
    {"import again", 2, ImportAgain},
    {"changed import", 3, ImportChanged},
    {"decision", 7, Decide},
    {"edit", 5, Edit},
    {"undo", 5, Undo},
    {"stale review", 1, ReviewStale},
    {"creation", 2, CreatePairs},
    {"deletion", 2, DeletePair},
    {"deletion of a document", 2, DeleteDocument},
    {"shared project", 8, UseSharedProject},
};

const Operation& PickOperation(Random& random) {
  int weights = 0;
  for (const Operation& operation : kOperations) weights += operation.weight;
  int at = Pick(0, weights - 1, random);
  const Operation* operation = kOperations;
  while (at >= operation->weight) at -= (operation++)->weight;
  return *operation;
}

}  // namespace

Client::Client(int number, uint32_t seed, Meter& meter)
    : session_{number,
               nullptr,
               ProjectModel(absl::StrCat("projects/soak-", number), "talk",
                            kDocuments),
               ProjectModel(kSharedProject, absl::StrCat("client-", number),
                            kSharedDocuments),
               Random(seed + static_cast<uint32_t>(number)),
               meter} {}

void Client::Connect(const std::string& address) {
  server_ = std::make_unique<testing_support::RemoteServer>(address);
  session_.server = server_.get();
}

absl::Status Client::Named(const char* what, const absl::Status& status) const {
  if (status.ok()) return status;
  return absl::Status(
      status.code(), absl::StrCat("client ", session_.client, ", step ", steps_,
                                  ", ", what, ": ", status.message()));
}

absl::Status Client::Step() {
  ++steps_;
  const Operation& operation = PickOperation(session_.random);
  return Named(operation.name, operation.run(session_));
}

absl::Status Client::CheckEverything() {
  absl::Status status = Named("list", ListEverything(session_));
  for (int i = 0; i < kSearchesToCheck; ++i) {
    status.Update(Named("exact look-up", LookUpExact(session_)));
    status.Update(Named("fuzzy look-up", LookUpLike(session_)));
    status.Update(Named("concordance", SearchConcordance(session_)));
  }
  return status;
}

}  // namespace duilian::soak
