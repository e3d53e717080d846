#include "service/citation.h"

#include "gtest/gtest.h"

namespace duilian::service {
namespace {

TEST(CitationTest, SaysWhoWhereAndWhenInBothLanguages) {
  const struct {
    const char* name;
    Citation citation;
    const char* english;
    const char* chinese;
  } cases[] = {
      {"all",
       {{"Ada"}, "Bees", 5'025'900, std::nullopt},
       "Ada, \"Bees\", 01:23:45",
       "Ada，《Bees》，01:23:45"},
      {"a_stretch_of_time",
       {{"Ada"}, "Bees", 1'000, 3'600'000},
       "Ada, \"Bees\", 00:00:01–01:00:00",
       "Ada，《Bees》，00:00:01–01:00:00"},
      {"one_time",
       {{"Ada"}, "Bees", 1'000, 1'999},
       "Ada, \"Bees\", 00:00:01",
       "Ada，《Bees》，00:00:01"},
      {"each_speaker_once",
       {{"Ada", "", "Bo", "Ada"}, "", std::nullopt, std::nullopt},
       "Ada and Bo",
       "Ada、Bo"},
      {"three_speakers",
       {{"Ada", "Bo", "Cy"}, "", std::nullopt, std::nullopt},
       "Ada, Bo and Cy",
       "Ada、Bo、Cy"},
      {"many_speakers",
       {{"Ada", "Bo", "Cy", "Di"}, "", std::nullopt, std::nullopt},
       "Ada, Bo, Cy and others",
       "Ada、Bo、Cy等人"},
      {"a_title_with_marks",
       {{}, "On \"Bees\" in 《蜂》", std::nullopt, std::nullopt},
       "\"On 'Bees' in 《蜂》\"",
       "《On \"Bees\" in 〈蜂〉》"},
      {"a_long_talk",
       {{}, "", 360'000'000, std::nullopt},
       "100:00:00",
       "100:00:00"},
      {"nothing", {}, "", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(FormatCitation(c.citation, text::Language::kEnglish), c.english);
    EXPECT_EQ(FormatCitation(c.citation, text::Language::kChinese), c.chinese);
  }
}

}  // namespace
}  // namespace duilian::service
