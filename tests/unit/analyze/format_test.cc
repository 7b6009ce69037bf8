#include "analyze/format.h"

#include <gtest/gtest.h>

namespace headroom::analyze {
namespace {

TEST(Format, NamesAlarms) {
  EXPECT_EQ(AlarmName({.member = 1, .type = 1}), "NOSPACE");
  EXPECT_EQ(AlarmName({.member = 1, .type = 2}), "CORRUPT");
  EXPECT_EQ(AlarmName({.member = 1, .type = 7}), "7");
  EXPECT_EQ(MemberId(0x8e9e05c52164694d), "8e9e05c52164694d");
}

}  // namespace
}  // namespace headroom::analyze
