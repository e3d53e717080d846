#include "service/lookup_rules.h"

#include <utility>

namespace duilian::service {

absl::StatusOr<std::shared_ptr<const LookupRules>> KnownLookupRules::Of(
    absl::string_view project) const {
  // Before the rules are read: a change after it makes them be read again.
  const uint64_t position = memory_.last_position();
  {
    absl::MutexLock lock(&mutex_);
    if (position_ == position) {
      const auto known = rules_.find(project);
      if (known != rules_.end()) return known->second;
    }
  }
  const absl::StatusOr<storage::LookupSettings> settings =
      memory_.GetLookupSettings(project);
  if (!settings.ok()) return settings.status();
  absl::StatusOr<RenderingWarner> warner =
      RenderingWarner::Load(memory_, project);
  if (!warner.ok()) return warner.status();
  auto rules = std::make_shared<const LookupRules>(
      LookupRules{*settings, *std::move(warner)});
  absl::MutexLock lock(&mutex_);
  // Another call may have read later ones.
  if (position < position_) return rules;
  if (position > position_ || rules_.size() >= kMostProjects) rules_.clear();
  position_ = position;
  rules_.insert_or_assign(std::string(project), rules);
  return rules;
}

}  // namespace duilian::service
