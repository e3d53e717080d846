#include "storage/edit_distance.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/sample_units.h"
#include "tests/support/matrix_distance.h"

namespace duilian::storage {
namespace {

using testing::Eq;
using testing::Optional;

size_t SlowDistance(const std::vector<Symbol>& a,
                    const std::vector<Symbol>& b) {
  return testing_support::MatrixDistance(a, b, [](Symbol one, Symbol other) {
    return one == other && one != kForeignSymbol;
  });
}

std::vector<Symbol> RandomSymbols(size_t max_size, size_t distinct,
                                  Random& random) {
  std::vector<Symbol> symbols(Below(max_size + 1, random));
  for (Symbol& symbol : symbols) {
    const size_t drawn = Below(distinct + 1, random);
    symbol = drawn == distinct ? kForeignSymbol : static_cast<Symbol>(drawn);
  }
  return symbols;
}

// A copy with a few units changed, so that small distances are met too.
std::vector<Symbol> Edited(std::vector<Symbol> symbols, size_t distinct,
                           Random& random) {
  for (size_t edits = Below(6, random); edits > 0; --edits) {
    const auto place = symbols.begin() + static_cast<std::ptrdiff_t>(
                                             Below(symbols.size() + 1, random));
    if (place == symbols.end() || Below(3, random) == 0) {
      symbols.insert(place, static_cast<Symbol>(Below(distinct, random)));
    } else if (Below(2, random) == 0) {
      symbols.erase(place);
    } else {
      *place = static_cast<Symbol>(Below(distinct, random));
    }
  }
  return symbols;
}

TEST(EditDistanceTest, EqualsTheMatrixOnRandomSequences) {
  Random random(20251);
  for (int round = 0; round < 4000; ++round) {
    const size_t distinct = 1 + Below(6, random);
    // Up to four words of 64 units; the borders are met often.
    const size_t size = round % 2 == 0 ? 20 : 260;
    const std::vector<Symbol> a = RandomSymbols(size, distinct, random);
    const std::vector<Symbol> b = round % 3 == 0
                                      ? RandomSymbols(size, distinct, random)
                                      : Edited(a, distinct, random);
    SCOPED_TRACE(
        absl::StrCat("round ", round, ", sizes ", a.size(), " and ", b.size()));
    const size_t expected = SlowDistance(a, b);
    const EditPattern pattern(a, distinct);
    ASSERT_THAT(pattern.Distance(b, expected), Optional(expected));
    ASSERT_THAT(pattern.Distance(b, expected + Below(50, random)),
                Optional(expected));
    if (expected > 0) {
      ASSERT_THAT(pattern.Distance(b, Below(expected, random)),
                  Eq(std::nullopt));
    }
  }
}

TEST(EditDistanceTest, PatternsThatFillTheirLastWordAreRight) {
  for (const size_t size : {63, 64, 65, 127, 128, 129, 192}) {
    SCOPED_TRACE(size);
    const std::vector<Symbol> pattern(size, 0);
    std::vector<Symbol> text(size, 0);
    EXPECT_THAT(EditPattern(pattern, 1).Distance(text, 0), Optional(0));
    text.pop_back();
    EXPECT_THAT(EditPattern(pattern, 1).Distance(text, 1), Optional(1));
    EXPECT_THAT(EditPattern(pattern, 1).Distance({}, size), Optional(size));
  }
}

TEST(EditDistanceTest, AnEmptyPatternIsAsFarAsTheTextIsLong) {
  const std::vector<Symbol> text = {0, 1, kForeignSymbol};
  EXPECT_THAT(EditPattern({}, 0).Distance({}, 0), Optional(0));
  EXPECT_THAT(EditPattern({}, 2).Distance(text, 3), Optional(3));
  EXPECT_THAT(EditPattern({}, 2).Distance(text, 2), Eq(std::nullopt));
}

TEST(EditDistanceTest, UnitsThatTheQueryDoesNotHaveEqualNothing) {
  const std::vector<Symbol> foreign = {kForeignSymbol, kForeignSymbol};
  EXPECT_THAT(EditPattern(foreign, 0).Distance(foreign, 2), Optional(2));
}

}  // namespace
}  // namespace duilian::storage
