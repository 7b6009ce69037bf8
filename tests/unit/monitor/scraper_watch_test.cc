#include "monitor/scraper_watch.h"

#include <gtest/gtest.h>

namespace headroom {
namespace {

using std::chrono::seconds;

class ScraperWatchTest : public testing::Test {
 protected:
  bool IsDueAt(int second) { return watch_.IsPageDue(start_ + seconds(second), last_page_); }
  void ScrapeAt(int second) { last_page_ = start_ + seconds(second); }
  void OwnPageAt(int second) {
    ScrapeAt(second);
    watch_.TookOwnPage(last_page_);
  }

  const ScraperWatch::TimePoint start_;
  ScraperWatch watch_{start_};
  std::optional<ScraperWatch::TimePoint> last_page_;
};

TEST_F(ScraperWatchTest, WantsAPageAMinuteWhereNobodyScrapes) {
  EXPECT_FALSE(IsDueAt(60));
  EXPECT_FALSE(IsDueAt(120)) << "a scraper may come";
  EXPECT_TRUE(IsDueAt(180));
  OwnPageAt(180);
  EXPECT_TRUE(IsDueAt(240)) << "its own page is no scrape";
}

TEST_F(ScraperWatchTest, LeavesAScraperOfTwoMinutesAlone) {
  for (int second = 0; second < 3600; second += 60) {
    if (second % 120 == 0) ScrapeAt(second);
    EXPECT_FALSE(IsDueAt(second + 1));
  }
}

TEST_F(ScraperWatchTest, StepsInWhenTheScraperIsGoneAndBackWhenItReturns) {
  ScrapeAt(600);
  EXPECT_FALSE(IsDueAt(720));
  EXPECT_TRUE(IsDueAt(760));
  OwnPageAt(760);
  ScrapeAt(790);
  EXPECT_FALSE(IsDueAt(820));
}

}  // namespace
}  // namespace headroom
