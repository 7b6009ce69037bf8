#include "options/config_file.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace headroom {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<ConfigEntry> EntriesOf(std::string_view text) {
  auto entries = ParseConfigText(text);
  EXPECT_TRUE(entries.ok()) << entries.status();
  return entries.value_or(std::vector<ConfigEntry>());
}

std::string RefusalOf(std::string_view text) {
  const auto entries = ParseConfigText(text);
  EXPECT_EQ(entries.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(entries.status().message());
}

TEST(ParseConfigText, ReadsValuesAsTheyAreWritten) {
  const auto entries = EntriesOf("# a comment\netcd.timeout: 3s\n\ncollector.node: false\n");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].key, "etcd.timeout");
  EXPECT_THAT(entries[0].values, ElementsAre("3s"));
  EXPECT_EQ(entries[0].line, 2);
  EXPECT_EQ(entries[1].key, "collector.node");
  EXPECT_THAT(entries[1].values, ElementsAre("false"));
  EXPECT_EQ(entries[1].line, 4);
}

TEST(ParseConfigText, ReadsListsInBothStyles) {
  const auto entries = EntriesOf("a:\n  - one\n  - two\nb: [three, \"4\"]\n");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_THAT(entries[0].values, ElementsAre("one", "two"));
  EXPECT_THAT(entries[1].values, ElementsAre("three", "4"));
}

TEST(ParseConfigText, ReadsJson) {
  const auto entries = EntriesOf(R"({"log.level": "debug"})");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].key, "log.level");
  EXPECT_THAT(entries[0].values, ElementsAre("debug"));
}

TEST(ParseConfigText, FindsNothingInAnEmptyFile) {
  EXPECT_THAT(EntriesOf(""), IsEmpty());
  EXPECT_THAT(EntriesOf("# only a comment\n"), IsEmpty());
  EXPECT_THAT(EntriesOf("{}"), IsEmpty());
}

TEST(ParseConfigText, RefusesAKeyThatComesTwice) {
  EXPECT_EQ(RefusalOf("a: 1\nb: 2\na: 3\n"), "line 3: a: given twice");
}

TEST(ParseConfigText, RefusesNestedAndMissingValues) {
  EXPECT_THAT(RefusalOf("x: 1\netcd:\n  timeout: 3s\n"),
              AllOf(StartsWith("line 2: "), HasSubstr("etcd: expected a value or a list")));
  EXPECT_THAT(RefusalOf("a:\n"), HasSubstr("a: expected a value or a list"));
  EXPECT_EQ(RefusalOf("a: [1, [2]]\n"), "line 1: a: expected a list of plain values");
  EXPECT_EQ(RefusalOf("a: [1, ~]\n"), "line 1: a: expected a list of plain values");
  EXPECT_EQ(RefusalOf("a: []\n"), "line 1: a: expected a value or a list of values");
}

TEST(ParseConfigText, RefusesWhatIsNoMapping) {
  EXPECT_THAT(RefusalOf("- a\n- b\n"), HasSubstr("expected `key: value` pairs"));
  EXPECT_THAT(RefusalOf("just a text"), HasSubstr("expected `key: value` pairs"));
  EXPECT_EQ(RefusalOf("[a]: b\n"), "line 1: a key is not plain text");
}

TEST(ParseConfigText, NamesTheLineOfBrokenYaml) {
  EXPECT_THAT(RefusalOf("a: 1\nb: [2\nc: }\n"), StartsWith("line 3: "));
  EXPECT_THAT(RefusalOf("a: *nowhere\n"), StartsWith("line 1: "));
}

TEST(ParseConfigText, RefusesDeepNestingWithoutACrash) {
  EXPECT_THAT(RefusalOf("a: " + std::string(100'000, '[')), StartsWith("line "));
}

}  // namespace
}  // namespace headroom
