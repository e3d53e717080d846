#include "service/writing_methods.h"

#include <algorithm>
#include <iterator>

namespace duilian::service {
namespace {

constexpr absl::string_view kWritingMethods[] = {
    "duilian.v1.ConsistencyService/DeletePreferredRendering",
    "duilian.v1.ConsistencyService/SetPreferredRendering",
    "duilian.v1.ImportService/ImportDocuments",
    "duilian.v1.ReviewService/MergePairs",
    "duilian.v1.ReviewService/ReviewPair",
    "duilian.v1.ReviewService/SplitPair",
    "duilian.v1.ReviewService/UndoReview",
    "duilian.v1.SettingsService/UpdateProjectSettings",
    "duilian.v1.TranslationMemoryService/CreatePairs",
    "duilian.v1.TranslationMemoryService/DeleteDocument",
    "duilian.v1.TranslationMemoryService/DeletePair",
};

}  // namespace

bool Writes(absl::string_view method) {
  return std::find(std::begin(kWritingMethods), std::end(kWritingMethods),
                   method) != std::end(kWritingMethods);
}

}  // namespace duilian::service
