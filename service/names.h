// Resource names: projects/{project}, projects/{project}/documents/{document},
// projects/{project}/pairs/{pair}. Ids of projects and documents are people's
// (1 to 63 of [a-z0-9-], beginning with a letter or digit); a pair's id is its
// number in the store.

#ifndef DUILIAN_SERVICE_NAMES_H_
#define DUILIAN_SERVICE_NAMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/translation_unit.h"

namespace duilian::service {

struct DocumentName {
  std::string project;
  std::string document;
  bool operator==(const DocumentName&) const = default;
};

struct PairName {
  std::string project;
  storage::UnitId pair = 0;
  bool operator==(const PairName&) const = default;
};

std::string FormatProjectName(absl::string_view project);
std::string FormatDocumentName(absl::string_view project,
                               absl::string_view document);
std::string FormatPairName(absl::string_view project, storage::UnitId pair);

// kInvalidArgument: not such a name. `field` is where it stood in the request
// and begins the message.
absl::StatusOr<std::string> ParseProjectName(absl::string_view field,
                                             absl::string_view name);
absl::StatusOr<DocumentName> ParseDocumentName(absl::string_view field,
                                               absl::string_view name);
absl::StatusOr<PairName> ParsePairName(absl::string_view field,
                                       absl::string_view name);

// A filter by document: the id of a document of `project`, empty for an empty
// name. kInvalidArgument: not a document's name, or of another project.
absl::StatusOr<std::string> ParseDocumentOf(absl::string_view field,
                                            absl::string_view name,
                                            absl::string_view project);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_NAMES_H_
