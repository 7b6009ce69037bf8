#include "monitor/disk_space_reader.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <future>

#include "support/temporary_folder.h"

namespace headroom {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr DiskSpace kSpace{.free_bytes = 3, .size_bytes = 5};

TEST(DiskSpaceReader, ReadsTheFileSystemOfTheFile) {
  const support::TemporaryFolder folder;
  const std::string file = folder.Write("db", "x");
  const auto space = DiskSpaceReader(file).Read(Clock::now() + 1min);
  ASSERT_TRUE(space);
  EXPECT_EQ(space->size_bytes, ReadDiskSpace(file)->size_bytes);
  EXPECT_GT(space->free_bytes, 0U);
  EXPECT_FALSE(DiskSpaceReader(folder.path() / "none").Read(Clock::now() + 1min));
}

TEST(DiskSpaceReader, WaitsNoLongerThanTheDeadlineForAFileSystemThatHangs) {
  std::promise<void> server;
  std::atomic<int> reads = 0;
  DiskSpaceReader reader("/db", [&, answers = server.get_future().share()](const std::string&) {
    ++reads;
    answers.wait();
    return std::optional(kSpace);
  });
  for (int scrape = 0; scrape < 3; ++scrape)
    EXPECT_FALSE(reader.Read(Clock::now() + 10ms)) << "unknown, not the last";
  EXPECT_EQ(reads, 1) << "no second thread joins the first that hangs";
  server.set_value();
  const auto space = reader.Read(Clock::now() + 1min);
  ASSERT_TRUE(space);
  EXPECT_EQ(space->free_bytes, kSpace.free_bytes);
}

TEST(DiskSpaceReader, MayGoWhileAReadHangs) {
  std::promise<void> server;
  const auto answers = server.get_future().share();
  {
    DiskSpaceReader reader("/db", [answers](const std::string&) {
      answers.wait();
      return std::optional(kSpace);
    });
    EXPECT_FALSE(reader.Read(Clock::now() + 10ms));
  }
  server.set_value();
}

}  // namespace
}  // namespace headroom
