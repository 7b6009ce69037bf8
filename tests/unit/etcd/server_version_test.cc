#include "etcd/server_version.h"

#include <gtest/gtest.h>

namespace headroom::etcd {
namespace {

TEST(ParseServerVersion, ReadsAReleaseNumber) {
  EXPECT_EQ(ParseServerVersion("3.5.33"), (ServerVersion{.major = 3, .minor = 5, .patch = 33}));
}

TEST(ParseServerVersion, LeavesOutWhatFollowsTheNumber) {
  EXPECT_EQ(ParseServerVersion("3.7.0-rc.1"), (ServerVersion{.major = 3, .minor = 7, .patch = 0}));
  EXPECT_EQ(ParseServerVersion("3.4.23+dfsg"),
            (ServerVersion{.major = 3, .minor = 4, .patch = 23}));
}

TEST(ParseServerVersion, RefusesWhatIsNoReleaseNumber) {
  for (const char* text : {"", "3", "3.5", "3.5.", "v3.5.1", "3..5", "3.-5.1", "a.b.c", "3,5,1"})
    EXPECT_EQ(ParseServerVersion(text), std::nullopt) << text;
}

TEST(ServerVersion, IsOrderedByNumberNotByText) {
  EXPECT_LT(*ParseServerVersion("3.6.5"), *ParseServerVersion("3.6.10"));
  EXPECT_LT(*ParseServerVersion("3.9.9"), *ParseServerVersion("3.10.0"));
  EXPECT_LT(*ParseServerVersion("3.99.99"), *ParseServerVersion("4.0.0"));
}

}  // namespace
}  // namespace headroom::etcd
