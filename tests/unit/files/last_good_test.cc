#include "files/last_good.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

namespace headroom {
namespace {

using namespace std::chrono_literals;

struct Number {
  int value = 0;
  bool SameAs(const Number& other) const { return value == other.value; }
};

class LastGoodTest : public testing::Test {
 protected:
  using Files = LastGood<Number>;
  using News = Files::News;

  News ReadAfter(std::chrono::seconds time) { return files_.Read(start_ + time); }

  absl::StatusOr<int> in_file_ = 1;
  const Files::Clock::time_point start_ = Files::Clock::now();
  Files files_{[this]() -> absl::StatusOr<std::shared_ptr<const Number>> {
                 if (!in_file_.ok()) return in_file_.status();
                 return std::make_shared<const Number>(Number{*in_file_});
               },
               std::make_shared<const Number>(Number{1})};
};

TEST_F(LastGoodTest, ReadsAgainAfterTenSeconds) {
  in_file_ = 2;
  EXPECT_EQ(files_.ReadWhenDue(start_ + 9s), News::kNone);
  EXPECT_EQ(files_.value()->value, 1);
  EXPECT_EQ(files_.ReadWhenDue(start_ + 11s), News::kOtherValue);
  EXPECT_EQ(files_.value()->value, 2);
}

TEST_F(LastGoodTest, KeepsTheValueOverARenewalAndSaysNothingOfIt) {
  in_file_ = absl::NotFoundError("gone");
  EXPECT_EQ(ReadAfter(0s), News::kNone);
  EXPECT_EQ(files_.value()->value, 1);
  in_file_ = 1;
  EXPECT_EQ(ReadAfter(5s), News::kNone);
}

TEST_F(LastGoodTest, SaysOnceThatFilesStayUnusableAndOnceThatTheyAreNotAnyMore) {
  in_file_ = absl::NotFoundError("gone");
  ReadAfter(0s);
  EXPECT_EQ(ReadAfter(10s), News::kUnusable);
  EXPECT_EQ(files_.problem(), "gone");
  EXPECT_EQ(ReadAfter(20s), News::kNone);
  in_file_ = 1;
  EXPECT_EQ(ReadAfter(30s), News::kUsableAgain);
  EXPECT_EQ(ReadAfter(40s), News::kNone);
}

}  // namespace
}  // namespace headroom
