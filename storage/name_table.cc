#include "storage/name_table.h"

#include "absl/strings/match.h"

namespace duilian::storage {

bool NamePart::StandsIn(absl::string_view name) const {
  if (more_before && more_behind) return absl::StrContains(name, text);
  if (more_before) return absl::EndsWith(name, text);
  if (more_behind) return absl::StartsWith(name, text);
  return name == text;
}

NameTable::NameTable()
    : names_(std::make_unique<ByteStrings>()),
      numbers_(0, Hash{names_.get()}, Equal{names_.get()}) {}

uint32_t NameTable::Intern(absl::string_view name) {
  return *numbers_.lazy_emplace(
      name, [&](const auto& place) { place(names_->Add(name)); });
}

std::optional<uint32_t> NameTable::Find(absl::string_view name) const {
  const auto found = numbers_.find(name);
  if (found == numbers_.end()) return std::nullopt;
  return *found;
}

std::vector<uint32_t> NameTable::With(const NamePart& part) const {
  std::vector<uint32_t> with;
  for (uint32_t number = 0; number < size(); ++number) {
    if (part.StandsIn(name(number))) with.push_back(number);
  }
  return with;
}

size_t NameTable::Memory() const {
  return names_->Memory() + numbers_.capacity() * (sizeof(uint32_t) + 1);
}

void NameTable::Save(SnapshotWriter& snapshot) const { names_->Save(snapshot); }

bool NameTable::Load(SnapshotReader& snapshot) {
  if (!LoadNames(snapshot)) return false;
  MakeNumbers();
  return true;
}

void NameTable::MakeNumbers() {
  numbers_.reserve(size());
  for (uint32_t number = 0; number < size(); ++number) numbers_.insert(number);
}

}  // namespace duilian::storage
