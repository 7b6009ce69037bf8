#include "accounting/sliding_window.h"

#include <gtest/gtest.h>

namespace headroom::accounting {
namespace {

using std::chrono::seconds;
using Minutes = SlidingSum<5, 60>;

constexpr TimePoint kStart{seconds(6000)};

TEST(SlidingWindow, IsZeroAtFirst) {
  EXPECT_EQ(Minutes().Value(TimePoint()), 0);
  EXPECT_EQ(Minutes().Value(kStart), 0);
}

TEST(SlidingWindow, AddsUpWhatIsWithin) {
  Minutes window;
  for (int minute = 0; minute < 5; ++minute) window.Add(10, kStart + seconds(60 * minute));
  EXPECT_EQ(window.Value(kStart + seconds(299)), 50);
}

TEST(SlidingWindow, ForgetsBucketByBucket) {
  Minutes window;
  window.Add(1, kStart);
  window.Add(2, kStart + seconds(59));
  window.Add(4, kStart + seconds(60));
  EXPECT_EQ(window.Value(kStart + seconds(299)), 7);
  EXPECT_EQ(window.Value(kStart + seconds(300)), 4);
  EXPECT_EQ(window.Value(kStart + seconds(359)), 4);
  EXPECT_EQ(window.Value(kStart + seconds(360)), 0);
}

TEST(SlidingWindow, StartsAfreshAfterALongPause) {
  Minutes window;
  for (int minute = 0; minute < 5; ++minute) window.Add(10, kStart + seconds(60 * minute));
  window.Add(1, kStart + seconds(1'000'000));
  EXPECT_EQ(window.Value(kStart + seconds(1'000'000)), 1);
}

TEST(SlidingWindow, SkipsBucketsInWhichNothingCame) {
  Minutes window;
  window.Add(1, kStart);
  window.Add(2, kStart + seconds(180));
  window.Add(4, kStart + seconds(300));
  EXPECT_EQ(window.Value(kStart + seconds(300)), 6);
}

TEST(SlidingWindow, TakesATimeThatGoesBackForTheNewest) {
  Minutes window;
  window.Add(1, kStart + seconds(600));
  window.Add(2, kStart);
  EXPECT_EQ(window.Value(kStart), 3);
  EXPECT_EQ(window.Value(kStart + seconds(600)), 3);
}

TEST(SlidingWindow, KeepsTheLargest) {
  SlidingMax<2, 60> window;
  window.Add(7, kStart);
  window.Add(3, kStart + seconds(1));
  window.Add(5, kStart + seconds(60));
  EXPECT_EQ(window.Value(kStart + seconds(60)), 7);
  EXPECT_EQ(window.Value(kStart + seconds(120)), 5);
  EXPECT_EQ(window.Value(kStart + seconds(180)), 0);
}

}  // namespace
}  // namespace headroom::accounting
