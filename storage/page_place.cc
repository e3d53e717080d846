#include "storage/page_place.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "storage/keys.h"

namespace duilian::storage {

std::string WritePlace(std::initializer_list<uint64_t> numbers) {
  std::string place;
  for (const uint64_t number : numbers) {
    absl::StrAppend(&place, absl::Hex(number, absl::kZeroPad16));
  }
  return place;
}

absl::StatusOr<std::vector<uint64_t>> ReadPlace(const std::string& place,
                                                size_t count) {
  const bool digits = std::all_of(place.begin(), place.end(), [](char c) {
    return absl::ascii_isxdigit(static_cast<unsigned char>(c));
  });
  if (place.size() != 16 * count || !digits) {
    return absl::InvalidArgumentError(
        "after: the place to go on from was not made by this list; the last "
        "page's one, unchanged, is accepted; begin again without it");
  }
  const std::string bytes = absl::HexStringToBytes(place);
  std::vector<uint64_t> numbers;
  for (size_t i = 0; i < count; ++i) {
    numbers.push_back(LastNumber(absl::string_view(bytes).substr(8 * i, 8)));
  }
  return numbers;
}

absl::StatusOr<uint64_t> ReadNumber(const std::optional<std::string>& place) {
  if (!place.has_value()) return uint64_t{0};
  absl::StatusOr<std::vector<uint64_t>> numbers = ReadPlace(*place, 1);
  if (!numbers.ok()) return numbers.status();
  return numbers->front();
}

}  // namespace duilian::storage
