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

// What is written between the pages of a search: new units, and some of the
// live ones gone, changed in place, moved to another place, or without the
// word.
class WriterBetweenPages {
 public:
  explicit WriterBetweenPages(uint32_t seed) : random_(seed) {}

  std::vector<UnitChange> Creations(size_t count) {
    std::vector<UnitChange> changes;
    for (size_t i = 0; i < count; ++i) {
      TranslationUnit unit =
          MakeUnit(absl::StrCat("A shared word, ", made_++), "一");
      unit.confidence = RandomConfidence();
      unit.status = static_cast<ReviewStatus>(1 + Below(2, random_));
      changes.push_back(Store(unit));
    }
    return changes;
  }

  std::vector<UnitChange> Edits(size_t count) {
    std::vector<UnitChange> changes;
    for (TranslationUnit unit : Drawn(3 * count)) {
      if (changes.size() < count) {
        unit.source.text += " again";
      } else if (changes.size() < 2 * count) {
        unit.confidence = RandomConfidence();
        disturbed_.insert(unit.id);
      } else {
        unit.source.text = "Another one";
        disturbed_.insert(unit.id);
      }
      changes.push_back(Store(unit));
    }
    return changes;
  }

  std::vector<UnitChange> Removals(size_t count) {
    std::vector<UnitChange> changes;
    for (const TranslationUnit& unit : Drawn(count)) {
      disturbed_.insert(unit.id);
      live_.erase(unit.id);
      changes.push_back(Remove(unit));
    }
    return changes;
  }

  void Note(const std::vector<TranslationUnit>& stored) {
    for (const TranslationUnit& unit : stored) live_[unit.id] = unit;
  }

  const std::map<UnitId, TranslationUnit>& live() const { return live_; }
  bool IsDisturbed(UnitId id) const { return disturbed_.contains(id); }

 private:
  double RandomConfidence() {
    return 0.1 * static_cast<double>(1 + Below(9, random_));
  }

  // Different ones.
  std::vector<TranslationUnit> Drawn(size_t count) {
    std::vector<TranslationUnit> drawn;
    for (const auto& [id, unit] : live_) drawn.push_back(unit);
    std::shuffle(drawn.begin(), drawn.end(), random_);
    drawn.resize(std::min(count, drawn.size()));
    return drawn;
  }

  Random random_;
  int made_ = 0;
  std::map<UnitId, TranslationUnit> live_;
  std::set<UnitId> disturbed_;
};

// Of more units than are gone through at once, and so many changes that the
// index is compacted on the way.
TEST_F(ConcordanceSearchTest, PagesMissNothingThatStaysWhileOthersAreWritten) {
  for (const char* const text : {"shared", "*hare*", "\"*red wo*\""}) {
    SCOPED_TRACE(text);
    project_ += "-next";
    WriterBetweenPages writer(5);
    for (int i = 0; i < 6; ++i) {
      writer.Note(Apply(writer.Creations(1'000), Action::kCreate));
    }
    const std::map<UnitId, TranslationUnit> at_first = writer.live();
    std::map<UnitId, int> listed;
    ConcordanceQuery query;
    query.text = text;
    query.limit = 300;
    do {
      const Page<ConcordanceHit> page = Search(query);
      for (const ConcordanceHit& hit : page.items) {
        ++listed[hit.unit.id];
        const auto live = writer.live().find(hit.unit.id);
        ASSERT_NE(live, writer.live().end());
        EXPECT_EQ(hit.unit, live->second);
      }
      query.after = page.next;
      writer.Note(Apply(writer.Creations(50), Action::kCreate));
      writer.Note(Apply(writer.Edits(150), Action::kEdit));
      Apply(writer.Removals(50), Action::kDelete);
    } while (query.after.has_value());
    size_t stayed = 0;
    for (const auto& [id, unit] : at_first) {
      if (writer.IsDisturbed(id)) continue;
      ++stayed;
      EXPECT_EQ(listed[id], 1) << "unit " << id;
    }
    EXPECT_GT(stayed, 1'000u);
    EXPECT_LT(stayed, 5'000u);
  }
}

}  // namespace
}  // namespace duilian::storage
