#include "analyze/pinned.h"

#include <gtest/gtest.h>

namespace headroom::analyze {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

// 100 MiB, of which the walk reached 20.
Analysis FileOf() {
  Analysis analysis{.path = "db", .size_bytes = 100 * kMiB};
  analysis.walk.meta.page_bytes = 4096;
  analysis.walk.reached_pages = 20 * kMiB / 4096;
  return analysis;
}

TEST(Pinned, IsWhatStatusCountsAsInUseBeyondThePagesInUse) {
  EXPECT_EQ(PinnedBytes(FileOf(), 100 * kMiB, 95 * kMiB), 75 * kMiB);
  EXPECT_EQ(PinnedBytes(FileOf(), 101 * kMiB, 20 * kMiB), 0U);
  EXPECT_EQ(PinnedBytes(FileOf(), 100 * kMiB, 19 * kMiB), 0U) << "compacted after the walk";
}

TEST(Pinned, IsUnknownWhereTheFileDoesNotSay) {
  EXPECT_EQ(PinnedBytes(FileOf(), 50 * kMiB, 45 * kMiB), std::nullopt) << "another member's file";
  Analysis snapshot = FileOf();
  snapshot.is_snapshot = true;
  EXPECT_EQ(PinnedBytes(snapshot, 100 * kMiB, 95 * kMiB), std::nullopt);
  Analysis damaged = FileOf();
  damaged.problem = "3 pages cannot be read";
  EXPECT_EQ(PinnedBytes(damaged, 100 * kMiB, 95 * kMiB), std::nullopt);
}

}  // namespace
}  // namespace headroom::analyze
