#include "node/environment.h"

#include <gtest/gtest.h>

namespace headroom::node {
namespace {

Environment WithNode() {
  Environment environment;
  environment.Set("NODE", "cp-1");
  return environment;
}

TEST(ExpandReferences, ReplacesVariables) {
  EXPECT_EQ(ExpandReferences("--name=$(NODE)-$(NODE)", WithNode()), "--name=cp-1-cp-1");
}

TEST(ExpandReferences, TakesTwoDollarsForOne) {
  EXPECT_EQ(ExpandReferences("$$(NODE) $$$(NODE) 5$", WithNode()), "$(NODE) $cp-1 5$");
}

TEST(ExpandReferences, LeavesOtherShellTextAlone) {
  const std::string text = "$NODE ${NODE} $((8*1024)) $(date -u) $(";
  EXPECT_EQ(ExpandReferences(text, WithNode()), text);
}

TEST(ExpandReferences, MarksWhatHasNoValue) {
  const std::string expanded = ExpandReferences("a$(OTHER)b", WithNode());
  EXPECT_TRUE(IsUnknown(expanded));
  EXPECT_EQ(MessageText(expanded), "a$(OTHER)b");
}

TEST(ExpandReferences, DoesNotGrowBeyondAnArgument) {
  Environment environment;
  environment.Set("A", std::string(1000, 'a'));
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "$(A)";
  EXPECT_EQ(ExpandReferences(text, environment), std::string(1, kUnknown));
}

TEST(Environment, TellsNothingOfWhatMayBeSetElsewhere) {
  Environment environment = WithNode();
  EXPECT_EQ(environment.Get("OTHER"), std::nullopt);
  environment.AllowOthers();
  ASSERT_TRUE(environment.Get("OTHER").has_value());
  EXPECT_TRUE(IsUnknown(*environment.Get("OTHER")));
  EXPECT_FALSE(environment.Lists("OTHER"));
  EXPECT_EQ(environment.Get("NODE"), "cp-1");
}

TEST(MessageText, IsOneShortLine) {
  EXPECT_EQ(MessageText("a\nb\x1b[0m"), "a b [0m");
  EXPECT_EQ(MessageText(std::string(1000, 'x')), std::string(80, 'x') + "...");
}

}  // namespace
}  // namespace headroom::node
