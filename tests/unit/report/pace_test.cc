#include "report/pace.h"

#include <gmock/gmock.h>

namespace headroom::report {
namespace {

std::vector<Reading> Every500Ms(const std::vector<std::uint64_t>& bytes) {
  std::vector<Reading> readings;
  for (const std::uint64_t in_use : bytes) {
    readings.push_back(
        {.seconds = 0.5 * static_cast<double>(readings.size()), .in_use_bytes = in_use});
  }
  return readings;
}

TEST(Growth, IsWhatTheReadingsAgreeOn) {
  const auto growth = GrowthOf(Every500Ms({1000, 1500, 2000, 2600, 3100, 3500, 4000}));
  ASSERT_TRUE(growth);
  EXPECT_DOUBLE_EQ(growth->bytes_per_second, 1000);
  EXPECT_DOUBLE_EQ(growth->lowest, 900);
  EXPECT_DOUBLE_EQ(growth->highest, 1100);
  EXPECT_DOUBLE_EQ(growth->SecondsFor(60'000), 60);
}

TEST(Growth, IsUnknownWhereTheReadingsDisagree) {
  EXPECT_FALSE(GrowthOf(Every500Ms({1000, 1000, 1000, 1000, 1000, 9000, 9000}))) << "one burst";
  EXPECT_FALSE(GrowthOf(Every500Ms({1000, 2000, 3000, 2000, 1000, 2000, 3000}))) << "a compaction";
  EXPECT_FALSE(GrowthOf(Every500Ms({1000, 1000, 1000, 1000, 1000, 1000, 1000}))) << "nothing";
}

TEST(Growth, IsUnknownFromTooFewReadings) {
  EXPECT_FALSE(GrowthOf({}));
  EXPECT_FALSE(GrowthOf(Every500Ms({1000, 2000, 3000})));
  EXPECT_FALSE(GrowthOf({{0, 1000}, {0.1, 2000}, {0.2, 3000}, {0.3, 4000}}));
}

}  // namespace
}  // namespace headroom::report
