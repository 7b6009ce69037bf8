#include "etcd/compact_revision.h"

#include <gtest/gtest.h>

namespace headroom::etcd {
namespace {

TEST(ParseCompactRevKey, ReadsADecimalRevision) {
  EXPECT_EQ(ParseCompactRevKey("1"), 1);
  EXPECT_EQ(ParseCompactRevKey("123456789012"), 123'456'789'012);
}

TEST(ParseCompactRevKey, KnowsNothingBeforeAnApiServerHasAskedForACompaction) {
  EXPECT_EQ(ParseCompactRevKey("0"), std::nullopt);
}

TEST(ParseCompactRevKey, RefusesWhatIsNoRevision) {
  EXPECT_EQ(ParseCompactRevKey(""), std::nullopt);
  EXPECT_EQ(ParseCompactRevKey("-5"), std::nullopt);
  EXPECT_EQ(ParseCompactRevKey(" 5"), std::nullopt);
  EXPECT_EQ(ParseCompactRevKey("5\n"), std::nullopt);
  EXPECT_EQ(ParseCompactRevKey("5x"), std::nullopt);
  EXPECT_EQ(ParseCompactRevKey("9223372036854775808"), std::nullopt);
}

}  // namespace
}  // namespace headroom::etcd
