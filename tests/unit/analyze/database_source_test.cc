#include "analyze/database_source.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/archives.h"
#include "support/temporary_folder.h"

namespace headroom::analyze {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

std::string Contents(const DatabaseSource& source) {
  std::ifstream file(source.path());
  return {std::istreambuf_iterator<char>(file), {}};
}

class DatabaseSourceTest : public testing::Test {
 protected:
  std::string Refusal(std::string_view bytes) const {
    const auto source = DatabaseSource::Open(folder_.Write("s", bytes));
    return source.ok() ? "" : std::string(source.status().message());
  }

  const support::TemporaryFolder folder_;
};

TEST_F(DatabaseSourceTest, TakesAFileAsItIs) {
  const std::string path = folder_.Write("db", "bytes");
  const auto source = DatabaseSource::Open(path);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(source->path(), path);
}

TEST_F(DatabaseSourceTest, FindsTheDatabaseInADataDirectory) {
  const std::string db = folder_.Write("etcd/member/snap/db", "bytes");
  for (const char* given : {"etcd", "etcd/", "etcd/member", "etcd/member/snap"}) {
    const auto source = DatabaseSource::Open(folder_.path() / given);
    ASSERT_TRUE(source.ok()) << source.status();
    EXPECT_EQ(source->name(), db);
    EXPECT_EQ(source->path(), db);
  }
  EXPECT_THAT(std::string(DatabaseSource::Open(folder_.path()).status().message()),
              HasSubstr("is a directory without member/snap/db"));
}

TEST_F(DatabaseSourceTest, UnpacksToNoPlaceThatStays) {
  const support::TemporaryFolder elsewhere;
  setenv("TMPDIR", elsewhere.path().c_str(), 1);
  const std::string text(100'000, 'x');
  const std::string path = folder_.Write("s.zip", test::Zip({{.name = "s", .text = text}}));
  {
    const auto source = DatabaseSource::Open(path);
    ASSERT_TRUE(source.ok()) << source.status();
    EXPECT_EQ(source->name(), path);
    EXPECT_EQ(Contents(*source), text);
    EXPECT_TRUE(std::filesystem::is_empty(elsewhere.path())) << "a file without a name";
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
  setenv("TMPDIR", "/nowhere", 1);
  EXPECT_THAT(std::string(DatabaseSource::Open(path).status().message()),
              HasSubstr("s.zip: cannot be unpacked in /nowhere"));
  unsetenv("TMPDIR");
}

TEST_F(DatabaseSourceTest, RefusesInOneLineWithThePathAndWhatToDo) {
  std::string tar(1024, '\0');
  tar.replace(257, 5, "ustar");
  EXPECT_THAT(Refusal(tar), HasSubstr("/s: is a tar archive: unpack it with tar -xf"));
  EXPECT_THAT(Refusal(test::Gzip(tar)), HasSubstr("/s: what is in it is a tar archive"));
  EXPECT_THAT(Refusal(test::Gzip("text").substr(0, 15)), HasSubstr("/s: the gzip file is damaged"));
}

}  // namespace
}  // namespace headroom::analyze
