#include "report/diagnosis.h"

#include <gmock/gmock.h>

#include "test_facts.h"

namespace headroom::report {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Diagnosis DiagnosisOf(const Facts& facts) { return Diagnose(facts, Situation(facts)); }

auto Says(const std::string& text) { return Contains(Field(&Finding::text, HasSubstr(text))); }
auto Warns(const std::string& text) {
  return Contains(AllOf(Field(&Finding::is_risk, true), Field(&Finding::text, HasSubstr(text))));
}

Growth MiBPerSecond(double rate) {
  return {.bytes_per_second = rate * kMiB, .lowest = rate * kMiB, .highest = rate * kMiB};
}

TEST(Diagnosis, FindsNothingWrongWithRoomOnEveryMember) {
  const Diagnosis diagnosis = DiagnosisOf(ThreeMembers(500 * kMiB, 400 * kMiB));
  EXPECT_EQ(diagnosis.verdict, Verdict::kHealthy);
  EXPECT_EQ(diagnosis.headline, "etcd takes writes, and there is room.");
  EXPECT_THAT(diagnosis.findings, Says("The quota is etcd's default of 2 GiB"));
}

TEST(Diagnosis, OneMemberWithATenthOfItsQuotaLeftIsARisk) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[2].status->db_size_bytes = 1900 * kMiB;
  const Diagnosis diagnosis = DiagnosisOf(facts);
  EXPECT_EQ(diagnosis.verdict, Verdict::kAtRisk);
  EXPECT_THAT(diagnosis.findings, Warns("c has 148.0 MiB left before its quota"));
}

TEST(Diagnosis, AFullFileWithoutAnAlarmWaitsForTheNextWrite) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[1].status->db_size_bytes = kQuota;
  EXPECT_THAT(DiagnosisOf(facts).findings,
              Warns("b has reached its quota: the next put is refused and arms NOSPACE"));
}

TEST(Diagnosis, AnArmedAlarmRefusesWritesWhoeverRaisedIt) {
  const Diagnosis diagnosis = DiagnosisOf(Full());
  EXPECT_EQ(diagnosis.verdict, Verdict::kWritesRefused);
  EXPECT_EQ(diagnosis.headline, "NOSPACE is armed by b: etcd refuses every write of the cluster.");
}

TEST(Diagnosis, CorruptOutranksNospace) {
  Facts facts = Full();
  facts.alarms.push_back({.type = "CORRUPT", .raised_by = "c"});
  const Diagnosis diagnosis = DiagnosisOf(facts);
  EXPECT_EQ(diagnosis.verdict, Verdict::kWritesRefused);
  EXPECT_THAT(diagnosis.headline, StartsWith("CORRUPT is armed by c:"));
}

TEST(Diagnosis, ADisarmIsAllThatIsMissingOnceEveryMemberIsBelow90Percent) {
  EXPECT_THAT(DiagnosisOf(Full(kQuota / 2, kQuota / 4)).headline,
              HasSubstr("a disarm is all that is missing"));
}

TEST(Diagnosis, ADisarmIsNotAllWhileAMemberIsFullUnseenOrUnlisted) {
  Facts one_full = Full(kQuota / 2, kQuota / 4);
  one_full.members[0].status->db_size_bytes = kQuota * 9 / 10 + 4096;
  EXPECT_THAT(DiagnosisOf(one_full).headline, Not(HasSubstr("disarm")));

  Facts one_down = Full(kQuota / 2, kQuota / 4);
  one_down.members[0] = {.name = "a", .url = "https://a.example:2379", .problem = "refused"};
  EXPECT_THAT(DiagnosisOf(one_down).headline, Not(HasSubstr("disarm")));

  Facts unlisted = Full(kQuota / 2, kQuota / 4);
  unlisted.is_list_known = false;
  EXPECT_THAT(DiagnosisOf(unlisted).headline, Not(HasSubstr("disarm")));

  Facts no_quota = Full(kQuota / 2, kQuota / 4);
  no_quota.members[0].quota_bytes.reset();
  EXPECT_THAT(DiagnosisOf(no_quota).headline, Not(HasSubstr("disarm")));
}

TEST(Diagnosis, WithoutAQuotaTheRoomCannotBeTold) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[0].quota_bytes.reset();
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kCannotTell);
  EXPECT_THAT(DiagnosisOf(facts).findings, Warns("The quota of a is unknown"));
}

TEST(Diagnosis, ADisabledQuotaIsKnown) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  for (MemberFact& member : facts.members) member.quota_bytes = etcd::kQuotaDisabled;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kHealthy);
  EXPECT_THAT(DiagnosisOf(facts).findings, Says("The quota of a is disabled"));
}

TEST(Diagnosis, NobodyAnswersOrKineCannotBeTold) {
  Facts facts;
  facts.members = {{.name = "a", .problem = "refused"}};
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kCannotTell);
  facts.is_kine = true;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kCannotTell);
  EXPECT_THAT(DiagnosisOf(facts).headline, HasSubstr("kine"));
}

TEST(Diagnosis, NoLeaderMeansNoWrites) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  for (MemberFact& member : facts.members) member.status->leader_id = 0;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kWritesRefused);
}

TEST(Diagnosis, ADefragmentingMemberIsNotADeadOne) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[1] = {.name = "b", .problem = "no answer in time", .is_defragmenting = true};
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kAtRisk);
  EXPECT_THAT(DiagnosisOf(facts).findings, Warns("b defragments"));
}

TEST(Diagnosis, CompactionHasStoppedWhenMoreThanAQuarterOfAnHourIsKept) {
  Facts facts = ThreeMembers(900 * kMiB, 800 * kMiB);
  facts.sample.revisions = 20;  // 2 a second; the 1,000 revisions kept are 500 s
  EXPECT_THAT(DiagnosisOf(facts).findings, Not(Says("Compaction seems to have stopped")));
  for (MemberFact& member : facts.members) member.compacted->revision = 3000;
  EXPECT_THAT(DiagnosisOf(facts).findings,
              Says("Compaction seems to have stopped, unless there was a burst just now: 2,000 "
                   "revisions are kept. At the present pace that is 17 min of writes; usual here "
                   "is up to 15 min."));
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kHealthy) << "it may have been a burst";
  for (MemberFact& member : facts.members) member.status->db_size_bytes = 1900 * kMiB;
  EXPECT_THAT(DiagnosisOf(facts).findings, Warns("Compaction seems to have stopped"));
}

TEST(Diagnosis, HistoryWithoutAnApiServerIsCompactedByNobody) {
  Facts facts = ThreeMembers(900 * kMiB, 800 * kMiB);
  MakeLocal(facts, FileOf("other", 100 * kMiB, 700 * kMiB));
  EXPECT_EQ(DiagnosisOf(facts).headline, "Nobody compacts: every write stays stored.");
  EXPECT_THAT(DiagnosisOf(facts).findings,
              Warns("Most of what is stored is history: 1,000 revisions"));
  MakeLocal(facts, FileOf("pods", 100 * kMiB, 700 * kMiB));
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kHealthy)
      << "an API server compacts within minutes";
}

TEST(Diagnosis, ADefragmentingEtcdIsWaitedFor) {
  Facts facts;
  facts.members = {{.name = "a",
                    .url = "https://a.example:2379",
                    .problem = "no answer in time",
                    .is_defragmenting = true}};
  facts.file = FileOf("events", 100 * kMiB, 1900 * kMiB);
  facts.node.configured_quota_bytes = kQuota;
  facts.alarms = {{.type = "NOSPACE", .raised_by = "8e9e05c52164694d"}};
  EXPECT_EQ(DiagnosisOf(facts).headline,
            "etcd defragments and answers nothing until it is done. Wait for it.");
}

TEST(Diagnosis, CorruptInTheFileOfAnEtcdThatIsDownComesFirst) {
  Facts facts;
  facts.members = {{.name = "a", .url = "https://a.example:2379", .problem = "refused"}};
  facts.file = FileOf("events", 100 * kMiB, 1900 * kMiB);
  facts.alarms = {{.type = "NOSPACE", .raised_by = "1"}, {.type = "CORRUPT", .raised_by = "2"}};
  EXPECT_THAT(DiagnosisOf(facts).headline, StartsWith("CORRUPT is armed by 2"));
}

TEST(Diagnosis, AForecastIsARiskWhateverTheQuota) {
  Facts facts = ThreeMembers(900 * kMiB, 898 * kMiB);
  for (MemberFact& member : facts.members) member.quota_bytes = etcd::kQuotaDisabled;
  facts.local = 0;
  facts.node.disk = DiskSpace{.free_bytes = 2000 * kMiB, .size_bytes = 4000 * kMiB};
  facts.sample.revisions = 20;
  facts.sample.growth = MiBPerSecond(30);
  EXPECT_THAT(DiagnosisOf(facts).headline,
              StartsWith("Full in about 67 s at this pace: then the disk"));
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kWritesRefused);
  EXPECT_THAT(DiagnosisOf(facts).findings, Warns("until the disk is used up"));
}

TEST(Diagnosis, CompactionHasNotStoppedWhereLongHistoryIsWantedOrSmall) {
  Facts facts = ThreeMembers(900 * kMiB, 800 * kMiB);
  facts.sample.revisions = 20;
  for (MemberFact& member : facts.members) member.compacted->revision = 3000;
  Facts small = facts;
  for (MemberFact& member : small.members) member.status->db_in_use_bytes = 100 * kMiB;
  EXPECT_THAT(DiagnosisOf(small).findings, Not(Says("Compaction seems to have stopped")));
  facts.node.config = std::make_shared<node::EtcdConfig>(node::EtcdConfig{
      .auto_compaction_mode = "periodic", .auto_compaction_retention_seconds = 3600});
  EXPECT_THAT(DiagnosisOf(facts).findings, Not(Says("Compaction seems to have stopped")));
  EXPECT_THAT(DiagnosisOf(facts).findings,
              Says("etcd compacts by itself: periodic, keeping 60 min"));
}

TEST(Diagnosis, NothingWasEverCompactedIsARiskOnceItTakesRoom) {
  Facts facts = ThreeMembers(900 * kMiB, 800 * kMiB);
  for (MemberFact& member : facts.members) member.compacted->revision = 0;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kAtRisk);
  EXPECT_THAT(DiagnosisOf(facts).findings,
              Warns("Nothing was ever compacted: 5,000 revisions are kept"));
  Facts young = facts;
  young.now_seconds = 1'800'000'000;
  for (MemberFact& member : young.members) member.start_time_seconds = young.now_seconds - 400;
  EXPECT_EQ(DiagnosisOf(young).verdict, Verdict::kHealthy)
      << "no API server has compacted after ten minutes";
  for (MemberFact& member : young.members) member.start_time_seconds = young.now_seconds - 1000;
  EXPECT_EQ(DiagnosisOf(young).verdict, Verdict::kAtRisk);
  for (MemberFact& member : facts.members) member.status->db_in_use_bytes = 100 * kMiB;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kHealthy) << "a small or young etcd";
}

TEST(Diagnosis, TheTimeToFullIsTheHeadlineWhereNobodyCompacts) {
  Facts facts = ThreeMembers(900 * kMiB, 898 * kMiB);
  for (MemberFact& member : facts.members) member.compacted->revision = 0;
  facts.sample.growth = MiBPerSecond(1);
  EXPECT_EQ(DiagnosisOf(facts).headline,
            "Full in about 19 min at this pace: then etcd refuses every write.");
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kAtRisk);
  EXPECT_THAT(DiagnosisOf(facts).findings,
              Warns("In-use grew by 1.0 MiB a second during 10 s of watching, "
                    "and 1.1 GiB are left until the quota is used up."));
  for (MemberFact& member : facts.members) member.status->db_in_use_bytes = 1900 * kMiB;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kWritesRefused) << "within minutes";
}

TEST(Diagnosis, ReadingsThatDifferGiveARange) {
  Facts facts = ThreeMembers(900 * kMiB, 898 * kMiB);
  for (MemberFact& member : facts.members) member.compacted->revision = 0;
  facts.sample.growth =
      Growth{.bytes_per_second = kMiB, .lowest = 0.7 * kMiB, .highest = 1.3 * kMiB};
  EXPECT_THAT(DiagnosisOf(facts).headline, StartsWith("Full in 15 min to 27 min at this pace"));
}

TEST(Diagnosis, NoTimeIsSaidOfAHealthySawtooth) {
  Facts facts = ThreeMembers(900 * kMiB, 600 * kMiB);
  facts.sample.revisions = 20;
  facts.sample.growth = MiBPerSecond(1);
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kHealthy) << "a compaction comes within minutes";
  facts.sample.growth = MiBPerSecond(30);
  EXPECT_THAT(DiagnosisOf(facts).headline, StartsWith("Full in about 48 s"))
      << "before the next one";
}

TEST(Diagnosis, CompactionDoesNotKeepUpWithObjectsThatStay) {
  Facts facts = ThreeMembers(900 * kMiB, 898 * kMiB);
  facts.sample.revisions = 20;
  facts.sample.growth = MiBPerSecond(1);
  facts.sample.new_share = 0.5;
  EXPECT_THAT(DiagnosisOf(facts).headline, StartsWith("Full in 19 min to 38 min at this pace"));
}

TEST(Diagnosis, EventsOfAStormPileUpForAnHour) {
  Facts facts = ThreeMembers(900 * kMiB, 898 * kMiB);
  facts.sample.seconds = 10;
  facts.sample.revisions = 20;
  facts.sample.growth = MiBPerSecond(1);
  facts.sample.resources = {{.name = "events", .writes = 5000, .bytes = 5 * kMiB}};
  facts.sample.event_share = 0.5;
  MakeLocal(facts, FileOf("events", 400 * kMiB, 8 * kMiB));
  EXPECT_THAT(DiagnosisOf(facts).headline, StartsWith("Full in 19 min to 38 min at this pace"));
  MakeLocal(facts, FileOf("events", 1000 * kMiB, 8 * kMiB));
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kHealthy) << "as many expire";
}

TEST(Diagnosis, APinnedPageIsNoLiveData) {
  Facts facts = Full();
  MakeLocal(facts, FileOf("events", 174 * kMiB, 8 * kMiB));
  facts.pinned_bytes = 1860 * kMiB;
  EXPECT_THAT(DiagnosisOf(facts).headline,
              HasSubstr("a read that stays open on a keeps free pages"));
  EXPECT_THAT(DiagnosisOf(facts).findings, Warns("1.8 GiB of its pages in use hold nothing"));
  facts.pinned_bytes = 3 * kMiB;
  EXPECT_THAT(DiagnosisOf(facts).findings, Not(Says("hold nothing"))) << "a few pages always wait";
}

TEST(Diagnosis, APeerIsPinnedIfItHasMoreReadsOpenThanThisNodesMember) {
  Facts facts = ThreeMembers(1000 * kMiB, 100 * kMiB);
  MakeLocal(facts, FileOf("pods", 90 * kMiB, 8 * kMiB));
  facts.members[1].status->db_in_use_bytes = 900 * kMiB;
  for (MemberFact& member : facts.members) member.open_read_transactions = 1;
  EXPECT_THAT(DiagnosisOf(facts).findings, Not(Says("stays open"))) << "its pages may be sparse";
  facts.members[1].open_read_transactions = 2;
  EXPECT_THAT(DiagnosisOf(facts).findings, Warns("A read transaction stays open on b"));
}

TEST(Diagnosis, ASmallerQuotaIsTheCause) {
  Facts facts = Full(kQuota / 2, kQuota / 4);
  facts.members[1].quota_bytes = kQuota / 2;
  EXPECT_EQ(DiagnosisOf(facts).headline,
            "NOSPACE is armed by b: the quota of b is smaller than the others' 2.0 GiB, and etcd "
            "refuses every write.");
}

TEST(Diagnosis, TheDiskMayBeTheNearerLimit) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.local = 0;
  facts.node.data_dir = "/var/lib/etcd";
  facts.node.disk = DiskSpace{.free_bytes = 50 * kMiB, .size_bytes = 1000 * kMiB};
  EXPECT_EQ(DiagnosisOf(facts).headline,
            "The disk is the nearer limit: 50.0 MiB are free, less than the quota allows.");
  EXPECT_THAT(DiagnosisOf(facts).findings,
              Warns("50.0 MiB of 1000.0 MiB are free at /var/lib/etcd. etcd ends"));
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kAtRisk);
  facts.node.disk = DiskSpace{.free_bytes = 1500 * kMiB, .size_bytes = 4000 * kMiB};
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kHealthy) << "three times the file still fits";
  EXPECT_THAT(DiagnosisOf(facts).findings, Says("The disk is the nearer limit"));
  facts.node.disk->free_bytes = 2000 * kMiB;
  EXPECT_THAT(DiagnosisOf(facts).findings, Not(Says("nearer limit")));
}

TEST(Diagnosis, AnEtcdThatIsDownIsJudgedByItsFile) {
  Facts facts;
  facts.members = {{.name = "a", .url = "https://a.example:2379", .problem = "refused"}};
  facts.file = FileOf("events", 100 * kMiB, 1900 * kMiB);
  facts.node.configured_quota_bytes = kQuota;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kWritesRefused);
  EXPECT_EQ(DiagnosisOf(facts).headline,
            "etcd does not answer, and its file is full: 2.0 GiB of a quota of 2.0 GiB.");
  facts.alarms = {{.type = "NOSPACE", .raised_by = "8e9e05c52164694d"}};
  EXPECT_EQ(DiagnosisOf(facts).headline,
            "etcd does not answer, and NOSPACE is armed in its file: 2.0 GiB of a quota of 2.0 "
            "GiB.");
  facts.alarms.clear();
  facts.file->size_bytes = 100 * kMiB;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kCannotTell);
}

TEST(Diagnosis, WithoutAMajorityNoWritesAreClaimed) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  for (const std::size_t i : {1U, 2U}) {
    facts.members[i].status.reset();
    facts.members[i].problem = "refused";
  }
  facts.members[1].url.clear();
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kAtRisk) << "b was not asked";
  facts.members[1].url = "https://b.example:2379";
  EXPECT_EQ(DiagnosisOf(facts).headline,
            "b, c do not answer: without a majority etcd takes no writes.");
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kWritesRefused);
  facts.sample.led_seconds = 6;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kAtRisk)
      << "no leader stays that long without a majority";
  facts.sample.led_seconds = 0;
  facts.sample.revisions = 5;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kAtRisk)
      << "writes were seen, so a majority is there";
}

TEST(Diagnosis, ALearnerAloneSaysNothingOfTheVoters) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members = {facts.members[1]};
  facts.members[0].status->is_learner = true;
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kCannotTell);
  EXPECT_THAT(DiagnosisOf(facts).headline, HasSubstr("Only learners answer"));
}

TEST(Diagnosis, WithoutALeaderNothingCanBeDisarmed) {
  Facts facts = Full(kQuota / 2, kQuota / 4);
  for (MemberFact& member : facts.members) member.status->leader_id = 0;
  EXPECT_THAT(DiagnosisOf(facts).headline, HasSubstr("no voter that answers knows a leader"));
}

TEST(Diagnosis, AnAlarmOfALaterEtcdIsNotPassedOver) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.alarms = {{.type = "OVERHEATED", .raised_by = "c"}};
  EXPECT_EQ(DiagnosisOf(facts).verdict, Verdict::kAtRisk);
  EXPECT_THAT(DiagnosisOf(facts).findings, Warns("OVERHEATED"));
}

}  // namespace
}  // namespace headroom::report
