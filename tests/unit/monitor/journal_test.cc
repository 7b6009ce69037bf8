#include "monitor/journal.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace headroom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class JournalTest : public testing::Test {
 protected:
  JournalTest() {
    report_.names = {{.id = 1, .name = "m1"}, {.id = 2, .name = "m2"}};
    report_.members = {Member("m1", 1), Member("m2", 2)};
    journal_.Compare(report_);
  }
  static MemberReport Member(const std::string& label, std::uint64_t id) {
    MemberReport member{.label = label};
    member.facts.status = etcd::StatusReply{
        .member_id = id, .db_size_bytes = 4096, .leader_id = 1, .quota_bytes = 2048};
    member.facts.page = etcd::PageFacts{.defragmentations = 3, .defrag_in_progress = 0};
    return member;
  }
  etcd::StatusReply& Status(std::size_t i) { return *report_.members[i].facts.status; }
  std::vector<std::string> Lines() {
    std::vector<std::string> lines;
    for (const JournalLine& line : journal_.Compare(report_)) {
      lines.push_back(
          (line.warning ? "! " : "") + line.message + " " + line.member +
          (line.db_size_bytes ? absl::StrCat(" db_size_bytes=", *line.db_size_bytes) : ""));
    }
    return lines;
  }

  ClusterReport report_;
  Journal journal_;
};

TEST_F(JournalTest, IsSilentWhileNothingChanges) { EXPECT_THAT(Lines(), IsEmpty()); }

TEST_F(JournalTest, HasAlarmsOnceHoweverManyMembersTell) {
  Status(0).alarms = Status(1).alarms = {{.member_id = 2, .type = "NOSPACE"}};
  EXPECT_THAT(Lines(), ElementsAre("! NOSPACE is armed: etcd refuses writes m2"));
  EXPECT_THAT(Lines(), IsEmpty());
  Status(0).alarms.clear();
  EXPECT_THAT(Lines(), IsEmpty()) << "m2 has not applied the disarm yet";
  Status(1).alarms.clear();
  EXPECT_THAT(Lines(), ElementsAre("NOSPACE is disarmed m2"));
}

TEST_F(JournalTest, HasAnAlarmThatIsArmedAtTheStart) {
  Status(0).alarms = {{.member_id = 1, .type = "CORRUPT"}};
  journal_ = Journal();
  EXPECT_THAT(Lines(), ElementsAre("! CORRUPT is armed m1"));
}

TEST_F(JournalTest, KeepsWhatNobodySpeaksOf) {
  Status(0).alarms = {{.member_id = 1, .type = "NOSPACE"}};
  Lines();
  const auto members = std::exchange(report_.members, {});
  EXPECT_THAT(Lines(), IsEmpty());
  report_.members = members;
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(JournalTest, HasTheLeader) {
  Status(0).leader_id = Status(1).leader_id = 2;
  EXPECT_THAT(Lines(), ElementsAre("the leader has changed m2"));
  Status(0).leader_id = Status(1).leader_id = 0;
  EXPECT_THAT(Lines(), ElementsAre("! no member that answers knows a leader "));
}

TEST_F(JournalTest, HasAQuotaThatChangesButNoneThatIsUnknown) {
  Status(0).quota_bytes.reset();
  EXPECT_THAT(Lines(), IsEmpty());
  Status(0).quota_bytes = 8192;
  EXPECT_THAT(Lines(), ElementsAre("the quota has changed from 2048 bytes to 8192 bytes m1"));
}

TEST_F(JournalTest, HasADefragmentationAndWhatItLeft) {
  report_.members[1].facts.page->defrag_in_progress = 1;
  report_.members[1].facts.status = absl::DeadlineExceededError("it defragments");
  EXPECT_THAT(Lines(), ElementsAre("a defragmentation has begun m2"));
  report_.members[1] = Member("m2", 2);
  EXPECT_THAT(Lines(), ElementsAre("a defragmentation has ended m2 db_size_bytes=4096"));
}

TEST_F(JournalTest, HasADefragmentationBetweenTwoReports) {
  report_.members[0].facts.page->defragmentations = 4;
  EXPECT_THAT(Lines(), ElementsAre("a defragmentation has ended m1 db_size_bytes=4096"));
  report_.members[0].facts.page->defragmentations = 0;
  EXPECT_THAT(Lines(), IsEmpty()) << "etcd has restarted";
}

}  // namespace
}  // namespace headroom
