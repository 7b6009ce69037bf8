#include "bbolt/walk.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "bbolt/scout.h"
#include "support/database_file.h"

namespace headroom::bbolt {
namespace {

using test::DatabaseFile;
using test::Record;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Seen final : public Visitor {
 public:
  void OnRecord(std::string_view bucket, std::string_view key, std::string_view value) override {
    records.push_back(std::string(bucket) + ":" + std::string(key) + "=" +
                      std::string(value.substr(0, 5)));
    if (on_record) on_record();
  }
  void OnProgress(std::uint64_t pages, std::uint64_t of) override { EXPECT_LE(pages, of); }

  std::vector<std::string> records;
  std::function<void()> on_record;
};

struct Walked {
  std::vector<std::string> records;
  WalkResult result;
};

Walked WalkOf(const DatabaseFile& file) {
  Seen seen;
  auto result = Walk(file.bytes, seen);
  EXPECT_TRUE(result.ok()) << result.status();
  return {.records = seen.records, .result = *std::move(result)};
}

// The offsets and bytes that a walk over a file that is whole asks for.
std::vector<std::pair<std::uint64_t, std::uint64_t>> AskedOf(const DatabaseFile& file) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> asked;
  Seen seen;
  const auto result = Walk(file.bytes, seen, [&](std::uint64_t offset, std::uint64_t bytes) {
    asked.emplace_back(offset, bytes);
    return true;
  });
  EXPECT_TRUE(result.ok() && result->unreadable_pages == 0);
  return asked;
}

// A file whose bucket "key" has two leaves under a branch.
struct TwoLeaves {
  explicit TwoLeaves(std::size_t page_bytes = 4096) : file(page_bytes) {
    left = file.Leaf({{"a", "1"}, {"b", "2"}});
    right = file.Leaf({{"c", "3"}, {"d", "4"}});
    branch = file.Branch({{"a", left}, {"c", right}});
    file.Buckets({DatabaseFile::Bucket("key", branch)});
  }
  DatabaseFile file;
  std::uint64_t left, right, branch;
};

TEST(Walk, GivesRecordsFromTheHighestKeyToTheLowest) {
  for (const std::size_t page_bytes : {1024U, 4096U, 16384U, 65536U}) {
    const Walked walked = WalkOf(TwoLeaves(page_bytes).file);
    EXPECT_THAT(walked.records, ElementsAre("key:d=4", "key:c=3", "key:b=2", "key:a=1"));
    EXPECT_EQ(walked.result.unreadable_pages, 0U) << walked.result.first_fault;
    EXPECT_EQ(walked.result.reached_pages, 6U);
    EXPECT_FALSE(walked.result.changed);
  }
}

TEST(Walk, AsksBeforeItLooksAtAPage) {
  DatabaseFile file;
  const auto large = file.Leaf({{"a", std::string(9000, 'x')}});
  file.Buckets({DatabaseFile::Bucket("key", large)});
  const std::uint64_t at = file.At(large);
  EXPECT_THAT(AskedOf(file), ElementsAre(std::pair(at + 3 * 4096, 4096), std::pair(at, 4096),
                                         std::pair(at, 12288)));
}

TEST(Walk, AsksForAFirstKeyThatIsFarInAPage) {
  DatabaseFile file;
  std::vector<Record> records;
  for (int i = 0; i < 300; ++i) records.push_back({std::to_string(1000 + i), ""});
  const auto left = file.Leaf({{"0", ""}});
  const auto right = file.Leaf(records);
  file.Buckets({DatabaseFile::Bucket("key", file.Branch({{"0", left}, {"1000", right}}))});
  EXPECT_THAT(AskedOf(file), Contains(std::pair(file.At(right) + 16 + 300 * 16, 4)));
}

// Its stack of branches would be larger than the file by far.
TEST(Walk, KeepsFewOfLargeBranches) {
  DatabaseFile file;
  auto below = file.Leaf({{"a", ""}});
  for (int i = 0; i < 3; ++i) below = file.Branch({{"a" + std::string(8U << 20U, 'x'), below}});
  file.Buckets({DatabaseFile::Bucket("key", below)});
  const Walked walked = WalkOf(file);
  EXPECT_THAT(walked.records, IsEmpty());
  EXPECT_THAT(walked.result.first_fault, HasSubstr("too deep"));
}

TEST(LookAhead, EndsThoughPagesReferToThemselves) {
  DatabaseFile file(1024);
  const auto cycle = file.pages();
  ASSERT_EQ(file.Branch({{"a", cycle}, {"b", cycle}, {"c", cycle}, {"d", cycle}}), cycle);
  file.Buckets({DatabaseFile::Bucket("key", cycle), DatabaseFile::Bucket("key", cycle)});
  LookAhead(file.bytes, {});
}

TEST(Walk, EndsWhereItIsRefused) {
  const TwoLeaves two;
  Seen seen;
  const auto result =
      Walk(two.file.bytes, seen,
           [&](std::uint64_t /*offset*/, std::uint64_t /*bytes*/) { return seen.records.empty(); });
  ASSERT_TRUE(result.ok());
  EXPECT_THAT(seen.records, ElementsAre("key:d=4", "key:c=3"));
  EXPECT_EQ(result->unreadable_pages, 1U);
  EXPECT_THAT(result->first_fault, HasSubstr("is not to be read"));
}

TEST(Walk, TellsWhatEachBucketTakes) {
  DatabaseFile file;
  const auto leaf =
      file.Leaf({{"a", std::string(5000, 'x')}, {"b", "2"}});  // with an overflow page
  file.Free(3);
  const Record small = DatabaseFile::Inline("alarm", {{"m", "v"}});
  file.Buckets({DatabaseFile::Bucket("key", leaf), small});
  const Walked walked = WalkOf(file);
  EXPECT_THAT(walked.records, ElementsAre("alarm:m=v", "key:b=2", "key:a=xxxxx"));
  ASSERT_EQ(walked.result.buckets.size(), 2U);
  const BucketUse& alarm = walked.result.buckets[0];
  EXPECT_EQ(alarm.name, "alarm");
  EXPECT_EQ(alarm.records, 1U);
  EXPECT_EQ(alarm.bytes, 16 + small.key.size() + small.value.size());
  const BucketUse& key = walked.result.buckets[1];
  EXPECT_EQ(key.bytes, 2 * 4096U);
  EXPECT_EQ(key.records, 2U);
  EXPECT_EQ(key.record_bytes, 2 * 16U + 5001 + 2);
  EXPECT_EQ(walked.result.top_bytes, 3 * 4096U - alarm.bytes);
  EXPECT_EQ(walked.result.reached_pages, 5U);
  EXPECT_EQ(walked.result.meta.high_water, 8U);
}

TEST(Walk, LooksAtTheRevisionsLast) {
  DatabaseFile file;
  const auto leaf = [&](const char* key) { return file.Leaf({{key, "v"}}); };
  file.Buckets({DatabaseFile::Bucket("auth", leaf("a")), DatabaseFile::Bucket("key", leaf("k")),
                DatabaseFile::Bucket("meta", leaf("m"))});
  EXPECT_THAT(WalkOf(file).records, ElementsAre("meta:m=v", "auth:a=v", "key:k=v"));
}

TEST(Walk, ReadsEmptyBuckets) {
  DatabaseFile file;
  const auto leaf = file.Leaf({});
  file.Buckets({DatabaseFile::Bucket("key", leaf), DatabaseFile::Inline("alarm", {})});
  const Walked walked = WalkOf(file);
  EXPECT_THAT(walked.records, IsEmpty());
  EXPECT_EQ(walked.result.unreadable_pages, 0U) << walked.result.first_fault;
}

TEST(Walk, CountsAFreelistThatIsInTheFile) {
  TwoLeaves tree;
  const auto freelist = tree.file.Free(2);
  tree.file.Poke<std::uint64_t>(tree.file.At(freelist), freelist);
  tree.file.Poke<std::uint16_t>(tree.file.At(freelist) + 8, 0x10);
  tree.file.Poke<std::uint32_t>(tree.file.At(freelist) + 12, 1);
  tree.file.WriteMeta(0, {.root = tree.branch + 1,
                          .freelist = freelist,
                          .high_water = tree.file.pages(),
                          .transaction = 12});
  const Walked walked = WalkOf(tree.file);
  EXPECT_EQ(walked.result.reached_pages, 8U);
  EXPECT_EQ(walked.result.unreadable_pages, 0U) << walked.result.first_fault;
}

TEST(Walk, NoticesThatTheFileIsWrittenTo) {
  TwoLeaves tree;
  Seen seen;
  seen.on_record = [&] {
    tree.file.WriteMeta(
        1, {.root = tree.branch + 1, .high_water = tree.file.pages(), .transaction = 11});
  };
  const auto result = Walk(tree.file.bytes, seen);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->changed);
  EXPECT_EQ(result->unreadable_pages, 0U);
}

// What a page that is not as it should be does to the walk.
struct Damage {
  const char* what;
  std::function<void(TwoLeaves&)> done;
  const char* fault;
  std::vector<std::string> still_read;
};

class DamagedWalk : public testing::TestWithParam<Damage> {};

TEST_P(DamagedWalk, LeavesOutWhatDoesNotFit) {
  TwoLeaves tree;
  GetParam().done(tree);
  const Walked walked = WalkOf(tree.file);
  EXPECT_THAT(walked.result.first_fault, HasSubstr(GetParam().fault));
  EXPECT_GE(walked.result.unreadable_pages, 1U);
  EXPECT_EQ(walked.records, GetParam().still_read);
}

const std::vector<std::string> kNone;
const std::vector<std::string> kLeft{"key:b=2", "key:a=1"};
const std::vector<std::string> kRight{"key:d=4", "key:c=3"};

// The number of the branch's second child.
std::size_t SecondChild(const TwoLeaves& tree) { return tree.file.At(tree.branch) + 16 + 16 + 8; }

template <typename Number>
std::function<void(TwoLeaves&)> InRight(std::size_t at, Number number) {
  return [=](TwoLeaves& tree) { tree.file.Poke<Number>(tree.file.At(tree.right) + at, number); };
}

std::function<void(TwoLeaves&)> Child(std::function<std::uint64_t(const TwoLeaves&)> page) {
  return [page = std::move(page)](TwoLeaves& tree) {
    tree.file.Poke<std::uint64_t>(SecondChild(tree), page(tree));
  };
}

std::vector<Damage> Damages() {
  return {Damage{"anothers_number", InRight<std::uint64_t>(0, 77), "another page's number", kLeft},
          Damage{"no_flags", InRight<std::uint16_t>(8, 0), "neither branch nor leaf", kLeft},
          Damage{"all_flags", InRight<std::uint16_t>(8, 3), "neither branch nor leaf", kLeft},
          Damage{"too_many_elements", InRight<std::uint16_t>(10, 65535), "do not belong", kLeft},
          Damage{"huge_overflow", InRight<std::uint32_t>(12, ~0U), "larger than the file", kLeft},
          Damage{"overflow_into_others", InRight<std::uint32_t>(12, 1), "in use twice", kLeft},
          Damage{"key_far_away", InRight<std::uint32_t>(16 + 4, ~0U), "do not belong", kLeft},
          Damage{"huge_key", InRight<std::uint32_t>(16 + 8, ~0U), "do not belong", kLeft},
          Damage{"huge_value", InRight<std::uint32_t>(16 + 12, ~0U), "do not belong", kLeft},
          Damage{"keys_out_of_order",
                 [](TwoLeaves& t) { t.file.Poke<char>(t.file.At(t.right) + 16 + 32, 'e'); },
                 "do not belong", kLeft},
          Damage{"keys_of_another_place",
                 [](TwoLeaves& t) { t.file.Poke<char>(t.file.At(t.left) + 16 + 34, 'c'); },
                 "do not belong", kRight},
          Damage{"overlapping_values",
                 [](TwoLeaves& t) {
                   for (const std::size_t element : {16U, 32U}) {
                     t.file.Poke<std::uint32_t>(t.file.At(t.right) + element + 12, 4000);
                   }
                 },
                 "do not belong", kLeft},
          Damage{"cycle_to_itself", Child([](const TwoLeaves& t) { return t.branch; }),
                 "in use twice", kLeft},
          Damage{"cycle_to_the_top", Child([](const TwoLeaves& t) { return t.branch + 1; }),
                 "in use twice", kLeft},
          Damage{"child_beyond_the_mark", Child([](const TwoLeaves& t) { return t.file.pages(); }),
                 "not one of the file's", kLeft},
          Damage{"huge_child", Child([](const TwoLeaves&) { return ~std::uint64_t{0}; }),
                 "not one of the file's", kLeft},
          Damage{"child_is_a_meta_page", Child([](const TwoLeaves&) { return 1; }),
                 "not one of the file's", kLeft},
          Damage{"branch_without_children",
                 [](TwoLeaves& t) { t.file.Poke<std::uint16_t>(t.file.At(t.branch) + 10, 0); },
                 "do not belong", kNone},
          Damage{"root_is_gone",
                 [](TwoLeaves& t) {
                   t.file.WriteMeta(0, {.root = 99, .high_water = 6, .transaction = 12});
                 },
                 "not one of the file's", kNone},
          Damage{"freelist_is_none",
                 [](TwoLeaves& t) {
                   t.file.WriteMeta(
                       0,
                       {.root = t.branch + 1, .freelist = 2, .high_water = 6, .transaction = 12});
                 },
                 "no freelist",
                 {"key:d=4", "key:c=3", "key:b=2", "key:a=1"}},
          Damage{"bucket_within_a_bucket",
                 InRight<std::uint32_t>(16, 1),
                 "within a bucket",
                 {"key:d=4", "key:b=2", "key:a=1"}}};
}

INSTANTIATE_TEST_SUITE_P(Pages, DamagedWalk, testing::ValuesIn(Damages()),
                         [](const auto& test) { return std::string(test.param.what); });

TEST(Walk, TakesASharedPageOnce) {
  TwoLeaves tree;
  tree.file.Poke<std::uint64_t>(SecondChild(tree), tree.left);
  const Walked walked = WalkOf(tree.file);
  EXPECT_THAT(walked.records, ElementsAre("key:b=2", "key:a=1"));
  EXPECT_EQ(walked.result.unreadable_pages, 1U);
}

// Were it checked for each of those that name it, a file of many would take hours.
TEST(Walk, ChecksAPageThatIsBadOnlyOnce) {
  DatabaseFile file;
  const auto bad = file.Leaf({{"b", "1"}, {"a", "2"}});
  const auto good = file.Leaf({{"m", "v"}});
  file.Buckets({DatabaseFile::Bucket("zone", bad), DatabaseFile::Bucket("meta", good),
                DatabaseFile::Bucket("key", bad)});
  Seen seen;
  // Mended by the time it is named again: who looks at it again takes it.
  seen.on_record = [&] { file.Poke<char>(file.At(bad) + 16 + 32, 'a' - 1); };
  const auto result = Walk(file.bytes, seen);
  ASSERT_TRUE(result.ok());
  EXPECT_THAT(seen.records, ElementsAre("meta:m=v"));
  EXPECT_EQ(result->unreadable_pages, 2U);
  EXPECT_THAT(result->first_fault, HasSubstr("do not belong"));
}

// Without the above this takes minutes: 16 branches of 60,000 children each name the one bad leaf.
TEST(Walk, IsNotHeldUpByManyReferencesToABadPage) {
  constexpr std::size_t kChildren = 60'000;
  constexpr std::size_t kBranches = 16;
  const auto number = [](std::size_t i) { return std::to_string(1'000'000 + i); };
  DatabaseFile file;
  std::vector<Record> records;
  for (std::size_t i = 0; i < 65'535; ++i) records.push_back({"z" + number(i), ""});
  records.back().key = "a";  // only the last one is out of order
  const auto bad = file.Leaf(records);
  std::vector<std::pair<std::string, std::uint64_t>> branches;
  for (std::size_t branch = 0; branch < kBranches; ++branch) {
    std::vector<std::pair<std::string, std::uint64_t>> children;
    for (std::size_t i = 0; i < kChildren; ++i) {
      children.emplace_back(number(branch * kChildren + i), bad);
    }
    const auto page = file.Branch(children);
    branches.emplace_back(children[0].first, page);
  }
  file.Buckets({DatabaseFile::Bucket("key", file.Branch(branches))});
  const Walked walked = WalkOf(file);
  EXPECT_THAT(walked.records, IsEmpty());
  EXPECT_EQ(walked.result.unreadable_pages, kBranches * kChildren);
}

// Keys that lie over each other are not compared before it is known that they fit.
TEST(Walk, IsNotHeldUpByKeysThatOverlap) {
  constexpr std::size_t kElements = 60'000;
  constexpr std::size_t kBytes = std::size_t{48} << 20U;
  DatabaseFile file;
  const auto leaf = file.Leaf(std::vector<Record>(kElements, {"", ""}));
  file.Free(kBytes / 4096);
  file.Poke<std::uint32_t>(file.At(leaf) + 12, static_cast<std::uint32_t>(file.pages() - leaf - 1));
  for (std::size_t i = 0; i < kElements; ++i) {
    const std::size_t element = 16 + i * 16;
    const std::size_t data = 16 + kElements * 16;
    file.Poke<std::uint32_t>(file.At(leaf) + element + 4,
                             static_cast<std::uint32_t>(data - element));
    file.Poke<std::uint32_t>(file.At(leaf) + element + 8,
                             static_cast<std::uint32_t>(kBytes / 2 + i));
  }
  file.Buckets({DatabaseFile::Bucket("key", leaf)});
  const Walked walked = WalkOf(file);
  EXPECT_THAT(walked.records, IsEmpty());
  EXPECT_THAT(walked.result.first_fault, HasSubstr("do not belong"));
}

// Each page behind it is looked at for one that claims it; claimed once, it is no other's.
TEST(Walk, GivesPagesThatOneClaimsToNoOther) {
  DatabaseFile file;
  const auto greedy = file.Leaf({{"c", "1"}});
  const auto behind = file.Leaf({{"a", "1"}});
  const auto branch = file.Branch({{"a", behind}, {"c", greedy}});
  file.Poke<std::uint32_t>(file.At(greedy) + 12, 2);  // up to the branch
  file.Buckets({DatabaseFile::Bucket("key", branch)});
  const Walked walked = WalkOf(file);
  EXPECT_THAT(walked.records, IsEmpty());
  EXPECT_EQ(walked.result.unreadable_pages, 2U);
  EXPECT_THAT(walked.result.first_fault, HasSubstr("in use twice"));
}

TEST(Walk, ReadsWhatIsLeftOfAFileThatWasCutShort) {
  DatabaseFile file;
  const auto top = file.Leaf({DatabaseFile::Bucket("key", 4)});
  file.Leaf({{"a", "1"}});                                 // page 3
  file.Branch({{"a", 3}, {"c", 6}, {"e", 5}});             // page 4
  file.Leaf({{"e", "5"}});                                 // page 5
  file.Leaf({{"c", "3"}, {"d", std::string(9000, 'x')}});  // pages 6 to 8
  for (const std::size_t which : {0U, 1U}) {
    file.WriteMeta(which, {.root = top, .high_water = file.pages(), .transaction = which});
  }
  EXPECT_EQ(WalkOf(file).result.unreadable_pages, 0U);
  for (const std::size_t pages : {8U, 7U, 6U}) {
    file.bytes.resize(file.At(pages) + 17);
    const Walked walked = WalkOf(file);
    EXPECT_THAT(walked.records, ElementsAre("key:e=5", "key:a=1")) << pages;
    EXPECT_EQ(walked.result.unreadable_pages, 1U);
  }
  file.bytes.resize(80);
  EXPECT_EQ(WalkOf(file).result.unreadable_pages, 1U);
}

TEST(Walk, EndsInATreeDeeperThanAny) {
  DatabaseFile file;
  auto page = file.Leaf({{"a", "1"}});
  for (int i = 0; i < 100; ++i) page = file.Branch({{"a", page}});
  file.Buckets({DatabaseFile::Bucket("key", page)});
  const Walked walked = WalkOf(file);
  EXPECT_THAT(walked.records, IsEmpty());
  EXPECT_THAT(walked.result.first_fault, HasSubstr("deeper"));
}

TEST(Walk, EndsInATopThatHoldsNoBuckets) {
  DatabaseFile file;
  std::vector<Record> buckets;
  for (int i = 100; i < 300; ++i) {
    buckets.push_back(DatabaseFile::Inline("b" + std::to_string(i), {{"k", "v"}}));
  }
  file.Buckets(buckets);
  EXPECT_EQ(WalkOf(file).records.size(), 100U);

  DatabaseFile records;
  records.Buckets({{"key", "a record", false}, {"short", "x", true}});
  EXPECT_EQ(WalkOf(records).result.unreadable_pages, 2U);
}

TEST(Walk, ReadsNoInlineBucketThatIsDamaged) {
  DatabaseFile file;
  Record bucket = DatabaseFile::Inline("alarm", {{"k", "v"}});
  bucket.value[16 + 10] = '\xff';  // the count
  file.Buckets({bucket});
  const Walked walked = WalkOf(file);
  EXPECT_THAT(walked.records, IsEmpty());
  EXPECT_THAT(walked.result.first_fault, HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace headroom::bbolt
