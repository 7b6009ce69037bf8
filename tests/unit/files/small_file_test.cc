#include "files/small_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "absl/status/status.h"

namespace headroom {
namespace {

class SmallFile : public ::testing::Test {
 protected:
  SmallFile() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~SmallFile() override { std::filesystem::remove_all(folder_); }

  void Write(std::size_t bytes) const { std::ofstream(file_) << std::string(bytes, 'x'); }
  absl::StatusCode Refusal(const std::filesystem::path& path) const {
    const absl::Status status = ReadSmallFile(path).status();
    EXPECT_NE(status.message().find(path.string()), absl::string_view::npos) << status;
    return status.code();
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      ::testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::filesystem::path file_ = folder_ / "file";
};

TEST_F(SmallFile, IsReadWhole) {
  Write(0);
  EXPECT_EQ(ReadSmallFile(file_).value_or("x"), "");
  Write(10000);
  EXPECT_EQ(ReadSmallFile(file_).value_or(""), std::string(10000, 'x'));
}

TEST_F(SmallFile, MayHoldOneMebibyteAndNoMore) {
  Write(kMaxSmallFileBytes);
  EXPECT_EQ(ReadSmallFile(file_).value_or("").size(), kMaxSmallFileBytes);
  Write(kMaxSmallFileBytes + 1);
  EXPECT_EQ(Refusal(file_), absl::StatusCode::kResourceExhausted);
}

TEST_F(SmallFile, IsNamedInErrors) {
  EXPECT_EQ(Refusal(folder_ / "none"), absl::StatusCode::kNotFound);
  EXPECT_EQ(Refusal(folder_), absl::StatusCode::kInvalidArgument);
}

TEST_F(SmallFile, IsNoPipe) {
  ASSERT_EQ(mkfifo(file_.c_str(), 0600), 0);
  EXPECT_EQ(Refusal(file_), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace headroom
