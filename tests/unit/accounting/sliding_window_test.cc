#include "accounting/sliding_window.h"

#include <gtest/gtest.h>

namespace headroom::accounting {
namespace {

using std::chrono::seconds;
using Minutes = SlidingSum<5, 60>;

constexpr TimePoint kWindowStart{seconds(6000)};

TEST(SlidingWindow, IsZeroAtFirst) {
  EXPECT_EQ(Minutes().Value(TimePoint()), 0);
  EXPECT_EQ(Minutes().Value(kWindowStart), 0);
}

TEST(SlidingWindow, AddsUpWhatIsWithin) {
  Minutes window;
  for (int minute = 0; minute < 5; ++minute) window.Add(10, kWindowStart + seconds(60 * minute));
  EXPECT_EQ(window.Value(kWindowStart + seconds(299)), 50);
}

TEST(SlidingWindow, ForgetsBucketByBucket) {
  Minutes window;
  window.Add(1, kWindowStart);
  window.Add(2, kWindowStart + seconds(59));
  window.Add(4, kWindowStart + seconds(60));
  EXPECT_EQ(window.Value(kWindowStart + seconds(299)), 7);
  EXPECT_EQ(window.Value(kWindowStart + seconds(300)), 4);
  EXPECT_EQ(window.Value(kWindowStart + seconds(359)), 4);
  EXPECT_EQ(window.Value(kWindowStart + seconds(360)), 0);
}

TEST(SlidingWindow, StartsAfreshAfterALongPause) {
  Minutes window;
  for (int minute = 0; minute < 5; ++minute) window.Add(10, kWindowStart + seconds(60 * minute));
  window.Add(1, kWindowStart + seconds(1'000'000));
  EXPECT_EQ(window.Value(kWindowStart + seconds(1'000'000)), 1);
}

TEST(SlidingWindow, SkipsBucketsInWhichNothingCame) {
  Minutes window;
  window.Add(1, kWindowStart);
  window.Add(2, kWindowStart + seconds(180));
  window.Add(4, kWindowStart + seconds(300));
  EXPECT_EQ(window.Value(kWindowStart + seconds(300)), 6);
}

TEST(SlidingWindow, TakesATimeThatGoesBackForTheNewest) {
  Minutes window;
  window.Add(1, kWindowStart + seconds(600));
  window.Add(2, kWindowStart);
  EXPECT_EQ(window.Value(kWindowStart), 3);
  EXPECT_EQ(window.Value(kWindowStart + seconds(600)), 3);
}

TEST(SlidingWindow, KeepsTheLargest) {
  SlidingMax<2, 60> window;
  window.Add(7, kWindowStart);
  window.Add(3, kWindowStart + seconds(1));
  window.Add(5, kWindowStart + seconds(60));
  EXPECT_EQ(window.Value(kWindowStart + seconds(60)), 7);
  EXPECT_EQ(window.Value(kWindowStart + seconds(120)), 5);
  EXPECT_EQ(window.Value(kWindowStart + seconds(180)), 0);
}

}  // namespace
}  // namespace headroom::accounting
