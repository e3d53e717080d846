#include "service/names.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::service {
namespace {

using testing::HasSubstr;
using testing_support::IsOk;
using testing_support::StatusIs;

TEST(NamesTest, AreReadAsTheyWereWritten) {
  EXPECT_EQ(*ParseProjectName("parent", FormatProjectName("p-1")), "p-1");
  EXPECT_EQ(*ParseDocumentName("name", FormatDocumentName("p-1", "0d")),
            (DocumentName{"p-1", "0d"}));
  for (const uint64_t pair : {uint64_t{1}, uint64_t{42}, ~uint64_t{0}}) {
    SCOPED_TRACE(pair);
    EXPECT_EQ(*ParsePairName("name", FormatPairName("p", pair)),
              (PairName{"p", pair}));
  }
}

TEST(NamesTest, AnIdIsAtMost63OfSmallLettersDigitsAndHyphens) {
  const std::string longest(63, 'a');
  EXPECT_THAT(ParseProjectName("parent", "projects/" + longest), IsOk());
  for (const std::string& id :
       {std::string(), longest + "a", std::string("-a"), std::string("Big"),
        std::string("a_b"), std::string("访谈"), std::string("a/b")}) {
    SCOPED_TRACE(id);
    EXPECT_THAT(ParseProjectName("parent", "projects/" + id),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("1 to 63 of [a-z0-9-]")));
  }
}

TEST(NamesTest, ARefusalNamesTheFieldTheValueAndTheRemedy) {
  const absl::StatusOr<PairName> pair =
      ParsePairName("pair.name", "projects/p/documents/d");
  EXPECT_THAT(pair, StatusIs(absl::StatusCode::kInvalidArgument,
                             HasSubstr("pair.name: 'projects/p/documents/d' "
                                       "given, projects/{project}/pairs/"
                                       "{pair} accepted")));
  EXPECT_THAT(pair, StatusIs(absl::StatusCode::kInvalidArgument,
                             HasSubstr("send a name as the server gave it")));
}

TEST(NamesTest, APairHasOneNameOnly) {
  for (const char* id :
       {"0", "01", "+1", "1 ", "0x1", "", "-1", "18446744073709551616"}) {
    SCOPED_TRACE(id);
    EXPECT_THAT(ParsePairName("name", absl::StrCat("projects/p/pairs/", id)),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("the pair a number")));
  }
}

TEST(NamesTest, ADocumentFilterMustBeOfTheSameProject) {
  EXPECT_EQ(*ParseDocumentOf("document", "projects/p/documents/d", "p"), "d");
  EXPECT_EQ(*ParseDocumentOf("document", "", "p"), "");
  EXPECT_THAT(ParseDocumentOf("document", "projects/q/documents/d", "p"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a document of projects/p accepted")));
}

}  // namespace
}  // namespace duilian::service
