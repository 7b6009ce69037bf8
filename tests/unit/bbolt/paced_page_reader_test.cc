#include "bbolt/paced_page_reader.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "support/temporary_folder.h"

namespace headroom::bbolt {
namespace {

constexpr std::size_t kPageSize = 4096;
constexpr std::uint64_t kAtOnce = std::uint64_t{1} << 40;

class PacedReaderTest : public testing::Test {
 protected:
  // A file on the disk, of which the page cache has the pages from `cached` on.
  FileMapping Open(std::size_t pages, std::size_t cached) {
    const std::string path = folder_.Write("db", std::string(pages * kPageSize, 'x'));
    auto file = FileMapping::Open(path);
    EXPECT_TRUE(file.ok()) << file.status();
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    fsync(descriptor);
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM);  // no page besides is read
    for (char byte = 0; cached < pages; ++cached) {
      EXPECT_EQ(pread(descriptor, &byte, 1, static_cast<off_t>(cached * kPageSize)), 1);
    }
    close(descriptor);
    return *std::move(file);
  }

  // The pages that the page cache has: only an owner of the file may ask.
  static std::size_t Cached(const FileMapping& file) {
    std::vector<unsigned char> pages(file.bytes().size() / kPageSize);
    EXPECT_EQ(mincore(const_cast<char*>(file.bytes().data()), file.bytes().size(), pages.data()),
              0);
    return static_cast<std::size_t>(
        std::ranges::count_if(pages, [](unsigned char page) { return (page & 1U) != 0; }));
  }

  // Of this process, that are a file's.
  static std::size_t ResidentKib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      std::size_t kib = 0;
      if (word == "RssFile:" && status >> kib) return kib;
    }
    return 0;
  }

  support::TemporaryFolder folder_;
};

#define SKIP_WITHOUT_DISK(file, cached) \
  if (Cached(file) != (cached)) GTEST_SKIP() << "the folder is in memory"

TEST_F(PacedReaderTest, LeavesThePageCacheAsItFoundIt) {
  const FileMapping file = Open(1000, 600);
  SKIP_WITHOUT_DISK(file, 400U);
  {
    PacedPageReader reader(file, kAtOnce, {});
    for (std::size_t page = 0; page < 1000; page += 10) {
      ASSERT_TRUE(reader.Fetch(page * kPageSize, 10 * kPageSize));
      EXPECT_EQ(file.bytes()[page * kPageSize], 'x');
    }
  }
  EXPECT_EQ(Cached(file), 400U);
}

TEST_F(PacedReaderTest, BringsInNothingButWhatItIsToldTo) {
  const FileMapping file = Open(1000, 1000);
  SKIP_WITHOUT_DISK(file, 0U);
  PacedPageReader reader(file, kAtOnce, {});
  for (const std::size_t page : {900U, 500U, 100U}) {
    ASSERT_TRUE(reader.Fetch(page * kPageSize, 2 * kPageSize));
    EXPECT_EQ(file.bytes()[page * kPageSize + 1], 'x');
  }
  EXPECT_EQ(Cached(file), 6U);
}

TEST_F(PacedReaderTest, PacesWhatComesFromTheDisk) {
  const FileMapping file = Open(1000, 1000);
  SKIP_WITHOUT_DISK(file, 0U);
  constexpr std::uint64_t kRate = 20'000'000;
  const auto start = std::chrono::steady_clock::now();
  PacedPageReader reader(file, kRate, {});
  for (std::size_t page = 0; page < 1000; ++page)
    ASSERT_TRUE(reader.Fetch(page * kPageSize, kPageSize));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took.count(), 1000.0 * kPageSize / kRate - 0.006) << "less what is owed at the end";
}

TEST_F(PacedReaderTest, DoesNotPaceWhatIsInThePageCache) {
  const FileMapping file = Open(1000, 0);
  constexpr std::uint64_t kRate = 100'000;
  const auto start = std::chrono::steady_clock::now();
  PacedPageReader reader(file, kRate, {});
  EXPECT_TRUE(reader.Fetch(0, 1000 * kPageSize));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << "not 41";
}

TEST_F(PacedReaderTest, DoesNotGrowTheProcess) {
  const FileMapping file = Open(20'000, 0);
  PacedPageReader reader(file, kAtOnce, {});
  const std::size_t before = ResidentKib();
  std::size_t most = 0;
  for (std::size_t page = 0; page < 20'000; page += 2) {
    ASSERT_TRUE(reader.Fetch(page * kPageSize, 2 * kPageSize));
    EXPECT_EQ(file.bytes()[page * kPageSize], 'x');
    most = std::max(most, ResidentKib());
  }
  EXPECT_LT(most, before + 20'000) << "of a file of 80 MB";
}

TEST_F(PacedReaderTest, EndsWhenToldToStop) {
  const FileMapping file = Open(1000, 500);
  std::stop_source source;
  PacedPageReader reader(file, kAtOnce, source.get_token());
  EXPECT_TRUE(reader.Fetch(0, kPageSize));
  source.request_stop();
  EXPECT_FALSE(reader.Fetch(0, kPageSize));
  EXPECT_FALSE(reader.Fetch(700 * kPageSize, kPageSize));
}

TEST_F(PacedReaderTest, LeavesWhatWasCutOffToTheMapping) {
  const FileMapping file = Open(10, 0);
  std::filesystem::resize_file(folder_.path() / "db", 5 * kPageSize);
  PacedPageReader reader(file, kAtOnce, {});
  EXPECT_TRUE(reader.Fetch(0, 10 * kPageSize));
  EXPECT_TRUE(reader.Fetch(20 * kPageSize, kPageSize)) << "of no file";
  EXPECT_EQ(file.bytes()[7 * kPageSize], '\0');
  EXPECT_TRUE(file.lost());
}

}  // namespace
}  // namespace headroom::bbolt
