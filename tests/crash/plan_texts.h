// The documents of the crash test. Each text can be told from its numbers, so
// that a check needs nothing but them.

#ifndef DUILIAN_TESTS_CRASH_PLAN_TEXTS_H_
#define DUILIAN_TESTS_CRASH_PLAN_TEXTS_H_

#include <string>
#include <utility>
#include <vector>

namespace duilian::crash {

inline constexpr char kProject[] = "projects/plans";

std::string DocumentName(int document);

// English and Chinese, line by line; no two lines of the test are equal.
using Lines = std::vector<std::pair<std::string, std::string>>;
Lines LinesOf(int document, int draft);

}  // namespace duilian::crash

#endif  // DUILIAN_TESTS_CRASH_PLAN_TEXTS_H_
