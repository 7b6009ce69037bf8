#include "report/recovery.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "report/situation.h"
#include "test_facts.h"

namespace headroom::report {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Three members in NOSPACE, whose plan is compact, wait, defragment each, check, disarm and write.
class RecoveryTest : public testing::Test {
 protected:
  RecoveryTest() {
    for (const char* name : {"a", "b", "c"}) {
      const std::uint64_t id = report_.members.size() + 1;
      MemberReport member{.label = name};
      member.facts.status = etcd::StatusReply{.member_id = id,
                                              .revision = 5000,
                                              .db_size_bytes = kQuota,
                                              .db_in_use_bytes = kQuota - 4096,
                                              .leader_id = 1,
                                              .quota_bytes = kQuota};
      member.facts.status->alarms = {{.member_id = 2, .type = "NOSPACE"}};
      member.facts.compact_revision = etcd::CompactRevision{.revision = 4000};
      report_.members.push_back(member);
      report_.list.push_back({.id = id, .name = name});
    }
    report_.names = report_.list;
  }
  static Plan PlanOfAFullCluster() {
    const Facts facts = Full();
    return PlanFor(facts, Situation(facts));
  }
  std::vector<std::string> After(int more) {
    now_ += seconds(more);
    return recovery_.Look(report_, now_);
  }
  template <typename Change>
  void Each(Change change) {
    for (MemberReport& member : report_.members) change(member);
  }
  void Compact() {
    Each([](MemberReport& member) { member.facts.compact_revision->revision = 5000; });
  }
  void UseLess() {
    Each([](MemberReport& member) { member.facts.status->db_in_use_bytes = kQuota / 4; });
  }
  void Shrink(MemberReport& member) { member.facts.status->db_size_bytes = kQuota / 4; }
  void Disarm() {
    Each([](MemberReport& member) { member.facts.status->alarms.clear(); });
  }

  ClusterReport report_;
  Recovery recovery_{PlanOfAFullCluster()};
  Recovery::Clock::time_point now_;
};

TEST_F(RecoveryTest, NamesTheFirstStepThatCanBeChecked) {
  EXPECT_THAT(After(0), ElementsAre(HasSubstr("Compact.")));
  EXPECT_THAT(After(2), IsEmpty()) << "nothing has happened";
}

TEST_F(RecoveryTest, WaitsForTheFirstCompactionThereEverIs) {
  Each([](MemberReport& member) { member.facts.compact_revision->revision = -1; });
  EXPECT_THAT(After(0), ElementsAre(HasSubstr("Compact.")));
}

TEST_F(RecoveryTest, GoesThroughTheStepsAsTheMembersShowThem) {
  After(0);
  Compact();
  EXPECT_THAT(After(2), ElementsAre(HasSubstr("Done: step "), HasSubstr("2.0 GiB in use"),
                                    HasSubstr("Wait until in-use has settled on each member.")));
  EXPECT_THAT(After(8), IsEmpty()) << "in-use may begin to fall yet";
  UseLess();
  EXPECT_THAT(After(2), IsEmpty()) << "and it does";
  EXPECT_THAT(After(8), IsEmpty());
  EXPECT_THAT(After(2), ElementsAre(HasSubstr("has settled"), HasSubstr("512.0 MiB in use"),
                                    HasSubstr("Defragment b.")));
  Shrink(report_.members[1]);
  EXPECT_THAT(After(2),
              ElementsAre(HasSubstr("Done"), HasSubstr("b: 512"), HasSubstr("Defragment c.")));
  Shrink(report_.members[2]);
  After(2);
  Shrink(report_.members[0]);
  EXPECT_THAT(After(2), ElementsAre(HasSubstr("Defragment a, the leader"), HasSubstr("Check that"),
                                    HasSubstr("a: 512"), HasSubstr("Disarm.")))
      << "that all have room is seen at once";
  Disarm();
  EXPECT_THAT(After(2), ElementsAre("b: NOSPACE is disarmed.", StartsWith("Done: step "),
                                    HasSubstr("a: 512"), HasSubstr("Write a key.")));
  EXPECT_FALSE(recovery_.done());
  report_.members[0].facts.status->revision = 5001;
  After(2);
  EXPECT_TRUE(recovery_.done());
  EXPECT_THAT(recovery_.Now(report_), HasSubstr("a: 512.0 MiB in use of a file of 512.0 MiB, 25 % "
                                                "of its quota; b: "));
}

TEST_F(RecoveryTest, WaitsForMembersThatDoNotAnswer) {
  After(0);
  Compact();
  UseLess();
  After(2);
  After(10);
  for (MemberReport& member : report_.members) Shrink(member);
  report_.members[2].facts.status = absl::UnavailableError("defragments");
  EXPECT_THAT(After(2), ElementsAre(HasSubstr("Defragment b."), HasSubstr("a, the leader"),
                                    HasSubstr("a: 512"), HasSubstr("Next: step 7, Defragment c.")));
}

TEST_F(RecoveryTest, KeepsUpWithAnOperatorWhoIsFaster) {
  After(0);
  Compact();
  UseLess();
  for (MemberReport& member : report_.members) Shrink(member);
  Disarm();
  report_.members[0].facts.status->revision = 5001;
  After(2);
  EXPECT_TRUE(recovery_.done());
}

TEST_F(RecoveryTest, TakesADefragmentationThatGainsNothingForDone) {
  Each([](MemberReport& member) {
    member.facts.page = etcd::PageFacts{};
    member.facts.page->defragmentations = 1;
  });
  After(0);
  Compact();
  UseLess();
  After(2);
  After(10);
  report_.members[1].facts.page->defragmentations = 2;
  const auto lines = After(2);
  EXPECT_THAT(lines.back(), HasSubstr("Defragment c."));
}

TEST_F(RecoveryTest, SaysWhatElseHappens) {
  After(0);
  Each([](MemberReport& member) {
    member.facts.status->alarms.push_back({.member_id = 1, .type = "CORRUPT"});
  });
  EXPECT_THAT(After(2), ElementsAre("a: CORRUPT is armed."));
}

TEST(Recovery, IsNeverDoneWithoutAStepThatCanBeChecked) {
  Recovery recovery{Plan{}};
  ClusterReport report;
  MemberReport member{.label = "a"};
  member.facts.status = etcd::StatusReply{.member_id = 1, .leader_id = 1};
  report.members = {member};
  EXPECT_THAT(recovery.Look(report, {}), IsEmpty());
  EXPECT_FALSE(recovery.done());
}

}  // namespace
}  // namespace headroom::report
