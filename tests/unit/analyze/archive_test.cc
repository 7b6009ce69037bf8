#include "analyze/archive.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <string>

#include "absl/status/statusor.h"
#include "support/archives.h"

namespace headroom::analyze {
namespace {

using test::Gzip;
using test::Zip;
using testing::HasSubstr;

// What `archive` holds, or why it was refused.
absl::StatusOr<std::string> Unpacked(const std::string& archive) {
  const auto packing = PackingOf(archive);
  if (!packing) return absl::NotFoundError("no archive");
  std::string bytes;
  const absl::Status done = Unpack(*packing, archive, [&bytes](std::string_view piece) {
    bytes += piece;
    return absl::OkStatus();
  });
  if (!done.ok()) return done;
  return bytes;
}

std::string Refusal(const std::string& archive) {
  return std::string(Unpacked(archive).status().message());
}

std::string Large() {
  std::string text;
  for (int i = 0; text.size() < 1'000'000; ++i) text += std::to_string(i * 7919) + "\n";
  return text;
}

TEST(Archive, UnpacksGzip) {
  EXPECT_EQ(*Unpacked(Gzip(Large())), Large());
  EXPECT_EQ(*Unpacked(Gzip("one") + Gzip("two")), "onetwo");
  EXPECT_EQ(*Unpacked(Gzip("one") + std::string(512, '\0')), "one") << "padded, as tapes are";
}

TEST(Archive, UnpacksTheOneEntryOfAZip) {
  EXPECT_EQ(*Unpacked(Zip({{.name = "snapshot", .text = Large()}})), Large());
  EXPECT_EQ(*Unpacked(Zip({{.name = "snapshot", .text = "as it is", .stored = true}})), "as it is");
  EXPECT_EQ(*Unpacked(Zip({{.name = "snapshot", .text = "commented"}}, "a comment")), "commented");
}

TEST(Archive, SaysWhatToDoAboutAZipThatIsNotUnpacked) {
  EXPECT_THAT(Refusal(Zip({{.name = "a", .text = "1"}, {.name = "b", .text = "2"}})),
              HasSubstr("with 2 entries, where a snapshot has one: unpack it with unzip"));
  EXPECT_THAT(Refusal(Zip({{.name = "a", .text = "1", .flags = 1}})), HasSubstr("with a password"));
  EXPECT_THAT(Refusal(Zip({{.name = "a", .text = "1", .method = 93}})),
              HasSubstr("packed by method 93"));
  EXPECT_THAT(Refusal(Zip({{.name = "a", .text = "1", .zip64 = true}})),
              HasSubstr("of 4 GiB or more"));
}

TEST(Archive, FindsEveryCutAndEveryFlippedBit) {
  for (const std::string& whole :
       {Gzip("the text of a snapshot"), Zip({{.name = "s", .text = "the text of a snapshot"}}),
        Zip({{.name = "s", .text = "the text of a snapshot", .stored = true}})}) {
    for (std::size_t size = 4; size < whole.size(); ++size) {
      EXPECT_THAT(Refusal(whole.substr(0, size)), HasSubstr("cut short")) << size;
    }
    std::string flipped = whole;
    flipped[35] ^= 1;  // in what is packed, or its checksum
    EXPECT_FALSE(Unpacked(flipped).ok());
  }
}

TEST(Archive, PassesTheTakersErrorOn) {
  const std::string archive = Gzip("text");
  const absl::Status done = Unpack(Packing::kGzip, archive, [](std::string_view) {
    return absl::ResourceExhaustedError("full");
  });
  EXPECT_EQ(done.message(), "full");
}

TEST(Archive, SaysWithWhatOthersAreUnpacked) {
  std::string tar(1024, '\0');
  tar.replace(257, 5, "ustar");
  EXPECT_THAT(std::string(Unsupported(tar)), HasSubstr("tar -xf"));
  EXPECT_THAT(std::string(Unsupported("\x28\xb5\x2f\xfd...")), HasSubstr("zstd -d"));
  EXPECT_TRUE(Unsupported("text").empty());
  EXPECT_TRUE(Unsupported(Gzip("text")).empty());
}

}  // namespace
}  // namespace headroom::analyze
