#include "kubernetes/stored_value.h"

#include <gtest/gtest.h>

namespace headroom::kubernetes {
namespace {

using std::string_view_literals::operator""sv;

TEST(StoredValue, IsToldByItsFirstBytes) {
  EXPECT_EQ(EncodingOf("k8s\0\x0a\x09"sv), ValueEncoding::kProtobuf);
  EXPECT_EQ(EncodingOf(R"({"apiVersion":"v1"})"), ValueEncoding::kJson);
  EXPECT_EQ(EncodingOf("\xd9\xd9\xf7\xa3"sv), ValueEncoding::kCbor);
  EXPECT_EQ(EncodingOf("k8s:enc:aescbc:v1:key1:\x01\x02"sv), ValueEncoding::kEncrypted);
  EXPECT_EQ(EncodingOf("k8s:enc:kms:v2:vault:\x01\x02"sv), ValueEncoding::kEncrypted);
  EXPECT_EQ(EncodingOf("40213"), ValueEncoding::kOther);
}

TEST(StoredValue, IsOtherWhenItIsTooShortToTell) {
  for (const std::string_view value : {""sv, "k"sv, "k8s"sv, "k8s:enc"sv, "\xd9\xd9"sv, "[1]"sv}) {
    EXPECT_EQ(EncodingOf(value), ValueEncoding::kOther) << value;
  }
}

}  // namespace
}  // namespace headroom::kubernetes
