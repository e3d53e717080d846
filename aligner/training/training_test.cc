#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aligner/align.h"
#include "aligner/training/base_trainer.h"
#include "aligner/training/bead_trainer.h"
#include "aligner/training/calibration.h"
#include "aligner/training/gold.h"
#include "aligner/training/held_out.h"
#include "aligner/training/provenance.h"
#include "aligner/training/quote_trainer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_file.h"

namespace duilian::aligner::training {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;

// Sentences of a toy language pair: subject, verb, object, place.
struct Words {
  const char* chinese;
  const char* english;
};
constexpr Words kSubjects[] = {{"老师", "the teacher"}, {"学生", "the student"},
                               {"医生", "the doctor"},  {"农民", "the farmer"},
                               {"司机", "the driver"},  {"作家", "the writer"}};
constexpr Words kVerbs[] = {{"买了", "bought"},
                            {"看见了", "saw"},
                            {"忘了", "forgot"},
                            {"画了", "painted"},
                            {"修好了", "repaired"}};
constexpr Words kObjects[] = {{"自行车", "a bicycle"},  {"苹果", "an apple"},
                              {"地图", "a map"},        {"窗户", "a window"},
                              {"小船", "a small boat"}, {"钢琴", "a piano"}};
constexpr Words kPlaces[] = {{"在城里", "in the city"},
                             {"在河边", "by the river"},
                             {"在山上", "on the mountain"},
                             {"在学校", "at school"}};

std::string RandomLine(std::mt19937& random, bool with_tab) {
  const auto draw = [&](const auto& words) -> const Words& {
    return words[random() % std::size(words)];
  };
  const Words &s = draw(kSubjects), &v = draw(kVerbs), &o = draw(kObjects),
              &p = draw(kPlaces);
  const std::string zh =
      absl::StrCat(s.chinese, p.chinese, v.chinese, o.chinese, "。");
  const std::string en = absl::StrCat(s.english, " ", v.english, " ", o.english,
                                      " ", p.english, ".");
  return with_tab ? absl::StrCat(zh, "\t", en) : zh;
}

std::string Write(const std::string& name, const std::string& text) {
  const std::string path = testing_support::TestFile(name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

BaseOptions ToyOptions() {
  std::mt19937 random(5);
  std::string corpus;
  for (int line = 0; line < 600; ++line) {
    absl::StrAppend(&corpus, RandomLine(random, true), "\n");
  }
  Write("toy.tsv", corpus);
  BaseOptions options;
  options.sources = Write("sources.tsv",
                          "file\tweight\tordered\tlicence\torigin\n"
                          "toy.tsv\t1\tyes\tCC0\tmade by the test\n");
  options.folder = testing_support::TestFolder();
  options.vocabulary = 420;
  options.dim = 32;
  options.epochs = 6;
  return options;
}

TEST(TrainingTest, ASmallCorpusGivesAPackThatFindsTranslations) {
  const auto pack = TrainBase(ToyOptions());
  ASSERT_THAT(pack, IsOk());
  const std::string held_out = Write(
      "held_out.tsv",
      "老师在河边看见了小船。\tthe teacher saw a small boat by the river.\n"
      "医生在城里买了钢琴。\tthe doctor bought a piano in the city.\n"
      "农民在山上忘了地图。\tthe farmer forgot a map on the mountain.\n"
      "作家在学校画了苹果。\tthe writer painted an apple at school.\n");
  const auto retrieval = MeasureRetrieval(*pack, held_out);
  ASSERT_THAT(retrieval, IsOk());
  EXPECT_EQ(retrieval->own_nearest, 1.0);
  EXPECT_EQ(retrieval->pairs, 4);
  EXPECT_GT(pack->chinese_lexicon.ids.size(), 20u);
  EXPECT_THAT(pack->meta, HasSubstr("made by the test"));
}

TEST(TrainingTest, TheSameCorpusAndSeedGiveTheSameBytes) {
  const auto first = TrainBase(ToyOptions());
  const auto second = TrainBase(ToyOptions());
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(SerializePack(*first), SerializePack(*second));
  BaseOptions other = ToyOptions();
  other.seed = 2;
  const auto third = TrainBase(other);
  ASSERT_THAT(third, IsOk());
  EXPECT_NE(SerializePack(*first), SerializePack(*third));
}

TEST(TrainingTest, AListOfSourcesSaysWhichLineIsWrong) {
  BaseOptions options = ToyOptions();
  options.sources = Write("bad.tsv",
                          "file\tweight\tordered\tlicence\torigin\n"
                          "toy.tsv\tmuch\tyes\tCC0\tx\n");
  EXPECT_THAT(TrainBase(options), StatusIs(absl::StatusCode::kInvalidArgument,
                                           HasSubstr("line 2")));
  options.sources = Write("absent.tsv",
                          "file\tweight\tordered\tlicence\torigin\n"
                          "absent.gz\t1\tyes\tCC0\tx\n");
  EXPECT_THAT(TrainBase(options),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("absent.gz")));
}

TEST(GoldTest, CountsInVecalignsConvention) {
  const std::vector<GoldBead> gold = {
      {{0}, {0}}, {{1, 2}, {1}}, {{3}, {}}, {{4}, {2}}};
  const std::vector<GoldBead> system = {
      {{0}, {0}}, {{1}, {1}}, {{2}, {}}, {{3}, {2}}, {{4}, {}}};
  const AlignmentScore score = Score(gold, system);
  EXPECT_EQ(score.gold, 3);
  EXPECT_EQ(score.system, 3);
  EXPECT_EQ(score.strict, 1);
  EXPECT_EQ(score.lax_system, 2);
  EXPECT_EQ(score.lax_gold, 2);
  EXPECT_NEAR(score.StrictF1(), 1.0 / 3, 1e-12);
}

TEST(GoldTest, ALadderSaysWhichLineIsWrong) {
  const auto beads =
      ReadLadder(Write("good.align", "[3, 4]:[5]:0.97\n[]:[6]\n"));
  ASSERT_THAT(beads, IsOk());
  EXPECT_THAT(*beads, ElementsAre(GoldBead{{3, 4}, {5}}, GoldBead{{}, {6}}));
  EXPECT_THAT(
      ReadLadder(Write("bad.align", "[1]:[2]\n[1:2\n")),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("line 2")));
}

TEST(GoldTest, TheChecksumIsOfAllThreeFiles) {
  const auto crc_of = [](const char* zh, const char* en, const char* ladder) {
    const auto gold =
        ReadGold({"toy", Write("crc_zh.txt", zh), Write("crc_en.txt", en),
                  Write("crc.align", ladder)});
    EXPECT_THAT(gold, IsOk());
    return gold.ok() ? gold->crc32 : 0;
  };
  const uint32_t crc = crc_of("好。\n", "Good.\n", "[0]:[0]\n");
  EXPECT_EQ(crc, crc_of("好。\n", "Good.\n", "[0]:[0]\n"));
  EXPECT_NE(crc, crc_of("好！\n", "Good.\n", "[0]:[0]\n"));
  EXPECT_NE(crc, crc_of("好。\n", "Good!\n", "[0]:[0]\n"));
  EXPECT_NE(crc, crc_of("好。\n", "Good.\n", "[0]:[0]:1\n"));
}

TEST(CalibrationTest, IsTheDistanceOfConfidenceAndShareRight) {
  Calibration calibration;
  EXPECT_EQ(calibration.Error(), 0);
  for (int k = 0; k < 4; ++k) calibration.Add(0.75, k > 0);
  EXPECT_NEAR(calibration.Error(), 0, 1e-12);
  Calibration sure;
  for (int k = 0; k < 4; ++k) sure.Add(1, k > 0);
  EXPECT_NEAR(sure.Error(), 0.25, 1e-12);
  calibration.Add(sure);
  EXPECT_NEAR(calibration.Error(), 0.125, 1e-12);
}

TEST(CalibrationTest, TheSurestAreMoreOftenRight) {
  Calibration calibration;
  EXPECT_EQ(calibration.PrecisionAt(0.8), 0);
  for (const double confidence : {0.4, 0.9, 0.8, 0.7, 0.6}) {
    calibration.Add(confidence, confidence > 0.65);
  }
  EXPECT_NEAR(calibration.PrecisionAt(1), 0.6, 1e-12);
  EXPECT_NEAR(calibration.PrecisionAt(0.8), 0.75, 1e-12);
  EXPECT_NEAR(calibration.PrecisionAt(0.6), 1, 1e-12);
  // As good as nine more of the surest.
  calibration.Add(0.95, true, /*weight=*/9);
  EXPECT_NEAR(calibration.PrecisionAt(1), 12.0 / 14, 1e-12);
}

TEST(ProvenanceTest, RetrievalIsWrittenWithoutItsFolder) {
  const auto meta =
      WithRetrieval(R"({"name": "toy", "sources": [1]})",
                    {{"/some/where/flores.tsv", 997, 0xab, 0.96493}});
  ASSERT_THAT(meta, IsOk());
  EXPECT_THAT(
      *meta,
      AllOf(HasSubstr(R"("name": "toy")"), HasSubstr(R"("sources")"),
            HasSubstr(R"("file": "flores.tsv")"), HasSubstr(R"("pairs": 997)"),
            HasSubstr(R"("crc32": "000000ab")"),
            HasSubstr(R"("own_nearest": 0.9649)"), Not(HasSubstr("where"))));
}

// Two documents, of which the second has one of two beads right.
std::vector<AlignmentQuality> TwoQualities() {
  AlignmentQuality first, second;
  first.score = {2, 2, 2, 2, 2};
  second.score = {2, 2, 1, 2, 2};
  for (int k = 0; k < 4; ++k) second.pairs.Add(0.95, k > 0);
  return {first, second};
}

TEST(ProvenanceTest, TheGoldStandsWithItsScores) {
  GoldDocument one, two;
  one.name = "/gold/001.align";
  one.crc32 = 1;
  one.beads.resize(3);
  two.name = "002.align";
  const auto meta = WithGold("{}", {&one, &two}, TwoQualities());
  ASSERT_THAT(meta, IsOk());
  EXPECT_THAT(
      *meta,
      AllOf(HasSubstr(R"("ladder": "001.align")"), HasSubstr(R"("beads": 3)"),
            HasSubstr(R"("crc32": "00000001")"),
            HasSubstr(R"("strict_f1": 0.75)"), HasSubstr(R"("lax_f1": 1.0)"),
            HasSubstr(R"("calibration_error": 0.2)"),
            HasSubstr(R"("ladder": "002.align")"),
            HasSubstr(R"("strict_f1": 0.5)")));
}

TEST(ProvenanceTest, ScoresOfOtherWeightsDoNotStay) {
  GoldDocument one, two;
  auto meta = WithRetrieval("{}", {{"f.tsv", 1, 0, 1.0}});
  ASSERT_THAT(meta, IsOk());
  meta = WithGold(*meta, {&one, &two}, TwoQualities());
  ASSERT_THAT(meta, IsOk());
  EXPECT_THAT(*meta, HasSubstr("strict_f1"));
  meta = WithGold(*meta, {&one}, {});
  ASSERT_THAT(meta, IsOk());
  EXPECT_THAT(*meta, AllOf(Not(HasSubstr("strict_f1")), HasSubstr("f.tsv"),
                           HasSubstr("\"gold\"")));
}

TEST(ProvenanceTest, RefusesWhatIsNoObject) {
  for (const char* meta : {"", "{", "[1]", R"({"scores": 1})"}) {
    SCOPED_TRACE(meta);
    EXPECT_THAT(
        WithRetrieval(meta, {}),
        StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is no JSON object")));
    EXPECT_THAT(
        WithGold(meta, {}, {}),
        StatusIs(absl::StatusCode::kDataLoss, HasSubstr("duilian-train base")));
  }
}

absl::StatusOr<GoldDocument> ToyGold() {
  const std::string zh =
      Write("zh.txt", "你好吗?\n我很好,谢谢。\n今天下雨了。\n我们走吧。\n");
  const std::string en = Write("en.txt",
                               "How are you?\nI am fine.\nThank you.\nIt rains "
                               "today.\nYeah.\nLet us go.\n");
  return ReadGold(
      {"toy", zh, en,
       Write("toy.align", "[0]:[0]\n[1]:[1,2]\n[2]:[3]\n[]:[4]\n[3]:[5]\n")});
}

// The gradient must be the slope of the likelihood, or the fit is nonsense.
TEST(BeadTrainerTest, GradientIsTheSlopeOfTheLikelihood) {
  const auto model = Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  const auto gold = ToyGold();
  ASSERT_THAT(gold, IsOk());
  FittingDocument document(**model, *gold);
  std::vector<double> weights(kBeadFeatures, 0.1), gradient(kBeadFeatures, 0.0),
      unused(kBeadFeatures, 0.0);
  document.LogLikelihood(weights, gradient);
  for (const int f :
       {static_cast<int>(kCosine), static_cast<int>(kCoverChinese),
        static_cast<int>(kLengthRatio), 0, 1, 2, 3}) {
    SCOPED_TRACE(f);
    const size_t at = static_cast<size_t>(f);
    std::vector<double> moved = weights;
    moved[at] += 0.01;
    const double up = document.LogLikelihood(moved, unused);
    moved[at] -= 0.02;
    const double down = document.LogLikelihood(moved, unused);
    EXPECT_NEAR((up - down) / 0.02, gradient[at], 0.02);
  }
}

// It is concave, so that the leak's weight can be found by halving.
TEST(BeadTrainerTest, TheSlopeOfTheLeakFalls) {
  const auto model = Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  const auto gold = ToyGold();
  ASSERT_THAT(gold, IsOk());
  FittingDocument document(**model, *gold);
  document.LinkClauses(std::vector<double>(kBeadFeatures, 0.1));
  double before = document.LeakSlope(-4);
  for (const double weight : {-2.0, -1.0, -0.5, 0.0, 1.0}) {
    const double slope = document.LeakSlope(weight);
    EXPECT_LT(slope, before);
    before = slope;
  }
}

TEST(BeadTrainerTest, FitsTheLeakBesideTheFeatures) {
  const auto model = Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  const auto gold = ToyGold();
  ASSERT_THAT(gold, IsOk());
  FittingDocument document(**model, *gold);
  BeadOptions options;
  options.rounds = 20;
  FittingDocument* const documents[] = {&document};
  const std::vector<double> all = FitAllBeadWeights(documents, options);
  ASSERT_EQ(all.size(), kBeadWeights);
  const std::vector<double> first = FitBeadWeights(documents, options);
  for (size_t f = 0; f < kBeadFeatures; ++f) EXPECT_EQ(all[f], first[f]);
  EXPECT_LE(all[kLeakWeight], 0);
  // At the best weight the likelihood is level.
  if (all[kLeakWeight] > -3.9 && all[kLeakWeight] < -0.1) {
    EXPECT_NEAR(document.LeakSlope(all[kLeakWeight]), 0, 0.01);
  }
}

TEST(HeldOutTest, EachDocumentIsAlignedByWeightsOfTheOthers) {
  const auto model = Model::Load(DUILIAN_MODEL_PACK);
  ASSERT_THAT(model, IsOk());
  const auto gold = ToyGold();
  ASSERT_THAT(gold, IsOk());
  // A gold that pairs what does not belong together, to be learnt from.
  GoldDocument wrong = *gold;
  wrong.beads = {{{0}, {}}, {{1}, {}}, {{2}, {}}, {{3}, {}}, {{}, {0}},
                 {{}, {1}}, {{}, {2}}, {{}, {3}}, {{}, {4}}, {{}, {5}}};
  FittingDocument document(**model, *gold), other(**model, *gold),
      misleading(**model, wrong);
  BeadOptions options;
  options.rounds = 40;
  const auto good = MeasureHeldOut(**model, {&document, &other}, options);
  ASSERT_THAT(good, IsOk());
  ASSERT_THAT(*good, SizeIs(2));
  EXPECT_EQ((*good)[0].score.gold, 4);
  EXPECT_EQ((*good)[0].score.StrictF1(), 1.0);
  EXPECT_GT((*good)[0].pairs.Error(), 0);
  // The same texts, but other weights: each has those of the other's gold.
  const auto misled =
      MeasureHeldOut(**model, {&document, &misleading}, options);
  ASSERT_THAT(misled, IsOk());
  EXPECT_EQ((*misled)[0].score.system, 0);
  EXPECT_EQ((*misled)[1].score.system, 4);
  const auto alone = MeasureHeldOut(**model, {&document}, options);
  ASSERT_THAT(alone, IsOk());
  EXPECT_THAT(*alone, IsEmpty());
}

TEST(QuoteTrainerTest, TheLongerPartIsCutAtTheCommaNearTheMiddle) {
  EXPECT_EQ(LongerPart("Well, the ferry was late, so we walked."),
            "Well, the ferry was late");
  EXPECT_EQ(LongerPart("渡船晚了，所以我们走路回家。"), "所以我们走路回家。");
  EXPECT_EQ(LongerPart("Nothing to cut here."), "");
}

// A quote's runs of which the second is the place, told by `evidence`.
QuoteExample ExampleOf(float evidence) {
  QuoteExample example;
  for (int k = 0; k < 6; ++k) {
    QuoteRun run = {{k, k + 1}, {}, 0};
    run.features[2] = 1;  // one to one
    run.features[kQuoteCovered] = k == 0 ? evidence : 0.2F;
    example.runs.push_back(run);
  }
  example.overlapping = 1;
  return example;
}

TEST(QuoteTrainerTest, WeighsWhatTellsThePlace) {
  QuoteExamples examples;
  for (int k = 0; k < 40; ++k) {
    examples.in_english.push_back(
        ExampleOf(1.0F + 0.01F * static_cast<float>(k)));
    examples.in_chinese.push_back(ExampleOf(1.0F));
  }
  const std::vector<double> fitted = FitQuoteWeights({&examples}, {});
  ASSERT_EQ(fitted.size(), kQuoteWeights);
  const std::vector<float> weights(fitted.begin(), fitted.end());
  const QuoteExample example = ExampleOf(1);
  for (const bool text_is_chinese : {false, true}) {
    SCOPED_TRACE(text_is_chinese ? "in Chinese" : "in English");
    const auto choice =
        WeightsOf(weights, text_is_chinese, QuoteModel::kChoice);
    EXPECT_GT(choice[kQuoteCovered], 0.3F);
    // Marks are no evidence of a quote.
    EXPECT_EQ(choice[kOpensQuoteBoth], 0);
    const auto place = WeightsOf(weights, text_is_chinese, QuoteModel::kPlace);
    const auto log_odds = [&](const QuoteRun& run, float margin) {
      return place[2] + place[kQuoteCovered] * run.features[kQuoteCovered] +
             place[kFitMargin] * margin;
    };
    const float margin = choice[kQuoteCovered] * 0.8F;
    EXPECT_GT(log_odds(example.runs[0], margin), 0);
    EXPECT_LT(log_odds(example.runs[1], -margin), 0);
    // The best of what is left without the place.
    EXPECT_LT(log_odds(example.runs[1], 0), 0);
  }
}

}  // namespace
}  // namespace duilian::aligner::training
