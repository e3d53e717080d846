#include "storage/concordance_search.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/lookup_index.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using text::Language;

class ConcordanceSearchTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_ = TranslationMemory::Open(*store_).value();
    index_ = LookupIndex::Build(*memory_, {.threads = 1}).value();
  }

  // One change; the units as they are stored.
  std::vector<TranslationUnit> Apply(const std::vector<UnitChange>& changes,
                                     Action action) {
    auto stored = memory_->Apply(project_, changes, By("mei", action), "");
    EXPECT_THAT(stored, IsOk());
    EXPECT_THAT(index_->CatchUp(), IsOk());
    return stored.ok() ? *std::move(stored) : std::vector<TranslationUnit>();
  }

  Page<ConcordanceHit> Search(const ConcordanceQuery& query) const {
    absl::StatusOr<Page<ConcordanceHit>> page =
        index_->SearchConcordance(project_, query);
    EXPECT_THAT(page, IsOk());
    return page.ok() ? *std::move(page) : Page<ConcordanceHit>();
  }

  std::string project_ = "demo";
  const std::unique_ptr<OrderedStore> store_ = NewMemoryStore();
  std::unique_ptr<TranslationMemory> memory_;
  std::unique_ptr<LookupIndex> index_;
};

// Alike in their beginnings, their ends and what is between them.
std::string RandomWord(Random& random) {
  static constexpr const char* kWords[] = {
      "ran",  "rant", "rants", "grant",  "grants", "migrant",
      "then", "the",  "other", "others", "bathe",  "2026"};
  return kWords[Below(std::size(kWords), random)];
}

using Words = std::vector<std::string>;

Words RandomWords(Random& random) {
  Words words(1 + Below(8, random));
  for (std::string& word : words) word = RandomWord(random);
  return words;
}

// A word as it is asked for: as it is, or a part of it.
struct AskedWord {
  std::string letters;
  bool star_before = false;
  bool star_behind = false;
};
using Phrase = std::vector<AskedWord>;

AskedWord RandomPart(const std::string& word, Random& random) {
  AskedWord asked;
  asked.star_before = Below(2, random) == 0;
  asked.star_behind = Below(2, random) == 0;
  const size_t begin = asked.star_before ? Below(word.size() - 1, random) : 0;
  const size_t most = word.size() - begin;
  asked.letters = word.substr(
      begin, asked.star_behind ? 2 + Below(most - 1, random) : most);
  return asked;
}

// Of words that stand together in `words`, most often.
Phrase RandomPhrase(const Words& words, Random& random) {
  const size_t size = 1 + Below(std::min<size_t>(words.size(), 3), random);
  const size_t begin = Below(words.size() - size + 1, random);
  Phrase phrase;
  for (size_t i = begin; i < begin + size; ++i) {
    const bool other = Below(8, random) == 0;
    phrase.push_back(RandomPart(other ? RandomWord(random) : words[i], random));
  }
  return phrase;
}

std::string Written(const Phrase& phrase) {
  std::string written;
  for (const AskedWord& asked : phrase) {
    absl::StrAppend(&written, written.empty() ? "" : " ",
                    asked.star_before ? "*" : "", asked.letters,
                    asked.star_behind ? "*" : "");
  }
  return phrase.size() == 1 ? written : absl::StrCat("\"", written, "\"");
}

// The simple search: every place of every word.

bool StandsIn(const AskedWord& asked, const std::string& word) {
  for (size_t at = 0; at + asked.letters.size() <= word.size(); ++at) {
    const bool is_end = at + asked.letters.size() == word.size();
    if (word.substr(at, asked.letters.size()) == asked.letters &&
        (at == 0 || asked.star_before) && (is_end || asked.star_behind)) {
      return true;
    }
  }
  return false;
}

bool StandsIn(const Phrase& phrase, const Words& words) {
  for (size_t at = 0; at + phrase.size() <= words.size(); ++at) {
    size_t next = 0;
    while (next < phrase.size() && StandsIn(phrase[next], words[at + next])) {
      ++next;
    }
    if (next == phrase.size()) return true;
  }
  return false;
}

TEST_F(ConcordanceSearchTest, PartsOfWordsAreFoundWhereverTheyStand) {
  Random random(7);
  std::map<UnitId, Words> texts;
  std::vector<UnitChange> changes;
  std::vector<Words> all(500);
  for (Words& words : all) {
    words = RandomWords(random);
    std::string text;
    for (const std::string& word : words) {
      absl::StrAppend(&text, word, Below(5, random) == 0 ? ", " : " ");
    }
    changes.push_back(Store(MakeUnit(text, "一")));
  }
  const std::vector<TranslationUnit> stored = Apply(changes, Action::kCreate);
  ASSERT_EQ(stored.size(), all.size());
  changes.clear();
  for (size_t i = 0; i < stored.size(); ++i) {
    if (i % 5 == 0) {
      changes.push_back(Remove(stored[i]));
    } else {
      texts[stored[i].id] = all[i];
    }
  }
  Apply(changes, Action::kDelete);

  size_t found = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<Phrase> phrases(1 + Below(2, random));
    const Words& words = all[Below(all.size(), random)];
    ConcordanceQuery query;
    query.limit = 1000;
    query.language = Language::kEnglish;
    for (Phrase& phrase : phrases) {
      phrase = RandomPhrase(words, random);
      absl::StrAppend(&query.text, Written(phrase), " ");
    }
    SCOPED_TRACE(query.text);
    std::set<UnitId> expected;
    for (const auto& [id, its_words] : texts) {
      if (absl::c_all_of(phrases, [&](const Phrase& phrase) {
            return StandsIn(phrase, its_words);
          })) {
        expected.insert(id);
      }
    }
    std::set<UnitId> ids;
    for (const ConcordanceHit& hit : Search(query).items) {
      ids.insert(hit.unit.id);
      EXPECT_FALSE(hit.source_highlights.empty());
    }
    ASSERT_EQ(ids, expected);
    found += ids.size();
  }
  EXPECT_GT(found, 5'000u);
}

}  // namespace
}  // namespace duilian::storage
