#include "node/go_values.h"

#include <gtest/gtest.h>

#include <limits>

namespace headroom::node {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

TEST(GoInt64, AcceptsEveryBaseThatGoDoes) {
  EXPECT_EQ(ParseGoInt64("8589934592"), 8589934592);
  EXPECT_EQ(ParseGoInt64("0x200000000"), 8589934592);
  EXPECT_EQ(ParseGoInt64("0XfF"), 255);
  EXPECT_EQ(ParseGoInt64("0b101"), 5);
  EXPECT_EQ(ParseGoInt64("0o17"), 15);
  EXPECT_EQ(ParseGoInt64("017"), 15);
  EXPECT_EQ(ParseGoInt64("0"), 0);
  EXPECT_EQ(ParseGoInt64("00"), 0);
}

TEST(GoInt64, AcceptsSigns) {
  EXPECT_EQ(ParseGoInt64("-1"), -1);
  EXPECT_EQ(ParseGoInt64("+5"), 5);
  EXPECT_EQ(ParseGoInt64("-0x10"), -16);
  EXPECT_EQ(ParseGoInt64("--1"), std::nullopt);
  EXPECT_EQ(ParseGoInt64("-"), std::nullopt);
}

TEST(GoInt64, AcceptsUnderscoresOnlyBetweenDigits) {
  EXPECT_EQ(ParseGoInt64("8_589_934_592"), 8589934592);
  EXPECT_EQ(ParseGoInt64("0x_ff"), 255);
  EXPECT_EQ(ParseGoInt64("0_7"), 7);
  EXPECT_EQ(ParseGoInt64("_1"), std::nullopt);
  EXPECT_EQ(ParseGoInt64("1_"), std::nullopt);
  EXPECT_EQ(ParseGoInt64("1__0"), std::nullopt);
  EXPECT_EQ(ParseGoInt64("-_1"), std::nullopt);
}

TEST(GoInt64, RefusesWhatIsNoInteger) {
  for (const char* text :
       {"", " 1", "1 ", "8Gi", "1e9", "1.0", "08", "0x", "0b2", "0o8", "a", "0a"}) {
    EXPECT_EQ(ParseGoInt64(text), std::nullopt) << text;
  }
}

TEST(GoInt64, EndsWhereSixtyFourBitsEnd) {
  EXPECT_EQ(ParseGoInt64("9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ParseGoInt64("9223372036854775808"), std::nullopt);
  EXPECT_EQ(ParseGoInt64("-9223372036854775808"), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(ParseGoInt64("-9223372036854775809"), std::nullopt);
  EXPECT_EQ(ParseGoInt64("99999999999999999999999"), std::nullopt);
}

// Each was given to etcd 3.4.23, 3.5.35 and 3.7.3 as quota-backend-bytes in a configuration file.
TEST(YamlInt64, IsWhatEtcdTakesFromItsConfigurationFile) {
  EXPECT_EQ(ParseYamlInt64("8589934592"), 8589934592);
  EXPECT_EQ(ParseYamlInt64("8.589934592e+09"), 8589934592);
  EXPECT_EQ(ParseYamlInt64("8589934592.0"), 8589934592);
  EXPECT_EQ(ParseYamlInt64("4.000000001e+09"), 4000000001);
  EXPECT_EQ(ParseYamlInt64("1e9"), 1000000000);
  EXPECT_EQ(ParseYamlInt64("1.0E+9"), 1000000000);
  EXPECT_EQ(ParseYamlInt64("5.e+9"), 5000000000);
  EXPECT_EQ(ParseYamlInt64(".5e10"), 5000000000);
  EXPECT_EQ(ParseYamlInt64("+8589934592"), 8589934592);
  EXPECT_EQ(ParseYamlInt64("+1e9"), 1000000000);
  EXPECT_EQ(ParseYamlInt64("-1.0"), -1);
  EXPECT_EQ(ParseYamlInt64("0.0"), 0);
  EXPECT_EQ(ParseYamlInt64("-0.0"), 0);
  EXPECT_EQ(ParseYamlInt64("0x200000000"), 8589934592);
  EXPECT_EQ(ParseYamlInt64("0o17777777777"), 2147483647);
  EXPECT_EQ(ParseYamlInt64("017777777777"), 2147483647);
  EXPECT_EQ(ParseYamlInt64("0b101"), 5);
  EXPECT_EQ(ParseYamlInt64("8_589_934_592"), 8589934592);
  EXPECT_EQ(ParseYamlInt64("8__5"), 85);
  EXPECT_EQ(ParseYamlInt64("09"), 9);
}

TEST(YamlInt64, IsNotWhatEtcdRefuses) {
  for (const char* text :
       {"", "8Gi", "8589934592.5", "1e-1", "1e21", "9.3e+18", "9223372036854775808", "1e400",
        "190:20:30", "1,000", "true", ".inf", "inf", "nan", "+-1e9", "--1", "1e", ".", "e9"}) {
    EXPECT_EQ(ParseYamlInt64(text), std::nullopt) << text;
  }
}

TEST(GoUint64, HasNoSignAndTheFullRange) {
  EXPECT_EQ(ParseGoUint64("18446744073709551615"), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(ParseGoUint64("18446744073709551616"), std::nullopt);
  EXPECT_EQ(ParseGoUint64("+1"), std::nullopt);
  EXPECT_EQ(ParseGoUint64("-1"), std::nullopt);
}

TEST(GoDecimal, KnowsNoPrefixes) {
  EXPECT_EQ(ParseGoDecimal("010"), 10);
  EXPECT_EQ(ParseGoDecimal("-3"), -3);
  EXPECT_EQ(ParseGoDecimal("0x10"), std::nullopt);
  EXPECT_EQ(ParseGoDecimal("1_0"), std::nullopt);
  EXPECT_EQ(ParseGoDecimal(""), std::nullopt);
}

TEST(GoDuration, AddsUpItsTerms) {
  EXPECT_EQ(ParseGoDuration("5m"), nanoseconds(5min));
  EXPECT_EQ(ParseGoDuration("1h30m"), nanoseconds(90min));
  EXPECT_EQ(ParseGoDuration("1.5h"), nanoseconds(90min));
  EXPECT_EQ(ParseGoDuration(".5s"), nanoseconds(500ms));
  EXPECT_EQ(ParseGoDuration("5.s"), nanoseconds(5s));
  EXPECT_EQ(ParseGoDuration("1ns2us3\u00b5s4\u03bcs5ms"), nanoseconds(5009001));
  EXPECT_EQ(ParseGoDuration("-2s"), nanoseconds(-2s));
  EXPECT_EQ(ParseGoDuration("0"), nanoseconds(0));
}

TEST(GoDuration, NeedsUnitsThatGoKnows) {
  for (const char* text :
       {"", "5", "1d", "m", ".", ".s", "-", "1h 30m", "1 h", "1M", "1h-30m", "3s5"}) {
    EXPECT_EQ(ParseGoDuration(text), std::nullopt) << text;
  }
}

TEST(GoDuration, EndsWhereSixtyFourBitsOfNanosecondsEnd) {
  EXPECT_EQ(ParseGoDuration("9223372036854775807ns"), nanoseconds::max());
  EXPECT_EQ(ParseGoDuration("9223372036854775808ns"), std::nullopt);
  EXPECT_EQ(ParseGoDuration("2562048h"), std::nullopt);
  EXPECT_EQ(ParseGoDuration("2562047h2562047h"), std::nullopt);
}

// No retention of a compaction is like these.
TEST(GoDuration, DiffersFromGoAtTheEdges) {
  EXPECT_EQ(ParseGoDuration("-9223372036854775808ns"), std::nullopt) << "Go: the least there is";
  EXPECT_EQ(ParseGoDuration("0.99999999999999999999999999s"), nanoseconds(999'999'999)) << "Go: 1s";
}

}  // namespace
}  // namespace headroom::node
