#include "files/disk_space.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace headroom {
namespace {

TEST(DiskSpace, IsThatOfTheFileSystemThatHoldsAFileOrFolder) {
  const std::filesystem::path folder = ::testing::TempDir();
  const std::filesystem::path file = folder / "disk_space_test";
  std::ofstream(file) << "x";
  const auto expected = std::filesystem::space(folder);
  for (const auto& path : {folder, file}) {
    const auto space = ReadDiskSpace(path);
    ASSERT_TRUE(space);
    EXPECT_EQ(space->size_bytes, expected.capacity);
    EXPECT_LE(space->free_bytes, expected.free);
    // Others write meanwhile.
    EXPECT_NEAR(static_cast<double>(space->free_bytes), static_cast<double>(expected.available),
                1e9);
  }
  std::filesystem::remove(file);
}

TEST(DiskSpace, IsUnknownWithoutAFileOrASize) {
  EXPECT_FALSE(ReadDiskSpace(::testing::TempDir() + "/none"));
  EXPECT_FALSE(ReadDiskSpace(""));
  EXPECT_FALSE(ReadDiskSpace("/proc"));
}

}  // namespace
}  // namespace headroom
