#include "clients/match_output.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// "We count the bees." for "We count the ants.", rendered by the bees' 蜜蜂.
v1::LookupResponse OneMatch() {
  v1::LookupResponse response;
  v1::Match& match = *response.add_matches();
  match.set_score_percent(83);
  match.set_suitability_percent(82);
  match.set_explanation("'bees' for 'ants'");
  match.set_matched_language_code("en");
  match.set_translations(1);
  v1::Pair& pair = *match.mutable_pair();
  pair.set_document("projects/p/documents/walk");
  pair.mutable_source()->set_text("We count the bees.");
  pair.mutable_target()->set_text("我们数蜜蜂。");
  match.mutable_difference()->set_begin_byte(13);
  match.mutable_difference()->set_end_byte(17);
  match.mutable_difference_counterpart()->set_begin_byte(9);
  match.mutable_difference_counterpart()->set_end_byte(15);
  match.mutable_difference_counterpart()->set_confidence(0.75);
  return response;
}

std::string Print(const v1::LookupResponse& response, OutputFormat format,
                  TerminalTraits traits = {}) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err, traits, {}};
  RowPrinter printer(format, MatchLayout(false), console);
  PrintMatches("We count the ants.", response, "p", false, printer);
  printer.Finish("no match");
  return out.str();
}

// The field of the only row, by the name of its column.
std::string TsvField(const v1::LookupResponse& response,
                     const std::string& column) {
  const std::vector<std::string> lines =
      absl::StrSplit(Print(response, OutputFormat::kTsv), '\n');
  const std::vector<std::string> names = absl::StrSplit(lines.at(0), '\t');
  const std::vector<std::string> fields = absl::StrSplit(lines.at(1), '\t');
  EXPECT_EQ(names.size(), fields.size());
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == column) return fields.at(i);
  }
  return "no such column";
}

TEST(MatchOutputTest, MachinesGetTheDifferenceAndWhatRendersIt) {
  const v1::LookupResponse response = OneMatch();
  const json answer = json::parse(Print(response, OutputFormat::kJson));
  const json& match = answer.at(0).at("matches").at(0);
  EXPECT_EQ(match.at("difference"),
            json({{"begin_byte", 13}, {"end_byte", 17}, {"text", "bees"}}));
  EXPECT_EQ(match.at("difference_counterpart"), json({{"begin_byte", 9},
                                                      {"end_byte", 15},
                                                      {"text", "蜜蜂"},
                                                      {"confidence", 0.75}}));
  EXPECT_EQ(TsvField(response, "difference"), "bees");
  EXPECT_EQ(TsvField(response, "difference_bytes"), "13-17");
  EXPECT_EQ(TsvField(response, "difference_counterpart"), "蜜蜂");
  EXPECT_EQ(TsvField(response, "difference_counterpart_bytes"), "9-15");
  EXPECT_EQ(TsvField(response, "difference_counterpart_confidence"), "0.75");
}

TEST(MatchOutputTest, TheDifferenceMayBeOfTheChineseSide) {
  v1::LookupResponse response = OneMatch();
  v1::Match& match = *response.mutable_matches(0);
  match.set_matched_language_code("zh");
  match.mutable_difference()->Swap(match.mutable_difference_counterpart());
  EXPECT_EQ(TsvField(response, "difference"), "蜜蜂");
  EXPECT_EQ(TsvField(response, "difference_counterpart"), "bees");
}

TEST(MatchOutputTest, AWarningSaysWhereItsTermStandsAndWhatRendersIt) {
  v1::LookupResponse response = OneMatch();
  v1::MatchWarning& warning = *response.mutable_matches(0)->add_warnings();
  warning.set_term("count");
  const auto printed = [&] {
    const json answer = json::parse(Print(response, OutputFormat::kJson));
    return answer.at(0).at("matches").at(0).at("warnings").at(0);
  };
  EXPECT_EQ(printed().at("term"), "count");
  EXPECT_FALSE(printed().contains("rendered_as"));
  warning.mutable_term_place()->set_begin_byte(3);
  warning.mutable_term_place()->set_end_byte(8);
  warning.mutable_rendered_as()->set_begin_byte(6);
  warning.mutable_rendered_as()->set_end_byte(9);
  EXPECT_EQ(printed().at("term_place").at("text"), "count");
  EXPECT_EQ(printed().at("rendered_as").at("text"), "数");
}

TEST(MatchOutputTest, WhatWasNotLinkedIsNotThere) {
  v1::LookupResponse response = OneMatch();
  response.mutable_matches(0)->clear_difference();
  response.mutable_matches(0)->clear_difference_counterpart();
  const json answer = json::parse(Print(response, OutputFormat::kJson));
  EXPECT_FALSE(answer[0]["matches"][0].contains("difference"));
  EXPECT_FALSE(answer[0]["matches"][0].contains("difference_counterpart"));
  for (const char* column :
       {"difference", "difference_bytes", "difference_counterpart",
        "difference_counterpart_bytes", "difference_counterpart_confidence"}) {
    EXPECT_EQ(TsvField(response, column), "") << column;
  }
}

TEST(MatchOutputTest, ColourMarksWhatSurelyRendersTheDifference) {
  TerminalTraits colours;
  colours.colour = true;
  const std::string marked =
      absl::StrCat("我们数", StyleSequence(Style::kMark), "蜜蜂");
  v1::LookupResponse response = OneMatch();
  EXPECT_THAT(Print(response, OutputFormat::kTable, colours),
              HasSubstr(marked));
  EXPECT_THAT(Print(response, OutputFormat::kTable),
              HasSubstr("| 我们数蜜蜂。 |"));
  v1::Match& match = *response.mutable_matches(0);
  match.mutable_difference_counterpart()->set_confidence(0.25);
  EXPECT_THAT(Print(response, OutputFormat::kTable, colours),
              HasSubstr("我们数蜜蜂。"));
  // The bytes are none of another text's.
  match.mutable_difference_counterpart()->set_confidence(0.75);
  match.set_suggested_text("数百只蜜蜂。");
  EXPECT_THAT(Print(response, OutputFormat::kTable, colours),
              HasSubstr("数百只蜜蜂。"));
}

TEST(MatchOutputTest, OtherTranslationsAndTheLastHandAreToldWhereThereAreAny) {
  v1::LookupResponse response = OneMatch();
  EXPECT_THAT(
      Print(response, OutputFormat::kTable),
      AllOf(HasSubstr("| 'bees' for 'ants' |"), Not(HasSubstr("translation"))));
  v1::Match& match = *response.mutable_matches(0);
  match.set_translations(3);
  EXPECT_THAT(Print(response, OutputFormat::kTable),
              HasSubstr("| 'bees' for 'ants'; 3 translations |"));
  match.set_reviewer("林");
  match.set_explanation("");
  EXPECT_THAT(Print(response, OutputFormat::kTable),
              HasSubstr("| 3 translations; changed by 林 |"));
  match.set_translations(1);
  EXPECT_THAT(Print(response, OutputFormat::kTable),
              HasSubstr("| changed by 林 |"));
}

TEST(MatchOutputTest, WhatIsToldBesidesWrapsAndLeavesTheTextsTheirWidth) {
  v1::LookupResponse response = OneMatch();
  v1::Match& match = *response.mutable_matches(0);
  match.mutable_pair()->set_status(v1::ACCEPTED);
  match.set_translations(2);
  match.set_reviewer("欧阳修");
  TerminalTraits narrow;
  narrow.columns = 80;
  EXPECT_EQ(
      Print(response, OutputFormat::kTable, narrow),
      R"(fit |  % | zh           | en             | why             | status   | document
----+----+--------------+----------------+-----------------+----------+---------
 82 | 83 | 我们数蜜蜂。 | We count the   | 'bees' for      | accepted | walk
    |    |              | bees.          | 'ants'; 2       |          |
    |    |              |                | translations;   |          |
    |    |              |                | changed by 欧阳 |          |
    |    |              |                | 修              |          |
)");
}

}  // namespace
}  // namespace duilian::clients
