#include "text/wrap.h"

#include <gtest/gtest.h>

namespace headroom::text {
namespace {

TEST(Wrap, BreaksBetweenWordsAndIndentsWhatFollows) {
  EXPECT_EQ(Wrap("", 3), "\n");
  EXPECT_EQ(Wrap("a  short line", 3), "a short line\n");
  const std::string word(30, 'w');
  EXPECT_EQ(Wrap(word + " " + word + " " + word, 2), word + " " + word + "\n  " + word + "\n");
}

TEST(Wrap, LeavesALongWordWhole) {
  const std::string url(100, 'u');
  EXPECT_EQ(Wrap("see " + url + " there", 2), "see\n  " + url + "\n  there\n");
}

TEST(WrapHelp, KeepsDescriptionsInTheirColumn) {
  const std::string option = "  --flag TEXT                 ";
  const std::string help = WrapHelp("Title\n\n" + option + std::string(49, 'a') + " bbb\n");
  EXPECT_EQ(help,
            "Title\n\n" + option + std::string(49, 'a') + "\n" + std::string(30, ' ') + "bbb\n");
}

TEST(Shorten, KeepsBothEnds) {
  EXPECT_EQ(Shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(Shorten("abcdefghij", 7), "abc..ij");
}

}  // namespace
}  // namespace headroom::text
