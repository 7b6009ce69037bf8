#include "kubernetes/label_text.h"

#include <gtest/gtest.h>

#include <string>

namespace headroom::kubernetes {
namespace {

std::string Fit(const std::string& text) {
  LabelText label;
  return std::string(label.Fit(text));
}

TEST(LabelText, PassesFitTextThroughWithoutACopy) {
  for (const std::string& text :
       {std::string("kubelet"), std::string(), std::string("caf\u00e9 \u6f22\u5b57 \U0001f600"),
        std::string("a \"quoted\" \\ text"), std::string(kMaxLabelBytes, 'x')}) {
    LabelText label;
    const std::string_view fit = label.Fit(text);
    EXPECT_EQ(fit, text);
    EXPECT_EQ(fit.data(), text.data());
  }
}

TEST(LabelText, ReplacesControlCharacters) {
  EXPECT_EQ(Fit("a\nb\tc\x7f"), "a?b?c?");
  EXPECT_EQ(Fit(std::string("a\0b", 3)), "a?b");
  EXPECT_EQ(Fit("a\u0080b\u009fc\u00a0d"), "a??b??c\u00a0d");
}

TEST(LabelText, ReplacesEachByteThatIsNotUtf8) {
  EXPECT_EQ(Fit("a\xff\xfe"), "a??");
  EXPECT_EQ(Fit("\xc0\xaf"), "??");       // overlong
  EXPECT_EQ(Fit("\xe0\x9f\xbf"), "???");  // overlong
  EXPECT_EQ(Fit("\xf0\x8f\xbf\xbf"), "????");
  EXPECT_EQ(Fit("\xed\xa0\x80"), "???");       // a surrogate
  EXPECT_EQ(Fit("\xf4\x90\x80\x80"), "????");  // beyond Unicode
  EXPECT_EQ(Fit("\xe6\xbc"), "??");            // cut short
  EXPECT_EQ(Fit("\x80"), "?");
}

TEST(LabelText, CutsAtACharactersBorder) {
  EXPECT_EQ(Fit(std::string(65'536, 'x')), std::string(kMaxLabelBytes, 'x'));
  const std::string almost(kMaxLabelBytes - 1, 'x');
  EXPECT_EQ(Fit(almost + "\u00e9"), almost);
  EXPECT_EQ(Fit(almost + "\n\n"), almost + "?");
  EXPECT_EQ(Fit("\n" + std::string(kMaxLabelBytes - 2, 'x') + "\u00e9"),
            "?" + std::string(kMaxLabelBytes - 2, 'x'));
}

}  // namespace
}  // namespace headroom::kubernetes
