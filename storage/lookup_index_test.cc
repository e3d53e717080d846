#include "storage/lookup_index.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <ostream>
#include <set>
#include <thread>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/concordance_terms.h"
#include "storage/length_table.h"
#include "storage/matching_form.h"
#include "storage/matching_units.h"
#include "storage/memory_store.h"
#include "storage/sample_units.h"
#include "storage/snapshot_head.h"
#include "tests/support/status_matchers.h"
#include "text/numbers.h"
#include "text/utf8.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::_;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using text::Language;

class LookupIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_ = TranslationMemory::Open(*store_).value();
    // Every search is shared.
    index_ = LookupIndex::Build(*memory_, {.threads = 2, .texts_a_thread = 1})
                 .value();
  }

  TranslationUnit Put(TranslationUnit unit) {
    TranslationUnit stored =
        memory_->Apply("demo", {Store(unit)}, By("mei", Action::kEdit), "")
            .value()
            .front();
    EXPECT_THAT(index_->CatchUp(), IsOk());
    return stored;
  }

  void Delete(const TranslationUnit& unit) {
    EXPECT_THAT(
        memory_->Apply("demo", {Remove(unit)}, By("mei", Action::kDelete), ""),
        IsOk());
    EXPECT_THAT(index_->CatchUp(), IsOk());
  }

  std::vector<FuzzyMatch> Lookup(const FuzzyQuery& query) const {
    absl::StatusOr<std::vector<FuzzyMatch>> matches =
        index_->Lookup("demo", query);
    EXPECT_THAT(matches, IsOk());
    return matches.ok() ? *std::move(matches) : std::vector<FuzzyMatch>();
  }

  Page<ConcordanceHit> Search(const ConcordanceQuery& query) const {
    absl::StatusOr<Page<ConcordanceHit>> page =
        index_->SearchConcordance("demo", query);
    EXPECT_THAT(page, IsOk());
    return page.ok() ? *std::move(page) : Page<ConcordanceHit>();
  }

  const std::unique_ptr<OrderedStore> store_ = NewMemoryStore();
  std::unique_ptr<TranslationMemory> memory_;
  std::unique_ptr<LookupIndex> index_;
};

FuzzyQuery Ask(absl::string_view text, Language language = Language::kEnglish,
               int threshold = 50) {
  FuzzyQuery query;
  query.text = std::string(text);
  query.language = language;
  query.threshold_percent = threshold;
  return query;
}

std::vector<std::pair<std::string, int>> Scores(
    const std::vector<FuzzyMatch>& matches, Language language) {
  std::vector<std::pair<std::string, int>> scores;
  for (const FuzzyMatch& match : matches) {
    scores.emplace_back(language == Language::kEnglish ? match.unit.source.text
                                                       : match.unit.target.text,
                        match.score_percent);
  }
  return scores;
}

TEST_F(LookupIndexTest, ScoresAreSharesOfTheLongerTextRoundedDown) {
  Put(MakeUnit("We train large models.", "我们训练大语言模型。"));
  const struct {
    const char* name;
    const char* text;
    Language language;
    int score;
  } cases[] = {
      {"same", "We train large models.", Language::kEnglish, 100},
      {"case_width_space", "we ＴＲＡＩＮ  large models.", Language::kEnglish,
       100},
      {"punctuation", "We train large models!", Language::kEnglish, 95},
      {"a_letter_more", "We train larger models.", Language::kEnglish, 95},
      {"a_word_changed", "We train small models.", Language::kEnglish, 77},
      {"a_word_more", "We train very large models.", Language::kEnglish, 81},
      {"same_chinese", "我们训练大语言模型。", Language::kChinese, 100},
      {"a_character_changed", "我们训练小语言模型。", Language::kChinese, 90},
      {"latin_letters_are_three", "我们训练GPT语言模型。", Language::kChinese,
       75},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::vector<FuzzyMatch> matches = Lookup(Ask(c.text, c.language));
    ASSERT_THAT(matches, SizeIs(1));
    EXPECT_EQ(matches[0].score_percent, c.score);
    EXPECT_EQ(matches[0].identical, absl::string_view(c.name, 4) == "same");
  }
}

TEST_F(LookupIndexTest, TheThresholdIsTheLeastScoreReturned) {
  Put(MakeUnit("abcdefghij", "一"));
  EXPECT_THAT(Lookup(Ask("abcdefgxyz", Language::kEnglish, 70)), SizeIs(1));
  EXPECT_THAT(Lookup(Ask("abcdefgxyz", Language::kEnglish, 71)), IsEmpty());
  EXPECT_THAT(Lookup(Ask("abcdefghij!", Language::kEnglish, 100)), IsEmpty());
  EXPECT_THAT(Lookup(Ask("Abcdefghij", Language::kEnglish, 100)), SizeIs(1));
}

TEST_F(LookupIndexTest, TellsHowManyTextsCameToEachStage) {
  Put(MakeUnit("abcdefghij", "一"));
  Put(MakeUnit("abcdefgxyz", "二"));
  Put(MakeUnit("edcbajihgf", "三"));  // the same letters in each half
  Put(MakeUnit("jihgfedcba", "四"));  // and not in each
  Put(MakeUnit("abcdefghijklmno", "五"));
  SearchStages stages;
  FuzzyQuery query = Ask("abcdefghij", Language::kEnglish, 70);
  query.stages = &stages;
  EXPECT_THAT(Lookup(query), SizeIs(2));
  EXPECT_EQ(stages.letters.texts, 4);
  EXPECT_EQ(stages.vocabulary.texts, 0);
  EXPECT_EQ(stages.words.texts, 0);
  EXPECT_EQ(stages.band.texts, 3);
  EXPECT_EQ(stages.code_points.texts, 2);
  Lookup(query);  // is added
  EXPECT_EQ(stages.letters.texts, 8);
}

// So many of one length that whole runs of them are passed over, and none when
// others than equal ones are wanted.
TEST_F(LookupIndexTest, FindsTextsAmongManyOfTheirLength) {
  constexpr size_t kTexts = 2 * TextsOfLength::kRun + 100;
  const auto text = [](size_t number) {
    const auto letter = [](size_t i) {
      return static_cast<char>('a' + i % 26);
    };
    return absl::StrFormat(
        "A line of many letters, so that they are packed apart: no. %c%c%c.",
        letter(number / 676), letter(number / 26), letter(number));
  };
  std::vector<UnitChange> changes;
  for (size_t i = 0; i < kTexts; ++i) {
    changes.push_back(Store(MakeUnit(text(i), absl::StrCat("第", i, "行。"))));
  }
  const auto stored =
      memory_->Apply("demo", changes, By("mei", Action::kImport), "");
  ASSERT_THAT(stored, IsOk());
  ASSERT_THAT(index_->CatchUp(), IsOk());
  for (size_t i = 0; i < kTexts; i += 97) Delete((*stored)[i]);
  for (size_t i = 0; i < kTexts; i += 5) {
    SCOPED_TRACE(text(i));
    const bool gone = i % 97 == 0;
    EXPECT_THAT(Lookup(Ask(text(i), Language::kEnglish, 100)),
                SizeIs(gone ? 0 : 1));
  }
  for (size_t i = 1; i < kTexts; i += 970) {
    SCOPED_TRACE(text(i));
    const std::string near = absl::StrReplaceAll(text(i), {{"line", "lane"}});
    EXPECT_THAT(
        Scores(Lookup(Ask(near, Language::kEnglish, 95)), Language::kEnglish),
        Contains(Pair(text(i), 98)));
  }
  EXPECT_THAT(Lookup(Ask(text(kTexts), Language::kEnglish, 100)), IsEmpty());
}

TEST_F(LookupIndexTest, FindsTextsOfOneToThreeCharacters) {
  Put(MakeUnit("No.", "不。"));
  Put(MakeUnit("Yes.", "对"));
  Put(MakeUnit("Of course.", "当然是"));
  EXPECT_THAT(Scores(Lookup(Ask("对", Language::kChinese)), Language::kChinese),
              ElementsAre(Pair("对", 100)));
  EXPECT_THAT(Scores(Lookup(Ask("不", Language::kChinese)), Language::kChinese),
              ElementsAre(Pair("不。", 50)));
  EXPECT_THAT(
      Scores(Lookup(Ask("当然", Language::kChinese)), Language::kChinese),
      ElementsAre(Pair("当然是", 66)));
  EXPECT_THAT(Lookup(Ask("是", Language::kChinese)), IsEmpty());
}

TEST_F(LookupIndexTest, FindsLongTextsWithManyEdits) {
  std::string text;
  for (int i = 0; i < 500; ++i) absl::StrAppend(&text, i % 10, "字数");
  Put(MakeUnit("Long.", text));  // 1,500 code points
  std::string edited = text;
  for (size_t at = 0; at + 7 <= edited.size(); at += 21) edited[at] = 'x';
  // A third of the digits, one code point of nine, is another.
  const std::vector<FuzzyMatch> matches =
      Lookup(Ask(edited, Language::kChinese, 60));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].score_percent, 88);
  EXPECT_THAT(Lookup(Ask(edited, Language::kChinese, 89)), IsEmpty());
}

TEST_F(LookupIndexTest, AnEqualTextInContextScoresAboveOneWithout) {
  TranslationUnit unit = MakeUnit("Yes.", "是的。");
  unit.source.previous_text = "Is it?";
  unit.source.next_text = "Good.";
  Put(unit);
  unit.source.next_text = "Bad.";
  unit.target.text = "是。";
  Put(unit);
  unit.source.previous_text = "";
  unit.source.next_text = "";
  unit.target.text = "对。";
  Put(unit);
  FuzzyQuery query = Ask("yes.");
  query.previous_text = "is it?";
  query.next_text = "Good.";
  EXPECT_THAT(
      Scores(Lookup(query), Language::kEnglish),
      ElementsAre(Pair("Yes.", 102), Pair("Yes.", 101), Pair("Yes.", 100)));
  // No context asked for is no context found.
  EXPECT_THAT(
      Scores(Lookup(Ask("Yes.")), Language::kEnglish),
      ElementsAre(Pair("Yes.", 100), Pair("Yes.", 100), Pair("Yes.", 100)));
}

TEST_F(LookupIndexTest, TiesGoToTheAcceptedThenTheNewerThenTheSurer) {
  TranslationUnit older = MakeUnit("one", "一");
  older.confidence = 0.7;
  Put(older);
  TranslationUnit accepted = MakeUnit("one", "壹");
  accepted.status = ReviewStatus::kAccepted;
  accepted.confidence = 0.1;
  Put(accepted);
  TranslationUnit sure = MakeUnit("one", "弌");
  sure.confidence = 0.97;
  // One change, so both are as new.
  ASSERT_THAT(
      memory_->Apply("demo", {Store(sure), Store(MakeUnit("one", "一个"))},
                     By("mei", Action::kCreate), ""),
      IsOk());
  ASSERT_THAT(index_->CatchUp(), IsOk());
  std::vector<std::string> targets;
  for (const FuzzyMatch& match : Lookup(Ask("one"))) {
    targets.push_back(match.unit.target.text);
    EXPECT_EQ(match.translations, 4);
    EXPECT_EQ(match.reviewer, "mei");
  }
  EXPECT_THAT(targets, ElementsAre("壹", "弌", "一个", "一"));
}

std::vector<std::string> WordsOf(const FuzzyMatch& match) {
  std::vector<std::string> words;
  for (const Penalty& penalty : match.penalties) {
    words.push_back(absl::StrCat(penalty.words, " -", penalty.points));
  }
  return words;
}

TEST_F(LookupIndexTest, TellsEachPenaltyAndTakesItOff) {
  TranslationUnit unit = MakeUnit("We wait.", "我们等，就等。");
  const struct {
    const char* name;
    void (*change)(TranslationUnit&);
    const char* query;
    std::vector<std::string> penalties;
    int suitability;
  } cases[] = {
      {"unreviewed",
       [](TranslationUnit&) {},
       "我们等，就等。",
       {"unreviewed alignment -1"},
       99},
      {"doubtful",
       [](TranslationUnit& u) { u.confidence = 0.49; },
       "我们等，就等。",
       {"unreviewed alignment -1", "doubtful alignment -3"},
       96},
      {"accepted",
       [](TranslationUnit& u) { u.status = ReviewStatus::kAccepted; },
       "我们等，就等。",
       {},
       100},
      {"made_by_hand",
       [](TranslationUnit& u) { u.origin = Origin::kManual; },
       "我们等，就等。",
       {},
       100},
      {"width",
       [](TranslationUnit& u) { u.origin = Origin::kManual; },
       "我们等,就等。",
       {"differs in width -1"},
       99},
      {"width_of_another_text",
       [](TranslationUnit& u) { u.origin = Origin::kManual; },
       "我们等,不等。",
       {},
       85},
      {"old",
       [](TranslationUnit& u) {
         u.origin = Origin::kManual;
         u.update_time_us = 999'999;
       },
       "我们等，就等。",
       {"older than 1 days -4"},
       96},
      {"as_old_as_may_be",
       [](TranslationUnit& u) {
         u.origin = Origin::kManual;
         u.update_time_us = 1'000'000;
       },
       "我们等，就等。",
       {},
       100},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    TranslationUnit changed = unit;
    changed.update_time_us = 2'000'000;
    c.change(changed);
    const TranslationUnit stored = Put(changed);
    FuzzyQuery query = Ask(c.query, Language::kChinese);
    query.now_us = int64_t{86'400} * 1'000'000 + 1'000'000;
    query.penalties.age = 4;
    query.penalties.age_days = 1;
    const std::vector<FuzzyMatch> matches = Lookup(query);
    ASSERT_THAT(matches, SizeIs(1));
    EXPECT_EQ(WordsOf(matches[0]), c.penalties);
    EXPECT_EQ(matches[0].suitability_percent, c.suitability);
    Delete(stored);
  }
}

TEST_F(LookupIndexTest, SeveralTranslationsAreAllListedAndCountAgainstEach) {
  TranslationUnit unit = MakeUnit("I agree.", "我同意。");
  unit.origin = Origin::kManual;
  Put(unit);
  Put(unit);
  unit.target.text = "我 同意。";  // written otherwise, the same translation
  Put(unit);
  EXPECT_THAT(WordsOf(Lookup(Ask("I agree."))[0]), IsEmpty());
  unit.target.text = "同意。";
  unit.document = "other";
  Put(unit);
  std::vector<FuzzyMatch> matches = Lookup(Ask("I agree."));
  ASSERT_THAT(matches, SizeIs(3));
  for (const FuzzyMatch& match : matches) {
    EXPECT_EQ(match.translations, 2);
    EXPECT_EQ(match.suitability_percent, 99);
    EXPECT_THAT(WordsOf(match), ElementsAre("several translations -1"));
  }
  EXPECT_EQ(matches[0].unit.target.text, "同意。");
  EXPECT_EQ(matches[2].occurrences, 2);
  FuzzyQuery filtered = Ask("I agree.");
  filtered.filter.document = "other";
  matches = Lookup(filtered);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].translations, 1);
  EXPECT_EQ(matches[0].suitability_percent, 100);
}

TEST_F(LookupIndexTest, ALessSimilarTextThatNothingSpeaksAgainstComesFirst) {
  Put(MakeUnit("we trained larger models", "我们训练了更大的模型"));
  TranslationUnit accepted =
      MakeUnit("we trained larger models,", "我们训练了更大的模型，");
  accepted.status = ReviewStatus::kAccepted;
  Put(accepted);
  FuzzyQuery query = Ask("we trained larger models");
  query.limit = 1;
  EXPECT_THAT(Scores(Lookup(query), Language::kEnglish),
              ElementsAre(Pair("we trained larger models", 100)));
  query.penalties.unreviewed_alignment = 5;
  EXPECT_THAT(Scores(Lookup(query), Language::kEnglish),
              ElementsAre(Pair("we trained larger models,", 96)));
}

TEST_F(LookupIndexTest, APenaltyThatIsKnownLastHidesNothingFromTheSearch) {
  for (const char* target : {"甲", "乙"}) {
    TranslationUnit unit = MakeUnit("we trained larger models", target);
    unit.origin = Origin::kManual;
    Put(unit);
  }
  TranslationUnit longer = MakeUnit("we trained larger models,", "丙");
  longer.origin = Origin::kManual;
  Put(longer);
  FuzzyQuery query = Ask("we trained larger models");
  query.limit = 1;
  query.penalties.several_translations = 10;
  EXPECT_THAT(Scores(Lookup(query), Language::kEnglish),
              ElementsAre(Pair("we trained larger models,", 96)));
}

TEST_F(LookupIndexTest, TheSecondPointOfContextAsksForTheDocumentIfItIsKnown) {
  TranslationUnit unit = MakeUnit("Yes.", "是的。");
  unit.source.previous_text = "Is it?";
  unit.source.next_text = "Good.";
  unit.document = "talk";
  Put(unit);
  FuzzyQuery query = Ask("Yes.");
  query.previous_text = "Is it?";
  query.next_text = "Good.";
  const struct {
    const char* document;
    const char* next_text;
    int score;
  } cases[] = {{"", "Good.", 102},
               {"talk", "Good.", 102},
               {"another", "Good.", 101},
               {"talk", "Bad.", 101},
               {"talk", "", 101}};
  for (const auto& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.document, " ", c.next_text));
    query.document = c.document;
    query.next_text = c.next_text;
    EXPECT_EQ(Lookup(query)[0].score_percent, c.score);
  }
}

TEST_F(LookupIndexTest, FindsTextsThatDifferInNumbersAlone) {
  TranslationUnit unit = MakeUnit("5 apples", "5个苹果");
  unit.status = ReviewStatus::kAccepted;
  Put(unit);
  unit = MakeUnit("2 apples", "两个苹果");  // has no number to put another for
  unit.status = ReviewStatus::kAccepted;
  Put(unit);
  const std::vector<FuzzyMatch> matches =
      Lookup(Ask("1,250,000 apples", Language::kEnglish, 70));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].unit.target.text, "5个苹果");
  EXPECT_EQ(matches[0].score_percent, 50);
  EXPECT_EQ(matches[0].suitability_percent, 99);
  EXPECT_THAT(WordsOf(matches[0]), ElementsAre("numbers substituted -1"));
  // The other way round, and by their own score.
  EXPECT_THAT(Scores(Lookup(Ask("7个苹果", Language::kChinese, 99)),
                     Language::kChinese),
              ElementsAre(Pair("5个苹果", 75)));
  EXPECT_THAT(Lookup(Ask("7 apples", Language::kEnglish, 100)), IsEmpty());
  EXPECT_THAT(Lookup(Ask("7 apples", Language::kEnglish, 80)), SizeIs(2));
  Delete(Put(unit));
  EXPECT_THAT(Lookup(Ask("7 apples", Language::kEnglish, 80)), SizeIs(2));
}

TEST_F(LookupIndexTest, PlaceholdersAreNotCompared) {
  TranslationUnit unit =
      MakeUnit("Press [X1X]Save[X2X].", "按[X1X]保存[X2X]。");
  unit.source.next_text = "[X9X]Good.";
  Put(unit);
  EXPECT_EQ(Lookup(Ask("press Save."))[0].score_percent, 100);
  FuzzyQuery query = Ask("[X7X]Press Save.[X8X]");
  query.next_text = "Good.";
  EXPECT_EQ(Lookup(query)[0].score_percent, 101);
  EXPECT_FALSE(Lookup(query)[0].identical);
}

TEST_F(LookupIndexTest, OfEqualTextsThoseWrittenAsTheQueryComeFirst) {
  const char* const written[] = {"Press [X1X]OK[X2X]", "Press OK", "press ok",
                                 "Press  OK"};
  for (const char* const text : written) Put(MakeUnit(text, "按“确定”"));
  TranslationUnit accepted = MakeUnit("PRESS OK", "按“确定”");
  accepted.status = ReviewStatus::kAccepted;
  Put(accepted);
  for (const char* const text : written) {
    SCOPED_TRACE(text);
    FuzzyQuery query = Ask(text);
    query.penalties.unreviewed_alignment = 0;
    query.limit = 1;
    const std::vector<FuzzyMatch> matches = Lookup(query);
    ASSERT_THAT(matches, SizeIs(1));
    EXPECT_EQ(matches[0].unit.source.text, text);
    EXPECT_TRUE(matches[0].identical);
  }
  // Nothing is: the accepted one.
  FuzzyQuery query = Ask("press OK");
  query.penalties.unreviewed_alignment = 0;
  EXPECT_EQ(Lookup(query)[0].unit.source.text, "PRESS OK");
  EXPECT_FALSE(Lookup(query)[0].identical);
}

TEST_F(LookupIndexTest, TellsHowMuchMemoryItTakes) {
  const size_t empty = index_->Memory().total();
  Put(MakeUnit("How much does it take?", "占多少？"));
  const IndexMemory memory = index_->Memory();
  for (const size_t part : {memory.texts, memory.vocabularies, memory.lists,
                            memory.letters, memory.units}) {
    EXPECT_GT(part, 0u);
  }
  EXPECT_GT(memory.total(), empty);
}

TEST_F(LookupIndexTest, EqualPairsAreOneMatchThatCountsThem) {
  for (int i = 0; i < 3; ++i) Put(MakeUnit("Yeah.", "没错。"));
  TranslationUnit best = MakeUnit("Yeah.", "没错。");
  best.status = ReviewStatus::kAccepted;
  best = Put(best);
  Put(MakeUnit("Yeah.", "没错。"));
  Put(MakeUnit("yeah", "没错。"));  // written otherwise
  TranslationUnit rejected = MakeUnit("Yeah.", "没错。");
  rejected.status = ReviewStatus::kRejected;
  Put(rejected);
  FuzzyQuery query = Ask("没错", Language::kChinese);
  query.limit = 2;
  const std::vector<FuzzyMatch> matches = Lookup(query);
  ASSERT_THAT(matches, SizeIs(2));
  EXPECT_EQ(matches[0].unit, best);
  EXPECT_EQ(matches[0].occurrences, 5);
  EXPECT_EQ(matches[1].unit.source.text, "yeah");
  EXPECT_EQ(matches[1].occurrences, 1);
}

TEST_F(LookupIndexTest, FollowsEditsAndDeletions) {
  TranslationUnit unit = Put(MakeUnit("the old words", "旧"));
  EXPECT_THAT(Lookup(Ask("the old words")), SizeIs(1));
  unit.source.text = "something else entirely";
  unit = Put(unit);
  EXPECT_THAT(Lookup(Ask("the old words")), IsEmpty());
  const std::vector<FuzzyMatch> matches =
      Lookup(Ask("something else entirely"));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].unit, unit);
  Delete(unit);
  EXPECT_THAT(Lookup(Ask("something else entirely")), IsEmpty());
  EXPECT_EQ(index_->position(), memory_->last_position());
}

TEST_F(LookupIndexTest, AnswersFromWhereItStandsWhileTheMemoryGoesOn) {
  TranslationUnit unit = Put(MakeUnit("as it was", "旧"));
  TranslationUnit edit = unit;
  edit.source.text = "changed since then";
  ASSERT_THAT(
      memory_->Apply("demo", {Store(edit)}, By("mei", Action::kEdit), ""),
      IsOk());
  const std::vector<FuzzyMatch> matches = Lookup(Ask("as it was"));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].unit, unit);
  EXPECT_LT(index_->position(), memory_->last_position());
}

TEST_F(LookupIndexTest, FiltersByDocumentSpeakerStatusConfidenceAndTime) {
  TranslationUnit unit = MakeUnit("one", "一");
  unit.document = "talk";
  unit.source.speaker = "Ann";
  unit.target.speaker = "安";
  unit.confidence = 0.7;
  unit.update_time_us = 5'000'000;
  Put(unit);
  unit.status = ReviewStatus::kRejected;
  // Written otherwise: the two are not one match.
  unit.source.text = "One";
  Put(unit);
  const struct {
    const char* name;
    UnitFilter filter;
    size_t source, target;
  } cases[] = {
      {"none", {}, 1, 1},
      {"document", {"talk", "", {}, 0, {}}, 1, 1},
      {"other_document", {"tal", "", {}, 0, {}}, 0, 0},
      {"speaker_of_the_source", {"", "Ann", {}, 0, {}}, 1, 0},
      {"speaker_of_the_target", {"", "安", {}, 0, {}}, 0, 1},
      {"rejected", {"", "", {ReviewStatus::kRejected}, 0, {}}, 1, 1},
      {"accepted", {"", "", {ReviewStatus::kAccepted}, 0, {}}, 0, 0},
      {"both",
       {"", "", {ReviewStatus::kRejected, ReviewStatus::kUnreviewed}, 0, {}},
       2,
       2},
      {"as_sure", {"", "", {}, 0.7, {}}, 1, 1},
      {"surer", {"", "", {}, 0.7000001, {}}, 0, 0},
      {"changed_then", {"", "", {}, 0, {5'000'000, 5'000'001}}, 1, 1},
      {"changed_later", {"", "", {}, 0, {.begin_us = 5'000'001}}, 0, 0},
      {"changed_earlier", {"", "", {}, 0, {.end_us = 5'000'000}}, 0, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    FuzzyQuery query = Ask("one");
    query.filter = c.filter;
    EXPECT_THAT(Lookup(query), SizeIs(c.source));
    query = Ask("一", Language::kChinese);
    query.filter = c.filter;
    EXPECT_THAT(Lookup(query), SizeIs(c.target));
    ConcordanceQuery concordance;
    concordance.filter = c.filter;
    concordance.text = "one";
    EXPECT_THAT(Search(concordance).items, SizeIs(c.source));
    concordance.text = "一";
    EXPECT_THAT(Search(concordance).items, SizeIs(c.target));
  }
}

TEST_F(LookupIndexTest, RefusesWhatItCannotSearch) {
  Put(MakeUnit("one", "一"));
  FuzzyQuery query = Ask("one");
  EXPECT_THAT(index_->Lookup("none", query),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("\"none\"")));
  for (const int threshold : {49, 101, -1}) {
    query.threshold_percent = threshold;
    EXPECT_THAT(index_->Lookup("demo", query),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(absl::StrCat(threshold, " given")),
                               HasSubstr("50 to 100"))));
  }
  const std::string many(20'001, 'w');
  EXPECT_THAT(index_->Lookup("demo", Ask(many)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("20001"), HasSubstr("20000"))));
  query = Ask("one");
  query.cancelled = [] { return true; };
  EXPECT_THAT(index_->Lookup("demo", query),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("look-up")));

  ConcordanceQuery concordance;
  for (const char* text : {"", "  ", "……「」", "\"\" - ", "*", "＊ **"}) {
    SCOPED_TRACE(text);
    concordance.text = text;
    EXPECT_THAT(index_->SearchConcordance("demo", concordance),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("a word, an emoji or a Chinese character")));
  }
  concordance.text.clear();
  for (int i = 0; i < 16; ++i) concordance.text += "*one* ";
  EXPECT_THAT(Search(concordance).items, SizeIs(1));
  concordance.text += "one*";
  EXPECT_THAT(index_->SearchConcordance("demo", concordance),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("17 words with a * given"),
                             HasSubstr("at most 16"))));
  concordance.text = "one";
  EXPECT_THAT(index_->SearchConcordance("none", concordance),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("\"none\"")));
  concordance.cancelled = [] { return true; };
  EXPECT_THAT(index_->SearchConcordance("demo", concordance),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("concordance")));
  concordance.cancelled = nullptr;
  concordance.after = "not a place";
  EXPECT_THAT(index_->SearchConcordance("demo", concordance),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("begin again without it")));
}

TEST_F(LookupIndexTest, TextsWithoutWordsAreTextsToo) {
  Put(MakeUnit("……", "——"));
  Put(MakeUnit("?!", "？！"));
  EXPECT_THAT(Scores(Lookup(Ask("?!")), Language::kEnglish),
              ElementsAre(Pair("?!", 100)));
  EXPECT_THAT(Lookup(Ask("!?")), IsEmpty());
  EXPECT_THAT(Scores(Lookup(Ask("?")), Language::kEnglish),
              ElementsAre(Pair("?!", 50)));
}

// What a match is known by.
struct Answer {
  std::string project;
  UnitId id;
  int score, suitability;
  int64_t occurrences, translations;
  bool operator==(const Answer&) const = default;
};
void PrintTo(const Answer& answer, std::ostream* out) {
  *out << absl::StrCat(answer.project, " unit ", answer.id, ": ", answer.score,
                       " %, suited ", answer.suitability, " %, ",
                       answer.occurrences, " times, of ", answer.translations);
}

// The rules of LookupIndex::Lookup, one unit after the other.
class BruteForce {
 public:
  using Projects = std::map<std::string, std::vector<TranslationUnit>>;

  explicit BruteForce(Projects projects) : projects_(std::move(projects)) {}

  // Best first.
  std::vector<Answer> Lookup(const std::string& project,
                             const FuzzyQuery& query) const {
    FuzzyQuery elsewhere = query;
    elsewhere.previous_text = elsewhere.next_text = "";
    const std::vector<Placed> units = Searched(project, query);
    std::map<std::string, std::set<std::string>> translations;
    for (const auto& [home, unit] : units) {
      if (!Passes(query.filter, unit, Side(query, unit))) continue;
      translations[MatchingForm(Side(query, unit).text)].insert(
          MatchingForm(Other(query, unit).text));
    }
    struct Hit {
      std::tuple<int, bool, bool, uint64_t, double, UnitId> order;
      Answer answer;
      Texts texts;
    };
    std::vector<Hit> hits;
    std::map<Texts, int64_t> occurrences;
    for (const auto& [home, unit] : units) {
      const UnitSide& side = Side(query, unit);
      if (!Passes(query.filter, unit, side)) continue;
      const int score =
          Score(home == project ? query : elsewhere, unit.document, side);
      const int numbers = 100 - query.penalties.numbers_substituted;
      const bool by_numbers = numbers >= query.threshold_percent &&
                              numbers > score && ChangesNumbers(query, unit);
      if (score < query.threshold_percent && !by_numbers) continue;
      const size_t several = translations[MatchingForm(side.text)].size();
      int suitability = by_numbers ? numbers : score;
      suitability -= Points(query, unit, side);
      if (home != project) suitability -= query.penalties.other_project;
      if (several > 1) suitability -= query.penalties.several_translations;
      suitability = std::max(suitability, 0);
      const Texts texts = {unit.source.text, unit.target.text};
      hits.push_back({{suitability, side.text == query.text,
                       unit.status == ReviewStatus::kAccepted, unit.revision,
                       unit.confidence, unit.id},
                      {home, unit.id, score, suitability, 0,
                       static_cast<int64_t>(several)},
                      texts});
      ++occurrences[texts];
    }
    std::sort(hits.begin(), hits.end(),
              [](const Hit& a, const Hit& b) { return a.order > b.order; });
    std::vector<Answer> best;
    for (const Hit& hit : hits) {
      int64_t& count = occurrences[hit.texts];
      if (count == 0) continue;  // a better one stands for it
      if (best.size() == query.limit) break;
      best.push_back(hit.answer);
      best.back().occurrences = std::exchange(count, 0);
    }
    return best;
  }

 private:
  using Texts = std::pair<std::string, std::string>;
  struct Placed {
    const std::string& home;
    const TranslationUnit& unit;
  };

  std::vector<Placed> Searched(const std::string& project,
                               const FuzzyQuery& query) const {
    std::vector<Placed> searched;
    for (const auto& [home, units] : projects_) {
      const bool is_other = query.filter.document.empty() &&
                            std::count(query.other_projects.begin(),
                                       query.other_projects.end(), home) > 0;
      if (home != project && !is_other) continue;
      for (const TranslationUnit& unit : units) {
        searched.push_back({home, unit});
      }
    }
    return searched;
  }

  static const UnitSide& Side(const FuzzyQuery& query,
                              const TranslationUnit& unit) {
    return query.language == Language::kEnglish ? unit.source : unit.target;
  }
  static const UnitSide& Other(const FuzzyQuery& query,
                               const TranslationUnit& unit) {
    return query.language == Language::kEnglish ? unit.target : unit.source;
  }

  static int Points(const FuzzyQuery& query, const TranslationUnit& unit,
                    const UnitSide& side) {
    const PenaltyPoints& points = query.penalties;
    int sum = 0;
    if (unit.origin == Origin::kAligned &&
        unit.status == ReviewStatus::kUnreviewed) {
      sum += points.unreviewed_alignment;
      if (unit.confidence < 0.5) sum += points.doubtful_alignment;
    }
    if (MatchingForm(query.text) == MatchingForm(side.text) &&
        WidthMark(query.text) != WidthMark(side.text)) {
      sum += points.width_difference;
    }
    const int64_t days_us = int64_t{points.age_days} * 86'400 * 1'000'000;
    if (query.now_us - unit.update_time_us > days_us) sum += points.age;
    return sum;
  }

  static bool ChangesNumbers(const FuzzyQuery& query,
                             const TranslationUnit& unit) {
    const auto form = [](const std::string& text) {
      return text::Codepoints(MatchingForm(text));
    };
    return text::ChangeNumbers(form(query.text), form(Side(query, unit).text),
                               form(Other(query, unit).text))
        .has_value();
  }

  static bool Passes(const UnitFilter& filter, const TranslationUnit& unit,
                     const UnitSide& side) {
    const bool status =
        filter.statuses.empty()
            ? unit.status != ReviewStatus::kRejected
            : std::count(filter.statuses.begin(), filter.statuses.end(),
                         unit.status) > 0;
    return status && unit.confidence >= filter.min_confidence &&
           unit.update_time_us >= filter.changed.begin_us &&
           unit.update_time_us < filter.changed.end_us &&
           (filter.document.empty() || filter.document == unit.document) &&
           (filter.speaker.empty() || filter.speaker == side.speaker);
  }

  static size_t Distance(const std::vector<char32_t>& a,
                         const std::vector<char32_t>& b) {
    std::vector<std::vector<size_t>> cost(a.size() + 1,
                                          std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); ++i) {
      for (size_t j = 0; j <= b.size(); ++j) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        cost[i][j] =
            std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                      cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      }
    }
    return cost[a.size()][b.size()];
  }

  static int Score(const FuzzyQuery& query, const std::string& document,
                   const UnitSide& side) {
    const auto normal = MatchingForm;
    if (normal(query.text) == normal(side.text)) {
      const auto same = [&](const std::string& a, const std::string& b) {
        return !normal(a).empty() && normal(a) == normal(b);
      };
      const bool before = same(query.previous_text, side.previous_text);
      const bool after = same(query.next_text, side.next_text);
      if (before && after &&
          (query.document.empty() || query.document == document)) {
        return 102;
      }
      return before || after ? 101 : 100;
    }
    const std::vector<char32_t> a = text::Codepoints(normal(query.text));
    const std::vector<char32_t> b = text::Codepoints(normal(side.text));
    const size_t longer = std::max(a.size(), b.size());
    return static_cast<int>(100 * (longer - Distance(a, b)) / longer);
  }

  Projects projects_;
};

std::string RandomText(Language language, size_t max_units, Random& random) {
  static constexpr const char* kWords[] = {
      "the", "model", "of", "we", "7", "train", "THE", "GPT-4", "3.5", "12"};
  static constexpr const char* kHan[] = {"的", "模", "型",  "7",   "们",
                                         "我", "，", "3.5", "GPT", "。"};
  std::string text;
  for (size_t i = Below(max_units + 1, random); i > 0; --i) {
    // Products make the first ones frequent, as words are.
    const size_t drawn = Below(10, random) * Below(10, random) / 9;
    absl::StrAppend(
        &text, language == Language::kEnglish ? kWords[drawn] : kHan[drawn]);
    if (language == Language::kEnglish) text += i % 5 == 0 ? ", " : " ";
  }
  return text;
}

std::string NumberAndWord(Language language, absl::string_view number,
                          Random& random) {
  return absl::StrCat(number, language == Language::kEnglish ? " " : "",
                      RandomText(language, 1, random));
}

const char* RandomNumber(Random& random) {
  static constexpr const char* kNumbers[] = {"7", "12", "3.5", "1,000"};
  return kNumbers[Below(4, random)];
}

TranslationUnit RandomPair(size_t max_units, Random& random) {
  TranslationUnit unit =
      MakeUnit(RandomText(Language::kEnglish, max_units, random),
               RandomText(Language::kChinese, max_units, random));
  if (Below(5, random) == 0) {
    const char* number = RandomNumber(random);
    unit.source.text = NumberAndWord(Language::kEnglish, number, random);
    if (Below(4, random) == 0) number = RandomNumber(random);
    unit.target.text = NumberAndWord(Language::kChinese, number, random);
  }
  unit.document = absl::StrCat("d", Below(3, random));
  unit.source.speaker = absl::StrCat("s", Below(3, random));
  unit.target.speaker = unit.source.speaker;
  unit.confidence = static_cast<double>(Below(11, random)) / 10;
  unit.origin = static_cast<Origin>(1 + Below(3, random));
  unit.update_time_us = static_cast<int64_t>(1 + Below(5, random)) * 500'000;
  unit.status = static_cast<ReviewStatus>(1 + Below(3, random));
  unit.source.previous_text = RandomText(Language::kEnglish, 1, random);
  unit.source.next_text = RandomText(Language::kEnglish, 1, random);
  return unit;
}

// Half of the queries are a stored text with a few more words.
FuzzyQuery RandomQuery(const std::vector<TranslationUnit>& units,
                       size_t max_units, Random& random) {
  const Language language =
      Below(2, random) == 0 ? Language::kEnglish : Language::kChinese;
  FuzzyQuery query = Ask(RandomText(language, max_units, random), language,
                         50 + static_cast<int>(Below(51, random)));
  if (Below(2, random) == 0) {
    const TranslationUnit& unit = units[Below(units.size(), random)];
    query.text = absl::StrCat(
        RandomText(language, 1, random),
        language == Language::kEnglish ? unit.source.text : unit.target.text,
        RandomText(language, max_units / 10, random));
  }
  if (Below(4, random) == 0) {
    query.text = NumberAndWord(language, RandomNumber(random), random);
  }
  if (Below(3, random) == 0) {
    absl::StrReplaceAll({{"7", "12"}, {"，", ","}}, &query.text);
  }
  query.limit = Below(2, random) == 0 ? 1000 : 1 + Below(4, random);
  if (Below(4, random) != 0) {
    const auto points = [&] { return static_cast<int32_t>(Below(8, random)); };
    query.penalties = {points(), points(), points(),       points(),
                       points(), points(), /*age_days=*/1, points()};
  }
  query.now_us = int64_t{86'400} * 1'000'000 + 1'250'000;
  if (Below(2, random) == 0) {
    query.document = absl::StrCat("d", Below(4, random));
  }
  query.previous_text = RandomText(language, 1, random);
  if (Below(3, random) == 0) {
    query.filter.document = absl::StrCat("d", Below(4, random));
  }
  if (Below(3, random) == 0) {
    query.filter.speaker = absl::StrCat("s", Below(4, random));
  }
  if (Below(3, random) == 0) {
    query.filter.statuses = {ReviewStatus::kRejected};
  }
  query.filter.min_confidence = static_cast<double>(Below(5, random)) / 10;
  const auto time = [&] {
    return static_cast<int64_t>(Below(7, random)) * 500'000;
  };
  if (Below(4, random) == 0) query.filter.changed.begin_us = time();
  if (Below(4, random) == 0) query.filter.changed.end_us = time();
  return query;
}

TEST_F(LookupIndexTest, FindsWhatTryingEveryUnitFinds) {
  size_t found = 0, elsewhere = 0;
  int by_numbers = 0;
  BruteForce::Projects projects;
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    Random random(seed);
    const size_t max_units = seed % 5 == 0 ? 90 : 2 + seed % 8;
    std::vector<UnitChange> changes;
    for (int i = 0; i < 120; ++i) {
      changes.push_back(Store(RandomPair(max_units, random)));
    }
    const std::string project = absl::StrCat("p", seed);
    const auto units =
        memory_->Apply(project, changes, By("mei", Action::kCreate), "");
    ASSERT_THAT(units, IsOk());
    ASSERT_THAT(index_->CatchUp(), IsOk());
    // Beside it the few that came before.
    projects.erase(absl::StrCat("p", seed < 4 ? 0 : seed - 4));
    projects[project] = *units;
    const BruteForce brute_force(projects);
    for (int round = 0; round < 60; ++round) {
      SCOPED_TRACE(absl::StrCat("seed ", seed, " round ", round));
      FuzzyQuery query = RandomQuery(*units, max_units, random);
      for (const auto& [other, its_units] : projects) {
        if (other == project || round % 3 == 0 || Below(3, random) == 0) {
          continue;
        }
        query.other_projects.push_back(other);
      }
      const auto matches = index_->Lookup(project, query);
      ASSERT_THAT(matches, IsOk());
      std::vector<Answer> answers;
      for (const FuzzyMatch& match : *matches) {
        elsewhere += match.project != project;
        answers.push_back({match.project, match.unit.id, match.score_percent,
                           match.suitability_percent, match.occurrences,
                           match.translations});
        for (const Penalty& penalty : match.penalties) {
          by_numbers += penalty.kind == PenaltyKind::kNumbersSubstituted;
        }
      }
      ASSERT_EQ(answers, brute_force.Lookup(project, query)) << query.text;
      found += answers.size();
    }
  }
  // The comparison was about something.
  EXPECT_GT(found, 1000u);
  EXPECT_GT(elsewhere, 500u);
  EXPECT_GT(by_numbers, 50);
}

TEST_F(LookupIndexTest, ListsWhatChangedInATimePageByPage) {
  Random random(5);
  std::map<UnitId, TranslationUnit> units;
  for (int i = 0; i < 60; ++i) {
    TranslationUnit unit = Put(RandomPair(3, random));
    units[unit.id] = unit;
  }
  // Gone ones, and ones whose slots no longer lie in the order of ids.
  for (int i = 0; i < 30; ++i) {
    auto at = units.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(Below(units.size(), random)));
    if (i % 3 == 0) {
      Delete(at->second);
      units.erase(at);
    } else {
      at->second.confidence = 0.25;
      at->second = Put(at->second);
    }
  }
  for (int round = 0; round < 100; ++round) {
    TimeRange changed;
    changed.begin_us = static_cast<int64_t>(Below(6, random)) * 500'000;
    changed.end_us =
        changed.begin_us + static_cast<int64_t>(Below(4, random)) * 500'000;
    ListOptions options;
    options.limit = 1 + Below(20, random);
    if (round % 3 == 0) options.document = absl::StrCat("d", round % 4);
    if (round % 2 == 0) options.statuses = {ReviewStatus::kAccepted};
    std::vector<TranslationUnit> wanted;
    for (const auto& [id, unit] : units) {
      if (changed.Holds(unit.update_time_us) &&
          (options.document.empty() || options.document == unit.document) &&
          (options.statuses.empty() ||
           unit.status == ReviewStatus::kAccepted)) {
        wanted.push_back(unit);
      }
    }
    std::vector<TranslationUnit> listed;
    do {
      const auto page = index_->ListChanged("demo", options, changed);
      ASSERT_THAT(page, IsOk());
      EXPECT_LE(page->items.size(), options.limit);
      listed.insert(listed.end(), page->items.begin(), page->items.end());
      options.after = page->next;
    } while (options.after.has_value());
    EXPECT_EQ(listed, wanted) << "round " << round;
  }
}

TEST_F(LookupIndexTest, AListOfChangesNeedsAProjectAndAPlace) {
  Put(MakeUnit("one", "一"));
  EXPECT_THAT(index_->ListChanged("nowhere", {}, {}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
  ListOptions options;
  options.limit = 0;
  EXPECT_THAT(index_->ListChanged("demo", options, {}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("limit")));
}

TEST_F(LookupIndexTest, PairsOfOtherProjectsAreMarkedAndComeBehindOurs) {
  TranslationUnit ours = MakeUnit("The mill turns.", "磨坊在转。");
  ours.origin = Origin::kManual;
  ours.source.previous_text = "It is windy.";
  TranslationUnit theirs = ours;
  theirs.target.text = "风车在转。";
  const TranslationUnit both = [&] {
    TranslationUnit unit = ours;
    unit.source.text = "The mill turned.";
    return unit;
  }();
  Put(ours);
  Put(both);
  ASSERT_THAT(memory_->Apply("theirs", {Store(theirs), Store(both)},
                             By("mei", Action::kCreate), ""),
              IsOk());
  ASSERT_THAT(index_->CatchUp(), IsOk());
  FuzzyQuery query = Ask("The mill turns.");
  query.previous_text = "It is windy.";
  EXPECT_THAT(Lookup(query), SizeIs(2));
  query.other_projects = {"theirs"};
  const std::vector<FuzzyMatch> matches = Lookup(query);
  ASSERT_THAT(matches, SizeIs(3));
  EXPECT_EQ(matches[0].project, "demo");
  EXPECT_EQ(matches[0].score_percent, 101);
  EXPECT_EQ(matches[0].translations, 2);
  EXPECT_EQ(matches[0].suitability_percent, 100);  // several translations
  EXPECT_EQ(matches[1].project, "theirs");
  EXPECT_EQ(matches[1].score_percent, 100);  // no context
  EXPECT_EQ(matches[1].suitability_percent, 98);
  ASSERT_THAT(matches[1].penalties, SizeIs(2));
  EXPECT_EQ(matches[1].penalties[1],
            (Penalty{PenaltyKind::kOtherProject, 1, "other project"}));
  // One pair in two projects.
  EXPECT_EQ(matches[2].project, "demo");
  EXPECT_EQ(matches[2].occurrences, 2);
  EXPECT_EQ(matches[2].translations, 1);
  query.penalties.other_project = 0;
  EXPECT_EQ(Lookup(query)[1].suitability_percent, 99);
  query.filter.document = "talk";
  EXPECT_THAT(Lookup(query), IsEmpty());
  query.filter = {};
  query.other_projects = {"theirs", "nowhere"};
  EXPECT_THAT(index_->Lookup("demo", query),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
}

// Everything that the two can be asked gives one answer.
void ExpectSameAnswers(const LookupIndex& a, const LookupIndex& b,
                       const std::vector<TranslationUnit>& units,
                       Random& random) {
  for (int round = 0; round < 20; ++round) {
    const FuzzyQuery query = RandomQuery(units, 6, random);
    const auto from_a = a.Lookup("demo", query);
    const auto from_b = b.Lookup("demo", query);
    ASSERT_THAT(from_a, IsOk());
    ASSERT_THAT(from_b, IsOk());
    ASSERT_EQ(from_a->size(), from_b->size());
    for (size_t i = 0; i < from_a->size(); ++i) {
      EXPECT_EQ((*from_a)[i].unit, (*from_b)[i].unit);
      EXPECT_EQ((*from_a)[i].score_percent, (*from_b)[i].score_percent);
      EXPECT_EQ((*from_a)[i].penalties, (*from_b)[i].penalties);
    }
    ConcordanceQuery concordance;
    concordance.text =
        absl::StrCat("x ", query.text).substr(query.text.empty() ? 0 : 2);
    concordance.limit = 1000;
    const auto hits_a = a.SearchConcordance("demo", concordance);
    const auto hits_b = b.SearchConcordance("demo", concordance);
    if (!hits_a.ok()) continue;  // nothing but punctuation
    ASSERT_THAT(hits_b, IsOk());
    ASSERT_EQ(hits_a->items.size(), hits_b->items.size());
    for (size_t i = 0; i < hits_a->items.size(); ++i) {
      EXPECT_EQ(hits_a->items[i].unit, hits_b->items[i].unit);
    }
  }
}

TEST_F(LookupIndexTest, AnIndexThatFollowedEqualsOneBuiltAnew) {
  Random random(77);
  std::vector<TranslationUnit> units;
  for (int i = 0; i < 300; ++i) units.push_back(Put(RandomPair(6, random)));
  // Enough changes that the slots of replaced units are dropped, twice, and
  // comparisons while most units are still as that left them.
  for (int step = 0; step < 2600; ++step) {
    TranslationUnit& unit = units[Below(units.size(), random)];
    TranslationUnit edit = RandomPair(6, random);
    if (Below(20, random) == 0) {
      Delete(unit);
    } else {
      edit.id = unit.id;
      edit.revision = unit.revision;
    }
    unit = Put(edit);
    if (step % 50 == 0) {
      SCOPED_TRACE(step);
      const auto anew = LookupIndex::Build(*memory_);
      ASSERT_THAT(anew, IsOk());
      EXPECT_EQ((*anew)->position(), index_->position());
      ASSERT_NO_FATAL_FAILURE(
          ExpectSameAnswers(*index_, **anew, units, random));
    }
  }
}

TEST_F(LookupIndexTest, ReadersBesideAWriterSeeWholeUnits) {
  const TranslationUnit unit = Put(MakeUnit("steady words here", "稳"));
  std::atomic<bool> done = false;
  std::atomic<int> answered = 0;
  std::thread reader([&] {
    while (!done || answered == 0) {
      const std::vector<FuzzyMatch> matches = Lookup(Ask("steady words here"));
      ASSERT_THAT(matches, SizeIs(1));
      ASSERT_EQ(matches[0].unit.id, unit.id);
      ++answered;
    }
  });
  TranslationUnit edit = unit;
  for (int i = 0; i < 200; ++i) {
    edit.target.text = absl::StrCat("稳", i);
    edit.revision = 0;
    UnitChange change;
    change.unit = edit;
    ASSERT_THAT(memory_->Apply("demo", {change}, By("mei", Action::kEdit), ""),
                IsOk());
    ASSERT_THAT(index_->CatchUp(), IsOk());
  }
  done = true;
  reader.join();
  EXPECT_GT(answered, 0);
}

// --- Snapshots ---

class IndexSnapshotTest : public LookupIndexTest {
 protected:
  void SetUp() override {
    LookupIndexTest::SetUp();
    RemoveSnapshot(path_);
  }
  void TearDown() override { RemoveSnapshot(path_); }

  // 200 units after edits and deletions.
  void Fill() {
    for (int i = 0; i < 250; ++i) units_.push_back(Put(RandomPair(6, random_)));
    for (int i = 0; i < 50; ++i) {
      Delete(units_.back());
      units_.pop_back();
      TranslationUnit edit = RandomPair(6, random_);
      edit.id = units_[static_cast<size_t>(i)].id;
      edit.revision = units_[static_cast<size_t>(i)].revision;
      units_[static_cast<size_t>(i)] = Put(edit);
    }
  }

  absl::StatusOr<LoadSummary> LoadInto(LookupIndex& index) const {
    LoadOptions options;
    options.snapshot = path_;
    return index.Load(options);
  }

  // Loads another index and holds it against the one that followed.
  LoadSummary ExpectLoadsTheSame() {
    LookupIndex loaded(*memory_);
    const absl::StatusOr<LoadSummary> summary = LoadInto(loaded);
    EXPECT_THAT(summary, IsOk());
    EXPECT_EQ(loaded.position(), memory_->last_position());
    ExpectSameAnswers(*index_, loaded, units_, random_);
    return summary.ok() ? *summary : LoadSummary();
  }

  const std::string path_ = absl::StrCat(
      testing::TempDir(), "/index_snapshot_test_", getpid(), ".snapshot");
  Random random_{8};
  std::vector<TranslationUnit> units_;
};

TEST_F(IndexSnapshotTest, WhatIsLoadedAnswersAsWhatWasSaved) {
  Fill();
  ASSERT_THAT(index_->Save(path_), IsOk());
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot, IsOk());
  EXPECT_EQ(summary.units, 200);
  EXPECT_EQ(summary.units_read, 0);
}

TEST_F(IndexSnapshotTest, WhatWasWrittenBehindItComesFromTheChangeLog) {
  Fill();
  ASSERT_THAT(index_->Save(path_), IsOk());
  units_.push_back(Put(RandomPair(6, random_)));
  Delete(units_.front());
  units_.erase(units_.begin());
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot, IsOk());
  EXPECT_EQ(summary.units, 200);
  EXPECT_EQ(summary.units_read, 2);
  // Meanwhile all of the snapshot is told as read.
  LoadOptions options;
  options.snapshot = path_;
  int told = 0;
  options.listener = [&](const LoadProgress& progress) {
    EXPECT_EQ(progress.units, 200);
    EXPECT_EQ(progress.of_units, 200);
    ++told;
    return true;
  };
  LookupIndex loaded(*memory_);
  EXPECT_THAT(loaded.Load(options), IsOk());
  EXPECT_GT(told, 0);
}

// Enough changes that the slots of gone units are dropped.
TEST_F(IndexSnapshotTest, ALoadedIndexFollowsChangesAsAnyOther) {
  Fill();
  ASSERT_THAT(index_->Save(path_), IsOk());
  LookupIndex loaded(*memory_);
  ASSERT_THAT(LoadInto(loaded), IsOk());
  for (int step = 0; step < 2200; ++step) {
    TranslationUnit& unit = units_[Below(units_.size(), random_)];
    TranslationUnit edit = RandomPair(6, random_);
    edit.id = unit.id;
    edit.revision = unit.revision;
    unit = Put(edit);
    ASSERT_THAT(loaded.CatchUp(), IsOk());
    if (step % 200 != 0) continue;
    SCOPED_TRACE(step);
    ASSERT_NO_FATAL_FAILURE(
        ExpectSameAnswers(*index_, loaded, units_, random_));
  }
}

TEST_F(IndexSnapshotTest, WithoutOneAllUnitsAreRead) {
  Fill();
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot,
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(path_)));
  EXPECT_EQ(summary.units_read, 200);
}

TEST_F(IndexSnapshotTest, ADamagedOneIsNotUsed) {
  Fill();
  ASSERT_THAT(index_->Save(path_), IsOk());
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  const LoadSummary summary = ExpectLoadsTheSame();
  EXPECT_THAT(summary.snapshot, StatusIs(absl::StatusCode::kDataLoss,
                                         HasSubstr("cut short or damaged")));
  EXPECT_EQ(summary.units_read, 200);
}

// Also when the start is ended before the index is there.
TEST_F(IndexSnapshotTest, WhyItIsNotUsedIsToldBeforeItIsMadeAnew) {
  Fill();
  ASSERT_THAT(index_->Save(path_), IsOk());
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  LoadOptions options;
  options.snapshot = path_;
  absl::Status refused;
  options.on_refused = [&](const absl::Status& why) {
    EXPECT_TRUE(std::filesystem::exists(path_));
    refused = why;
  };
  options.listener = [&](const LoadProgress&) {
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kDataLoss,
                                  HasSubstr("cut short or damaged")));
    return false;
  };
  LookupIndex loaded(*memory_);
  EXPECT_THAT(loaded.Load(options),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("ended")));
  EXPECT_FALSE(refused.ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(IndexSnapshotTest, AnotherMemorysIsNotUsed) {
  Put(MakeUnit("of this memory", "此"));
  const std::unique_ptr<OrderedStore> store = NewMemoryStore();
  const auto other = TranslationMemory::Open(*store).value();
  ASSERT_THAT(other->Apply("demo", {Store(MakeUnit("of another", "彼"))},
                           By("mei", Action::kEdit), ""),
              IsOk());
  ASSERT_THAT(LookupIndex::Build(*other).value()->Save(path_), IsOk());
  LookupIndex loaded(*memory_);
  const absl::StatusOr<LoadSummary> summary = LoadInto(loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another memory's changes")));
  EXPECT_THAT(loaded.Lookup("demo", Ask("of this memory")).value(), SizeIs(1));
  EXPECT_THAT(loaded.Lookup("demo", Ask("of another")).value(), IsEmpty());
}

// A store put back to an older state has not the changes of the snapshot.
TEST_F(IndexSnapshotTest, OneThatIsAheadOfTheMemoryIsNotUsed) {
  Put(MakeUnit("one", "一"));
  Put(MakeUnit("two", "二"));
  ASSERT_THAT(index_->Save(path_), IsOk());
  const std::unique_ptr<OrderedStore> store = NewMemoryStore();
  const auto older = TranslationMemory::Open(*store).value();
  ASSERT_THAT(older->Apply("demo", {Store(MakeUnit("one", "一"))},
                           By("mei", Action::kEdit), ""),
              IsOk());
  LookupIndex loaded(*older);
  const absl::StatusOr<LoadSummary> summary = LoadInto(loaded);
  ASSERT_THAT(summary, IsOk());
  EXPECT_THAT(summary->snapshot,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another memory's changes")));
  EXPECT_EQ(summary->units, 1);
}

TEST_F(IndexSnapshotTest, AnEmptyMemorySavesNothing) {
  ASSERT_THAT(index_->Save(path_), IsOk());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

// The text with [] around its highlights.
std::string Marked(const std::string& text,
                   const std::vector<text::ByteSpan>& spans) {
  std::string marked;
  size_t end = 0;
  for (const text::ByteSpan& span : spans) {
    absl::StrAppend(&marked, text.substr(end, span.begin - end), "[",
                    text.substr(span.begin, span.size()), "]");
    end = span.end;
  }
  return marked + text.substr(end);
}

TEST_F(LookupIndexTest, ConcordanceFindsAndMarksWords) {
  const struct {
    const char* name;
    const char* query;
    const char* source;  // marked; empty: the pair is not found
    const char* target;
  } cases[] = {
      {"word", "model", "The “large” [model], a [Model] of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"word_in_any_case", "THE MODEL",
       "[The] “large” [model], a [Model] of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"any_order", "models the", "[The] “large” model, a Model of [models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"not_a_part_of_a_word", "mode", "", ""},
      {"all_words_needed", "model absent", "", ""},
      {"phrase", "\"a model\"", "The “large” model, [a Model] of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"phrase_across_marks", "「large model」",
       "The “[large” model], a Model of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"phrase_in_half_width_marks", "｢a model｣",
       "The “large” model, [a Model] of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"phrase_in_wrong_order", "\"model large\"", "", ""},
      {"phrase_and_word", "“of models” the",
       "[The] “large” model, a Model [of models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"open_quote", "\"of models", "The “large” model, a Model [of models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"chinese", "模型", "The “large” model, a Model of models.",
       "那个“大”[模型]GPT-4，很大很大。"},
      {"chinese_repeated", "很大", "The “large” model, a Model of models.",
       "那个“大”模型GPT-4，[很大][很大]。"},
      {"chinese_overlapping", "大很大", "The “large” model, a Model of models.",
       "那个“大”模型GPT-4，很[大很大]。"},
      {"chinese_two_words", "很 那个", "The “large” model, a Model of models.",
       "[那个]“大”模型GPT-4，[很]大[很]大。"},
      {"chinese_not_together", "那大型", "", ""},
      {"chinese_across_a_mark", "大模型", "", ""},
      {"chinese_in_quotes", "“大”模型", "The “large” model, a Model of models.",
       "那个“[大]”[模型]GPT-4，很[大]很[大]。"},
      {"chinese_with_a_mark_inside", "4，很大",
       "The “large” model, a Model of models.",
       "那个“大”模型GPT-[4，很大]很大。"},
      {"chinese_with_a_space_inside", "「模型 GPT」",
       "The “large” model, a Model of models.",
       "那个“大”[模型GPT]-4，很大很大。"},
      {"chinese_with_latin", "模型gpt-4",
       "The “large” model, a Model of models.",
       "那个“大”[模型GPT-4]，很大很大。"},
      {"latin_in_chinese_full_width", "ＧＰＴ",
       "The “large” model, a Model of models.",
       "那个“大”模型[GPT]-4，很大很大。"},
      {"one_side_must_hold_all", "model 模型", "", ""},
      {"beginning_of_words", "mod*",
       "The “large” [model], a [Model] of [models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"beginning_in_full_width", "ＭＯＤ＊",
       "The “large” [model], a [Model] of [models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"phrase_with_a_beginning", "\"of mo*\" large",
       "The “[large]” model, a Model [of models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"end_of_words", "*dels", "The “large” model, a Model of [models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"end_in_full_width", "＊ＤＥＬ",
       "The “large” [model], a [Model] of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"part_of_words", "*od*", "The “large” [model], a [Model] of [models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"a_word_is_a_part_of_itself", "*of*",
       "The “large” model, a Model [of] models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"phrase_from_an_end", "“*el of models”",
       "The “large” model, a [Model of models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"phrase_from_an_end_to_a_beginning", "\"*arge mod*\" *od*",
       "The “[large” model], a [Model] of [models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"phrase_of_parts", "\"larg* *ode* *of\"", "", ""},
      {"phrase_of_parts_together", "\"*od* of mode*\"",
       "The “large” model, a [Model of models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"part_between_words", "\"a mo* of\"",
       "The “large” model, [a Model of] models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"end_of_a_word_in_chinese", "*pt-4，很大",
       "The “large” model, a Model of models.",
       "那个“大”模型[GPT-4，很大]很大。"},
      {"chinese_and_a_beginning", "模型gp*",
       "The “large” model, a Model of models.",
       "那个“大”[模型GPT]-4，很大很大。"},
      {"not_so_in_the_middle", "*odes*", "", ""},
      {"beginning_of_none", "modes*", "", ""},
      {"end_of_none", "*nodel", "", ""},
      {"a_star_inside_is_no_wildcard", "mo*l", "", ""},
      {"two_stars_are_no_wildcard", "**mode**", "", ""},
      {"beginning_before_a_mark", "mode*,",
       "The “large” [model], a [Model] of [models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"parts_in_brackets", "(*odels) [mode*]; ＜*arg*＞…",
       "The “[large]” [model], a [Model] of [models].",
       "那个“大”模型GPT-4，很大很大。"},
      {"part_before_a_mark_and_a_word", "larg*-model",
       "The “[large” model], a Model of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"part_behind_a_mark_and_a_word", "large/*ode*",
       "The “[large” model], a Model of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"parts_on_both_sides_of_a_mark", "larg*/*odel",
       "The “[large” model], a Model of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"part_before_a_mark_in_chinese", "模型gp*-4，很",
       "The “large” model, a Model of models.",
       "那个“大”[模型GPT-4，很]大很大。"},
      {"a_star_behind_a_mark_is_no_wildcard", "GPT-*",
       "The “large” model, a Model of models.",
       "那个“大”模型[GPT]-4，很大很大。"},
      {"a_star_apart_is_no_wildcard", "\"* model *\"",
       "The “large” [model], a [Model] of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"a_star_beside_a_letter_is_no_wildcard", "m*", "", ""},
      {"a_star_beside_a_letter_is_passed_over", "\"a* model\"",
       "The “large” model, [a Model] of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"a_star_alone_is_passed_over", "* large ＊",
       "The “[large]” model, a Model of models.",
       "那个“大”模型GPT-4，很大很大。"},
      {"a_star_after_chinese_is_no_wildcard", "模型*",
       "The “large” model, a Model of models.",
       "那个“大”[模型]GPT-4，很大很大。"},
      {"a_star_before_chinese_is_no_wildcard", "*模型",
       "The “large” model, a Model of models.",
       "那个“大”[模型]GPT-4，很大很大。"},
  };
  Put(MakeUnit("The “large” model, a Model of models.",
               "那个“大”模型GPT-4，很大很大。"));
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    ConcordanceQuery query;
    query.text = c.query;
    const Page<ConcordanceHit> page = Search(query);
    if (*c.source == '\0') {
      EXPECT_THAT(page.items, IsEmpty());
      continue;
    }
    ASSERT_THAT(page.items, SizeIs(1));
    const ConcordanceHit& hit = page.items.front();
    EXPECT_EQ(Marked(hit.unit.source.text, hit.source_highlights), c.source);
    EXPECT_EQ(Marked(hit.unit.target.text, hit.target_highlights), c.target);
  }
}

TEST_F(LookupIndexTest, AStarBesideChineseStandsForNothing) {
  const std::string text = "那些GPTs模型、GPT4 模型和A*算法。";
  Put(MakeUnit("one", text));
  const struct {
    const char* query;
    const char* target;  // marked; empty: the pair is not found
  } cases[] = {
      {"\"GPT* 模型\"", "那些[GPTs模型]、[GPT4 模型]和A*算法。"},
      {"\"GPT*模型\"", "那些[GPTs模型]、[GPT4 模型]和A*算法。"},
      {"\"ＧＰＴ＊模型＊\"", "那些[GPTs模型]、[GPT4 模型]和A*算法。"},
      {"\"GPT* 模*型\"", "那些[GPTs模型]、[GPT4 模型]和A*算法。"},
      {"\"*Ts*模型\"", "那些[GPTs模型]、GPT4 模型和A*算法。"},
      {"\"那些* GPTs\"", "[那些GPTs]模型、GPT4 模型和A*算法。"},
      {"\"那些*PTs 模型\"", "[那些GPTs模型]、GPT4 模型和A*算法。"},
      {"\"模型*GPT4\"", ""},
      {"\"模型*、GPT4\"", "那些GPTs[模型、GPT4] 模型和A*算法。"},
      {"模*型", "那些GPTs[模型]、GPT4 [模型]和A*算法。"},
      {"\"模型 *GPT4*\"", ""},
      {"\"GPT*，模型\"", ""},
      {"\"GPT* 算法\"", ""},
      {"\"*Ts模型、GP*\"", "那些[GPTs模型、GPT4] 模型和A*算法。"},
      {"\"GPTs*、GPT4\"", ""},
      {"**模型**", "那些GPTs[模型]、GPT4 [模型]和A*算法。"},
      {"A*算法", "那些GPTs模型、GPT4 模型和[A*算法]。"},
      {"\"和*A*算法\"", "那些GPTs模型、GPT4 模型[和A*算法]。"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    ConcordanceQuery query;
    query.text = c.query;
    const Page<ConcordanceHit> page = Search(query);
    ASSERT_THAT(page.items, SizeIs(*c.target == '\0' ? 0 : 1));
    for (const ConcordanceHit& hit : page.items) {
      EXPECT_EQ(Marked(text, hit.target_highlights), c.target);
    }
  }
}

// Ranks are equal now and then: ids of several projects are.
TEST_F(LookupIndexTest, AConcordanceOfSeveralProjectsIsOneOrderOverItsPages) {
  using Place = std::pair<std::string, UnitId>;
  Random random(3);
  const std::vector<std::string> projects = {"demo", "theirs", "ours"};
  std::vector<std::pair<std::tuple<int, int, UnitId, int>, Place>> expected;
  for (size_t number = 0; number < projects.size(); ++number) {
    std::vector<UnitChange> changes;
    for (int i = 0; i < 40; ++i) {
      TranslationUnit unit = MakeUnit(absl::StrCat("a shared word ", i), "一");
      unit.confidence = Below(2, random) == 0 ? 0.5 : 0.25;
      unit.status = static_cast<ReviewStatus>(1 + Below(3, random));
      if (number == 1) unit.document = "talk";
      changes.push_back(Store(unit));
    }
    const auto stored = memory_->Apply(projects[number], changes,
                                       By("mei", Action::kCreate), "");
    ASSERT_THAT(stored, IsOk());
    for (const TranslationUnit& unit : *stored) {
      if (unit.status == ReviewStatus::kRejected) continue;
      expected.push_back(
          {{unit.status == ReviewStatus::kAccepted ? 1 : 0,
            unit.confidence == 0.5 ? 1 : 0, unit.id, -static_cast<int>(number)},
           {projects[number], unit.id}});
    }
  }
  ASSERT_THAT(index_->CatchUp(), IsOk());
  std::sort(expected.rbegin(), expected.rend());
  ConcordanceQuery query;
  query.text = "shared";
  query.limit = 7;
  query.other_projects = {"theirs", "ours"};
  std::vector<Place> listed, wanted;
  for (const auto& [order, place] : expected) wanted.push_back(place);
  do {
    const Page<ConcordanceHit> page = Search(query);
    for (const ConcordanceHit& hit : page.items) {
      listed.emplace_back(hit.project, hit.unit.id);
      EXPECT_THAT(hit.source_highlights, SizeIs(1));
    }
    EXPECT_EQ(page.items.size() == 7, page.next.has_value());
    query.after = page.next;
  } while (query.after.has_value());
  EXPECT_EQ(listed, wanted);
  query.filter.document = "talk";  // of the first project, which has none
  EXPECT_THAT(Search(query).items, IsEmpty());
  query.filter = {};
  query.after = Search(query).next;
  query.other_projects = {};
  EXPECT_THAT(index_->SearchConcordance("demo", query),
              StatusIs(absl::StatusCode::kInvalidArgument, _));
  query.after.reset();
  query.other_projects = {"nowhere"};
  EXPECT_THAT(index_->SearchConcordance("demo", query),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
}

TEST_F(LookupIndexTest, ConcordanceFindsSignsThatCanBeEmoji) {
  Put(MakeUnit("I ❤️ bees.", "我爱❤蜜蜂🐝！"));
  const struct {
    const char* query;
    const char* source;  // marked
    const char* target;
  } cases[] = {
      {"❤", "I [❤️] bees.", "我爱[❤]蜜蜂🐝！"},
      {"❤️", "I [❤️] bees.", "我爱[❤]蜜蜂🐝！"},
      {"❤ bees", "I [❤️] [bees].", "我爱❤蜜蜂🐝！"},
      {"爱❤️蜜", "I ❤️ bees.", "我[爱❤蜜]蜂🐝！"},
      {"🐝", "I ❤️ bees.", "我爱❤蜜蜂[🐝]！"},
      {"*❤*", "I [❤️] bees.", "我爱[❤]蜜蜂🐝！"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    ConcordanceQuery query;
    query.text = c.query;
    const Page<ConcordanceHit> page = Search(query);
    ASSERT_THAT(page.items, SizeIs(1));
    const ConcordanceHit& hit = page.items.front();
    EXPECT_EQ(Marked(hit.unit.source.text, hit.source_highlights), c.source);
    EXPECT_EQ(Marked(hit.unit.target.text, hit.target_highlights), c.target);
  }
  ConcordanceQuery absent;
  absent.text = "★";
  EXPECT_THAT(Search(absent).items, IsEmpty());
}

TEST_F(LookupIndexTest, ConcordanceMarksWhatStandsAroundPlaceholders) {
  const std::string text = "Press [X1X]Save[X2X] {save_key} twice.";
  Put(MakeUnit(text, "按%d次"));
  const std::pair<const char*, const char*> cases[] = {
      {"save", "Press [X1X][Save][X2X] {save_key} twice."},
      {"\"press save twice\"", "[Press [X1X]Save[X2X] {save_key} twice]."},
  };
  for (const auto& [words, marked] : cases) {
    SCOPED_TRACE(words);
    ConcordanceQuery query;
    query.text = words;
    const Page<ConcordanceHit> page = Search(query);
    ASSERT_THAT(page.items, SizeIs(1));
    EXPECT_EQ(Marked(text, page.items[0].source_highlights), marked);
  }
  ConcordanceQuery query;
  query.text = "按次";
  ASSERT_THAT(Search(query).items, SizeIs(1));
  EXPECT_EQ(Marked("按%d次", Search(query).items[0].target_highlights),
            "[按%d次]");
}

TEST_F(LookupIndexTest, ConcordanceFindsPartsOfNumbers) {
  const std::string text = "Up to 10,000 {file_type} files, don't use 3.5.";
  Put(MakeUnit(text, "一"));
  const struct {
    const char* query;
    const char* source;  // marked; empty: the pair is not found
  } cases[] = {
      {"10*", "Up to [10,000] {file_type} files, don't use 3.5."},
      {"*0,0*", "Up to [10,000] {file_type} files, don't use 3.5."},
      {"3.*", ""},
      {"*.5", ""},
      {"\"10,0*, files\"", "Up to [10,000 {file_type} files], don't use 3.5."},
      {"fil*", "Up to 10,000 {file_type} [files], don't use 3.5."},
      {"*type", ""},
      {"\"*000 fil*\"", "Up to [10,000 {file_type} files], don't use 3.5."},
      {"*n't", "Up to 10,000 {file_type} files, [don't] use 3.5."},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    ConcordanceQuery query;
    query.text = c.query;
    const Page<ConcordanceHit> page = Search(query);
    ASSERT_THAT(page.items, SizeIs(*c.source == '\0' ? 0 : 1));
    for (const ConcordanceHit& hit : page.items) {
      EXPECT_EQ(Marked(text, hit.source_highlights), c.source);
    }
  }
}

TEST_F(LookupIndexTest, HighlightsThatOverlapAreOne) {
  Put(MakeUnit("ha ha ha", "哈哈哈，哈"));
  ConcordanceQuery query;
  query.text = "哈哈";
  Page<ConcordanceHit> page = Search(query);
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_THAT(page.items[0].target_highlights,
              ElementsAre(text::ByteSpan{0, 9}));
  query.text = "\"ha ha\"";
  page = Search(query);
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_THAT(page.items[0].source_highlights,
              ElementsAre(text::ByteSpan{0, 8}));
}

TEST_F(LookupIndexTest, ConcordanceSearchesTheAskedSideOnly) {
  Put(MakeUnit("AGI is near", "AGI就在眼前"));
  ConcordanceQuery query;
  query.text = "agi";
  ASSERT_THAT(Search(query).items, SizeIs(1));
  EXPECT_THAT(Search(query).items[0].source_highlights, SizeIs(1));
  EXPECT_THAT(Search(query).items[0].target_highlights, SizeIs(1));
  query.language = Language::kChinese;
  ASSERT_THAT(Search(query).items, SizeIs(1));
  EXPECT_THAT(Search(query).items[0].source_highlights, IsEmpty());
  EXPECT_THAT(Search(query).items[0].target_highlights, SizeIs(1));
  query.text = "near";
  EXPECT_THAT(Search(query).items, IsEmpty());
  query.language = Language::kEnglish;
  EXPECT_THAT(Search(query).items, SizeIs(1));
}

TEST_F(LookupIndexTest, ConcordancePagesNewestFirstEvenAfterEdits) {
  std::vector<TranslationUnit> units;
  for (int i = 0; i < 7; ++i) units.push_back(Put(MakeUnit("same", "同")));
  Put(units[2]);  // moves to the end of the index, not of the list
  Delete(units[4]);
  for (const size_t limit : {1u, 2u, 6u, 7u}) {
    SCOPED_TRACE(limit);
    ConcordanceQuery query;
    query.text = "same";
    query.limit = limit;
    std::vector<UnitId> ids;
    do {
      const Page<ConcordanceHit> page = Search(query);
      ASSERT_LE(page.items.size(), limit);
      for (const ConcordanceHit& hit : page.items) ids.push_back(hit.unit.id);
      query.after = page.next;
    } while (query.after.has_value());
    EXPECT_THAT(ids, ElementsAre(7u, 6u, 4u, 3u, 2u, 1u));
  }
}

TEST_F(LookupIndexTest, ConcordanceListsAcceptedThenSureThenNewUnits) {
  const auto put = [&](double confidence, ReviewStatus status) {
    TranslationUnit unit = MakeUnit("same", "同");
    unit.confidence = confidence;
    unit.status = status;
    return Put(unit).id;
  };
  const UnitId accepted = put(0.2, ReviewStatus::kAccepted);
  const UnitId surest = put(0.9, ReviewStatus::kUnreviewed);
  const UnitId older = put(0.501, ReviewStatus::kUnreviewed);
  const UnitId newer = put(0.509, ReviewStatus::kUnreviewed);
  put(1, ReviewStatus::kRejected);
  ConcordanceQuery query;
  query.text = "same";
  std::vector<UnitId> ids;
  for (const ConcordanceHit& hit : Search(query).items) {
    ids.push_back(hit.unit.id);
  }
  EXPECT_THAT(ids, ElementsAre(accepted, surest, newer, older));
}

// Against looking at every unit: words, pairs of them, parts.
TEST_F(LookupIndexTest, ConcordanceFindsAllThatHoldTheTerms) {
  Random random(21);
  std::vector<TranslationUnit> units;
  for (int i = 0; i < 600; ++i) units.push_back(Put(RandomPair(6, random)));
  for (int i = 0; i < 200; ++i) Delete(units[static_cast<size_t>(3 * i)]);
  size_t found = 0;
  for (int round = 0; round < 60; ++round) {
    ConcordanceQuery query;
    query.language = Language::kEnglish;
    query.limit = 1000;
    const TranslationUnit& unit = units[Below(units.size(), random)];
    const std::vector<PlacedUnit> words = PlaceUnits(unit.source.text);
    if (words.empty()) continue;
    query.text = words[Below(words.size(), random)].text;
    if (round % 3 == 0) absl::StrAppend(&query.text, " ", words.back().text);
    if (round % 3 == 1 && query.text.size() > 2) {
      const std::string part = query.text.substr(round % 2, 2);
      query.text = absl::StrCat(round % 2 == 0 ? "" : "*", part, "*");
    }
    const auto terms = ParseConcordanceQuery(query.text);
    ASSERT_THAT(terms, IsOk());
    std::set<UnitId> expected;
    for (size_t i = 0; i < units.size(); ++i) {
      if (i % 3 == 0) continue;
      if (units[i].status == ReviewStatus::kRejected) continue;
      if (!FindTerms(units[i].source.text, *terms).empty()) {
        expected.insert(units[i].id);
      }
    }
    std::set<UnitId> ids;
    for (const ConcordanceHit& hit : Search(query).items) {
      ids.insert(hit.unit.id);
    }
    SCOPED_TRACE(query.text);
    EXPECT_EQ(ids, expected);
    found += ids.size();
  }
  EXPECT_GT(found, 100u);
}

// The order of a concordance, said once more.
bool ComesBefore(const TranslationUnit& a, const TranslationUnit& b) {
  const auto order = [](const TranslationUnit& unit) {
    return std::make_tuple(unit.status == ReviewStatus::kAccepted,
                           static_cast<int>(100 * unit.confidence), unit.id);
  };
  return order(a) > order(b);
}

// Of more units than are gone through at once: some pages of each search, from
// the first on, against sorting all that hold the terms.
TEST_F(LookupIndexTest, ConcordancePagesThroughManyUnitsInTheirOrder) {
  Random random(31);
  std::vector<TranslationUnit> units;
  for (int change = 0; change < 9; ++change) {
    std::vector<UnitChange> changes;
    for (int i = 0; i < 1'000; ++i) {
      TranslationUnit unit = RandomPair(8, random);
      // The surest stand among the oldest; most are alike.
      unit.confidence =
          change == 0 ? 0.9 : 0.4 + 0.1 * static_cast<double>(Below(3, random));
      changes.push_back(Store(unit));
    }
    const auto stored =
        memory_->Apply("demo", changes, By("mei", Action::kCreate), "");
    ASSERT_THAT(stored, IsOk());
    units.insert(units.end(), stored->begin(), stored->end());
  }
  ASSERT_THAT(index_->CatchUp(), IsOk());
  size_t found = 0;
  for (const char* const text :
       {"the", "model", "的", "的模", "的的", "模的型", "the model",
        "model the", "th*", "*od*", "*he *el", "\"*he mo*\"", "的 模", "gpt-4",
        "的，模"}) {
    SCOPED_TRACE(text);
    const auto terms = ParseConcordanceQuery(text);
    ASSERT_THAT(terms, IsOk());
    std::vector<TranslationUnit> expected;
    for (const TranslationUnit& unit : units) {
      if (unit.status == ReviewStatus::kRejected) continue;
      if (!FindTerms(unit.source.text, *terms).empty() ||
          !FindTerms(unit.target.text, *terms).empty()) {
        expected.push_back(unit);
      }
    }
    std::sort(expected.begin(), expected.end(), ComesBefore);
    ConcordanceQuery query;
    query.text = text;
    query.limit = 150;
    std::vector<TranslationUnit> listed;
    for (int page_number = 0; page_number < 5; ++page_number) {
      const Page<ConcordanceHit> page = Search(query);
      for (const ConcordanceHit& hit : page.items) listed.push_back(hit.unit);
      query.after = page.next;
      if (!page.next.has_value()) break;
    }
    if (query.after.has_value()) {
      ASSERT_GT(expected.size(), listed.size());
      expected.resize(listed.size());
    }
    ASSERT_EQ(listed, expected);
    found += listed.size();
  }
  EXPECT_GT(found, 2'000u);
}

// Long enough for many portions; replaced by one that differs in every unit.
TEST_F(LookupIndexTest, ADocumentIsSeenWholeOrNotAtAll) {
  constexpr int kUnits = 400;
  const auto store = [&](int version) {
    std::vector<TranslationUnit> units;
    for (int i = 0; i < kUnits; ++i) {
      units.push_back(MakeUnit(absl::StrCat("one long document ", version),
                               absl::StrCat("一", version, "页", i)));
    }
    EXPECT_THAT(memory_->ImportDocument(
                    "demo", MakeDocument("d", absl::StrCat("h", version)),
                    std::move(units), 1),
                IsOk());
    EXPECT_THAT(index_->CatchUp(), IsOk());
  };
  store(0);
  std::atomic<bool> done = false;
  std::atomic<int> answered = 0;
  std::thread reader([&] {
    while (!done || answered == 0) {
      const absl::StatusOr<std::vector<FuzzyMatch>> matches = [&] {
        FuzzyQuery query = Ask("one long document 0", Language::kEnglish, 90);
        query.limit = 1000;
        return index_->Lookup("demo", query);
      }();
      ASSERT_THAT(matches, IsOk());
      std::set<std::string> versions;
      for (const FuzzyMatch& match : *matches) {
        versions.insert(match.unit.source.text);
      }
      ASSERT_THAT(*matches, SizeIs(kUnits));
      ASSERT_THAT(versions, SizeIs(1));
      ++answered;
    }
  });
  for (int version = 1; version < 10; ++version) store(version);
  done = true;
  reader.join();
  EXPECT_GT(answered, 0);
}

TEST_F(LookupIndexTest, BuildReadsEveryProjectThereIs) {
  Put(MakeUnit("one", "一"));
  ASSERT_THAT(
      memory_->ImportDocument("empty", MakeDocument("talk", "h"), {}, 1),
      IsOk());
  const auto anew = LookupIndex::Build(*memory_);
  ASSERT_THAT(anew, IsOk());
  EXPECT_THAT((*anew)->Lookup("demo", Ask("one")).value(), SizeIs(1));
  EXPECT_THAT((*anew)->Lookup("empty", Ask("one")).value(), IsEmpty());
  EXPECT_EQ((*anew)->position(), memory_->last_position());
}

}  // namespace
}  // namespace duilian::storage
