#include "bbolt/file_mapping.h"

#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/temporary_folder.h"

namespace headroom::bbolt {
namespace {

using testing::HasSubstr;

constexpr std::size_t kPage = 4096;

class FileMappingTest : public testing::Test {
 protected:
  support::TemporaryFolder folder_;
};

TEST_F(FileMappingTest, ShowsTheFile) {
  const auto file = FileMapping::Open(folder_.Write("db", "some bytes"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->bytes(), "some bytes");
  EXPECT_FALSE(file->lost());
}

TEST_F(FileMappingTest, RefusesWhatCannotBeMapped) {
  const auto refusal = [](const std::string& path) {
    return std::string(FileMapping::Open(path).status().message());
  };
  EXPECT_THAT(refusal(folder_.path() / "missing"), HasSubstr("missing"));
  EXPECT_THAT(refusal(folder_.path()), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(folder_.Write("empty", "")), HasSubstr("empty"));
  const std::string pipe = folder_.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(refusal(pipe), HasSubstr("not a regular file"));
}

TEST_F(FileMappingTest, IsTheOnlyOneAtATime) {
  const std::string path = folder_.Write("db", "some bytes");
  {
    const auto file = FileMapping::Open(path);
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(FileMapping::Open(path).status().code(), absl::StatusCode::kFailedPrecondition);
  }
  EXPECT_TRUE(FileMapping::Open(path).ok());
}

TEST_F(FileMappingTest, ReadsZerosWhereTheFileWasCutOff) {
  const std::string path = folder_.Write("db", std::string(10 * kPage, 'x'));
  const auto file = FileMapping::Open(path);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->bytes()[9 * kPage], 'x');
  std::filesystem::resize_file(path, 3 * kPage + 1);
  EXPECT_EQ(file->bytes()[3 * kPage], 'x');
  EXPECT_FALSE(file->lost());
  EXPECT_EQ(file->bytes()[5 * kPage], '\0');
  EXPECT_TRUE(file->lost());
  EXPECT_EQ(file->bytes()[4 * kPage], '\0');
  EXPECT_EQ(file->bytes()[9 * kPage], '\0');
  EXPECT_EQ(file->bytes()[2 * kPage], 'x');
}

TEST_F(FileMappingTest, LetsGoOfAllOfALargeFile) {
  const std::string path = folder_.Write("large", "some bytes");
  std::filesystem::resize_file(path, std::size_t{200} << 20U);
  const auto mapped = [&] {
    std::ifstream maps("/proc/self/maps");
    const std::string text((std::istreambuf_iterator<char>(maps)), {});
    return text.find(path) != std::string::npos;
  };
  {
    const auto file = FileMapping::Open(path);
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(file->bytes().back(), '\0');
    EXPECT_TRUE(mapped());
  }
  EXPECT_FALSE(mapped());
}

TEST_F(FileMappingTest, LeavesOtherBusErrorsAsTheyWere) {
  const auto crash = [this] {
    const std::string other = folder_.Write("other", std::string(2 * kPage, 'x'));
    std::FILE* const stream = std::fopen(other.c_str(), "r");
    const auto* data = static_cast<const volatile char*>(
        mmap(nullptr, 2 * kPage, PROT_READ, MAP_SHARED, fileno(stream), 0));
    const auto file = FileMapping::Open(folder_.Write("db", "some bytes"));
    std::signal(SIGSEGV, SIG_DFL);
    std::filesystem::resize_file(other, 1);
    static_cast<void>(data[kPage]);
  };
  EXPECT_DEATH(crash(), "");
}

}  // namespace
}  // namespace headroom::bbolt
