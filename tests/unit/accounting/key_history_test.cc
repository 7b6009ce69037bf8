#include "accounting/key_history.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace headroom::accounting {
namespace {

constexpr std::uint64_t kPod = 0x123456789abcdef0;

TEST(KeyHistory, TakesTheFirstOfAKeyForItsNewest) {
  KeyHistory history;
  EXPECT_EQ(history.Add(kPod, false), RevisionKind::kLive);
  EXPECT_EQ(history.Add(kPod + 1, false), RevisionKind::kLive);
  EXPECT_EQ(history.Add(kPod, false), RevisionKind::kSuperseded);
  EXPECT_EQ(history.Add(kPod, false), RevisionKind::kSuperseded);
  EXPECT_EQ(history.keys(), 2U);
}

TEST(KeyHistory, TellsADeletedObjectFromItsOlderVersions) {
  KeyHistory history;
  EXPECT_EQ(history.Add(kPod, true), RevisionKind::kTombstone);
  EXPECT_EQ(history.Add(kPod, false), RevisionKind::kDeleted);
  EXPECT_EQ(history.Add(kPod, false), RevisionKind::kSuperseded);
}

TEST(KeyHistory, FollowsAKeyThatWasCreatedAgain) {
  KeyHistory history;
  EXPECT_EQ(history.Add(kPod, false), RevisionKind::kLive);
  EXPECT_EQ(history.Add(kPod, true), RevisionKind::kTombstone);
  EXPECT_EQ(history.Add(kPod, true), RevisionKind::kTombstone);
  EXPECT_EQ(history.Add(kPod, false), RevisionKind::kDeleted);
}

TEST(KeyHistory, KeepsKeysApart) {
  KeyHistory history;
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;  // its multiples are all different
  constexpr std::uint64_t kKeys = 200'000;
  for (std::uint64_t i = 1; i <= kKeys; ++i) {
    ASSERT_EQ(history.Add(i * kOdd, false), RevisionKind::kLive) << i;
  }
  for (std::uint64_t i = 1; i <= kKeys; ++i) {
    ASSERT_EQ(history.Add(i * kOdd, i % 2 == 0),
              i % 2 == 0 ? RevisionKind::kTombstone : RevisionKind::kSuperseded);
  }
}

}  // namespace
}  // namespace headroom::accounting
