#include "tests/soak/client.h"

#include "absl/strings/str_cat.h"
#include "tests/soak/edits.h"
#include "tests/soak/searches.h"

namespace duilian::soak {
namespace {

// Enough that documents come and go, few enough for slow searches.
constexpr int kDocuments = 8;
constexpr int kSharedDocuments = 3;

// After a start, so many searches of a kind are held against the model.
constexpr int kSearchesToCheck = 5;

struct Operation {
  const char* name;
  int weight;
  absl::Status (*run)(Session&);
  bool after_start = false;  // held against the model after a start
};

constexpr Operation kOperations[] = {
    {"exact look-up", 9, LookUpExact, true},
    {"look-up in context", 5, LookUpInContext, true},
    {"fuzzy look-up", 15, LookUpLike, true},
    {"batch look-up", 4, LookUpBatch},
    {"concordance", 5, SearchConcordance, true},
    {"concordance of projects", 2, SearchProjects, true},
    {"concordance of parts", 3, SearchParts, true},
    {"concordance of phrases", 3, SearchPhrases, true},
    {"quote", 4, FindQuote, true},
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
    for (const Operation& search : kOperations) {
      if (search.after_start)
        status.Update(Named(search.name, search.run(session_)));
    }
  }
  return status;
}

}  // namespace duilian::soak
