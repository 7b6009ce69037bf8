#include "node/node_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "absl/status/status.h"

namespace headroom::node {
namespace {

class NodeFile : public ::testing::Test {
 protected:
  NodeFile() {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_ / "etc");
  }
  ~NodeFile() override { std::filesystem::remove_all(root_); }

  void Write(size_t bytes) { std::ofstream(root_ / "etc/file") << std::string(bytes, 'x'); }

  std::filesystem::path root_ = std::filesystem::path(::testing::TempDir()) /
                                ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(NodeFile, LiesBelowTheRoot) {
  Write(3);
  EXPECT_EQ(ReadNodeFile(root_, "/etc/file").value_or(""), "xxx");
  EXPECT_EQ(ReadNodeFile(root_, "etc/file").value_or(""), "xxx");
  EXPECT_EQ(ReadNodeFile(root_ / "etc", "../file").value_or(""), "xxx");
  EXPECT_EQ(ReadNodeFile(root_ / "etc", "/a/../../file").value_or(""), "xxx");
}

TEST_F(NodeFile, IsNamedInErrors) {
  const absl::Status status = ReadNodeFile(root_, "/etc/none").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find((root_ / "etc/none").string()), absl::string_view::npos);
}

}  // namespace
}  // namespace headroom::node
