#include "storage/codec.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/record_io.h"
#include "storage/sample_units.h"
#include "tests/support/status_matchers.h"

namespace duilian::storage {
namespace {

using duilian::testing_support::IsOk;
using duilian::testing_support::StatusIs;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Revision RandomRevision(Random& random) {
  Revision revision;
  revision.unit = RandomUnit(random);
  revision.deleted = Below(2, random) == 0;
  revision.action = static_cast<Action>(1 + Below(10, random));
  revision.reviewer = RandomBytes(6, random);
  revision.time_us = static_cast<int64_t>(random());
  return revision;
}

// One record of each kind, and how it is read.
struct Kind {
  const char* name;
  std::string record;
  std::function<absl::Status(absl::string_view)> decode;
};

Document DocumentWithPrints() {
  Document document = MakeDocument("talk", "hash");
  document.source_prints = {{3, 10, 5}, {12, 40, 70'000}};
  document.target_asides = {{0, 2, AsideKind::kFrontMatter}};
  return document;
}

PreferredRendering MakePreferred() {
  return {"AGI", "通用人工智能", {"AGI", ""}, "mei", -5, 1'000'000};
}

std::vector<Kind> AllKinds(Random& random) {
  return {
      {"format", EncodeFormat(3),
       [](auto bytes) { return DecodeFormat(bytes).status(); }},
      {"project", EncodeProject({77, {"", 3, 70, 5, 6}}),
       [](auto bytes) { return DecodeProject(bytes).status(); }},
      {"unit", EncodeUnit(RandomUnit(random)),
       [](auto bytes) { return DecodeUnit(bytes).status(); }},
      {"document", EncodeDocument(DocumentWithPrints()),
       [](auto bytes) { return DecodeDocument(bytes).status(); }},
      {"revision", EncodeRevision(RandomRevision(random)),
       [](auto bytes) { return DecodeRevision(bytes).status(); }},
      {"change", EncodeChange({"demo", {1, 300, 1u << 30}}),
       [](auto bytes) { return DecodeChange(bytes).status(); }},
      {"request", EncodeRequest(123'456),
       [](auto bytes) { return DecodeRequest(bytes).status(); }},
      {"look-up settings",
       EncodeLookupSettings({{5, 6, 7, 8, 9, 10, 300, 11}, 700}),
       [](auto bytes) { return DecodeLookupSettings(bytes).status(); }},
      {"preferred rendering", EncodePreferredRendering(MakePreferred()),
       [](auto bytes) { return DecodePreferredRendering(bytes).status(); }},
  };
}

TEST(CodecTest, AUnitComesBackAsItWas) {
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE(round);
    const TranslationUnit unit = RandomUnit(random);
    const absl::StatusOr<TranslationUnit> back = DecodeUnit(EncodeUnit(unit));
    ASSERT_THAT(back, IsOk());
    ASSERT_EQ(*back, unit);
  }
}

TEST(CodecTest, ARevisionComesBackAsItWas) {
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(round);
    const Revision revision = RandomRevision(random);
    const absl::StatusOr<Revision> back =
        DecodeRevision(EncodeRevision(revision));
    ASSERT_THAT(back, IsOk());
    EXPECT_EQ(back->unit, revision.unit);
    EXPECT_EQ(back->deleted, revision.deleted);
    EXPECT_EQ(back->action, revision.action);
    EXPECT_EQ(back->reviewer, revision.reviewer);
    EXPECT_EQ(back->time_us, revision.time_us);
  }
}

TEST(CodecTest, TheSmallRecordsComeBackAsTheyWere) {
  const absl::StatusOr<ProjectRow> project =
      DecodeProject(EncodeProject({77, {"", 3, 70, 5, 6}}));
  ASSERT_THAT(project, IsOk());
  EXPECT_EQ(project->next_id, 77u);
  EXPECT_EQ(project->counts.documents, 3);
  EXPECT_EQ(project->counts.units, 70);
  EXPECT_EQ(project->counts.accepted, 5);
  EXPECT_EQ(project->counts.rejected, 6);

  Document written = MakeDocument("talk", "hash");
  written.source_prints = {{3, 10, 5}, {12, 40, ~uint64_t{0}}};
  written.target_prints = {{0, 0, 0}};
  written.source_asides = {{0, 32, AsideKind::kFrontMatter},
                           {32, 33, AsideKind::kHeading}};
  written.target_asides = {{1, 2, AsideKind::kEmpty}};
  written.units = 9;
  written.create_time_us = -4;
  const absl::StatusOr<Document> document =
      DecodeDocument(EncodeDocument(written));
  ASSERT_THAT(document, IsOk());
  EXPECT_EQ(document->id, "talk");
  EXPECT_EQ(document->title, "Talk talk");
  EXPECT_EQ(document->content_hash, "hash");
  EXPECT_EQ(document->source_segments, 3);
  EXPECT_EQ(document->target_segments, 2);
  EXPECT_EQ(document->units, 9);
  EXPECT_EQ(document->model_version, "zh-en-1");
  EXPECT_EQ(document->create_time_us, -4);
  EXPECT_EQ(document->source_prints, written.source_prints);
  EXPECT_EQ(document->target_prints, written.target_prints);
  EXPECT_EQ(document->source_asides, written.source_asides);
  EXPECT_EQ(document->target_asides, written.target_asides);

  const LookupSettings settings = {{5, 6, 7, 8, 9, 10, 300, 11}, 700};
  const absl::StatusOr<LookupSettings> read_settings =
      DecodeLookupSettings(EncodeLookupSettings(settings));
  ASSERT_THAT(read_settings, IsOk());
  EXPECT_EQ(*read_settings, settings);

  const absl::StatusOr<ChangeRow> change =
      DecodeChange(EncodeChange({"demo", {5, 1, 300}}));
  ASSERT_THAT(change, IsOk());
  EXPECT_EQ(change->project, "demo");
  EXPECT_THAT(change->units, ElementsAre(5u, 1u, 300u));
  EXPECT_EQ(DecodeRequest(EncodeRequest(9)).value(), 9u);
  EXPECT_EQ(DecodePreferredRendering(EncodePreferredRendering(MakePreferred()))
                .value(),
            MakePreferred());
  EXPECT_EQ(DecodeFormat(EncodeFormat(4)).value(), 4u);
}

TEST(CodecTest, EveryTruncationIsFound) {
  Random random(3);
  for (const Kind& kind : AllKinds(random)) {
    SCOPED_TRACE(kind.name);
    ASSERT_THAT(kind.decode(kind.record), IsOk());
    for (size_t size = 0; size < kind.record.size(); ++size) {
      SCOPED_TRACE(size);
      ASSERT_THAT(kind.decode(absl::string_view(kind.record).substr(0, size)),
                  StatusIs(absl::StatusCode::kDataLoss,
                           AllOf(HasSubstr(kind.name), HasSubstr("backup"))));
    }
  }
}

TEST(CodecTest, EveryChangedByteIsFound) {
  Random random(4);
  for (const Kind& kind : AllKinds(random)) {
    SCOPED_TRACE(kind.name);
    for (size_t place = 0; place < kind.record.size(); ++place) {
      for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        std::string damaged = kind.record;
        damaged[place] = static_cast<char>(damaged[place] ^ flip);
        ASSERT_THAT(kind.decode(damaged),
                    StatusIs(absl::StatusCode::kDataLoss, HasSubstr(kind.name)))
            << "byte " << place << " flipped by " << flip;
      }
    }
  }
}

TEST(CodecTest, AnAppendedByteIsFound) {
  Random random(5);
  for (const Kind& kind : AllKinds(random)) {
    SCOPED_TRACE(kind.name);
    EXPECT_THAT(kind.decode(kind.record + '\0'),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr(kind.name)));
  }
}

TEST(CodecTest, RandomBytesUnderARightChecksumNeverCrash) {
  Random random(6);
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    RecordWriter writer(RecordKind::kRevision, 1);
    for (size_t i = Below(60, random); i > 0; --i) {
      writer.Byte(static_cast<uint8_t>(Below(256, random)));
    }
    const absl::StatusOr<Revision> read =
        DecodeRevision(std::move(writer).Finish());
    if (read.ok()) continue;
    ++refused;
    ASSERT_THAT(read, StatusIs(absl::StatusCode::kDataLoss,
                               HasSubstr("revision record is damaged")));
  }
  EXPECT_GT(refused, 4500);
}

TEST(CodecTest, ACountThatTheRecordCannotHoldReservesNothing) {
  RecordWriter writer(RecordKind::kChange, 1);
  writer.Text("demo");
  writer.Varint(uint64_t{1} << 60);
  EXPECT_THAT(DecodeChange(std::move(writer).Finish()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("change")));
}

TEST(CodecTest, AnUnknownStatusIsDamage) {
  TranslationUnit unit = MakeUnit("a", "b");
  unit.status = static_cast<ReviewStatus>(9);
  EXPECT_THAT(DecodeUnit(EncodeUnit(unit)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("unit")));
}

TEST(CodecTest, ARecordOfAnotherKindIsDamage) {
  EXPECT_THAT(DecodeDocument(EncodeUnit(MakeUnit("a", "b"))),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("another kind")));
}

TEST(CodecTest, ANewerRecordAsksForTheNewerRelease) {
  RecordWriter writer(RecordKind::kUnit, 3);
  EXPECT_THAT(DecodeUnit(std::move(writer).Finish()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("version 3"), HasSubstr("version 2"),
                             HasSubstr("release that wrote it"))));
}

// As older versions wrote them: without what newer ones add at the end.
TEST(CodecTest, OlderRecordsAreRead) {
  RecordWriter document(RecordKind::kDocument, 1);
  for (const char* text : {"talk", "A talk", "hash"}) document.Text(text);
  for (const int64_t number : {3, 2, 1}) document.SignedVarint(number);
  document.Text("zh-en-1");
  document.SignedVarint(77);
  const auto read = DecodeDocument(std::move(document).Finish());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->create_time_us, 77);
  EXPECT_TRUE(read->source_prints.empty());

  RecordWriter printed(RecordKind::kDocument, 2);
  for (const char* text : {"talk", "A talk", "hash"}) printed.Text(text);
  for (const int64_t number : {3, 2, 1}) printed.SignedVarint(number);
  printed.Text("zh-en-1");
  printed.SignedVarint(77);
  for (int side = 0; side < 2; ++side) {
    printed.Varint(1);
    for (const int64_t number : {3, 7}) printed.SignedVarint(number);
    printed.Varint(5);
  }
  const auto with_prints = DecodeDocument(std::move(printed).Finish());
  ASSERT_THAT(with_prints, IsOk());
  EXPECT_EQ(with_prints->target_prints,
            (std::vector<SegmentPrint>{{3, 10, 5}}));
  EXPECT_TRUE(with_prints->source_asides.empty());

  RecordWriter settings(RecordKind::kLookupSettings, 1);
  settings.Varint(9);
  for (int i = 0; i < 7; ++i) settings.SignedVarint(i + 2);
  const auto read_settings = DecodeLookupSettings(std::move(settings).Finish());
  ASSERT_THAT(read_settings, IsOk());
  EXPECT_EQ(read_settings->penalties.age_days, 8);
  EXPECT_EQ(read_settings->penalties.other_project,
            PenaltyPoints().other_project);

  RecordWriter unit(RecordKind::kUnit, 1);
  unit.Varint(5);
  for (int side = 0; side < 2; ++side) {
    for (const char* text : {"en", "text"}) unit.Text(text);
    unit.Varint(0);
    unit.Text("");
    unit.Byte(0);
    for (int neighbour = 0; neighbour < 2; ++neighbour) unit.Text("");
  }
  unit.Text("talk");
  unit.Byte(1);
  unit.Byte(2);
  unit.Double(0.5);
  unit.Text("zh-en-1");
  for (const int64_t time : {7, 8}) unit.SignedVarint(time);
  unit.Varint(9);
  const auto read_unit = DecodeUnit(std::move(unit).Finish());
  ASSERT_THAT(read_unit, IsOk());
  EXPECT_EQ(read_unit->revision, 9u);
  EXPECT_FALSE(read_unit->reshaped);
}

// docs/storage_format.md shows this record.
TEST(CodecTest, ARecordsBytesAreAsDocumented) {
  const std::string record = EncodeRequest(300);
  ASSERT_EQ(record.size(), 8u);
  EXPECT_EQ(record.substr(0, 2), std::string("q\x01", 2));
  EXPECT_EQ(record.substr(6), "\xAC\x02");
}

}  // namespace
}  // namespace duilian::storage
