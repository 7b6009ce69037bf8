#include "etcd/watch_position.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace headroom::etcd {
namespace {

TEST(WatchPosition, HasNotStartedAtFirst) {
  EXPECT_FALSE(WatchPosition().started());
  WatchPosition position;
  position.Start(101);
  EXPECT_TRUE(position.started());
  EXPECT_EQ(position.complete(), 100);
  EXPECT_EQ(position.resume_revision(), 101);
}

TEST(WatchPosition, CountsEachEventOnce) {
  WatchPosition position;
  position.Start(101);
  EXPECT_TRUE(position.Advance(101));
  EXPECT_TRUE(position.Advance(101));
  EXPECT_TRUE(position.Advance(102));
  position.EndOfResponse();
  EXPECT_EQ(position.complete(), 102);
}

TEST(WatchPosition, IsCompleteOnlyAtTheEndOfAResponseOrTheNextRevision) {
  WatchPosition position;
  position.Start(101);
  position.Advance(101);
  EXPECT_EQ(position.complete(), 100) << "a fragment: more of 101 may come";
  position.Advance(102);
  EXPECT_EQ(position.complete(), 101);
  EXPECT_EQ(position.resume_revision(), 102);
}

TEST(WatchPosition, SkipsWhatWasCountedOfTheRevisionThatWasCut) {
  WatchPosition position;
  position.Start(101);
  position.Advance(101);
  position.Advance(101);
  position.Resumed();
  EXPECT_FALSE(position.Advance(101));
  EXPECT_FALSE(position.Advance(101));
  EXPECT_TRUE(position.Advance(101));
  position.EndOfResponse();
  EXPECT_EQ(position.complete(), 101);
}

TEST(WatchPosition, SurvivesACutWithinTheRepetition) {
  WatchPosition position;
  position.Start(101);
  for (int i = 0; i < 3; ++i) position.Advance(101);
  position.Resumed();
  EXPECT_FALSE(position.Advance(101));
  position.Resumed();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(position.Advance(101)) << i;
  EXPECT_TRUE(position.Advance(101));
}

// However often and wherever the stream is cut, each event is counted once.
TEST(WatchPosition, CountsEverythingOnceWhateverIsCut) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::size_t> store;  // events of each revision
    for (int i = 0; i < 50; ++i) store.push_back(1 + random() % 5);
    std::vector<std::size_t> counted(store.size());
    WatchPosition position;
    position.Start(0);
    for (;;) {
      position.Resumed();
      bool cut = false;
      for (auto revision = static_cast<std::size_t>(position.resume_revision());
           revision < store.size() && !cut; ++revision) {
        for (std::size_t event = 0; event < store[revision] && !cut; ++event) {
          if (position.Advance(static_cast<std::int64_t>(revision))) ++counted[revision];
          cut = random() % 20 == 0;
        }
        if (!cut && random() % 2 == 0) position.EndOfResponse();
      }
      if (!cut) break;
    }
    EXPECT_EQ(counted, store) << seed;
  }
}

}  // namespace
}  // namespace headroom::etcd
