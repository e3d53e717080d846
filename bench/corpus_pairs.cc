#include "bench/corpus_pairs.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "aligner/training/corpus.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

using text::Language;

std::vector<std::string> CorpusFiles(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string path = entry.path().string();
    if (absl::EndsWith(path, ".tsv.gz")) files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string Halves(const std::string& front, const std::string& back,
                   Language language) {
  std::vector<std::string> parts = TextParts(front, language);
  const std::vector<std::string> others = TextParts(back, language);
  parts.resize((parts.size() + 1) / 2);
  parts.insert(parts.end(),
               others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2),
               others.end());
  return JoinedParts(parts, language);
}

}  // namespace

std::vector<std::string> TextParts(const std::string& text, Language language) {
  if (language == Language::kEnglish) return absl::StrSplit(text, ' ');
  std::vector<std::string> parts;
  for (size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    text::NextCodepoint(text, end);
    parts.push_back(text.substr(begin, end - begin));
  }
  return parts;
}

std::string JoinedParts(const std::vector<std::string>& parts,
                        Language language) {
  return absl::StrJoin(parts, language == Language::kEnglish ? " " : "");
}

absl::StatusOr<std::vector<SentencePair>> ReadCorpusPairs(
    const std::string& folder, size_t count, uint64_t seed) {
  const std::vector<std::string> files = CorpusFiles(folder);
  if (files.empty()) {
    return absl::NotFoundError(
        absl::StrCat("--corpora: no *.tsv.gz files are in ", folder,
                     "; name a folder of files with zh<TAB>en lines"));
  }
  std::vector<SentencePair> pairs;
  absl::flat_hash_set<std::pair<std::string, std::string>> known;
  for (const std::string& file : files) {
    aligner::training::Source source;
    const auto read = aligner::training::ReadPairs(file, source);
    if (!read.ok()) return read.status();
    for (const aligner::training::SentencePair& pair : *read) {
      if (known.emplace(pair.english, pair.chinese).second) {
        pairs.push_back({pair.english, pair.chinese});
      }
    }
  }
  known.clear();
  Random random(seed);
  for (size_t i = pairs.size(); i > 1; --i) {
    std::swap(pairs[i - 1], pairs[random.Below(i)]);
  }
  const size_t real = pairs.size();
  if (count <= real) {
    pairs.resize(count);
    return pairs;
  }
  pairs.reserve(count);
  while (pairs.size() < count) {
    const SentencePair& front = pairs[random.Below(real)];
    const SentencePair& back = pairs[random.Below(real)];
    pairs.push_back({Halves(front.english, back.english, Language::kEnglish),
                     Halves(front.chinese, back.chinese, Language::kChinese)});
  }
  return pairs;
}

std::string WithEdits(const std::string& text, Language language, int edits,
                      const std::string& other, Random& random) {
  std::vector<std::string> parts = TextParts(text, language);
  const std::vector<std::string> others = TextParts(other, language);
  for (; edits > 0 && !parts.empty(); --edits) {
    const size_t at = random.Below(parts.size());
    const auto place = parts.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.Below(3)) {
      case 0:
        parts.erase(place);
        break;
      case 1:
        parts.insert(place, std::string(parts[at]));
        break;
      default:
        *place = others[random.Below(others.size())];
    }
  }
  return JoinedParts(parts, language);
}

}  // namespace duilian::bench
