// Rows of a benchmark's table.

#ifndef DUILIAN_BENCH_TIMES_H_
#define DUILIAN_BENCH_TIMES_H_

#include <chrono>
#include <vector>

#include "absl/strings/string_view.h"

namespace duilian::bench {

using SteadyClock = std::chrono::steady_clock;

double Seconds(SteadyClock::time_point since);

// "| what | p50 | p95 | p99 |", in milliseconds.
void PrintPercentiles(absl::string_view what, std::vector<double> seconds);

// "| what | figure | – | – |", with so many places behind the point.
void PrintFigure(absl::string_view what, double figure, int places = 0);

}  // namespace duilian::bench

#endif  // DUILIAN_BENCH_TIMES_H_
