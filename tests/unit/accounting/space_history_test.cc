#include "accounting/space_history.h"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <utility>
#include <vector>

namespace headroom::accounting {
namespace {

using testing::AllOf;
using testing::Field;
using testing::Ge;
using testing::Le;
using testing::Optional;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kQuota = 2048 * kMiB;

class SpaceHistoryTest : public testing::Test {
 protected:
  // MiB in use by the minute, of `length` minutes up to and with `now`; the file is never smaller
  // than it was.
  void Fill(std::int64_t now, std::int64_t length,
            const std::function<double(std::int64_t)>& in_use) {
    std::uint64_t file = 0;
    for (std::int64_t minute = now - length + 1; minute <= now; ++minute) {
      const auto bytes = static_cast<std::uint64_t>(in_use(minute) * static_cast<double>(kMiB));
      file = std::max(file, bytes);
      history_.Add(minute, {.file_bytes = file, .in_use_bytes = bytes, .quota_bytes = kQuota});
    }
  }
  std::optional<FillForecast> At(std::int64_t now) const { return history_.Forecast(now, 2); }

  SpaceHistory history_;
};

TEST(Horizons, AreThoseOfTheRules) {
  std::ostringstream config;
  config << std::ifstream(HEADROOM_SOURCE "/rules/config.libsonnet").rdbuf();
  const std::vector<std::pair<Horizon, const char*>> expected = {
      {{11, 3, 28 * 60}, "horizon(11 * 60, '28 * 60', end=3 * 60),"},
      {{16, 4, 36 * 60}, "horizon(16 * 60, '80 * 60', pageReach='36 * 60'),"},
      {{30, 7, 42 * 60},
       "horizon(30 * 60, '3 * 3600', pageReach='75 * 60', firstDayReach='42 * 60'),"},
      {{60, 15, 6 * 3600}, "horizon(3600, '6 * 3600'),"},
      {{120, 30, 12 * 3600}, "horizon(2 * 3600, '12 * 3600'),"},
      {{240, 60, 24 * 3600}, "horizon(4 * 3600, '24 * 3600'),"}};
  ASSERT_EQ(kHorizons.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(kHorizons.at(i), expected[i].first);
    EXPECT_THAT(config.str(), testing::HasSubstr(expected[i].second));
  }
}

TEST_F(SpaceHistoryTest, KeepsADayOfReadings) {
  const SpaceReading reading{.file_bytes = 30 * kMiB,
                             .in_use_bytes = 20 * kMiB,
                             .quota_bytes = kQuota,
                             .written_bytes = 10 * kMiB};
  history_.Add(5, reading);
  ASSERT_TRUE(history_.At(5));
  EXPECT_EQ(history_.At(5)->file_bytes, 30 * kMiB);
  EXPECT_EQ(history_.At(5)->in_use_bytes, 20 * kMiB);
  EXPECT_EQ(history_.At(5)->quota_bytes, kQuota);
  EXPECT_EQ(history_.At(5)->written_bytes, 10 * kMiB);
  history_.Add(5 + kDayMinutes - 1, {.file_bytes = kMiB});
  EXPECT_TRUE(history_.At(5));
  EXPECT_FALSE(history_.At(6)) << "nothing was noted then";
  EXPECT_FALSE(history_.At(5 + kDayMinutes - 1)->written_bytes);
  history_.Add(5 + kDayMinutes, {.file_bytes = kMiB});
  EXPECT_FALSE(history_.At(5));
}

TEST_F(SpaceHistoryTest, ForeseesASteadyFill) {
  // 20 MiB a minute: at 1600 MiB the remaining 448 last 22 minutes.
  Fill(100, 60,
       [](std::int64_t minute) { return 1600 + 20.0 * static_cast<double>(minute - 100); });
  EXPECT_THAT(At(100), Optional(AllOf(Field(&FillForecast::earliest_seconds, Ge(0.95 * 22.4 * 60)),
                                      Field(&FillForecast::latest_seconds, Le(1.05 * 22.4 * 60)))));
}

TEST_F(SpaceHistoryTest, ForeseesNothingFromASawtooth) {
  // Compaction every 5 minutes takes back what was written.
  Fill(2000, 1440,
       [](std::int64_t minute) { return 1500 + 60.0 * static_cast<double>(minute % 5); });
  for (std::int64_t now = 700; now <= 2000; ++now) ASSERT_EQ(At(now), std::nullopt) << now;
}

TEST_F(SpaceHistoryTest, ForeseesNothingFromABurstThatIsOver) {
  Fill(400, 300, [](std::int64_t minute) { return minute < 380 ? 1100.0 : 1400.0; });
  EXPECT_EQ(At(400), std::nullopt);
}

TEST_F(SpaceHistoryTest, ForeseesNothingWhileMostOfTheQuotaWasNeverUsed) {
  Fill(100, 60, [](std::int64_t minute) { return 400 + 5.0 * static_cast<double>(minute - 100); });
  EXPECT_EQ(At(100), std::nullopt);
}

TEST_F(SpaceHistoryTest, ForeseesNothingInTheFirstMinutes) {
  for (std::int64_t now = 1; now <= 10; ++now) {
    history_.Add(now, {.file_bytes = 1000 * kMiB + static_cast<std::uint64_t>(now) * 40 * kMiB,
                       .in_use_bytes = 1000 * kMiB + static_cast<std::uint64_t>(now) * 40 * kMiB,
                       .quota_bytes = kQuota});
    EXPECT_EQ(At(now), std::nullopt);
  }
}

TEST_F(SpaceHistoryTest, ForeseesNothingFromWhatMayAllBeHistory) {
  // Where etcd compacts by the hour, an hour's growth may go at once; the file does not grow.
  for (std::int64_t minute = 1; minute <= 60; ++minute) {
    history_.Add(minute, {.file_bytes = 1900 * kMiB,
                          .in_use_bytes = (1000 + 14 * static_cast<std::uint64_t>(minute)) * kMiB,
                          .quota_bytes = kQuota});
  }
  EXPECT_EQ(history_.Forecast(60, 60), std::nullopt);
  EXPECT_TRUE(history_.Forecast(60, std::nullopt)) << "where no compaction is to be expected";
}

TEST_F(SpaceHistoryTest, ForeseesASlowFillByItsNewHeightsOnly) {
  // Half a MiB a minute for 12 hours, after a day at 1200 MiB.
  const auto leak = [](std::int64_t minute) {
    return 1200 + (minute > 1440 ? 0.5 * static_cast<double>(minute - 1440) : 0.0);
  };
  Fill(2160, 1440 + 720, leak);
  EXPECT_THAT(At(2160), Optional(Field(&FillForecast::horizon_minutes, Ge(120))));
  SpaceHistory daily;  // the same rise, below the height of yesterday
  for (std::int64_t minute = 721; minute <= 2160; ++minute) {
    const double level = minute < 1000 ? 1700 : leak(minute);
    const auto bytes = static_cast<std::uint64_t>(level * static_cast<double>(kMiB));
    daily.Add(minute, {.file_bytes = 1700 * kMiB, .in_use_bytes = bytes, .quota_bytes = kQuota});
  }
  EXPECT_EQ(daily.Forecast(2160, 2), std::nullopt);
}

TEST_F(SpaceHistoryTest, ForeseesAFileThatTakesATenthOfTheQuotaInMinutes) {
  for (std::int64_t minute = 1; minute <= 4; ++minute) {
    history_.Add(minute, {.file_bytes = (600 + 200 * static_cast<std::uint64_t>(minute)) * kMiB,
                          .in_use_bytes = 500 * kMiB,
                          .quota_bytes = kQuota});
  }
  // 648 MiB are left, at 200 a minute.
  EXPECT_THAT(At(4),
              Optional(AllOf(Field(&FillForecast::horizon_minutes, 3),
                             Field(&FillForecast::earliest_seconds, testing::DoubleNear(194, 1)))));
}

TEST_F(SpaceHistoryTest, ForeseesNothingWithoutAQuotaOrAfterTheFileShrank) {
  Fill(100, 60,
       [](std::int64_t minute) { return 1600 + 20.0 * static_cast<double>(minute - 100); });
  ASSERT_TRUE(At(100));
  history_.Add(101, {.file_bytes = 600 * kMiB, .in_use_bytes = 600 * kMiB, .quota_bytes = kQuota});
  EXPECT_EQ(At(101), std::nullopt);
  SpaceHistory disabled;
  for (std::int64_t minute = 1; minute <= 60; ++minute) {
    disabled.Add(minute, {.file_bytes = static_cast<std::uint64_t>(minute) * 20 * kMiB,
                          .in_use_bytes = static_cast<std::uint64_t>(minute) * 20 * kMiB});
  }
  EXPECT_EQ(disabled.Forecast(60, 2), std::nullopt);
}

}  // namespace
}  // namespace headroom::accounting
