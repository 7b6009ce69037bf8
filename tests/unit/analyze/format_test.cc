#include "analyze/format.h"

#include <gtest/gtest.h>

namespace headroom::analyze {
namespace {

TEST(Format, ShowsBytesInPowersOf1024) {
  EXPECT_EQ(Bytes(0), "0 B");
  EXPECT_EQ(Bytes(1023), "1023 B");
  EXPECT_EQ(Bytes(1024), "1.0 KiB");
  EXPECT_EQ(Bytes(1536), "1.5 KiB");
  EXPECT_EQ(Bytes((1U << 20U) - 1), "1.0 MiB");
  EXPECT_EQ(Bytes(std::uint64_t{2} << 30U), "2.0 GiB");
  EXPECT_EQ(Bytes(~std::uint64_t{0}), "16384.0 PiB");
}

TEST(Format, GroupsCountsByThousands) {
  EXPECT_EQ(Count(0), "0");
  EXPECT_EQ(Count(999), "999");
  EXPECT_EQ(Count(1000), "1,000");
  EXPECT_EQ(Count(1234567), "1,234,567");
}

TEST(Format, HasNoShareOfNothing) {
  EXPECT_EQ(Percent(1, 3), "33.3 %");
  EXPECT_EQ(Percent(0, 0), "-");
}

TEST(Format, NamesAlarms) {
  EXPECT_EQ(AlarmName({.member = 1, .type = 1}), "NOSPACE");
  EXPECT_EQ(AlarmName({.member = 1, .type = 2}), "CORRUPT");
  EXPECT_EQ(AlarmName({.member = 1, .type = 7}), "7");
  EXPECT_EQ(MemberId(0x8e9e05c52164694d), "8e9e05c52164694d");
}

}  // namespace
}  // namespace headroom::analyze
