#include "bench/lookup_profile.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/library_lookups.h"
#include "bench/times.h"
#include "storage/search_stages.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

constexpr size_t kShort = 103;

// Of the queries of some lengths.
struct Profile {
  storage::SearchStages stages;
  double seconds = 0;
  size_t queries = 0;
};

void Print(absl::string_view what, const Profile& profile) {
  const auto queries = static_cast<double>(profile.queries);
  const double all_ms = 1e3 * profile.seconds / queries;
  absl::PrintF("| %s, %d queries | of each | ms | %% |\n|---|---|---|---|\n",
               what, profile.queries);
  double rest_ms = all_ms;
  const auto row = [&](absl::string_view name, const storage::SearchStage& of) {
    const double ms = 1e-6 * static_cast<double>(of.nanoseconds) / queries;
    rest_ms -= ms;
    absl::PrintF("| %s | %.0f | %.3f | %.0f |\n", name,
                 static_cast<double>(of.texts) / queries, ms,
                 100 * ms / all_ms);
  };
  row("letters: texts", profile.stages.letters);
  row("vocabulary: words", profile.stages.vocabulary);
  row("words: texts", profile.stages.words);
  row("band: texts", profile.stages.band);
  row("code points: texts", profile.stages.code_points);
  absl::PrintF("| the rest | – | %.3f | %.0f |\n| all | – | %.3f | 100 |\n",
               rest_ms, 100 * rest_ms / all_ms, all_ms);
  std::fflush(stdout);
}

double SecondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

absl::Status PrintStages(const storage::LookupIndex& index,
                         const LookupMaterial& material,
                         const std::vector<std::string>& queries,
                         text::Language language, int threshold) {
  Profile shorter, longer;
  for (const std::string& text : queries) {
    Profile& profile = text::CountCodepoints(text) <= kShort ? shorter : longer;
    storage::FuzzyQuery query = QueryFor(material, text, language, threshold);
    query.stages = &profile.stages;
    const SteadyClock::time_point begin = SteadyClock::now();
    const auto matches = index.Lookup(IdOf(kProject), query);
    if (!matches.ok()) return matches.status();
    profile.seconds += Seconds(begin);
    ++profile.queries;
  }
  const std::string what =
      absl::StrFormat("%s, %d %%", text::LanguageCode(language), threshold);
  Print(absl::StrCat(what, ", up to ", kShort, " letters"), shorter);
  Print(absl::StrCat(what, ", longer"), longer);
  return absl::OkStatus();
}

absl::Status PrintUse(absl::string_view what, size_t calls,
                      absl::FunctionRef<absl::Status()> run) {
  rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  const SteadyClock::time_point begin = SteadyClock::now();
  if (absl::Status status = run(); !status.ok()) return status;
  const double seconds = Seconds(begin);
  getrusage(RUSAGE_SELF, &after);
  const auto a_call = [&](double value) {
    return value / static_cast<double>(calls);
  };
  absl::PrintF(
      "| %s: a call's ms, user's, system's, waits, interruptions | %.3f | %.3f "
      "| %.3f | %.1f | %.1f |\n",
      what, a_call(1e3 * seconds),
      a_call(1e3 * (SecondsOf(after.ru_utime) - SecondsOf(before.ru_utime))),
      a_call(1e3 * (SecondsOf(after.ru_stime) - SecondsOf(before.ru_stime))),
      a_call(static_cast<double>(after.ru_nvcsw - before.ru_nvcsw)),
      a_call(static_cast<double>(after.ru_nivcsw - before.ru_nivcsw)));
  std::fflush(stdout);
  return absl::OkStatus();
}

void PrintReadingSpeed() {
  constexpr size_t kWords = size_t{256} << 17;  // 256 MiB
  const std::vector<uint64_t> memory(kWords, 1);
  double best = 0;
  for (int i = 0; i < 5; ++i) {
    const SteadyClock::time_point begin = SteadyClock::now();
    uint64_t sum = 0;
    for (const uint64_t word : memory) sum += word;
    if (sum != kWords) return;  // so that it is read
    best = std::max(best, 8 * kWords / Seconds(begin));
  }
  PrintFigure("memory read by one thread, GB/s", 1e-9 * best, 1);
}

}  // namespace duilian::bench
