#include "accounting/history_window.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>

namespace headroom::accounting {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

constexpr ResourceId kWindowPods = 1;
constexpr ResourceId kWindowEvents = 2;

std::uint64_t Of(const HistoryWindow& window, ResourceId resource) {
  const auto bytes = window.UncompactedBytes();
  return bytes && resource < bytes->size() ? (*bytes)[resource] : 0;
}

TEST(HistoryWindow, IsUnknownUntilCompactionHasPassedTheFirstRevision) {
  HistoryWindow window;
  window.Compacted(500);
  EXPECT_EQ(window.UncompactedBytes(), std::nullopt);
  window.Start(100);
  EXPECT_EQ(window.UncompactedBytes(), std::nullopt);
  window.Add(kWindowPods, 100, 10);
  window.Add(kWindowPods, 101, 20);
  window.Compacted(99);
  EXPECT_EQ(window.UncompactedBytes(), std::nullopt);
  window.Compacted(100);
  EXPECT_THAT(window.UncompactedBytes(), Optional(ElementsAre(0, 20)));
}

TEST(HistoryWindow, AddsUpByResource) {
  HistoryWindow window;
  window.Start(100);
  window.Compacted(100);
  window.Add(kWindowEvents, 101, 1);
  window.Add(kWindowPods, 102, 10);
  window.Add(kWindowPods, 102, 20);
  window.Add(kWindowEvents, 103, 4);
  EXPECT_THAT(window.UncompactedBytes(), Optional(ElementsAre(0, 30, 5)));
}

TEST(HistoryWindow, LetsCompactedRevisionsGo) {
  HistoryWindow window;
  window.Start(100);
  for (std::int64_t revision = 100; revision < 120; ++revision)
    window.Add(kWindowPods, revision, 1);
  window.Compacted(109);
  EXPECT_EQ(Of(window, kWindowPods), 10);
  window.Compacted(105);  // late news
  EXPECT_EQ(Of(window, kWindowPods), 10);
  window.Compacted(119);
  EXPECT_EQ(Of(window, kWindowPods), 0);
  window.Add(kWindowPods, 119, 1);  // the watch is behind
  EXPECT_EQ(Of(window, kWindowPods), 0);
  window.Add(kWindowPods, 120, 1);
  EXPECT_EQ(Of(window, kWindowPods), 1);
}

TEST(HistoryWindow, TakesALateRevisionForTheNewest) {
  HistoryWindow window;
  window.Start(100);
  window.Add(kWindowPods, 110, 1);
  window.Add(kWindowPods, 105, 2);
  window.Compacted(107);
  EXPECT_EQ(Of(window, kWindowPods), 3);
}

TEST(HistoryWindow, ForgetsWhatWasBeforeAGap) {
  HistoryWindow window;
  window.Start(100);
  window.Add(kWindowPods, 100, 1);
  window.Add(kWindowPods, 101, 1);
  window.Compacted(100);
  window.Start(200);
  window.Add(kWindowPods, 200, 5);
  window.Add(kWindowPods, 201, 7);
  window.Compacted(150);
  EXPECT_EQ(window.UncompactedBytes(), std::nullopt);
  window.Compacted(200);
  EXPECT_EQ(Of(window, kWindowPods), 7);
}

TEST(HistoryWindow, KeepsWhatAStalledCompactorLeaves) {
  HistoryWindow window;
  window.Start(1);
  window.Compacted(1);
  constexpr std::int64_t kRevisions = 1'000'000;
  for (std::int64_t revision = 2; revision <= kRevisions; ++revision) {
    window.Add(kWindowPods, revision, 1);
  }
  EXPECT_EQ(Of(window, kWindowPods), kRevisions - 1);
  // One revision past a bucket's border is worth a bucket, a 30th of the million, at most.
  for (std::int64_t compacted = 1000; compacted < kRevisions; compacted += 1000) {
    window.Compacted(compacted);
    const auto truth = static_cast<std::uint64_t>(kRevisions - compacted);
    ASSERT_GE(Of(window, kWindowPods), truth);
    ASSERT_LE(Of(window, kWindowPods), truth + kRevisions / 30);
  }
}

// Bytes written by revision and resource.
using History = std::map<std::int64_t, std::map<ResourceId, std::uint64_t>>;

// What was written to a resource after revision `after` and up to `until`.
std::uint64_t Written(const History& history, ResourceId resource, std::int64_t after,
                      std::int64_t until) {
  std::uint64_t sum = 0;
  for (auto at = history.upper_bound(after); at != history.upper_bound(until); ++at) {
    const auto bytes = at->second.find(resource);
    if (bytes != at->second.end()) sum += bytes->second;
  }
  return sum;
}

TEST(HistoryWindow, NeverUnderstatesAndOverstatesByABucketAtMost) {
  constexpr ResourceId kResources = 5;
  for (unsigned seed = 0; seed < 12; ++seed) {
    std::mt19937 random(seed);
    // Compaction comes often in some runs and stalls in others.
    const unsigned steps_between_compactions = seed % 3 == 0 ? 3000 : 200;
    HistoryWindow window;
    History history;
    window.Start(1);
    std::int64_t revision = 1;
    std::int64_t compacted = 0;
    std::int64_t most_held = 0;
    for (int step = 0; step < 20'000; ++step) {
      revision += random() % 3;
      const auto resource = static_cast<ResourceId>(random() % kResources);
      const std::uint64_t bytes = 1 + random() % 2000;
      window.Add(resource, revision, bytes);
      history[revision][resource] += bytes;
      most_held = std::max(most_held, revision - compacted);
      if (random() % steps_between_compactions != 0) continue;
      // At times the watch is behind.
      compacted += static_cast<std::int64_t>(random() %
                                             static_cast<std::uint64_t>(revision - compacted + 3));
      window.Compacted(compacted);
      revision = std::max(revision, compacted);
      ASSERT_EQ(window.UncompactedBytes().has_value(), compacted >= 1);
      for (ResourceId id = 0; id < kResources; ++id) {
        const std::uint64_t truth = Written(history, id, compacted, revision);
        const std::uint64_t bucket = Written(history, id, compacted - most_held / 30, compacted);
        ASSERT_GE(Of(window, id), compacted >= 1 ? truth : 0) << "seed " << seed;
        ASSERT_LE(Of(window, id), truth + bucket) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace headroom::accounting
