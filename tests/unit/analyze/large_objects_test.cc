#include "analyze/large_objects.h"

#include <gmock/gmock.h>

namespace headroom::analyze {
namespace {

TEST(LargeObjects, KeepsTheTenLargestInOrder) {
  LargeObjects large;
  for (const std::uint64_t bytes : {5U, 12U, 3U, 9U, 1U, 11U, 7U, 2U, 10U, 4U, 8U, 6U}) {
    large.Add("/k" + std::to_string(bytes), "pods", bytes);
  }
  std::vector<std::uint64_t> sizes;
  for (const LargeObject& object : large.objects()) sizes.push_back(object.bytes);
  EXPECT_THAT(sizes, testing::ElementsAre(12, 11, 10, 9, 8, 7, 6, 5, 4, 3));
  EXPECT_EQ(large.objects().front().key, "/k12");
  EXPECT_FALSE(large.Wants(3));
  EXPECT_TRUE(large.Wants(4));
}

TEST(LargeObjects, ShowsKeysThatCannotSteerATerminal) {
  EXPECT_EQ(PrintableKey("/registry/pods/\x1b[2J\xff/\xc3\xa4"), "/registry/pods/?[2J?/\xc3\xa4");
  EXPECT_EQ(PrintableKey(std::string(5000, 'k')), std::string(1024, 'k') + "...");
}

}  // namespace
}  // namespace headroom::analyze
