// Checks that requests share. Each error names the field, what came, what is
// accepted, and what to do.

#ifndef DUILIAN_SERVICE_CHECKS_H_
#define DUILIAN_SERVICE_CHECKS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/limits.h"

namespace duilian::service {

// "12,345": as limits are written for people.
std::string Grouped(uint64_t number);

struct TextRule {
  absl::string_view field;  // its path in the request
  size_t min_codepoints = 0;
  size_t max_codepoints = 0;
};
// kInvalidArgument: too short, too long, or not UTF-8.
absl::Status CheckText(absl::string_view text, const TextRule& rule);

struct CountRule {
  absl::string_view field;
  int min = 0;
  int max = 0;
};
// kInvalidArgument: outside of [min, max].
absl::Status CheckCount(int count, const CountRule& rule);

// 0 is the default; more than the limit is the limit, as an answer may always
// hold less than was asked for. kInvalidArgument: negative.
absl::StatusOr<size_t> ReadPageSize(int32_t given, const PageLimits& limits);

// kInvalidArgument: not 1 to 100 code points.
absl::Status CheckReviewer(absl::string_view reviewer);

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_CHECKS_H_
