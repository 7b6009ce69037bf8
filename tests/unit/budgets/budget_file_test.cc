#include "budgets/budget_file.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "support/temporary_folder.h"

namespace headroom::budgets {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class BudgetFileTest : public testing::Test {
 protected:
  void Write(const std::string& owner) {
    folder_.Write("budgets.yaml", "budgets: [{namespace: a, bytes: 1MiB, owner: " + owner + "}]");
  }
  // The owner of namespace a, after the file was read again.
  std::string OwnerNow(BudgetFile& file) {
    now_ += BudgetFile::kMaxAge + std::chrono::seconds(1);
    return file.Current(now_)->front().owner;
  }

  const support::TemporaryFolder folder_;
  const std::string path_ = folder_.path() / "budgets.yaml";
  BudgetFile::Clock::time_point now_ = BudgetFile::Clock::now();
};

TEST_F(BudgetFileTest, IsReadAgain) {
  Write("before");
  const auto file = BudgetFile::Open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  Write("after");
  EXPECT_EQ((*file)->Current(now_)->front().owner, "before") << "it has just been read";
  EXPECT_EQ(OwnerNow(**file), "after");
}

TEST_F(BudgetFileTest, KeepsTheLastGoodOneAndSaysSoOnce) {
  Write("good");
  const auto file = BudgetFile::Open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  folder_.Write("budgets.yaml", "budgets:\n  - nonsense\n");
  testing::internal::CaptureStderr();
  EXPECT_EQ(OwnerNow(**file), "good");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "it may be half written";
  testing::internal::CaptureStderr();
  EXPECT_EQ(OwnerNow(**file), "good");
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("the last good one stays"), HasSubstr(path_ + ": line 2: ")));
  std::filesystem::remove(path_);
  testing::internal::CaptureStderr();
  EXPECT_EQ(OwnerNow(**file), "good");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  Write("good");
  testing::internal::CaptureStderr();
  EXPECT_EQ(OwnerNow(**file), "good");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("read again"));
}

TEST_F(BudgetFileTest, HasToBeGoodAtTheStart) {
  EXPECT_THAT(std::string(BudgetFile::Open(path_).status().message()), HasSubstr(path_));
  folder_.Write("budgets.yaml", "");
  EXPECT_THAT(std::string(BudgetFile::Open(path_).status().message()),
              HasSubstr(path_ + ": line 1: "));
}

}  // namespace
}  // namespace headroom::budgets
