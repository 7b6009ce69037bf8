#include "report/diagnosis.h"

#include <gmock/gmock.h>

#include "facts.h"

namespace headroom::report {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Diagnosis Of(const Facts& facts) { return Diagnose(facts, Situation(facts)); }

auto Says(const std::string& text) { return Contains(Field(&Finding::text, HasSubstr(text))); }
auto Warns(const std::string& text) {
  return Contains(AllOf(Field(&Finding::is_risk, true), Field(&Finding::text, HasSubstr(text))));
}

TEST(Diagnosis, FindsNothingWrongWithRoomOnEveryMember) {
  const Diagnosis diagnosis = Of(ThreeMembers(500 * kMiB, 400 * kMiB));
  EXPECT_EQ(diagnosis.verdict, Verdict::kHealthy);
  EXPECT_EQ(diagnosis.headline, "etcd takes writes, and there is room.");
  EXPECT_THAT(diagnosis.findings, Says("The quota is etcd's default of 2 GiB"));
}

TEST(Diagnosis, OneMemberWithATenthOfItsQuotaLeftIsARisk) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[2].status->db_size_bytes = 1900 * kMiB;
  const Diagnosis diagnosis = Of(facts);
  EXPECT_EQ(diagnosis.verdict, Verdict::kAtRisk);
  EXPECT_THAT(diagnosis.findings, Warns("c has 148.0 MiB left before its quota"));
}

TEST(Diagnosis, AFullFileWithoutAnAlarmWaitsForTheNextWrite) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[1].status->db_size_bytes = kQuota;
  EXPECT_THAT(Of(facts).findings,
              Warns("b has reached its quota: the next put is refused and arms NOSPACE"));
}

TEST(Diagnosis, AnArmedAlarmRefusesWritesWhoeverRaisedIt) {
  const Diagnosis diagnosis = Of(Full());
  EXPECT_EQ(diagnosis.verdict, Verdict::kWritesRefused);
  EXPECT_EQ(diagnosis.headline, "NOSPACE is armed by b: etcd refuses every write of the cluster.");
}

TEST(Diagnosis, CorruptOutranksNospace) {
  Facts facts = Full();
  facts.alarms.push_back({.type = "CORRUPT", .raised_by = "c"});
  const Diagnosis diagnosis = Of(facts);
  EXPECT_EQ(diagnosis.verdict, Verdict::kWritesRefused);
  EXPECT_THAT(diagnosis.headline, StartsWith("CORRUPT is armed by c:"));
}

TEST(Diagnosis, ADisarmIsAllThatIsMissingOnceEveryMemberIsBelow90Percent) {
  EXPECT_THAT(Of(Full(kQuota / 2, kQuota / 4)).headline,
              HasSubstr("a disarm is all that is missing"));
}

TEST(Diagnosis, ADisarmIsNotAllWhileAMemberIsFullUnseenOrUnlisted) {
  Facts one_full = Full(kQuota / 2, kQuota / 4);
  one_full.members[0].status->db_size_bytes = kQuota * 9 / 10 + 4096;
  EXPECT_THAT(Of(one_full).headline, Not(HasSubstr("disarm")));

  Facts one_down = Full(kQuota / 2, kQuota / 4);
  one_down.members[0] = {.name = "a", .url = "https://a.example:2379", .problem = "refused"};
  EXPECT_THAT(Of(one_down).headline, Not(HasSubstr("disarm")));

  Facts unlisted = Full(kQuota / 2, kQuota / 4);
  unlisted.is_list_known = false;
  EXPECT_THAT(Of(unlisted).headline, Not(HasSubstr("disarm")));

  Facts no_quota = Full(kQuota / 2, kQuota / 4);
  no_quota.members[0].quota_bytes.reset();
  EXPECT_THAT(Of(no_quota).headline, Not(HasSubstr("disarm")));
}

TEST(Diagnosis, WithoutAQuotaTheRoomCannotBeTold) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[0].quota_bytes.reset();
  EXPECT_EQ(Of(facts).verdict, Verdict::kCannotTell);
  EXPECT_THAT(Of(facts).findings, Warns("The quota of a is not known"));
}

TEST(Diagnosis, ADisabledQuotaIsKnown) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  for (MemberFact& member : facts.members) member.quota_bytes = etcd::kQuotaDisabled;
  EXPECT_EQ(Of(facts).verdict, Verdict::kHealthy);
  EXPECT_THAT(Of(facts).findings, Says("The quota of a is disabled"));
}

TEST(Diagnosis, NobodyAnswersOrKineCannotBeTold) {
  Facts facts;
  facts.members = {{.name = "a", .problem = "refused"}};
  EXPECT_EQ(Of(facts).verdict, Verdict::kCannotTell);
  facts.is_kine = true;
  EXPECT_EQ(Of(facts).verdict, Verdict::kCannotTell);
  EXPECT_THAT(Of(facts).headline, HasSubstr("kine"));
}

TEST(Diagnosis, NoLeaderMeansNoWrites) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  for (MemberFact& member : facts.members) member.status->leader_id = 0;
  EXPECT_EQ(Of(facts).verdict, Verdict::kWritesRefused);
}

TEST(Diagnosis, ADefragmentingMemberIsNotADeadOne) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[1] = {.name = "b", .problem = "no answer in time", .is_defragmenting = true};
  EXPECT_EQ(Of(facts).verdict, Verdict::kAtRisk);
  EXPECT_THAT(Of(facts).findings, Warns("b defragments"));
}

TEST(Diagnosis, CompactionHasStoppedWhenMoreThanAQuarterOfAnHourIsKept) {
  Facts facts = ThreeMembers(900 * kMiB, 800 * kMiB);
  facts.sample.revisions = 20;  // 2 a second; the 1,000 revisions kept are 500 s
  EXPECT_THAT(Of(facts).findings, Not(Says("Compaction seems to have stopped")));
  for (MemberFact& member : facts.members) member.compacted->revision = 3000;
  EXPECT_THAT(
      Of(facts).findings,
      Says("Compaction seems to have stopped, unless there was a burst just now: 2,000 "
           "revisions are kept, which at the pace seen now is 17 min; usual here is up to 15 "
           "min."));
  EXPECT_EQ(Of(facts).verdict, Verdict::kHealthy);
  for (MemberFact& member : facts.members) member.status->db_size_bytes = 1900 * kMiB;
  EXPECT_THAT(Of(facts).findings, Warns("Compaction seems to have stopped"));
}

TEST(Diagnosis, CompactionHasNotStoppedWhereLongHistoryIsWantedOrSmall) {
  Facts facts = ThreeMembers(900 * kMiB, 800 * kMiB);
  facts.sample.revisions = 20;
  for (MemberFact& member : facts.members) member.compacted->revision = 3000;
  Facts small = facts;
  for (MemberFact& member : small.members) member.status->db_in_use_bytes = 100 * kMiB;
  EXPECT_THAT(Of(small).findings, Not(Says("Compaction seems to have stopped")));
  facts.node.config = std::make_shared<kubernetes::EtcdConfig>(kubernetes::EtcdConfig{
      .auto_compaction_mode = "periodic", .auto_compaction_retention_seconds = 3600});
  EXPECT_THAT(Of(facts).findings, Not(Says("Compaction seems to have stopped")));
  EXPECT_THAT(Of(facts).findings, Says("etcd compacts by itself: periodic, keeping 60 min"));
}

TEST(Diagnosis, TellsWhatALargerQuotaWouldBuyAtThePaceSeen) {
  Facts facts = ThreeMembers(2000 * kMiB, 1024 * kMiB);
  for (MemberFact& member : facts.members) member.quota_bytes = 2048 * kMiB;
  facts.sample.revisions = 100;
  facts.sample.resources = {{.name = "pods", .writes = 100, .bytes = 10 * kMiB}};
  EXPECT_THAT(
      Of(facts).findings,
      Says("1.0 MiB a second were written in the sample: until a compaction frees some of "
           "it, what is not in use of the quota would last about 17 min. A quota of 8.0 GiB "
           "would add about 1.7 h."));
  facts.sample.is_past = true;
  EXPECT_THAT(Of(facts).findings, Not(Says("a second were written")));
}

TEST(Diagnosis, AStormThatFillsTheQuotaBeforeTheNextCompactionIsARisk) {
  Facts facts = ThreeMembers(1024 * kMiB, 1024 * kMiB);
  facts.sample.revisions = 100;
  facts.sample.resources = {{.name = "pods", .writes = 100, .bytes = 30 * kMiB}};
  EXPECT_EQ(Of(facts).verdict, Verdict::kAtRisk);
  EXPECT_THAT(Of(facts).findings, Warns("would last about 6 min"));
}

TEST(Diagnosis, ALearnerAloneSaysNothingOfTheVoters) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members = {facts.members[1]};
  facts.members[0].status->is_learner = true;
  EXPECT_EQ(Of(facts).verdict, Verdict::kCannotTell);
  EXPECT_THAT(Of(facts).headline, HasSubstr("Only learners answer"));
}

TEST(Diagnosis, WithoutALeaderNothingCanBeDisarmed) {
  Facts facts = Full(kQuota / 2, kQuota / 4);
  for (MemberFact& member : facts.members) member.status->leader_id = 0;
  EXPECT_THAT(Of(facts).headline, HasSubstr("no voter that answers knows a leader"));
}

TEST(Diagnosis, AnAlarmOfALaterEtcdIsNotPassedOver) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.alarms = {{.type = "OVERHEATED", .raised_by = "c"}};
  EXPECT_EQ(Of(facts).verdict, Verdict::kAtRisk);
  EXPECT_THAT(Of(facts).findings, Warns("OVERHEATED"));
}

}  // namespace
}  // namespace headroom::report
