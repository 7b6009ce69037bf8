#include "collectors/disk_collector.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <future>

#include "collectors/catalogue.h"
#include "collectors/samples.h"
#include "support/temporary_folder.h"

namespace headroom {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr DiskSpace kSpace{.free_bytes = 3, .size_bytes = 5};

TEST(DiskCollector, ServesTheDiskOfTheLocalMember) {
  const support::TemporaryFolder folder;
  const std::string file = folder.Write("db", "x");
  FamilySet families;
  DiskCollector(file, [] { return "m1"; }).Collect(Clock::now(), families);
  const Samples samples(std::move(families));
  EXPECT_EQ(samples.Value(metrics::kDataDiskSize, {{"member", "m1"}}),
            static_cast<double>(ReadDiskSpace(file)->size_bytes));
  EXPECT_GT(samples.Value(metrics::kDataDiskFree, {{"member", "m1"}}), 0);
}

TEST(DiskCollector, ServesNothingWithoutAMemberOrAFile) {
  const support::TemporaryFolder folder;
  FamilySet families;
  DiskCollector(folder.Write("db", "x"), [] {
    return std::nullopt;
  }).Collect(Clock::now(), families);
  DiskCollector(folder.path() / "none", [] { return "m1"; }).Collect(Clock::now(), families);
  EXPECT_TRUE(Samples(std::move(families)).Names().empty());
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
