// The parts of an import that need no server: the assembler of documents and
// the units that beads become.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/bead_units.h"
#include "service/incoming_document.h"
#include "service/limits.h"
#include "tests/support/status_matchers.h"

namespace duilian::service {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::IsOk;
using testing_support::StatusIs;

v1::ImportDocumentsRequest Header(const std::string& name) {
  v1::ImportDocumentsRequest part;
  part.mutable_header()->set_name(name);
  return part;
}

v1::ImportDocumentsRequest Source(const std::string& bytes) {
  v1::ImportDocumentsRequest part;
  part.set_source_chunk(bytes);
  return part;
}

v1::ImportDocumentsRequest Target(const std::string& bytes) {
  v1::ImportDocumentsRequest part;
  part.set_target_chunk(bytes);
  return part;
}

v1::ImportDocumentsRequest Finish(bool finish = true) {
  v1::ImportDocumentsRequest part;
  part.set_finish(finish);
  return part;
}

class AssemblerTest : public testing::Test {
 protected:
  // Adds a document and takes it.
  IncomingDocument Assemble(
      const std::vector<v1::ImportDocumentsRequest>& parts) {
    for (const v1::ImportDocumentsRequest& part : parts) {
      EXPECT_THAT(assembler_.Add(part), IsOk());
    }
    EXPECT_TRUE(assembler_.complete());
    return assembler_.Take();
  }

  ByteBudget budget_{kMaxBufferedImportBytes};
  DocumentAssembler assembler_{budget_};
};

TEST_F(AssemblerTest, JoinsChunksThatCutACharacter) {
  const std::string text = "对联";
  const IncomingDocument document = Assemble(
      {Header("projects/p/documents/d"), Target(text.substr(0, 4)),
       Source("A couplet"), Target(text.substr(4)), Source("."), Finish()});
  EXPECT_THAT(document.refusal, IsOk());
  EXPECT_EQ(document.name, (DocumentName{"p", "d"}));
  EXPECT_EQ(document.source, "A couplet.");
  EXPECT_EQ(document.target, text);
  EXPECT_TRUE(assembler_.idle());
}

TEST_F(AssemblerTest, APartOutOfOrderIsTheStreamsFault) {
  const struct {
    const char* name;
    std::vector<v1::ImportDocumentsRequest> parts;
    const char* message;
  } cases[] = {
      {"chunk first", {Source("a")}, "came before any header"},
      {"finish first", {Finish()}, "came before any header"},
      {"header twice",
       {Header("projects/p/documents/d"), Header("projects/p/documents/e")},
       "a header came inside of projects/p/documents/d"},
      {"finish false",
       {Header("projects/p/documents/d"), Finish(false)},
       "finish: false came"},
      {"nothing",
       {Header("projects/p/documents/d"), v1::ImportDocumentsRequest()},
       "a message without a part"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    DocumentAssembler assembler(budget_);
    for (size_t i = 0; i + 1 < c.parts.size(); ++i) {
      ASSERT_THAT(assembler.Add(c.parts[i]), IsOk());
    }
    EXPECT_THAT(
        assembler.Add(c.parts.back()),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message)));
  }
}

TEST_F(AssemblerTest, ABadHeaderRefusesTheDocumentAndNotTheNextOne) {
  const IncomingDocument refused =
      Assemble({Header("documents/d"), Source("a"), Finish()});
  EXPECT_THAT(refused.refusal, StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr("header.name")));
  EXPECT_EQ(refused.full_name, "documents/d");
  v1::ImportDocumentsRequest titled = Header("projects/p/documents/d");
  titled.mutable_header()->set_title(std::string(201, 't'));
  EXPECT_THAT(Assemble({titled, Finish()}).refusal,
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("header.title: 201 code points")));
  EXPECT_THAT(Assemble({Header("projects/p/documents/d"), Finish()}).refusal,
              IsOk());
}

TEST_F(AssemblerTest, AnOversizedChunkRefusesTheDocumentAndForgetsItsText) {
  const IncomingDocument document =
      Assemble({Header("projects/p/documents/d"), Source("first"),
                Source(std::string(kMaxChunkBytes + 1, 'a')), Source("later"),
                Finish()});
  EXPECT_THAT(document.refusal,
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("source_chunk: 1,048,577 bytes given, up to "
                                 "1,048,576 accepted")));
  EXPECT_THAT(document.source, IsEmpty());
}

TEST_F(AssemblerTest, ASideOverItsLimitRefusesTheDocument) {
  std::vector<v1::ImportDocumentsRequest> parts = {
      Header("projects/p/documents/d")};
  for (size_t i = 0; i <= kMaxSideBytes / kMaxChunkBytes; ++i) {
    parts.push_back(Target(std::string(kMaxChunkBytes, 'a')));
  }
  parts.push_back(Finish());
  EXPECT_THAT(Assemble(parts).refusal,
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("target: more than 67,108,864 bytes")));
}

TEST_F(AssemblerTest, DocumentsTogetherKeepToTheBudgetAndGiveItBack) {
  ByteBudget small(10);
  DocumentAssembler first(small), second(small);
  ASSERT_THAT(first.Add(Header("projects/p/documents/d")), IsOk());
  ASSERT_THAT(first.Add(Source("12345678")), IsOk());
  ASSERT_THAT(second.Add(Header("projects/p/documents/e")), IsOk());
  ASSERT_THAT(second.Add(Source("123")), IsOk());
  ASSERT_THAT(second.Add(Finish()), IsOk());
  EXPECT_THAT(second.Take().refusal,
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("the server is busy")));
  ASSERT_THAT(first.Add(Finish()), IsOk());
  { const IncomingDocument done = first.Take(); }
  EXPECT_TRUE(small.Take(10));
}

aligner::Transcript Lines(text::Language language,
                          const std::vector<std::string>& lines) {
  aligner::Transcript transcript;
  transcript.language = language;
  size_t begin = 0;
  for (const std::string& line : lines) {
    aligner::Segment segment;
    segment.text = line;
    segment.span = {begin, begin + line.size()};
    segment.line = static_cast<int>(transcript.segments.size()) + 1;
    segment.speaker = "S";
    segment.timestamp_seconds = 73;
    transcript.segments.push_back(segment);
    begin += line.size() + 1;
  }
  return transcript;
}

const UnitStamp kStamp = {"talk", storage::Origin::kAligned, "m1", 123};

TEST(BeadUnitsTest, ABeadWithBothSidesBecomesAUnit) {
  const aligner::Transcript source =
      Lines(text::Language::kEnglish, {"One.", "Two.", "Three.", "Four."});
  const aligner::Transcript target =
      Lines(text::Language::kChinese, {"一。", "二和三。", "五。"});
  WarningList warnings;
  const std::vector<storage::TranslationUnit> units =
      UnitsFromBeads(source, target,
                     {{{0, 1}, {0, 1}, 0.5},
                      {{1, 3}, {1, 2}, 0.9},
                      {{3, 4}, {2, 2}, 0.8},
                      {{4, 4}, {2, 3}, 0.8}},
                     kStamp, warnings);
  ASSERT_THAT(units, SizeIs(2));
  const storage::TranslationUnit& unit = units[1];
  EXPECT_EQ(unit.source.text, "Two. Three.");
  EXPECT_EQ(unit.target.text, "二和三。");
  EXPECT_THAT(unit.source.spans, ElementsAre(storage::SegmentSpan{1, 5, 9},
                                             storage::SegmentSpan{2, 10, 16}));
  EXPECT_EQ(unit.source.previous_text, "One.");
  EXPECT_EQ(unit.source.next_text, "Four.");
  EXPECT_EQ(unit.target.next_text, "五。");
  EXPECT_EQ(units[0].source.previous_text, "");
  EXPECT_EQ(unit.source.speaker, "S");
  EXPECT_EQ(unit.source.timestamp_ms, 73'000);
  EXPECT_EQ(unit.confidence, 0.9);
  EXPECT_EQ(unit.document, "talk");
  EXPECT_EQ(unit.model_version, "m1");
  EXPECT_EQ(unit.create_time_us, 123);
}

TEST(BeadUnitsTest, PrintsTellSegmentsApartByTheirTexts) {
  const std::vector<storage::SegmentPrint> prints =
      PrintsOf(Lines(text::Language::kEnglish, {"One.", "", "One.", "Two."}));
  ASSERT_THAT(prints, SizeIs(4));
  // FNV-1a of "One.", as it stands on disk.
  EXPECT_EQ(prints[0], (storage::SegmentPrint{0, 4, 0x31a38ac06c4ba313}));
  EXPECT_EQ(prints[1].fingerprint, 0xcbf29ce484222325);
  EXPECT_EQ(prints[2], (storage::SegmentPrint{6, 10, prints[0].fingerprint}));
  EXPECT_NE(prints[3].fingerprint, prints[0].fingerprint);
}

TEST(BeadUnitsTest, AsidesAreRunsOfOneKind) {
  aligner::Transcript side = Lines(text::Language::kEnglish,
                                   {"Menu", "Links", "Part 1", "One.", "", ""});
  side.segments[0].kind = aligner::SegmentKind::kFrontMatter;
  side.segments[1].kind = aligner::SegmentKind::kFrontMatter;
  side.segments[2].kind = aligner::SegmentKind::kHeading;
  EXPECT_THAT(
      AsidesOf(side),
      ElementsAre(storage::Aside{0, 2, storage::AsideKind::kFrontMatter},
                  storage::Aside{2, 3, storage::AsideKind::kHeading},
                  storage::Aside{4, 6, storage::AsideKind::kEmpty}));
  EXPECT_THAT(AsidesOf(Lines(text::Language::kEnglish, {"One."})), IsEmpty());
}

TEST(BeadUnitsTest, ASideTooLongForAPairIsLeftOutWithAWarning) {
  std::string endless;
  for (size_t i = 0; i <= kMaxSideCodepoints; ++i) endless += "啊";
  const aligner::Transcript source =
      Lines(text::Language::kEnglish, {"Fine.", "Ah."});
  const aligner::Transcript target =
      Lines(text::Language::kChinese, {"好。", endless});
  WarningList warnings;
  EXPECT_THAT(
      UnitsFromBeads(source, target, {{{0, 1}, {0, 1}, 1}, {{1, 2}, {1, 2}, 1}},
                     kStamp, warnings),
      SizeIs(1));
  const std::vector<v1::ImportWarning> list = std::move(warnings).Finish();
  ASSERT_THAT(list, SizeIs(1));
  EXPECT_EQ(list[0].side(), "target");
  EXPECT_EQ(list[0].line(), 2);
  EXPECT_THAT(list[0].message(), AllOf(HasSubstr("20,001 code points"),
                                       HasSubstr("break the text up")));
}

TEST(BeadUnitsTest, AlignedLinesArePairedByNumber) {
  const aligner::Transcript source =
      Lines(text::Language::kEnglish, {"One.", "", "Three."});
  const aligner::Transcript target =
      Lines(text::Language::kChinese, {"一。", "", "三。"});
  const auto beads = BeadsOfAlignedLines(source, target);
  ASSERT_THAT(beads, IsOk());
  WarningList warnings;
  EXPECT_THAT(UnitsFromBeads(source, target, *beads, kStamp, warnings),
              SizeIs(2));
  const aligner::Transcript shorter = Lines(text::Language::kChinese, {"一。"});
  EXPECT_THAT(BeadsOfAlignedLines(source, shorter),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("3 source lines and 1 target lines given")));
}

TEST(WarningListTest, CountsWhatIsOverTheLimitInItsLastLine) {
  WarningList warnings;
  warnings.AddRead("source", {"line 12: a speaker without a word", "no line",
                              "lines 3-9: a menu"});
  for (int i = 0; i < 200; ++i) warnings.Add("target", i, "again");
  const std::vector<v1::ImportWarning> list = std::move(warnings).Finish();
  ASSERT_THAT(list, SizeIs(kMaxWarnings));
  EXPECT_EQ(list[0].line(), 12);
  EXPECT_EQ(list[0].message(), "a speaker without a word");
  EXPECT_EQ(list[1].line(), 0);
  EXPECT_EQ(list[1].message(), "no line");
  EXPECT_EQ(list[2].line(), 3);
  EXPECT_EQ(list[2].message(), "lines 3-9: a menu");
  EXPECT_EQ(list.back().message(), "and 104 more warnings");
}

}  // namespace
}  // namespace duilian::service
