#include "bbolt/salvage.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "bbolt/etcd_records.h"
#include "bbolt/walk.h"
#include "support/database_file.h"

namespace headroom::bbolt {
namespace {

using test::DatabaseFile;
using test::Delete;
using test::Put;
using test::RevisionKey;
using testing::ElementsAre;

// The revisions of the bucket of revisions, and how many leaf pages' worth of them.
class Revisions final : public Visitor {
 public:
  void OnRecord(std::string_view bucket, std::string_view key, std::string_view value) override {
    if (bucket != kKeyBucket) return;
    revisions.push_back(ReadRevision(key)->main);
    bytes += StoredBytes(key, value);
  }
  void OnLeaf(const LeafPage& leaf) override { leaf_bytes += leaf.record_bytes; }
  void OnProgress(std::uint64_t /*pages*/, std::uint64_t /*of*/) override {}

  std::vector<std::int64_t> revisions;
  std::uint64_t bytes = 0;
  std::uint64_t leaf_bytes = 0;
};

class SalvageTest : public testing::Test {
 protected:
  SalvageTest() {
    left_ = file_.Leaf({Put(1, "/a", "1"), Put(2, "/b", "2")});
    middle_ = file_.Leaf({Put(3, "/c", "3"), Delete(4, "/a")});
    right_ = file_.Leaf({Put(5, "/d", "5"), Put(6, "/e", "6")});
    branch_ = file_.Branch(
        {{RevisionKey(1), left_}, {RevisionKey(3), middle_}, {RevisionKey(5), right_}});
    lease_ = file_.Leaf({{"8 bytes!", "no revision"}});
  }
  void Finish() {
    file_.Buckets({DatabaseFile::Bucket("key", branch_), DatabaseFile::Bucket("lease", lease_)});
  }
  WalkResult Walked(LostPages lost = LostPages::kSalvage) {
    auto result = Walk(file_.bytes, seen_, std::nullopt, lost);
    EXPECT_TRUE(result.ok()) << result.status();
    return *std::move(result);
  }

  DatabaseFile file_;
  std::uint64_t left_, middle_, right_, branch_, lease_;
  Revisions seen_;
};

TEST_F(SalvageTest, LeavesAWholeFileAsItIs) {
  file_.Leaf({Put(2, "/b", "2"), Put(9, "/stale", "9")});  // free
  Finish();
  EXPECT_EQ(Walked().salvaged_records, 0U);
  EXPECT_THAT(seen_.revisions, ElementsAre(6, 5, 4, 3, 2, 1));
}

TEST_F(SalvageTest, FindsOlderCopiesOfALostPage) {
  file_.Leaf({Put(3, "/c", "3")});  // free, from when the middle one had only that
  file_.Leaf({Put(2, "/b", "2")});  // belongs to what can be read
  Finish();
  file_.Poke<std::uint64_t>(file_.At(middle_), 77);
  const WalkResult walk = Walked();
  EXPECT_EQ(walk.unreadable_pages, 1U);
  EXPECT_EQ(walk.salvaged_records, 1U);
  EXPECT_THAT(seen_.revisions, ElementsAre(6, 5, 3, 2, 1)) << "in their order, each once";
  EXPECT_EQ(seen_.leaf_bytes, seen_.bytes);
}

TEST_F(SalvageTest, FindsAllLeavesOfALostBranch) {
  Finish();
  file_.Poke<std::uint16_t>(file_.At(branch_) + 8, 0x40);
  EXPECT_EQ(Walked().salvaged_records, 6U);
  EXPECT_THAT(seen_.revisions, ElementsAre(6, 5, 4, 3, 2, 1));
}

TEST_F(SalvageTest, FindsTheBucketOfALostTop) {
  Finish();
  const auto whole = file_.pages() - 1;  // the top is the last page
  file_.bytes.resize(file_.At(whole));
  const WalkResult walk = Walked();
  EXPECT_EQ(walk.salvaged_records, 6U);
  ASSERT_EQ(walk.buckets.size(), 1U);
  EXPECT_EQ(walk.buckets[0].name, kKeyBucket);
  EXPECT_EQ(walk.buckets[0].record_bytes, seen_.bytes);
}

TEST_F(SalvageTest, IsForFilesThatNobodyWritesTo) {
  Finish();
  file_.Poke<std::uint16_t>(file_.At(branch_) + 8, 0x40);
  EXPECT_EQ(Walked(LostPages::kLeaveOut).salvaged_records, 0U);
  EXPECT_TRUE(seen_.revisions.empty());
}

}  // namespace
}  // namespace headroom::bbolt
