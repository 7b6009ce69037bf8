#include "text/human.h"

#include <gtest/gtest.h>

namespace headroom::text {
namespace {

TEST(Human, ShowsBytesInPowersOf1024) {
  EXPECT_EQ(Bytes(0), "0 B");
  EXPECT_EQ(Bytes(1023), "1023 B");
  EXPECT_EQ(Bytes(1024), "1.0 KiB");
  EXPECT_EQ(Bytes(1536), "1.5 KiB");
  EXPECT_EQ(Bytes((1U << 20U) - 1), "1.0 MiB");
  EXPECT_EQ(Bytes(std::uint64_t{2} << 30U), "2.0 GiB");
  EXPECT_EQ(Bytes(~std::uint64_t{0}), "16384.0 PiB");
}

TEST(Human, GivesARangeWhereItsEndsDiffer) {
  EXPECT_EQ(DurationRange(600, 700), "about 11 min");
  EXPECT_EQ(DurationRange(600, 7200), "10 min to 2.0 h");
  EXPECT_EQ(DurationRange(1, 1.4), "about 1 s") << "both read alike";
}

TEST(Human, RoundsDurationsToWhatMatters) {
  EXPECT_EQ(Duration(0), "0 s");
  EXPECT_EQ(Duration(89.4), "89 s");
  EXPECT_EQ(Duration(90), "2 min");
  EXPECT_EQ(Duration(1800), "30 min");
  EXPECT_EQ(Duration(5400), "1.5 h");
  EXPECT_EQ(Duration(47 * 3600.0), "47.0 h");
  EXPECT_EQ(Duration(49 * 3600.0), "2 days");
}

TEST(Human, GroupsCountsByThousands) {
  EXPECT_EQ(Count(0), "0");
  EXPECT_EQ(Count(999), "999");
  EXPECT_EQ(Count(1000), "1,000");
  EXPECT_EQ(Count(1234567), "1,234,567");
}

TEST(Human, HasNoShareOfNothing) {
  EXPECT_EQ(Percent(1, 3), "33.3 %");
  EXPECT_EQ(Percent(0, 0), "-");
}

TEST(Human, EscapesWhatHtmlGivesAMeaningTo) {
  EXPECT_EQ(EscapeHtml("<a href=\"x\" title='y'>&amp;</a>"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
  EXPECT_EQ(EscapeHtml("pods"), "pods");
}

TEST(UtcTime, IsDateAndTime) {
  EXPECT_EQ(UtcTime(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(UtcTime(1'800'000'000), "2027-01-15T08:00:00Z");
}

}  // namespace
}  // namespace headroom::text
