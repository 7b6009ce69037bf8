#include "analyze/analysis.h"

#include <gmock/gmock.h>

#include <string>

#include "support/database_file.h"
#include "support/temporary_folder.h"

namespace headroom::analyze {
namespace {

using test::DatabaseFile;
using test::Put;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kPage = 4096;

class AnalyzeTest : public testing::Test {
 protected:
  AnalyzeTest() {
    leaf_ = file_.Leaf({Put(2, "/registry/pods/a/web", std::string(3000, 'x')),
                        Put(3, "/registry/pods/a/web", std::string(6000, 'x'))});
    file_.Free(4);
    file_.Buckets({DatabaseFile::Bucket("key", leaf_), DatabaseFile::Inline("alarm", {})});
  }

  absl::StatusOr<Analysis> AnalyzeBytes(
      const std::string& bytes, const std::function<void()>& meanwhile = [] {}) {
    return Analyze(folder_.Write("db", bytes), {},
                   [&](std::uint64_t, std::uint64_t) { meanwhile(); });
  }

  support::TemporaryFolder folder_;
  DatabaseFile file_;
  std::uint64_t leaf_ = 0;
};

std::uint64_t Sum(const Analysis& analysis) {
  const Parts& parts = analysis.parts;
  return analysis.total.stored_bytes + parts.key_bucket_overhead + parts.other_buckets + parts.top +
         parts.free + parts.beyond_mark + parts.hash +
         static_cast<std::uint64_t>(parts.unaccounted);
}

TEST_F(AnalyzeTest, AccountsForEveryByte) {
  const auto analysis = AnalyzeBytes(file_.bytes);
  ASSERT_TRUE(analysis.ok()) << analysis.status();
  EXPECT_THAT(analysis->problem, IsEmpty());
  EXPECT_FALSE(analysis->is_snapshot);
  EXPECT_EQ(analysis->file_bytes, file_.bytes.size());
  EXPECT_EQ(analysis->parts.free, 4 * kPage);
  EXPECT_EQ(analysis->parts.unaccounted, 0);
  EXPECT_EQ(Sum(*analysis), file_.bytes.size());
}

// One leaf of three pages: of the versions of 3,000 and 6,000 bytes the older goes.
TEST_F(AnalyzeTest, SharesPagesOutAndForeseesWhatCompactionFrees) {
  const auto analysis = AnalyzeBytes(file_.bytes + std::string(10 * kPage, '\0'));
  ASSERT_TRUE(analysis.ok());
  EXPECT_EQ(analysis->size_bytes, file_.bytes.size());
  EXPECT_EQ(analysis->used_bytes(), 6 * kPage) << "two meta pages, the leaf, the list of buckets";
  EXPECT_EQ(analysis->total.page_bytes(), 3 * kPage);
  EXPECT_NEAR(static_cast<double>(analysis->total.history_page_bytes), kPage, kPage / 50.0);
  EXPECT_EQ(analysis->compaction_bytes(), kPage);
  EXPECT_EQ(analysis->defragmented_bytes(), 5 * kPage);
}

TEST_F(AnalyzeTest, SharesOutAllPagesOfTheBucketWithItsBranches) {
  DatabaseFile file;
  std::vector<std::pair<std::string, std::uint64_t>> children;
  for (int i = 100; i < 133; ++i) {
    const auto size = static_cast<std::size_t>(i);
    const std::vector<test::Record> puts = {
        Put(2 * i, "/registry/pods/a/" + std::to_string(i % 7), std::string(size * 7, 'p')),
        Put(2 * i + 1, "/registry/leases/k/" + std::to_string(i % 3), std::string(size, 'l'))};
    children.emplace_back(puts[0].key, file.Leaf(puts));
  }
  file.Buckets({DatabaseFile::Bucket("key", file.Branch(children))});
  const auto analysis = AnalyzeBytes(file.bytes);
  ASSERT_TRUE(analysis.ok());
  ASSERT_EQ(analysis->resources.size(), 2U);
  EXPECT_EQ(analysis->total.page_bytes(), 34 * kPage);
  EXPECT_GT(analysis->resources[0].usage.page_bytes(), 25 * kPage);
  // What is left of pods and leases fits into three pages.
  EXPECT_NEAR(static_cast<double>(analysis->compaction_bytes()), 30.0 * kPage, 2.0 * kPage);
  EXPECT_EQ(analysis->largest_objects.size(), 10U);
  EXPECT_EQ(analysis->largest_objects[0].key, "/registry/pods/a/6");
}

TEST_F(AnalyzeTest, KnowsASnapshotByItsHash) {
  const auto analysis = AnalyzeBytes(file_.bytes + std::string(32, 'h'));
  ASSERT_TRUE(analysis.ok());
  EXPECT_TRUE(analysis->is_snapshot);
  EXPECT_EQ(analysis->parts.hash, 32U);
  EXPECT_EQ(analysis->parts.unaccounted, 0);
  EXPECT_THAT(analysis->problem, IsEmpty());
}

TEST_F(AnalyzeTest, ShowsWhatIsBeyondTheHighWaterMark) {
  const auto analysis = AnalyzeBytes(file_.bytes + std::string(10 * kPage, '\0'));
  ASSERT_TRUE(analysis.ok());
  EXPECT_EQ(analysis->parts.beyond_mark, 10 * kPage);
  EXPECT_EQ(analysis->parts.free, 4 * kPage);
  EXPECT_EQ(Sum(*analysis), analysis->file_bytes);
}

TEST_F(AnalyzeTest, CallsNothingFreeWhereItCouldNotRead) {
  file_.Poke<std::uint64_t>(file_.At(leaf_), 99);
  const auto analysis = AnalyzeBytes(file_.bytes);
  ASSERT_TRUE(analysis.ok());
  EXPECT_EQ(analysis->parts.free, 0U);
  EXPECT_EQ(analysis->parts.unaccounted, static_cast<std::int64_t>(7 * kPage));
  EXPECT_THAT(analysis->problem, HasSubstr("1 pages cannot be read (page 2: has another"));
  EXPECT_THAT(analysis->problem, HasSubstr("at most 70.0 %"));
  EXPECT_THAT(analysis->problem, HasSubstr("analyze the live file itself, or what `etcdctl"));
  EXPECT_EQ(Sum(*analysis), analysis->file_bytes);
}

TEST_F(AnalyzeTest, SaysThatAFileWasCutShort) {
  const auto analysis = AnalyzeBytes(file_.bytes.substr(0, 3 * kPage));
  ASSERT_TRUE(analysis.ok());
  EXPECT_THAT(analysis->problem, HasSubstr("ends after 12288 of 40960 bytes"));
}

TEST_F(AnalyzeTest, RefusesInOneLineWithThePath) {
  const auto analysis = AnalyzeBytes("text");
  EXPECT_THAT(std::string(analysis.status().message()), HasSubstr("/db: is no etcd database"));
}

TEST_F(AnalyzeTest, RefusesADatabaseOfAnother) {
  DatabaseFile file;
  file.Buckets({DatabaseFile::Inline("sessions", {{"k", "v"}})});
  const auto analysis = AnalyzeBytes(file.bytes);
  ASSERT_FALSE(analysis.ok());
  EXPECT_THAT(std::string(analysis.status().message()), HasSubstr("/db: is no etcd database"));
}

TEST_F(AnalyzeTest, SaysThatNoRevisionsWereFoundInADamagedFile) {
  const auto analysis = AnalyzeBytes(file_.bytes.substr(0, 2 * kPage));
  ASSERT_TRUE(analysis.ok());
  EXPECT_THAT(analysis->problem, HasSubstr("no bucket of revisions was found"));
}

TEST_F(AnalyzeTest, SalvagesRevisionsThatNothingLeadsTo) {
  const auto whole = AnalyzeBytes(file_.bytes);
  file_.Poke<std::uint64_t>(file_.At(file_.pages() - 1), 99);  // which says where the buckets are
  const auto analysis = AnalyzeBytes(file_.bytes);
  ASSERT_TRUE(analysis.ok());
  EXPECT_FALSE(analysis->complete());
  EXPECT_EQ(analysis->total.live_objects, whole->total.live_objects);
  EXPECT_EQ(Sum(*analysis), analysis->file_bytes);
  EXPECT_THAT(analysis->problem, HasSubstr("revisions were found in pages that nothing leads to"));
}

TEST_F(AnalyzeTest, FindsTheSameInTheBackground) {
  const std::string path = folder_.Write("db", file_.bytes);
  const Background background{.bytes_per_second = 1'000'000'000, .max_keys = 1, .stop = {}};
  const auto analysis = Analyze(
      path, {}, [](std::uint64_t, std::uint64_t) {}, &background);
  ASSERT_TRUE(analysis.ok()) << analysis.status();
  EXPECT_TRUE(analysis->complete());
  EXPECT_EQ(analysis->total.live_objects, 1U);
  EXPECT_EQ(analysis->total.history_revisions(), 1U);
}

TEST_F(AnalyzeTest, GivesUpInTheBackgroundPastTheKeysItMayKeep) {
  DatabaseFile file;
  std::vector<std::pair<std::string, std::uint64_t>> children;
  for (int i = 100; i < 130; ++i) {
    const test::Record put = Put(i, "/registry/pods/a/" + std::to_string(i), "v");
    children.emplace_back(put.key, file.Leaf({put}));
  }
  file.Buckets({DatabaseFile::Bucket("key", file.Branch(children))});
  Background background{.bytes_per_second = 1'000'000'000, .max_keys = 29, .stop = {}};
  const auto analyze = [&, path = folder_.Write("db", file.bytes)] {
    return Analyze(
        path, {}, [](std::uint64_t, std::uint64_t) {}, &background);
  };
  const absl::Status refusal = analyze().status();
  EXPECT_EQ(refusal.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(refusal.message()), HasSubstr("/db: has more than 29 distinct keys"));
  background.max_keys = 30;
  EXPECT_TRUE(analyze().ok());

  std::stop_source source;
  source.request_stop();
  background.stop = source.get_token();
  EXPECT_EQ(analyze().status().code(), absl::StatusCode::kCancelled);
}

// A file of so many pages that its progress is reported, and which is replaced while it is read.
TEST_F(AnalyzeTest, ReadsAFileThatChangedOnceMore) {
  DatabaseFile file;
  std::vector<std::pair<std::string, std::uint64_t>> children;
  for (int i = 100; i < 700; ++i) {
    const test::Record put = Put(i, "/registry/pods/a/" + std::to_string(i), "v");
    children.emplace_back(put.key, file.Leaf({put}));
  }
  file.Buckets({DatabaseFile::Bucket("key", file.Branch(children))});

  int reports = 0;
  const auto analysis = AnalyzeBytes(file.bytes, [&] {
    if (++reports > 1) return;
    DatabaseFile next = file;  // a commit that has reused the page of the oldest revision
    next.Poke<std::uint64_t>(next.At(children[0].second), 99);
    next.WriteMeta(1, {.root = next.pages() - 1, .high_water = next.pages(), .transaction = 11});
    std::FILE* const stream = std::fopen((folder_.path() / "db").c_str(), "r+");
    std::fwrite(next.bytes.data(), 1, next.bytes.size(), stream);
    std::fclose(stream);
    // Its own tree has another page there.
    file = next;
  });
  ASSERT_TRUE(analysis.ok());
  EXPECT_FALSE(analysis->walk.changed) << "the second reading found it at rest";
  EXPECT_EQ(reports, 6) << "it was read twice, and to salvage, reporting twice each";
  EXPECT_EQ(analysis->total.live_objects, 599U);
}

// The page is another's between the check of it and the look at its records.
TEST_F(AnalyzeTest, DoesNotCountBelowNothingWhenRecordsGrowMeanwhile) {
  constexpr std::uint32_t kLarge = 300 * kPage;
  DatabaseFile file;
  const auto leaf = file.Leaf({Put(2, "/registry/pods/a/1", "v"), Put(3, "/registry/pods/a/2", "v"),
                               Put(4, "/registry/pods/a/3", std::string(kLarge, 'x'))});
  file.Buckets({DatabaseFile::Bucket("key", leaf)});
  const auto analysis = AnalyzeBytes(file.bytes, [&] {
    for (const std::size_t element : {16U, 32U}) {
      file.Poke<std::uint32_t>(file.At(leaf) + element + 12, kLarge);
    }
    std::FILE* const stream = std::fopen((folder_.path() / "db").c_str(), "r+");
    std::fwrite(file.bytes.data(), 1, file.bytes.size(), stream);
    std::fclose(stream);
  });
  ASSERT_TRUE(analysis.ok());
  EXPECT_GT(analysis->total.stored_bytes, 3 * kLarge);
  EXPECT_EQ(analysis->parts.key_bucket_overhead, 0U);
  EXPECT_LT(analysis->parts.unaccounted, 0);
  EXPECT_EQ(Sum(*analysis), analysis->file_bytes);
}

}  // namespace
}  // namespace headroom::analyze
