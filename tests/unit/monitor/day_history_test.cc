#include "monitor/day_history.h"

#include <gmock/gmock.h>

#include <memory>

namespace headroom {
namespace {

using accounting::WriterKind;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::Field;
using testing::SizeIs;

constexpr std::int64_t kMiB = 1 << 20;

class DayHistoryTest : public testing::Test {
 protected:
  static MemberReport Member(std::int64_t size, std::int64_t in_use,
                             std::optional<std::int64_t> quota) {
    MemberReport member{.label = "m"};
    member.facts.status = etcd::StatusReply{
        .db_size_bytes = size, .db_in_use_bytes = in_use, .leader_id = 1, .quota_bytes = quota};
    return member;
  }
  void Page(std::int64_t minute, std::vector<MemberReport> members, std::uint64_t bytes = 0) {
    Snapshot snapshot{.cluster = ClusterReport{.members = std::move(members)},
                      .churn = ChurnSnapshot()};
    snapshot.churn->managers = {{"pods", "kubelet", "", {.writes = 1, .bytes = bytes}}};
    history_.OnPage(snapshot, At(minute));
  }
  DayHistory::Clock::time_point At(std::int64_t minute) const { return start_ + minutes(minute); }

  DayHistory history_;
  const DayHistory::Clock::time_point start_{minutes(100'000)};
};

TEST_F(DayHistoryTest, IsEmptyBeforeTheFirstPage) {
  const DayView day = history_.View(At(0));
  EXPECT_FALSE(history_.last_page());
  EXPECT_FALSE(day.forecast);
  EXPECT_THAT(day.space, SizeIs(0));
  EXPECT_EQ(day.quarter_hour.seconds, 0);
}

TEST_F(DayHistoryTest, HasTheFullestMinuteOfEachQuarterOfAnHour) {
  for (int minute = 0; minute < 30; ++minute)
    Page(minute, {Member((100 + minute) * kMiB, 50 * kMiB, 1000 * kMiB)});
  const DayView day = history_.View(At(29));
  ASSERT_THAT(day.space, SizeIs(96));
  EXPECT_EQ(day.space[0]->file_bytes, 129U * kMiB);
  EXPECT_EQ(day.space[1]->file_bytes, 114U * kMiB);
  EXPECT_FALSE(day.space[2]);
  EXPECT_EQ(history_.last_page(), At(29));
}

TEST_F(DayHistoryTest, MeasuresTheMemberWithTheLeastRoomAndTheMostInUse) {
  MemberReport learner = Member(100 * kMiB, 99 * kMiB, 2000 * kMiB);
  learner.facts.status->is_learner = true;
  MemberReport silent{.label = "silent"};
  Page(0, {Member(300 * kMiB, 60 * kMiB, 1000 * kMiB), Member(700 * kMiB, 70 * kMiB, 1500 * kMiB),
           Member(50 * kMiB, 50 * kMiB, std::nullopt), learner, silent});
  const auto reading = history_.View(At(0)).space.at(0);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->quota_bytes, 1000U * kMiB);
  EXPECT_EQ(reading->file_bytes, 300U * kMiB) << "700 MiB are left there, 800 on the other";
  EXPECT_EQ(reading->in_use_bytes, 70U * kMiB);
}

TEST_F(DayHistoryTest, NotesNothingWhileNoMemberAnswers) {
  Page(0, {MemberReport{.label = "silent"}});
  EXPECT_FALSE(history_.View(At(0)).space.at(0));
}

TEST_F(DayHistoryTest, KnowsWhoWroteInAQuarterOfAnHourAndInADay) {
  Page(0, {}, 1000);
  for (int minute = 1; minute <= 60; ++minute)
    Page(minute, {}, 1000 + 10 * static_cast<std::uint64_t>(minute));
  const DayView day = history_.View(At(60));
  EXPECT_EQ(day.day.Of(WriterKind::kManager).total_bytes, 600U);
  EXPECT_EQ(day.day.seconds, 3600);
  EXPECT_EQ(day.quarter_hour.seconds, 14 * 60);
  EXPECT_THAT(day.quarter_hour.Of(WriterKind::kManager).heaviest,
              ElementsAre(Field(&accounting::WriterBytes::bytes, 150)));
}

TEST_F(DayHistoryTest, ExpectsACompactionOnlyWhereOneCame) {
  const auto fill = [this](int from, int to, bool with_compaction) {
    for (int minute = from; minute <= to; ++minute) {
      MemberReport member = Member(1900 * kMiB, (1000 + 25 * minute) * kMiB, 2048 * kMiB);
      if (with_compaction) member.compacted_at = std::chrono::system_clock::now();
      Page(minute, {member});
    }
  };
  fill(0, 19, false);
  EXPECT_FALSE(history_.View(At(19)).forecast) << "one may come any minute";
  fill(20, 35, false);
  EXPECT_TRUE(history_.View(At(35)).forecast) << "none came for long";
  fill(36, 36, true);
  EXPECT_TRUE(history_.View(At(36)).forecast) << "what is still there is no history";
}

TEST_F(DayHistoryTest, ForgetsALongGapBetweenCompactionsAfterADay) {
  const auto compacted = [this](int minute, int in_use) {
    MemberReport member = Member(1900 * kMiB, in_use * kMiB, 2048 * kMiB);
    member.compacted_at = std::chrono::system_clock::now();
    Page(minute, {member});
  };
  compacted(0, 1000);
  compacted(300, 1000);  // five hours without one
  for (int minute = 305; minute <= 1800; minute += 5) compacted(minute, 1000);
  // From then on none comes, and in-use grows.
  const auto stalled = std::chrono::system_clock::now();
  for (int minute = 1801; minute <= 1835; ++minute) {
    MemberReport member = Member(1900 * kMiB, (1000 + 25 * (minute - 1800)) * kMiB, 2048 * kMiB);
    member.compacted_at = stalled - minutes(minute - 1800);
    Page(minute, {member});
  }
  EXPECT_TRUE(history_.View(At(1835)).forecast);
}

TEST_F(DayHistoryTest, ForeseesByTheLastPageWhereThisMinutesIsToCome) {
  for (int minute = 0; minute <= 8; minute += 2) {
    Page(minute, {Member((800 + 100 * minute) * kMiB, 500 * kMiB, 2048 * kMiB)});
  }
  EXPECT_TRUE(history_.View(At(8)).forecast) << "200 MiB a scrape of two minutes";
  EXPECT_TRUE(history_.View(At(9)).forecast);
}

}  // namespace
}  // namespace headroom
