#include "bbolt/etcd_records.h"

#include <gtest/gtest.h>

#include <string>

#include "support/database_file.h"
#include "support/wire.h"

namespace headroom::bbolt {
namespace {

using test::Bytes;
using test::Number;

TEST(ReadRevision, TellsDeletesFromPuts) {
  const auto put = ReadRevision(test::RevisionKey(0x0102030405060708));
  ASSERT_TRUE(put);
  EXPECT_EQ(put->main, 0x0102030405060708);
  EXPECT_FALSE(put->tombstone);
  const auto tombstone = ReadRevision(test::RevisionKey(7, true));
  ASSERT_TRUE(tombstone);
  EXPECT_EQ(tombstone->main, 7);
  EXPECT_TRUE(tombstone->tombstone);
}

TEST(ReadRevision, RefusesWhatIsNone) {
  const std::string key = test::RevisionKey(7);
  for (const std::string& wrong : {std::string(), key.substr(1), key + "x", key + "tt"}) {
    EXPECT_FALSE(ReadRevision(wrong)) << wrong.size();
  }
  EXPECT_FALSE(ReadRevision(std::string(17, '\0')));
}

TEST(ReadKeyValue, FindsKeyAndValue) {
  const std::string stored = test::Put(9, "/registry/pods/a/b", "k8s").value;
  const auto entry = ReadKeyValue(stored);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->key, "/registry/pods/a/b");
  EXPECT_EQ(entry->value, "k8s");
}

TEST(ReadKeyValue, KnowsATombstone) {
  const std::string stored = test::Delete(9, "/registry/pods/a/b").value;
  const auto entry = ReadKeyValue(stored);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->key, "/registry/pods/a/b");
  EXPECT_EQ(entry->value, "");
}

TEST(ReadKeyValue, PassesOverFieldsOfLaterVersions) {
  const std::string stored = Number(99, 5) + Bytes(98, "new") + Bytes(1, "k") + Bytes(5, "v");
  const auto entry = ReadKeyValue(stored);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->key, "k");
  EXPECT_EQ(entry->value, "v");
}

TEST(ReadKeyValue, RefusesWhatIsCutOrHasNoKey) {
  const std::string whole = test::Put(9, "key", std::string(200, 'v')).value;
  EXPECT_TRUE(ReadKeyValue(whole));
  EXPECT_FALSE(ReadKeyValue(whole.substr(0, whole.size() - 1)));
  EXPECT_FALSE(ReadKeyValue(whole.substr(0, 100)));
  EXPECT_FALSE(ReadKeyValue(""));
  EXPECT_FALSE(ReadKeyValue(Bytes(5, "value")));
  EXPECT_FALSE(ReadKeyValue(test::Varint(1U << 3U | 2U) + test::Varint(~std::uint64_t{0}) + "k"));
}

TEST(ReadKeyValue, PassesOverNumbersOfAFixedSize) {
  const std::string fixed64 = test::Varint(97U << 3U | 1U) + std::string(8, 'x');
  const std::string fixed32 = test::Varint(96U << 3U | 5U) + std::string(4, 'x');
  ASSERT_TRUE(ReadKeyValue(fixed64 + fixed32 + Bytes(1, "k")));
  EXPECT_FALSE(ReadKeyValue(Bytes(1, "k") + fixed64.substr(0, 9)));
  EXPECT_FALSE(ReadKeyValue(Bytes(1, "k") + fixed32.substr(0, 5)));
}

TEST(ReadKeyValue, RefusesWhatIsNoField) {
  const std::string group = test::Varint(7U << 3U | 3U) + test::Varint(7U << 3U | 4U);
  const std::string endless(11, '\xff');
  for (const std::string& wrong : {group, Number(0, 1), endless, std::string("\x17", 1)}) {
    EXPECT_FALSE(ReadKeyValue(Bytes(1, "k") + wrong));
  }
}

TEST(ReadLeaseTtl, ReadsSeconds) {
  EXPECT_EQ(ReadLeaseTtl(Number(1, 7587) + Number(2, 3660) + Number(3, 9)), 3660);
  EXPECT_EQ(ReadLeaseTtl(Number(1, 7587)), std::nullopt);
  EXPECT_EQ(ReadLeaseTtl("\x10"), std::nullopt);
}

TEST(ReadAlarm, ReadsMemberAndType) {
  const StoredAlarm nospace{.member = 0x8e9e05c52164694d, .type = 1};
  EXPECT_EQ(ReadAlarm(Number(1, 0x8e9e05c52164694d) + Number(2, 1)), nospace);
  EXPECT_EQ(ReadAlarm(Number(2, 2)), (StoredAlarm{.member = 0, .type = 2}));
  EXPECT_EQ(ReadAlarm("\x08"), std::nullopt);
}

TEST(ReadConsistentIndex, IsBigEndian) {
  EXPECT_EQ(ReadConsistentIndex(std::string("\0\0\0\0\0\0\1\2", 8)), 258U);
  EXPECT_EQ(ReadConsistentIndex("\1\2"), std::nullopt);
}

}  // namespace
}  // namespace headroom::bbolt
