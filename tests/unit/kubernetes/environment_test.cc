#include "kubernetes/environment.h"

#include <gtest/gtest.h>

namespace headroom::kubernetes {
namespace {

Environment WithNode() {
  Environment environment;
  environment.Set("NODE", "cp-1", /*exported=*/true);
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
  EXPECT_EQ(Printable(expanded), "a$(OTHER)b");
}

TEST(ExpandReferences, DoesNotGrowBeyondAnArgument) {
  Environment environment;
  environment.Set("A", std::string(1000, 'a'), /*exported=*/true);
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "$(A)";
  EXPECT_EQ(ExpandReferences(text, environment), std::string(1, kUnknown));
}

TEST(Environment, ShowsChildrenOnlyWhatIsExported) {
  Environment environment;
  environment.Set("A", "1", /*exported=*/false);
  EXPECT_EQ(environment.Get("A"), "1");
  EXPECT_EQ(environment.GetExported("A"), std::nullopt);
  environment.Export("A");
  EXPECT_EQ(environment.GetExported("A"), "1");
  environment.Set("A", "2", /*exported=*/false);
  EXPECT_EQ(environment.GetExported("A"), "2") << "an assignment takes no export back";
}

TEST(Environment, KnowsNothingAfterForgetting) {
  Environment environment = WithNode();
  environment.ForgetAll();
  ASSERT_TRUE(environment.Get("NODE").has_value());
  EXPECT_TRUE(IsUnknown(*environment.Get("NODE")));
  EXPECT_FALSE(environment.Lists("NODE"));
  environment.Remove("NODE");
  EXPECT_EQ(environment.Get("NODE"), "");
}

TEST(Printable, IsOneShortLine) {
  EXPECT_EQ(Printable("a\nb\x1b[0m"), "a b [0m");
  EXPECT_EQ(Printable(std::string(1000, 'x')), std::string(80, 'x') + "...");
}

}  // namespace
}  // namespace headroom::kubernetes
