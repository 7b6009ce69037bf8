#include "accounting/object_counts.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <vector>

namespace headroom::accounting {
namespace {

constexpr ResourceId kPods = 3;
constexpr ResourceId kEvents = 5;

TEST(ObjectCounts, AreUnknownUntilCounted) {
  ObjectCounts counts;
  counts.Apply(kPods, WriteOp::kCreate);
  EXPECT_EQ(counts.Of(kPods), std::nullopt);
  EXPECT_EQ(counts.Of(kEvents), std::nullopt);
}

using Counts = std::vector<std::uint64_t>;

// Counts by ResourceId: `pods` of pods, none of anything else.
Counts Pods(std::uint64_t pods) {
  Counts counts(kPods + 1);
  counts[kPods] = pods;
  return counts;
}

TEST(ObjectCounts, FollowTheWatchAfterTheBaselines) {
  ObjectCounts counts;
  counts.Pin(100);
  EXPECT_TRUE(counts.SetBaselines(Pods(10), 100));
  counts.Apply(kPods, WriteOp::kCreate);
  counts.Apply(kPods, WriteOp::kCreate);
  counts.Apply(kPods, WriteOp::kUpdate);
  counts.Apply(kPods, WriteOp::kDelete);
  EXPECT_EQ(counts.Of(kPods), 11);
}

TEST(ObjectCounts, TakeAResourceThatTheCountDidNotMeetForNew) {
  ObjectCounts counts;
  counts.Pin(100);
  EXPECT_TRUE(counts.SetBaselines(Pods(10), 100));
  EXPECT_EQ(counts.Of(kEvents), 0);
  counts.Apply(kEvents, WriteOp::kCreate);
  EXPECT_EQ(counts.Of(kEvents), 1);
}

TEST(ObjectCounts, CountWhatHappensWhileTheCountIsUnderWayAndNothingBefore) {
  ObjectCounts counts;
  counts.Apply(kPods, WriteOp::kCreate);
  counts.Apply(kPods, WriteOp::kCreate);
  counts.Pin(100);
  counts.Apply(kPods, WriteOp::kDelete);
  counts.Apply(kEvents, WriteOp::kCreate);
  EXPECT_TRUE(counts.SetBaselines(Pods(10), 100));
  EXPECT_EQ(counts.Of(kPods), 9);
  EXPECT_EQ(counts.Of(kEvents), 1);
}

TEST(ObjectCounts, RefuseACountThatWasMadeForAnotherPin) {
  ObjectCounts counts;
  EXPECT_FALSE(counts.SetBaselines(Pods(10), 100));
  counts.Pin(100);
  counts.Pin(200);
  EXPECT_FALSE(counts.SetBaselines(Pods(10), 100));
  EXPECT_EQ(counts.Of(kPods), std::nullopt);
  EXPECT_TRUE(counts.SetBaselines(Pods(10), 200));
}

TEST(ObjectCounts, AreUnknownAfterAGapUntilCountedAnew) {
  ObjectCounts counts;
  counts.Pin(100);
  EXPECT_TRUE(counts.SetBaselines(Pods(10), 100));
  EXPECT_TRUE(counts.counted());
  counts.Invalidate();
  EXPECT_FALSE(counts.counted());
  EXPECT_EQ(counts.Of(kPods), std::nullopt);
  EXPECT_FALSE(counts.SetBaselines(Pods(10), 100));
  counts.Apply(kPods, WriteOp::kCreate);
  counts.Pin(300);
  EXPECT_TRUE(counts.SetBaselines(Pods(50), 300));
  EXPECT_EQ(counts.Of(kPods), 50);
}

TEST(ObjectCounts, AreUnknownRatherThanNegative) {
  ObjectCounts counts;
  counts.Pin(100);
  EXPECT_TRUE(counts.SetBaselines({}, 100));
  counts.Apply(kPods, WriteOp::kDelete);
  EXPECT_EQ(counts.Of(kPods), std::nullopt);
}

// Whenever the count comes back, it agrees with the store from then on.
TEST(ObjectCounts, AgreeWithTheStore) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    ObjectCounts counts;
    std::array<std::set<std::mt19937::result_type>, 4> store;
    Counts at_pin(store.size());
    bool counted = false;
    std::int64_t pin = 0;
    for (std::int64_t revision = 1; revision < 2000; ++revision) {
      const auto resource = static_cast<ResourceId>(random() % store.size());
      const auto key = random() % 50;
      if (random() % 2 == 0) {
        counts.Apply(resource,
                     store[resource].insert(key).second ? WriteOp::kCreate : WriteOp::kUpdate);
      } else if (store[resource].erase(key) > 0) {
        counts.Apply(resource, WriteOp::kDelete);
      }
      if (random() % 100 == 0) {
        pin = revision;
        counts.Pin(pin);
        for (std::size_t i = 0; i < store.size(); ++i) at_pin[i] = store[i].size();
      }
      if (pin != 0 && random() % 50 == 0) {
        ASSERT_TRUE(counts.SetBaselines(at_pin, pin));
        counted = true;
      }
      if (random() % 1000 == 0) {
        counts.Invalidate();
        counted = false;
        pin = 0;
      }
      for (std::size_t i = 0; i < store.size(); ++i) {
        const auto objects = counts.Of(static_cast<ResourceId>(i));
        ASSERT_EQ(objects, counted ? std::optional(store[i].size()) : std::nullopt) << seed;
      }
    }
  }
}

}  // namespace
}  // namespace headroom::accounting
