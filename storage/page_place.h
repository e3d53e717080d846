// The place to go on from after a page: numbers, written as text.

#ifndef DUILIAN_STORAGE_PAGE_PLACE_H_
#define DUILIAN_STORAGE_PAGE_PLACE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace duilian::storage {

// 16 hexadecimal digits a number.
std::string WritePlace(std::initializer_list<uint64_t> numbers);

// kInvalidArgument: not `count` numbers as WritePlace writes them.
absl::StatusOr<std::vector<uint64_t>> ReadPlace(const std::string& place,
                                                size_t count);

// A place of one number; 0 when there is none yet.
absl::StatusOr<uint64_t> ReadNumber(const std::optional<std::string>& place);

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PAGE_PLACE_H_
