#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "exposition/catalogue.h"
#include "exposition/families.h"
#include "exposition/samples.h"
#include "monitor/inventory_walker.h"
#include "support/database_file.h"
#include "support/temporary_folder.h"

namespace headroom {
namespace {

using test::DatabaseFile;
using test::Delete;
using test::Put;
using testing::IsEmpty;

constexpr std::uint64_t kPut = 20 + 5;  // bytes of "/registry/pods/a/web" and a value

class InventoryTest : public testing::Test {
 protected:
  // A file with two versions of a pod, a deleted ConfigMap, and a key that is not Kubernetes'.
  std::string WriteFile() const {
    DatabaseFile file;
    const auto leaf =
        file.Leaf({Put(2, "/registry/pods/a/web", "12345"), Put(3, "/registry/pods/a/web", "12345"),
                   Put(4, "/registry/configmaps/a/b", "1"), Delete(5, "/registry/configmaps/a/b"),
                   Put(6, "elsewhere", "1")});
    file.Buckets({DatabaseFile::Bucket("key", leaf)});
    return folder_.Write("db", file.bytes);
  }

  static InventoryWalkerOptions Options(const std::string& file) {
    return {.file = file, .interval = std::chrono::seconds(1), .at_start = true};
  }

  static Samples Page(const InventoryWalker& walker, bool has_objects = false) {
    FamilySet families;
    AddInventoryFamilies({.exact = walker.latest(),
                          .failures = walker.failures(),
                          .estimate = {},
                          .has_objects = has_objects},
                         families);
    return Samples(std::move(families));
  }

  // The first page on which `metric` is at least `value`.
  static Samples Await(const InventoryWalker& walker, const Metric& metric, double value) {
    for (int tries = 0; tries < 2'000; ++tries) {
      Samples page = Page(walker);
      if (page.Value(metric).value_or(0) >= value) return page;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << metric.name << " did not reach " << value;
    return Page(walker);
  }

  const support::TemporaryFolder folder_;
};

// The file has four pages in use: two meta pages, a leaf, the list of buckets.
TEST_F(InventoryTest, ServesWhatIsPinned) {
  InventoryWalkerOptions options = Options(WriteFile());
  options.member_space = [asked = 0]() mutable {
    // What was in use before the walk, and has been freed meanwhile, is not pinned.
    const std::uint64_t pages = ++asked % 2 == 1 ? 40 : 24;
    return DatabaseSpace{.size_bytes = 50 * 4096, .in_use_bytes = pages * 4096};
  };
  InventoryWalker walker(options);
  const Samples page = Await(walker, metrics::kInventoryExact, 1);
  EXPECT_EQ(page.Value(metrics::kDbPinnedBytes), 20 * 4096);
}

TEST_F(InventoryTest, SaysNothingOfWhatIsPinnedWithoutTheMember) {
  InventoryWalker walker(Options(WriteFile()));
  const Samples page = Await(walker, metrics::kInventoryExact, 1);
  EXPECT_EQ(page.Value(metrics::kDbPinnedBytes), std::nullopt);
}

TEST_F(InventoryTest, ServesWhatTheFileHolds) {
  InventoryWalker walker(Options(WriteFile()));
  const Samples page = Await(walker, metrics::kInventoryExact, 1);
  EXPECT_EQ(page.Value(metrics::kObjectBytes, {{"resource", "pods"}}), kPut);
  EXPECT_EQ(page.Value(metrics::kHistoryBytes, {{"resource", "pods"}}), kPut);
  EXPECT_EQ(page.Value(metrics::kObjectBytes, {{"resource", "configmaps"}}), 0);
  EXPECT_EQ(page.Value(metrics::kHistoryBytes, {{"resource", "configmaps"}}), 24 + 1 + 24);
  EXPECT_EQ(page.Value(metrics::kObjectBytes, {{"resource", "other"}}), 9 + 1);
  EXPECT_EQ(page.Value(metrics::kInventoryFailures), 0);
  EXPECT_GE(page.Value(metrics::kInventoryDuration), 0);
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_NEAR(page.Value(metrics::kInventoryTimestamp).value_or(0), now.count(), 60);
  EXPECT_THAT(page.LabelsOf(metrics::kObjects), IsEmpty()) << "these are counted by the watch";
}

TEST_F(InventoryTest, ServesObjectsWhereNobodyElseCountsThem) {
  InventoryWalker walker(Options(WriteFile()));
  Await(walker, metrics::kInventoryExact, 1);
  const Samples page = Page(walker, /*has_objects=*/true);
  EXPECT_EQ(page.Value(metrics::kObjects, {{"resource", "pods"}}), 1);
  EXPECT_EQ(page.Value(metrics::kObjects, {{"resource", "configmaps"}}), 0);
}

TEST_F(InventoryTest, GivesLabelsToTheLargestAndOtherToTheRest) {
  InventoryWalkerOptions options = Options(WriteFile());
  options.max_resources = 1;
  InventoryWalker walker(options);
  const Samples page = Await(walker, metrics::kInventoryExact, 1);
  EXPECT_EQ(page.LabelsOf(metrics::kObjectBytes).size(), 2U);
  EXPECT_EQ(page.Value(metrics::kObjectBytes, {{"resource", "pods"}}), kPut);
  EXPECT_EQ(page.Value(metrics::kHistoryBytes, {{"resource", "other"}}), 24 + 1 + 24);
}

TEST_F(InventoryTest, ServesWhatEachNamespaceHas) {
  InventoryWalker walker(Options(WriteFile()));
  const Samples page = Await(walker, metrics::kInventoryExact, 1);
  const Labels a{{"object_namespace", "a"}};
  EXPECT_EQ(page.Value(metrics::kNamespaceObjectBytes, a), kPut);
  EXPECT_EQ(page.Value(metrics::kNamespaceHistoryBytes, a), kPut + 24 + 1 + 24);
  EXPECT_EQ(page.Value(metrics::kNamespaceObjects, a), 1);
  EXPECT_EQ(page.Value(metrics::kNamespaceObjectBytes, {{"object_namespace", ""}}), 9 + 1);
  EXPECT_EQ(page.Value(metrics::kNamespaceObjectBytes, {{"object_namespace", "other"}}), 0);
}

TEST_F(InventoryTest, PutsTheSmallerNamespacesIntoOther) {
  DatabaseFile file;
  const auto leaf =
      file.Leaf({Put(2, "/registry/pods/a/web", "1"), Put(3, "/registry/pods/b/web", "12345"),
                 Put(4, "/registry/pods/other/web", "1234567")});
  file.Buckets({DatabaseFile::Bucket("key", leaf)});
  InventoryWalkerOptions options = Options(folder_.Write("db", file.bytes));
  options.max_namespaces = 1;
  InventoryWalker walker(options);
  const Samples page = Await(walker, metrics::kInventoryExact, 1);
  EXPECT_EQ(page.LabelsOf(metrics::kNamespaceObjectBytes).size(), 3U);
  EXPECT_EQ(page.Value(metrics::kNamespaceObjectBytes, {{"object_namespace", "b"}}), 20 + 5);
  EXPECT_EQ(page.Value(metrics::kNamespaceObjectBytes, {{"object_namespace", "other"}}),
            20 + 1 + 24 + 7);
}

TEST_F(InventoryTest, KeepsTheLastExactOneWhileTheFileIsGone) {
  const std::string path = WriteFile();
  InventoryWalker walker(Options(path));
  const Samples before = Await(walker, metrics::kInventoryExact, 1);
  std::filesystem::rename(path, path + ".away");
  const Samples page = Await(walker, metrics::kInventoryFailures, 1);
  EXPECT_EQ(page.Value(metrics::kInventoryExact), 1);
  EXPECT_EQ(page.Value(metrics::kObjectBytes, {{"resource", "pods"}}), kPut);
  std::filesystem::rename(path + ".away", path);
  const double seen = page.Value(metrics::kInventoryTimestamp).value_or(0);
  Await(walker, metrics::kInventoryTimestamp, seen + 0.1);
}

TEST_F(InventoryTest, IsNotExactUntilAWalkHasSucceeded) {
  InventoryWalkerOptions options = Options(WriteFile());
  options.max_keys = 0;
  InventoryWalker walker(options);
  const Samples page = Await(walker, metrics::kInventoryFailures, 1);
  EXPECT_EQ(page.Value(metrics::kInventoryExact), 0);
  EXPECT_THAT(page.LabelsOf(metrics::kHistoryBytes), IsEmpty());
}

TEST_F(InventoryTest, PublishesNothingOfAFileThatCannotBeReadToItsEnd) {
  DatabaseFile file;
  const auto leaf = file.Leaf({Put(2, "/registry/pods/a/web", "12345")});
  const auto torn = file.Leaf({Put(3, "/registry/pods/a/other", "12345")});
  const auto branch = file.Branch({{test::RevisionKey(2), leaf}, {test::RevisionKey(3), torn}});
  file.Buckets({DatabaseFile::Bucket("key", branch)});
  file.Poke<std::uint64_t>(file.At(torn), 99);  // another page's number
  InventoryWalker walker(Options(folder_.Write("db", file.bytes)));
  const Samples page = Await(walker, metrics::kInventoryFailures, 1);
  EXPECT_EQ(page.Value(metrics::kInventoryExact), 0);
  EXPECT_THAT(page.LabelsOf(metrics::kHistoryBytes), IsEmpty());
}

TEST_F(InventoryTest, WantsTheFileToHaveWhatEtcdHas) {
  InventoryWalkerOptions options = Options(WriteFile());
  options.watched_revision = [] { return 6; };
  InventoryWalker current(options);
  Await(current, metrics::kInventoryExact, 1);
}

TEST_F(InventoryTest, RefusesAFileThatEtcdNoLongerWritesTo) {
  InventoryWalkerOptions options = Options(WriteFile());
  options.watched_revision = [] { return 7; };
  InventoryWalker walker(options);
  const Samples page = Await(walker, metrics::kInventoryFailures, 1);
  EXPECT_EQ(page.Value(metrics::kInventoryExact), 0);
}

TEST_F(InventoryTest, EndsAtOnceWhileItWaits) {
  InventoryWalkerOptions options = Options(WriteFile());
  options.at_start = false;
  InventoryWalker walker(options);
  walker.Stop();  // or this would last for minutes
}

}  // namespace
}  // namespace headroom
