#include "http/scrape_budget.h"

#include <gtest/gtest.h>

namespace headroom::http {
namespace {

using namespace std::chrono_literals;

TEST(ScrapeBudget, LeavesHalfASecondOfALongTimeout) {
  EXPECT_EQ(ScrapeBudget("10"), 9500ms);
  EXPECT_EQ(ScrapeBudget("2.5"), 2000ms);
}

TEST(ScrapeBudget, LeavesAFifthOfAShortTimeout) {
  EXPECT_EQ(ScrapeBudget("1"), 800ms);
  EXPECT_EQ(ScrapeBudget("0.5"), 400ms);
}

TEST(ScrapeBudget, Takes5SecondsWithoutATimeout) { EXPECT_EQ(ScrapeBudget(""), 4500ms); }

TEST(ScrapeBudget, Takes5SecondsForWhatIsNoTimeout) {
  for (const char* header : {"soon", "10s", "0", "-1", "nan", "inf", "1e999", " 1", "0x10"})
    EXPECT_EQ(ScrapeBudget(header), 4500ms) << header;
}

TEST(ScrapeBudget, IsAMinuteAtTheMost) {
  EXPECT_EQ(ScrapeBudget("3600"), 59'500ms);
  EXPECT_EQ(ScrapeBudget("1e300"), 59'500ms);
}

}  // namespace
}  // namespace headroom::http
