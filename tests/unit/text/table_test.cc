#include "text/table.h"

#include <gtest/gtest.h>

namespace headroom::text {
namespace {

TEST(Table, AlignsNamesLeftAndNumbersRight) {
  std::string text = "before\n";
  AppendTable(text, {{"NAME", "BYTES"}, {"pods", "1"}, {"a", "1000000"}}, 1);
  EXPECT_EQ(text,
            "before\n"
            "NAME    BYTES\n"
            "pods        1\n"
            "a     1000000\n"
            "\n");
}

TEST(Table, LeavesNoBlanksAtTheEndOfAShortRow) {
  std::string text;
  AppendTable(text, {{"A", "B", "C"}, {"x"}}, 3);
  EXPECT_EQ(text, "A  B  C\nx\n\n");
}

}  // namespace
}  // namespace headroom::text
