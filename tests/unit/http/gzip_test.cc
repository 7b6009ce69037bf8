#include "http/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace headroom::http {
namespace {

// The text in a gzip file; "" when it is none or does not end where it should.
std::string Unpacked(std::string packed) {
  z_stream stream{};
  constexpr int kGzipOnly = 15 + 16;
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return "";
  std::string text(1U << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int result = inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return whole ? text : "";
}

TEST(AcceptsGzip, WhenItIsNamed) {
  EXPECT_TRUE(AcceptsGzip("gzip"));
  EXPECT_TRUE(AcceptsGzip("deflate, gzip, br"));
  EXPECT_TRUE(AcceptsGzip("GZIP"));
  EXPECT_TRUE(AcceptsGzip("gzip;q=0.5"));
  EXPECT_TRUE(AcceptsGzip(" gzip ; q=1.0"));
  EXPECT_TRUE(AcceptsGzip("identity;q=0, gzip"));
}

TEST(AcceptsGzip, WhenAnythingIsTaken) {
  EXPECT_TRUE(AcceptsGzip("*"));
  EXPECT_TRUE(AcceptsGzip("identity, *;q=0.1"));
}

TEST(AcceptsGzip, NotWhenItIsNotNamed) {
  EXPECT_FALSE(AcceptsGzip(""));
  EXPECT_FALSE(AcceptsGzip("identity"));
  EXPECT_FALSE(AcceptsGzip("deflate, br"));
  EXPECT_FALSE(AcceptsGzip("x-gzipped"));
}

TEST(AcceptsGzip, NotWhenItIsRefused) {
  EXPECT_FALSE(AcceptsGzip("gzip;q=0"));
  EXPECT_FALSE(AcceptsGzip("gzip; q=0.000"));
  EXPECT_FALSE(AcceptsGzip("*;q=0"));
  EXPECT_FALSE(AcceptsGzip("*, gzip;q=0"));
  EXPECT_FALSE(AcceptsGzip("gzip;q=0, *"));
  EXPECT_FALSE(AcceptsGzip("gzip;q=x"));
}

TEST(Gzip, IsUnpackedToTheSameText) {
  std::string page;
  for (int i = 0; i < 5000; ++i)
    page += "etcd_headroom_up{member=\"etcd-" + std::to_string(i) + "\"} 1\n";
  const auto packed = Gzip(page);
  ASSERT_TRUE(packed);
  EXPECT_EQ(Unpacked(*packed), page);
  EXPECT_LT(packed->size(), page.size() / 4);
}

TEST(Gzip, TakesTextsThatDoNotShrink) {
  const auto empty = Gzip("");
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->empty());
  const std::string bytes{"\0\xff\x1f\x8b", 4};
  EXPECT_EQ(Unpacked(Gzip(bytes).value_or("")), bytes);
}

}  // namespace
}  // namespace headroom::http
