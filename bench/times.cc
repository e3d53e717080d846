#include "bench/times.h"

#include <cstdio>
#include <utility>

#include "absl/strings/str_format.h"
#include "tests/support/percentiles.h"

namespace duilian::bench {

double Seconds(SteadyClock::time_point since) {
  return std::chrono::duration<double>(SteadyClock::now() - since).count();
}

void PrintPercentiles(absl::string_view what, std::vector<double> seconds) {
  const testing_support::Percentiles times(std::move(seconds));
  absl::PrintF("| %s | %.2f | %.2f | %.2f |\n", what, 1e3 * times.At(0.5),
               1e3 * times.At(0.95), 1e3 * times.At(0.99));
  std::fflush(stdout);
}

void PrintFigure(absl::string_view what, double figure, int places) {
  absl::PrintF("| %s | %.*f | – | – |\n", what, places, figure);
  std::fflush(stdout);
}

}  // namespace duilian::bench
