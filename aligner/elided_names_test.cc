#include "aligner/elided_names.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::aligner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using text::Language;

// The segments as they are read; none when nothing is left out.
std::vector<std::string> Read(const std::vector<std::string>& segments,
                              absl::string_view quote,
                              Language language = Language::kEnglish) {
  Transcript text;
  text.language = language;
  for (const std::string& segment : segments) {
    text.segments.emplace_back().text = segment;
  }
  std::vector<std::string> read;
  const std::optional<Transcript> written = WithElidedNames(text, quote);
  if (!written.has_value()) return read;
  for (const Segment& segment : written->segments) read.push_back(segment.text);
  return read;
}

constexpr char kQuote[] = "Orion-7 比 Orion-6 快一倍。";

TEST(ElidedNamesTest, ANumberBesideItsNameIsWrittenOut) {
  EXPECT_THAT(Read({"We sold many of the Orion-6.",
                    "It got faster from 6 to 7.", "People liked it."},
                   kQuote),
              ElementsAre("We sold many of the Orion-6.",
                          "It got faster from Orion-6 to Orion-7.",
                          "People liked it."));
  EXPECT_THAT(
      Read({"It is twice as fast as 6.", "That is the Orion-6."}, kQuote),
      ElementsAre("It is twice as fast as Orion-6.", "That is the Orion-6."));
  EXPECT_THAT(Read({"Orion-5 和 6 都很慢，7 就快得多。"},
                   "Orion-7 beats Orion-6.", Language::kChinese),
              ElementsAre("Orion-5 和 Orion-6 都很慢，Orion-7 就快得多。"));
}

TEST(ElidedNamesTest, TheQuoteSaysHowANameIsWritten) {
  const std::vector<std::string> text = {"The RX6 is here, and 7 comes soon."};
  EXPECT_THAT(Read(text, "RX 7 也快了。"),
              ElementsAre("The RX6 is here, and RX 7 comes soon."));
  EXPECT_THAT(Read(text, "RX7 也快了。"),
              ElementsAre("The RX6 is here, and RX7 comes soon."));
}

TEST(ElidedNamesTest, NumbersThatCountAreLeft) {
  for (const char* text :
       {"The Orion-6 took 7 years.", "Orion-6 came at 7.", "Orion-6 lost 7%.",
        "Orion-6 costs $7.", "The Orion-6 has 7-inch wheels.",
        "Orion-6 took 6 to 7 years.", "Orion-6 beats the Vega 7.",
        "Orion-6 reads 7.sys files.", "Orion-6 is seven.",
        "An Orion-6 of 7.5, or 77."}) {
    EXPECT_THAT(Read({text}, kQuote), IsEmpty()) << text;
  }
  for (const char* text :
       {"Orion-6 用了 7 年。", "Orion-6 用了 6、7 年。", "Orion-6 是第7。"}) {
    EXPECT_THAT(Read({text}, "Orion-7 and Orion-6", Language::kChinese),
                IsEmpty())
        << text;
  }
}

TEST(ElidedNamesTest, NamesThatAreFarOrNotTheQuotesAreLeft) {
  EXPECT_THAT(Read({"The Orion-6 was good.", "Yes.", "Then came 7."}, kQuote),
              IsEmpty());
  EXPECT_THAT(Read({"The Vega-6 was good.", "Then came 7."}, kQuote),
              IsEmpty());
  EXPECT_THAT(Read({"The Orion-6 was good.", "Then came 8."}, kQuote),
              IsEmpty());
  EXPECT_THAT(Read({"Mid-1990 was good, 1991 was not."}, "mid-1991 更好。"),
              IsEmpty());
  EXPECT_THAT(Read({"Q6 was good, 7 was not."}, "Q7 更好。"), IsEmpty());
  EXPECT_THAT(Read({}, kQuote), IsEmpty());
}

}  // namespace
}  // namespace duilian::aligner
