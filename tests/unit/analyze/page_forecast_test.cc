#include "analyze/page_forecast.h"

#include <gtest/gtest.h>

#include <vector>

namespace headroom::analyze {
namespace {

constexpr std::uint32_t kPageBytes = 4096;

// A leaf: for each record whether it is kept. All take `bytes`.
struct Leaf {
  std::uint64_t pages;
  std::vector<bool> kept;
  std::uint64_t bytes;
};

// What becomes of leaves below one branch, from the lowest to the highest, in pages; the branch
// takes one.
std::uint64_t PagesAfter(const std::vector<Leaf>& leaves) {
  PageForecast forecast;
  std::uint64_t pages = 1;
  for (std::size_t i = leaves.size(); i-- > 0;) {
    forecast.BeginLeaf(kPageBytes, leaves[i].pages, i + 1 == leaves.size());
    for (const bool kept : leaves[i].kept) forecast.AddRecord(kept, leaves[i].bytes);
    pages += leaves[i].pages;
  }
  return forecast.Finish(pages * kPageBytes).compacted_bytes / kPageBytes;
}

TEST(PageForecast, FreesALeafWhoseRecordsAllGo) {
  EXPECT_EQ(PagesAfter({{1, {false, false}, 500}, {1, {true, true, true}, 500}}), 2U);
}

TEST(PageForecast, KeepsALeafThatIsFilledToMoreThanAQuarter) {
  EXPECT_EQ(PagesAfter({{1, {true, false, true, true}, 500}, {1, {true, true, true}, 500}}), 3U);
}

TEST(PageForecast, MovesTheLittleThatIsLeftToTheLeafBeside) {
  const Leaf whole{1, {true, true, true}, 500};
  EXPECT_EQ(PagesAfter({whole, {1, {true, false, false, true}, 100}}), 2U);
  EXPECT_EQ(PagesAfter({{1, {true, false, false, true}, 100}, whole}), 2U) << "or the higher one";
  EXPECT_EQ(PagesAfter({whole, {1, {true, false}, 3000}}), 3U) << "5 KiB take two pages";
}

TEST(PageForecast, SplitsALeafThatHasBecomeTooLarge) {
  const Leaf full{1, std::vector<bool>(8, true), 500};
  EXPECT_EQ(PagesAfter({full, {1, {true, false}, 500}}), 3U) << "nothing is won by the move";
}

TEST(PageForecast, LeavesTheOnlyLeafThereIs) {
  EXPECT_EQ(PagesAfter({{1, {true, false}, 100}}), 2U);
}

// Two records of 20,000 bytes have ten pages; one that is alone moves, and its pages are given
// back.
TEST(PageForecast, GivesBackOverflowPages) {
  EXPECT_EQ(PagesAfter({{10, {true, true}, 20'000}, {10, {false, false}, 20'000}}), 11U);
  EXPECT_EQ(PagesAfter({{10, {true, true}, 20'000}, {10, {true, false}, 20'000}}), 16U);
}

TEST(PageForecast, DoesNotMoveRecordsToAnotherBranch) {
  PageForecast forecast;
  forecast.BeginLeaf(kPageBytes, 1, true);
  forecast.AddRecord(true, 100);
  forecast.AddRecord(false, 100);
  forecast.BeginLeaf(kPageBytes, 1, true);
  forecast.AddRecord(true, 100);
  forecast.AddRecord(false, 100);
  EXPECT_EQ(forecast.Finish(5 * kPageBytes).compacted_bytes, 5 * kPageBytes);
}

TEST(PageForecast, FillsPagesToNineTenthsWhenDefragmented) {
  PageForecast forecast;
  for (int leaf = 0; leaf < 200; ++leaf) {
    forecast.BeginLeaf(kPageBytes, 1, leaf % 100 == 0);
    for (int i = 0; i < 4; ++i) forecast.AddRecord(true, 360);
    for (int i = 0; i < 4; ++i) forecast.AddRecord(false, 100);
  }
  // 800 records, ten to a page, and one branch.
  EXPECT_EQ(forecast.Finish(203 * kPageBytes).defragmented_bytes, 81 * kPageBytes);
}

TEST(PageForecast, ForeseesNothingOfABucketWithoutPages) {
  PageForecast forecast;
  EXPECT_EQ(forecast.Finish(300).compacted_bytes, 300U);
  EXPECT_EQ(PageForecast().Finish(0).defragmented_bytes, 0U);
}

}  // namespace
}  // namespace headroom::analyze
