#include "node/yaml_text.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace headroom::node {
namespace {

YAML::Node Load(std::string_view text) {
  auto document = LoadMapping(text, "file");
  EXPECT_TRUE(document.ok()) << document.status();
  return document.ok() ? *document : YAML::Node(YAML::NodeType::Map);
}

TEST(LoadMapping, ReadsYamlAndJson) {
  EXPECT_EQ(ScalarText(Find(Load("a: 1\nb: 2"), "b")), "2");
  EXPECT_EQ(ScalarText(Find(Load(R"({"a": "1", "b": 2})"), "b")), "2");
}

TEST(LoadMapping, NamesFileAndLineOfAMistake) {
  const absl::Status status = LoadMapping("a: 1\nb: [1, 2\nc: 3\n", "/etc/x.yaml").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(std::string(status.message()).starts_with("/etc/x.yaml:3: ")) << status.message();
  EXPECT_EQ(status.message().find('\n'), absl::string_view::npos);
}

TEST(LoadMapping, KeepsMessagesToOneLine) {
  const absl::Status status = LoadMapping("a: \"\\\x01\"", "f").status();
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.message().find('\x01'), absl::string_view::npos) << status;
}

TEST(LoadMapping, RefusesWhatIsNoMapping) {
  EXPECT_EQ(LoadMapping("", "f").status(), absl::InvalidArgumentError("f: is empty"));
  EXPECT_FALSE(LoadMapping("- a", "f").ok());
  EXPECT_FALSE(LoadMapping("a", "f").ok());
}

TEST(LoadMapping, SurvivesDeepNesting) {
  EXPECT_FALSE(LoadMapping(std::string(100'000, '['), "f").ok());
  EXPECT_FALSE(LoadMapping(std::string(100'000, '{'), "f").ok());
}

TEST(LoadMapping, RefusesMoreStructureThanFitsInMemory) {
  std::string text = "a: [";
  for (int i = 0; i < 100'000; ++i) text += "b,";
  EXPECT_FALSE(LoadMapping(text + "]", "f").ok());
  EXPECT_TRUE(LoadMapping("a: " + std::string(1'000'000, 'b'), "f").ok());
}

TEST(Find, TakesTheLastOfTwo) { EXPECT_EQ(ScalarText(Find(Load("a: 1\na: 2"), "a")), "2"); }

TEST(Find, IsUndefinedForWhatIsNotThere) {
  EXPECT_FALSE(Find(Load("a: 1\n? [b]\n: 2"), "b").IsDefined());
  EXPECT_FALSE(Find(Find(Load("a: 1"), "b"), "c").IsDefined());
  EXPECT_FALSE(Find(Find(Load("a: 1"), "a"), "c").IsDefined());
  EXPECT_EQ(ScalarText(Find(Load("a: [1]"), "a")), "");
}

TEST(HasMergeKey, SeesMerges) {
  EXPECT_TRUE(HasMergeKey(Find(Load("x: &x {a: 1}\ny:\n  <<: *x"), "y")));
  EXPECT_FALSE(HasMergeKey(Load("a: 1")));
}

}  // namespace
}  // namespace headroom::node
