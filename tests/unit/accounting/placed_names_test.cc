#include "accounting/placed_names.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace headroom::accounting {
namespace {

using testing::ElementsAre;
using Candidates = std::vector<PlacedNames::Candidate>;

std::vector<std::string> PlacedOf(const PlacedNames& names, const Candidates& all) {
  std::vector<std::string> placed;
  for (const auto& candidate : all) {
    if (names.Has(candidate.name)) placed.emplace_back(candidate.name);
  }
  return placed;
}

TEST(PlacedNames, GivesPlacesToTheHeaviest) {
  PlacedNames names(2);
  const Candidates all{{"light", 1}, {"heavy", 30}, {"middle", 20}};
  names.Update(all);
  EXPECT_THAT(PlacedOf(names, all), ElementsAre("heavy", "middle"));
}

TEST(PlacedNames, GivesEveryoneAPlaceWhileThereIsOne) {
  PlacedNames names(5);
  const Candidates all{{"a", 1}, {"b", 0}};
  names.Update(all);
  EXPECT_THAT(PlacedOf(names, all), ElementsAre("a", "b"));
}

TEST(PlacedNames, KeepsAPlaceAgainstOneThatWeighsLittleMore) {
  PlacedNames names(1);
  names.Update({{"old", 100}, {"new", 90}});
  names.Update({{"old", 100}, {"new", 125}});
  EXPECT_TRUE(names.Has("old"));
  EXPECT_FALSE(names.Has("new"));
  names.Update({{"old", 100}, {"new", 126}});
  EXPECT_TRUE(names.Has("new"));
  EXPECT_FALSE(names.Has("old"));
}

TEST(PlacedNames, LetsTheHeaviestTakeThePlaceOfTheLightest) {
  PlacedNames names(3);
  names.Update({{"a", 300}, {"b", 200}, {"c", 100}});
  const Candidates all{{"a", 300}, {"b", 200}, {"c", 100}, {"d", 260}, {"e", 150}, {"f", 150}};
  names.Update(all);
  EXPECT_THAT(PlacedOf(names, all), ElementsAre("a", "b", "d"));
}

TEST(PlacedNames, FreesThePlaceOfOneThatIsGone) {
  PlacedNames names(1);
  names.Update({{"gone", 100}, {"next", 1}});
  names.Update({{"next", 1}});
  EXPECT_TRUE(names.Has("next"));
  EXPECT_FALSE(names.Has("gone"));
}

TEST(PlacedNames, HasNoneWithoutPlaces) {
  PlacedNames names(0);
  names.Update({{"a", 1}});
  EXPECT_FALSE(names.Has("a"));
}

}  // namespace
}  // namespace headroom::accounting
