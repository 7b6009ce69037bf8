#include "accounting/writer_history.h"

#include <gmock/gmock.h>

#include <string>

namespace headroom::accounting {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

MATCHER_P3(Wrote, name, resource, bytes, "") {
  return arg.writer == (WriterName{name, resource}) &&
         arg.bytes == static_cast<std::uint64_t>(bytes);
}

class WriterHistoryTest : public testing::Test {
 protected:
  void Add(std::int64_t minute, const std::string& manager, std::uint64_t bytes) {
    history_.Add(minute, WriterKind::kManager, {manager, "pods"}, bytes);
  }
  WriterSum Sum(std::int64_t now, std::int64_t length) const {
    return history_.Sum(WriterKind::kManager, now, length);
  }

  WriterHistory history_;
};

TEST_F(WriterHistoryTest, AddsUpMinutesTheHeaviestWriterFirst) {
  Add(1, "kubelet", 10);
  Add(1, "helm", 3);
  Add(2, "helm", 20);
  EXPECT_THAT(Sum(2, 15).heaviest,
              ElementsAre(Wrote("helm", "pods", 23), Wrote("kubelet", "pods", 10)));
  EXPECT_EQ(Sum(2, 15).total_bytes, 33U);
  EXPECT_THAT(Sum(2, 1).heaviest, ElementsAre(Wrote("helm", "pods", 20)));
  EXPECT_THAT(Sum(16, 15).heaviest, ElementsAre(Wrote("helm", "pods", 20)));
  EXPECT_THAT(Sum(17, 15).heaviest, IsEmpty());
}

TEST_F(WriterHistoryTest, KeepsTheKindsApart) {
  Add(1, "same", 1);
  history_.Add(1, WriterKind::kNamespace, {"same", "pods"}, 20);
  history_.Add(2, WriterKind::kReporter, {"same", "Killing"}, 300);
  EXPECT_EQ(Sum(2, 15).total_bytes, 1U);
  EXPECT_THAT(history_.Sum(WriterKind::kNamespace, 2, 15).heaviest,
              ElementsAre(Wrote("same", "pods", 20)));
  EXPECT_THAT(history_.Sum(WriterKind::kReporter, 2, 15).heaviest,
              ElementsAre(Wrote("same", "Killing", 300)));
}

TEST_F(WriterHistoryTest, KeepsTheSumOfThoseThatFindNoPlace) {
  for (int writer = 1; writer <= 20; ++writer)
    Add(1, "w" + std::to_string(writer), static_cast<std::uint64_t>(writer));
  Add(2, "w1", 1);
  const WriterSum sum = Sum(2, 15);
  EXPECT_EQ(sum.total_bytes, 20U * 21 / 2 + 1);
  EXPECT_THAT(sum.heaviest, SizeIs(9)) << "8 of the first minute, one of the second";
  EXPECT_THAT(sum.heaviest.front(), Wrote("w20", "pods", 20));
}

TEST_F(WriterHistoryTest, ForgetsWhatIsADayOld) {
  Add(1, "helm", 3);
  Add(1440, "kubelet", 1);
  Add(1441, "kubelet", 1);
  EXPECT_EQ(Sum(1441, kDayMinutes).total_bytes, 2U);
}

TEST_F(WriterHistoryTest, NamesNewWritersHoweverManyThereWere) {
  // Every minute 8 new ones: 256 names hold half an hour of them, and all else is in the sum.
  for (std::int64_t minute = 1; minute <= 3000; ++minute) {
    for (int writer = 0; writer < 8; ++writer)
      Add(minute, std::to_string(minute) + "-" + std::to_string(writer), 1);
  }
  EXPECT_EQ(Sum(3000, 1440).total_bytes, 8U * 1440);
  EXPECT_LE(Sum(3000, 1440).heaviest.size(), WriterHistory::kMaxNames + 8);
  // A day later their names are free.
  for (std::int64_t minute = 5000; minute <= 5002; ++minute) Add(minute, "late", 1);
  EXPECT_THAT(Sum(5002, 15).heaviest, ElementsAre(Wrote("late", "pods", 3)));
}

}  // namespace
}  // namespace headroom::accounting
