#include "accounting/heavy_hitters.h"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <utility>

namespace headroom::accounting {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr TimePoint kStart{minutes(6000)};

// Bytes by namespace, of all resources; "other" under its resource: "pods/other".
std::map<std::string, std::uint64_t> Page(NamespaceHitters& hitters) {
  std::map<std::string, std::uint64_t> page;
  hitters.Collect([&](const auto& labels, const auto& counts) {
    const std::string series = std::string(labels[0]) + "/" + std::string(labels[1]);
    EXPECT_TRUE(page.emplace(series, counts.bytes).second) << series << " is there twice";
  });
  return page;
}

TEST(HeavyHitters, CountWritesAndBytesOfEachPair) {
  NamespaceHitters hitters(10);
  hitters.Add({"pods", "a"}, 100, kStart);
  hitters.Add({"pods", "a"}, 20, kStart);
  hitters.Add({"pods", "a"}, 0, kStart);  // a delete
  hitters.Add({"secrets", "a"}, 3, kStart);
  hitters.Add({"nodes", ""}, 4, kStart);
  std::map<std::pair<std::string, std::string>, std::pair<std::uint64_t, std::uint64_t>> series;
  hitters.Collect([&](const auto& labels, const auto& counts) {
    series[{std::string(labels[0]), std::string(labels[1])}] = {counts.writes, counts.bytes};
  });
  EXPECT_THAT(series, UnorderedElementsAre(Pair(Pair("pods", "a"), Pair(3, 120)),
                                           Pair(Pair("secrets", "a"), Pair(1, 3)),
                                           Pair(Pair("nodes", ""), Pair(1, 4))));
}

TEST(HeavyHitters, CountPairsWithoutAPlaceInTheOtherOfTheirResource) {
  NamespaceHitters hitters(1);
  hitters.Add({"pods", "a"}, 100, kStart);
  hitters.Add({"pods", "b"}, 1, kStart);
  hitters.Add({"pods", "c"}, 2, kStart);
  hitters.Add({"secrets", "a"}, 4, kStart);
  EXPECT_THAT(Page(hitters), UnorderedElementsAre(Pair("pods/a", 100), Pair("pods/other", 3),
                                                  Pair("secrets/other", 4)));
}

TEST(HeavyHitters, CountEventsWithoutAPlaceInOneOther) {
  EventHitters hitters(1);
  hitters.Add({"kubelet", "BackOff", "Pod"}, 100, kStart);
  hitters.Add({"kubelet", "Pulled", "Pod"}, 1, kStart);
  hitters.Add({"policy", "Violation", "Pod"}, 2, kStart);
  std::map<std::string, std::uint64_t> page;
  hitters.Collect([&](const auto& labels, const auto& counts) {
    page[std::string(labels[0]) + "/" + std::string(labels[1]) + "/" + std::string(labels[2])] =
        counts.bytes;
  });
  EXPECT_THAT(page,
              UnorderedElementsAre(Pair("kubelet/BackOff/Pod", 100), Pair("other/other/other", 3)));
}

TEST(HeavyHitters, CountANamespaceNamedOtherAsOther) {
  NamespaceHitters hitters(1);
  hitters.Add({"pods", "other"}, 100, kStart);
  hitters.Add({"pods", "a"}, 10, kStart);
  hitters.Add({"pods", "b"}, 1, kStart);
  EXPECT_THAT(Page(hitters), UnorderedElementsAre(Pair("pods/a", 10), Pair("pods/other", 101)));
}

TEST(HeavyHitters, CountAllInOtherWithoutPlaces) {
  NamespaceHitters hitters(0);
  hitters.Add({"pods", "a"}, 100, kStart);
  EXPECT_THAT(Page(hitters), UnorderedElementsAre(Pair("pods/other", 100)));
  hitters.Served(kStart);
  EXPECT_THAT(Page(hitters), UnorderedElementsAre(Pair("pods/other", 100)));
}

// One place, held by a; b has written more since.
class AHeavierPair : public ::testing::Test {
 protected:
  AHeavierPair() {
    hitters_.Add({"pods", "a"}, 100, kStart);
    hitters_.Add({"pods", "b"}, 101, kStart);
  }

  NamespaceHitters hitters_{1};
};

TEST_F(AHeavierPair, TakesNoPlaceBeforeAPageWasServed) {
  hitters_.Served(kStart);
  EXPECT_THAT(Page(hitters_), UnorderedElementsAre(Pair("pods/a", 100), Pair("pods/other", 101)));
  EXPECT_THAT(Page(hitters_), Contains(Key("pods/a")));
}

TEST_F(AHeavierPair, IsServedAtZeroOnceItHasAPlace) {
  Page(hitters_);
  hitters_.Served(kStart);
  EXPECT_THAT(Page(hitters_), UnorderedElementsAre(Pair("pods/b", 0), Pair("pods/other", 101)));
  hitters_.Add({"pods", "b"}, 7, kStart);
  EXPECT_THAT(Page(hitters_), UnorderedElementsAre(Pair("pods/b", 7), Pair("pods/other", 101)));
}

TEST_F(AHeavierPair, CountsInOtherUntilItWasServedAtZero) {
  Page(hitters_);
  hitters_.Served(kStart);
  hitters_.Add({"pods", "b"}, 7, kStart);
  EXPECT_THAT(Page(hitters_), UnorderedElementsAre(Pair("pods/b", 0), Pair("pods/other", 108)));
}

TEST_F(AHeavierPair, LeavesTheLoserToCountInOther) {
  Page(hitters_);
  hitters_.Served(kStart);
  hitters_.Add({"pods", "a"}, 7, kStart);
  EXPECT_THAT(Page(hitters_), UnorderedElementsAre(Pair("pods/b", 0), Pair("pods/other", 108)));
}

TEST_F(AHeavierPair, MovesWhatTheLoserWroteSinceThePageToOther) {
  Page(hitters_);
  hitters_.Add({"pods", "a"}, 0, kStart);
  hitters_.Add({"pods", "b"}, 30, kStart);
  hitters_.Add({"pods", "a"}, 20, kStart);
  hitters_.Served(kStart);
  EXPECT_THAT(Page(hitters_), UnorderedElementsAre(Pair("pods/b", 0), Pair("pods/other", 151)));
}

TEST_F(AHeavierPair, DoesNotChangePlacesTwiceBetweenPages) {
  Page(hitters_);
  hitters_.Served(kStart);
  hitters_.Add({"pods", "a"}, 100'000, kStart);
  hitters_.Served(kStart);
  EXPECT_THAT(Page(hitters_), Contains(Key("pods/b")));
  hitters_.Served(kStart);
  EXPECT_THAT(Page(hitters_), Contains(Pair("pods/a", 0)));
}

TEST_F(AHeavierPair, OpensTheOtherOfTheLosersResource) {
  hitters_.Add({"secrets", "c"}, 500, kStart);
  Page(hitters_);
  hitters_.Served(kStart);
  hitters_.Add({"secrets", "c"}, 500, kStart);
  Page(hitters_);
  hitters_.Add({"jobs", "d"}, 5'000, kStart);
  Page(hitters_);
  hitters_.Served(kStart);
  // Nobody wrote to the other of secrets since c had its place; the series is there all the same.
  EXPECT_THAT(Page(hitters_), Contains(Pair("secrets/other", 1000)));
}

TEST(HeavyHitters, WeighFiveMinutesAgainstAnHour) {
  NamespaceHitters hitters(1);
  hitters.Add({"pods", "a"}, 100, kStart);
  for (int minute = 0; minute < 10; ++minute) {
    hitters.Add({"pods", "b"}, 20, kStart + minutes(minute));
  }
  // b's 200 bytes are more than a's, but not in 5 minutes.
  Page(hitters);
  hitters.Served(kStart + minutes(9));
  EXPECT_THAT(Page(hitters), Contains(Key("pods/a")));
  // An hour later a's bytes do not count any more.
  hitters.Add({"pods", "b"}, 1, kStart + minutes(60));
  hitters.Served(kStart + minutes(60));
  EXPECT_THAT(Page(hitters), Contains(Key("pods/b")));
}

TEST(HeavyHitters, KeepAPlaceAgainstAnEqual) {
  NamespaceHitters hitters(1);
  hitters.Add({"pods", "a"}, 100, kStart);
  hitters.Add({"pods", "b"}, 100, kStart);
  Page(hitters);
  hitters.Served(kStart);
  EXPECT_THAT(Page(hitters), Contains(Key("pods/a")));
}

TEST(HeavyHitters, GiveTheHeaviestCandidatesThePlacesOfTheLightest) {
  NamespaceHitters hitters(3);
  hitters.Add({"pods", "a"}, 10, kStart);
  hitters.Add({"pods", "b"}, 1000, kStart);
  hitters.Add({"pods", "c"}, 20, kStart);
  hitters.Add({"pods", "d"}, 15, kStart);
  hitters.Add({"pods", "e"}, 500, kStart);
  hitters.Add({"pods", "f"}, 18, kStart);
  Page(hitters);
  hitters.Served(kStart);
  EXPECT_THAT(Page(hitters),
              UnorderedElementsAre(Key("pods/e"), Key("pods/b"), Key("pods/c"), Key("pods/other")));
}

TEST(HeavyHitters, LetAPairThatComesBackStartAtZero) {
  NamespaceHitters hitters(1);
  hitters.Add({"pods", "a"}, 100, kStart);
  hitters.Add({"pods", "b"}, 101, kStart);
  Page(hitters);
  hitters.Served(kStart);
  Page(hitters);
  hitters.Add({"pods", "a"}, 500, kStart);
  Page(hitters);
  hitters.Served(kStart);
  EXPECT_THAT(Page(hitters), UnorderedElementsAre(Pair("pods/a", 0), Pair("pods/other", 601)));
}

// Ten places and the 40 candidates of them are taken, and pairs never seen before keep coming.
class ACrowdOfLightPairs : public ::testing::Test {
 protected:
  ACrowdOfLightPairs() { Come(1000); }

  void Come(int pairs) {
    for (int i = 0; i < pairs; ++i) {
      hitters_.Add({"pods", "light-" + std::to_string(come_++)}, 50, kStart);
    }
  }

  NamespaceHitters hitters_{10};
  int come_ = 0;
};

TEST_F(ACrowdOfLightPairs, LetsAHeavyOneIn) {
  for (int i = 0; i < 10; ++i) {
    hitters_.Add({"pods", "heavy"}, 50, kStart);
    Come(1);
  }
  Page(hitters_);
  hitters_.Served(kStart);
  EXPECT_THAT(Page(hitters_), Contains(Key("pods/heavy")));
}

TEST_F(ACrowdOfLightPairs, DoesNotPushAHeavyOneOut) {
  hitters_.Add({"pods", "heavy"}, 60, kStart);
  Come(1000);
  Page(hitters_);
  hitters_.Served(kStart);
  EXPECT_THAT(Page(hitters_), Contains(Key("pods/heavy")));
}

TEST_F(ACrowdOfLightPairs, LetsAPairThatWasPushedOutComeBackHeavier) {
  Come(1000);
  for (int i = 0; i < 2; ++i) hitters_.Add({"pods", "light-500"}, 50, kStart);
  Page(hitters_);
  hitters_.Served(kStart);
  EXPECT_THAT(Page(hitters_), Contains(Key("pods/light-500")));
}

TEST(HeavyHitters, ServeNoMoreThanTheCapAndOther) {
  NamespaceHitters hitters(10);
  EXPECT_THAT(Page(hitters), IsEmpty());
  for (int i = 0; i < 1000; ++i) {
    hitters.Add({"pods", std::to_string(i)}, 100, kStart + seconds(i));
    EXPECT_LE(Page(hitters).size(), 11);
    hitters.Served(kStart + seconds(i));
  }
}

TEST(HeavyHitters, LetNewCandidatesReplaceIdleOnes) {
  NamespaceHitters hitters(1);
  hitters.Add({"pods", "a"}, 100, kStart);
  for (const char* name : {"b", "c", "d", "e"}) hitters.Add({"pods", name}, 99, kStart);
  for (const char* name : {"f", "g", "h", "i"}) {
    for (int i = 0; i < 3; ++i) hitters.Add({"pods", name}, 34, kStart + minutes(10));
  }
  hitters.Add({"pods", "h"}, 1, kStart + minutes(10));
  Page(hitters);
  hitters.Served(kStart + minutes(10));
  EXPECT_THAT(Page(hitters), Contains(Key("pods/h")));
}

}  // namespace
}  // namespace headroom::accounting
