#include "service/stores.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace duilian::service {

void CatchUp(const Stores& stores) {
  const absl::Status status = stores.index.CatchUp();
  if (!status.ok()) {
    stores.log.Event("look-up index is behind", status.ToString());
  }
  if (stores.meaning != nullptr) stores.meaning->Wake();
}

absl::StatusOr<storage::TranslationUnit> ReadUnit(const Stores& stores,
                                                  const PairName& name) {
  absl::StatusOr<std::vector<storage::TranslationUnit>> units =
      ReadUnits(stores, name.project, {name.pair});
  if (!units.ok()) return units.status();
  return std::move(units->front());
}

absl::StatusOr<std::vector<storage::TranslationUnit>> ReadUnits(
    const Stores& stores, absl::string_view project,
    absl::Span<const storage::UnitId> ids) {
  absl::StatusOr<std::vector<std::optional<storage::TranslationUnit>>> found =
      stores.memory.GetUnits(project, ids);
  if (!found.ok()) return found.status();
  std::vector<storage::TranslationUnit> units;
  for (size_t i = 0; i < found->size(); ++i) {
    if (!(*found)[i].has_value()) {
      return absl::NotFoundError(
          absl::StrCat(FormatPairName(project, ids[i]),
                       " is not there: it never was, or was deleted or merged "
                       "into another; list the pairs again"));
    }
    units.push_back(*std::move((*found)[i]));
  }
  return units;
}

}  // namespace duilian::service
