#include "bench/library_lookups.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "bench/matrix_scores.h"
#include "bench/times.h"
#include "storage/matching_form.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

using text::Language;

constexpr std::array<int, 5> kThresholds = {50, 60, 70, 85, 100};

std::u32string Compared(const std::string& text) {
  const std::vector<char32_t> codepoints =
      text::Codepoints(storage::MatchingForm(text));
  return {codepoints.begin(), codepoints.end()};
}

std::vector<std::u32string> StoredTexts(const LookupMaterial& material,
                                        Language language) {
  std::vector<std::u32string> texts;
  for (size_t i = 0; i < material.stored(); ++i) {
    texts.push_back(Compared(material.pair(i).Text(language)));
  }
  return texts;
}

// Takes nothing off, and lets numbers count: the order is that of the scores.
void OrderByScore(storage::FuzzyQuery& query) {
  query.penalties.unreviewed_alignment = 0;
  query.penalties.doubtful_alignment = 0;
  query.penalties.several_translations = 0;
  query.penalties.width_difference = 0;
  query.penalties.other_project = 0;
  query.penalties.numbers_substituted = 100;
}

// kInternal: a threshold's scores are not those of the matrix.
absl::Status CheckQuery(const storage::LookupIndex& index,
                        storage::FuzzyQuery query,
                        const std::vector<int>& scores) {
  OrderByScore(query);
  for (const int threshold : kThresholds) {
    query.threshold_percent = threshold;
    const auto matches = index.Lookup(IdOf(kProject), query);
    if (!matches.ok()) return matches.status();
    std::vector<int> expected = scores;
    std::erase_if(expected, [&](int score) { return score < threshold; });
    expected.resize(std::min<size_t>(expected.size(), 5));
    std::vector<int> found;
    for (const storage::FuzzyMatch& match : *matches) {
      found.push_back(match.score_percent);
    }
    if (found != expected) {
      return absl::InternalError(absl::StrCat(
          "at ", threshold, " % the look-up of \"", query.text, "\" found ",
          found.size(), " matches, comparing with every segment ",
          expected.size(), ", or other scores; look it up by hand"));
    }
  }
  return absl::OkStatus();
}

// The queries of a check, dealt out to threads one by one.
class Check {
 public:
  Check(const storage::LookupIndex& index, const LookupMaterial& material,
        const std::vector<std::string>& queries, Language language)
      : index_(index),
        material_(material),
        queries_(queries),
        language_(language),
        matrix_(StoredTexts(material, language)) {}

  absl::Status Run() {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(std::thread::hardware_concurrency(), 1u);
         ++i) {
      threads.emplace_back([this] { TakePart(); });
    }
    for (std::thread& thread : threads) thread.join();
    absl::MutexLock lock(&mutex_);
    return outcome_;
  }

 private:
  void TakePart() {
    for (size_t i = next_++; i < queries_.size(); i = next_++) {
      const std::string& text = queries_[i];
      absl::Status checked =
          CheckQuery(index_, QueryFor(material_, text, language_, 50),
                     matrix_.FromHalf(Compared(text)));
      if (checked.ok()) continue;
      next_ = queries_.size();
      absl::MutexLock lock(&mutex_);
      outcome_.Update(checked);
    }
  }

  const storage::LookupIndex& index_;
  const LookupMaterial& material_;
  const std::vector<std::string>& queries_;
  const Language language_;
  const MatrixScores matrix_;
  std::atomic<size_t> next_ = 0;
  absl::Mutex mutex_;
  absl::Status outcome_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::string IdOf(const std::string& name) {
  return name.substr(name.find('/') + 1);
}

storage::FuzzyQuery QueryFor(const LookupMaterial& material,
                             const std::string& text, Language language,
                             int threshold) {
  storage::FuzzyQuery query;
  query.text = text;
  query.language = language;
  query.threshold_percent = threshold;
  for (size_t i = 1; i < material.projects().size(); ++i) {
    query.other_projects.push_back(IdOf(material.projects()[i]));
  }
  return query;
}

absl::Status TimeLibrary(const storage::LookupIndex& index,
                         const LookupMaterial& material,
                         const std::vector<std::string>& queries,
                         Language language, int threshold) {
  std::vector<double> seconds;
  for (const std::string& text : queries) {
    const storage::FuzzyQuery query =
        QueryFor(material, text, language, threshold);
    const SteadyClock::time_point begin = SteadyClock::now();
    const auto matches = index.Lookup(IdOf(kProject), query);
    seconds.push_back(Seconds(begin));
    if (!matches.ok()) return matches.status();
  }
  PrintPercentiles(absl::StrFormat("library, %s, %d %%",
                                   text::LanguageCode(language), threshold),
                   std::move(seconds));
  return absl::OkStatus();
}

absl::Status CheckAgainstMatrix(const storage::LookupIndex& index,
                                const LookupMaterial& material,
                                const std::vector<std::string>& queries,
                                Language language) {
  absl::Status checked = Check(index, material, queries, language).Run();
  if (!checked.ok()) return checked;
  absl::PrintF(
      "%s: the top 5 of %d queries at 50, 60, 70, 85 and 100 %% are "
      "those of comparing with every segment\n",
      text::LanguageCode(language), queries.size());
  return absl::OkStatus();
}

}  // namespace duilian::bench
