#include "budgets/glob.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace headroom::budgets {
namespace {

TEST(Glob, IsANameWithStarsAndQuestionMarks) {
  for (const char* glob : {"a", "*", "team-*", "?-0"}) EXPECT_TRUE(IsGlob(glob)) << glob;
  for (const std::string& text : {std::string(), std::string("Team"), std::string("a/b"),
                                  std::string("[ab]"), std::string("a b"), std::string(64, 'a')}) {
    EXPECT_FALSE(IsGlob(text)) << text;
  }
}

TEST(Glob, MatchesNames) {
  EXPECT_TRUE(Matches("team-*", "team-a"));
  EXPECT_TRUE(Matches("team-*", "team-"));
  EXPECT_TRUE(Matches("*-prod", "a-b-prod"));
  EXPECT_TRUE(Matches("t?am", "team"));
  EXPECT_FALSE(Matches("team-*", "teams"));
  EXPECT_FALSE(Matches("t?am", "tam"));
  EXPECT_FALSE(Matches("team", "team-a"));
}

TEST(Glob, OverlapsWhereANameMatchesBoth) {
  const std::vector<std::string> globs{"a",  "b",  "*",   "a*",  "*a", "*b", "a*b", "?",
                                       "??", "a?", "*a*", "ab*", "ba", "ab", "a?b", "b*a*"};
  // All names of up to four letters, which is enough for these.
  std::vector<std::string> names{""};
  for (std::size_t i = 0; names[i].size() < 4; ++i) {
    for (const char c : {'a', 'b'}) names.push_back(names[i] + c);
  }
  for (const std::string& a : globs) {
    for (const std::string& b : globs) {
      bool both = false;
      for (const std::string& name : names) both = both || (Matches(a, name) && Matches(b, name));
      EXPECT_EQ(Overlap(a, b), both) << a << " and " << b;
    }
  }
}

}  // namespace
}  // namespace headroom::budgets
