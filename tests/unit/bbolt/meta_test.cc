#include <gmock/gmock.h>

#include <string>

#include "bbolt/page.h"
#include "support/database_file.h"

namespace headroom::bbolt {
namespace {

using test::DatabaseFile;
using testing::HasSubstr;

std::string Refusal(std::string_view file) {
  const auto meta = NewestMeta(file);
  EXPECT_FALSE(meta.ok());
  return std::string(meta.status().message());
}

TEST(NewestMeta, IsTheOneOfTheLaterTransaction) {
  DatabaseFile file;
  file.Buckets({});
  EXPECT_EQ(NewestMeta(file.bytes)->transaction, 10U);
  file.WriteMeta(1, {.root = 2, .high_water = 3, .transaction = 11});
  const auto meta = NewestMeta(file.bytes);
  EXPECT_EQ(meta->transaction, 11U);
  EXPECT_EQ(meta->page_bytes, 4096U);
  EXPECT_EQ(meta->root, 2U);
  EXPECT_EQ(meta->high_water, 3U);
  EXPECT_EQ(meta->freelist, std::nullopt);
}

TEST(NewestMeta, PassesOverAHalfWrittenOne) {
  for (const std::size_t page_bytes : {1024U, 4096U, 16384U, 65536U}) {
    for (const std::size_t broken : {0U, 1U}) {
      DatabaseFile file(page_bytes);
      file.Buckets({});
      file.bytes[broken * page_bytes + 16 + 40] ^= 1;  // the high-water mark
      const auto meta = NewestMeta(file.bytes);
      ASSERT_TRUE(meta.ok()) << page_bytes << meta.status();
      EXPECT_EQ(meta->transaction, broken == 0 ? 9U : 10U);
      EXPECT_EQ(meta->page_bytes, page_bytes);
    }
  }
}

TEST(NewestMeta, TellsWhereTheFreelistIs) {
  DatabaseFile file;
  file.Buckets({});
  file.WriteMeta(0, {.root = 2, .freelist = 3, .high_water = 4, .transaction = 12});
  EXPECT_EQ(NewestMeta(file.bytes)->freelist, 3U);
}

TEST(NewestMeta, RefusesWhatIsNoDatabase) {
  EXPECT_THAT(Refusal(""), HasSubstr("is empty"));
  EXPECT_THAT(Refusal("PK"), HasSubstr("no etcd database"));
  EXPECT_THAT(Refusal(std::string(1U << 20U, '\0')), HasSubstr("no etcd database"));
}

TEST(NewestMeta, RefusesOneWithoutAValidMetaPage) {
  DatabaseFile file;
  file.Buckets({});
  for (const std::size_t which : {0U, 1U}) file.bytes[file.At(which) + 16 + 48] ^= 1;
  EXPECT_THAT(Refusal(file.bytes), HasSubstr("damaged"));
  for (const std::size_t which : {0U, 1U}) {
    file.WriteMeta(which, {.version = 3, .root = 2, .high_water = 3});
  }
  EXPECT_THAT(Refusal(file.bytes), HasSubstr("another version"));
}

TEST(NewestMeta, RefusesNumbersThatNoFileCanHave) {
  DatabaseFile file;
  file.Buckets({});
  for (const std::size_t which : {0U, 1U}) {
    file.WriteMeta(which, {.root = 2, .high_water = ~std::uint64_t{0} / 4096});
  }
  EXPECT_THAT(Refusal(file.bytes), HasSubstr("damaged"));
  DatabaseFile odd(5000);
  odd.Buckets({});
  EXPECT_THAT(Refusal(odd.bytes), HasSubstr("damaged"));
}

TEST(NewestMeta, IsReadFromAFileThatEndsBehindIt) {
  DatabaseFile file;
  file.Buckets({});
  EXPECT_TRUE(NewestMeta(file.bytes.substr(0, 80)).ok());
  EXPECT_FALSE(NewestMeta(file.bytes.substr(0, 79)).ok());
}

}  // namespace
}  // namespace headroom::bbolt
