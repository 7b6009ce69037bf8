#include "exposition/member_families.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <utility>

#include "exposition/catalogue.h"
#include "exposition/samples.h"

namespace headroom {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr std::uint64_t kOwnId = 0xA1;
constexpr std::uint64_t kOtherId = 0xB2;
const MemberList kMembers{{.id = kOwnId, .name = "etcd-0"}, {.id = kOtherId, .name = "etcd-1"}};

Samples Of(const MemberReport& report, const MemberList& members = kMembers) {
  FamilySet families;
  AddMemberFamilies(report, members, families);
  return Samples(std::move(families));
}

// A leader that has said all it can.
MemberReport Full() {
  MemberReport report{.label = "etcd-0", .etcd_url = "https://127.0.0.1:2379"};
  report.facts.status = etcd::StatusReply{.cluster_id = 0xC3,
                                          .member_id = kOwnId,
                                          .revision = 500,
                                          .server_version = "3.6.9",
                                          .storage_version = "3.6.0",
                                          .db_size_bytes = 800,
                                          .db_in_use_bytes = 200,
                                          .leader_id = kOwnId,
                                          .raft_applied_index = 600,
                                          .quota_bytes = 1000};
  report.facts.page = etcd::PageFacts{.quota_bytes = 1000,
                                      .compact_revision = 400,
                                      .open_read_transactions = 2,
                                      .defragmentations = 7,
                                      .defrag_in_progress = 0,
                                      .start_time_seconds = 1.7e9};
  report.facts.compact_revision = etcd::CompactRevision{.revision = 400};
  report.facts.members = kMembers;
  report.configured_quota = {.manifest = 1000, .flag = 1000};
  report.seconds = 0.25;
  report.page_failures = 3;
  report.compacted_at = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
  return report;
}

// The same member, as it is when it does not answer Status.
MemberReport Down() {
  MemberReport report = Full();
  report.facts.status = absl::DeadlineExceededError("no answer in time");
  return report;
}

// Full() with a change to what Status said.
template <typename Change>
MemberReport With(Change change) {
  MemberReport report = Full();
  change(*report.facts.status);
  return report;
}

TEST(MemberFamilies, PutTheMembersLabelOnEverySample) {
  const Samples samples = Of(Full());
  for (const prometheus::MetricFamily& family : samples.families()) {
    for (const prometheus::ClientMetric& sample : family.metric)
      EXPECT_EQ(AsMap(sample.label)["member"], "etcd-0") << family.name;
  }
}

TEST(MemberFamilies, ReportWhatTheMemberSaid) {
  const Samples samples = Of(Full());
  EXPECT_EQ(samples.Value(metrics::kUp), 1);
  EXPECT_EQ(samples.Value(metrics::kMemberScrapeDuration), 0.25);
  EXPECT_EQ(samples.Value(metrics::kRevision), 500);
  EXPECT_EQ(samples.Value(metrics::kRaftAppliedIndex), 600);
  EXPECT_EQ(samples.Value(metrics::kDbOpenReadTransactions), 2);
  EXPECT_EQ(samples.Value(metrics::kDefragInProgress), 0);
  EXPECT_EQ(samples.Value(metrics::kDefragmentations), 7);
  EXPECT_EQ(samples.Value(metrics::kMemberStartTime), 1.7e9);
  EXPECT_EQ(samples.Value(metrics::kPageFailures), 3);
  EXPECT_THAT(samples.LabelsOf(metrics::kMemberInfo),
              ElementsAre(Labels{{"member", "etcd-0"},
                                 {"member_id", "a1"},
                                 {"cluster_id", "c3"},
                                 {"server_version", "3.6.9"},
                                 {"storage_version", "3.6.0"},
                                 {"etcd_url", "https://127.0.0.1:2379"}}));
}

TEST(MemberFamilies, KeepOnlyWhatIsStillTrueOfAMemberThatIsDown) {
  const Samples samples = Of(Down());
  EXPECT_THAT(
      samples.Names(),
      UnorderedElementsAre(metrics::kUp.name, metrics::kMemberScrapeDuration.name,
                           metrics::kQuotaSource.name, metrics::kDefragInProgress.name,
                           metrics::kDefragmentations.name, metrics::kMemberStartTime.name));
  EXPECT_EQ(samples.Value(metrics::kUp), 0);
  EXPECT_EQ(samples.Value(metrics::kMemberScrapeDuration), 0.25);
  EXPECT_THAT(samples.LabelsOf(metrics::kQuotaSource),
              UnorderedElementsAre(Labels{{"member", "etcd-0"}, {"source", "manifest"}},
                                   Labels{{"member", "etcd-0"}, {"source", "flag"}}));
}

TEST(MemberFamilies, KeepNothingOfThePageWhenItDoesNotAnswerEither) {
  MemberReport report = Down();
  report.facts.page.reset();
  report.configured_quota = {};
  EXPECT_THAT(Of(report).Names(),
              UnorderedElementsAre(metrics::kUp.name, metrics::kMemberScrapeDuration.name));
}

TEST(MemberFamilies, TellADefragmentingMemberFromADeadOne) {
  MemberReport report = Down();
  report.facts.page->defrag_in_progress = 1;
  EXPECT_EQ(Of(report).Value(metrics::kDefragInProgress), 1);
}

TEST(MemberFamilies, LeaveOutWhatOnlyThePageTellsWhenThereIsNone) {
  MemberReport report = Full();
  report.facts.page.reset();
  report.facts.compact_revision.reset();
  const Samples samples = Of(report);
  for (const Metric* metric : {&metrics::kDefragInProgress, &metrics::kDefragmentations,
                               &metrics::kMemberStartTime, &metrics::kDbOpenReadTransactions,
                               &metrics::kCompactRevision, &metrics::kCompactRevisionSource}) {
    EXPECT_FALSE(samples.Names().contains(std::string(metric->name))) << metric->name;
  }
  EXPECT_EQ(samples.Value(metrics::kQuotaSource, {{"source", "metrics"}}), std::nullopt);
  EXPECT_EQ(samples.Value(metrics::kUp), 1);
}

TEST(MemberFamilies, MeasureSpace) {
  const Samples samples = Of(Full());
  EXPECT_EQ(samples.Value(metrics::kDbSize), 800);
  EXPECT_EQ(samples.Value(metrics::kDbInUse), 200);
  EXPECT_EQ(samples.Value(metrics::kDbFree), 600);
  EXPECT_EQ(samples.Value(metrics::kDbFragmentation), 0.75);
}

// Both numbers are read without a lock: for a moment more can be in use than there is.
TEST(MemberFamilies, NeverReportLessThanNothingFree) {
  const Samples samples = Of(
      With([](etcd::StatusReply& status) { status.db_in_use_bytes = status.db_size_bytes + 1; }));
  EXPECT_EQ(samples.Value(metrics::kDbFree), 0);
  EXPECT_EQ(samples.Value(metrics::kDbFragmentation), 0);
}

TEST(MemberFamilies, HaveNoFragmentationOfAnEmptyFile) {
  const Samples samples = Of(With([](etcd::StatusReply& status) {
    status.db_size_bytes = 0;
    status.db_in_use_bytes = 0;
  }));
  EXPECT_EQ(samples.Value(metrics::kDbSize), 0);
  EXPECT_EQ(samples.Value(metrics::kDbFree), 0);
  EXPECT_EQ(samples.Value(metrics::kDbFragmentation), std::nullopt);
}

TEST(MemberFamilies, MeasureHeadroom) {
  const Samples samples = Of(Full());
  EXPECT_EQ(samples.Value(metrics::kQuota), 1000);
  EXPECT_EQ(samples.Value(metrics::kQuotaHeadroom), 200);
  EXPECT_EQ(samples.Value(metrics::kQuotaHeadroomRatio), 0.2);
}

TEST(MemberFamilies, LetHeadroomFallBelowNothing) {
  const Samples samples = Of(With([](etcd::StatusReply& status) { status.db_size_bytes = 1250; }));
  EXPECT_EQ(samples.Value(metrics::kQuotaHeadroom), -250);
  EXPECT_EQ(samples.Value(metrics::kQuotaHeadroomRatio), -0.25);
}

TEST(MemberFamilies, TakeTheQuotaOfTheFirstSourceThatKnowsIt) {
  MemberReport report = Full();
  report.facts.status->quota_bytes = 1001;
  report.facts.page->quota_bytes = 1002;
  report.configured_quota = {.manifest = 1003, .flag = 1004};
  EXPECT_EQ(Of(report).Value(metrics::kQuota), 1001);
  report.facts.status->quota_bytes.reset();
  EXPECT_EQ(Of(report).Value(metrics::kQuota), 1002);
  report.facts.page.reset();
  EXPECT_EQ(Of(report).Value(metrics::kQuota), 1003);
  report.configured_quota.manifest.reset();
  EXPECT_EQ(Of(report).Value(metrics::kQuota), 1004);
}

TEST(MemberFamilies, ReportTheQuotaOfEverySource) {
  MemberReport report = Full();
  report.facts.status->quota_bytes = 1001;
  report.facts.page->quota_bytes = 1002;
  report.configured_quota = {.manifest = 1003, .flag = 1004};
  const Samples samples = Of(report);
  EXPECT_EQ(samples.Value(metrics::kQuotaSource, {{"source", "status"}}), 1001);
  EXPECT_EQ(samples.Value(metrics::kQuotaSource, {{"source", "metrics"}}), 1002);
  EXPECT_EQ(samples.Value(metrics::kQuotaSource, {{"source", "manifest"}}), 1003);
  EXPECT_EQ(samples.Value(metrics::kQuotaSource, {{"source", "flag"}}), 1004);
}

TEST(MemberFamilies, LeaveOutAQuotaThatNobodyKnows) {
  MemberReport report = Full();
  report.facts.status->quota_bytes.reset();
  report.facts.page->quota_bytes.reset();
  report.configured_quota = {};
  const Samples samples = Of(report);
  for (const Metric* metric : {&metrics::kQuota, &metrics::kQuotaSource, &metrics::kQuotaHeadroom,
                               &metrics::kQuotaHeadroomRatio}) {
    EXPECT_FALSE(samples.Names().contains(std::string(metric->name))) << metric->name;
  }
}

TEST(MemberFamilies, ReportADisabledQuotaAsMinus1AndWithoutHeadroom) {
  MemberReport report = Full();
  report.facts.status->quota_bytes.reset();
  report.facts.page->quota_bytes = -5;
  const Samples samples = Of(report);
  EXPECT_EQ(samples.Value(metrics::kQuota), -1);
  EXPECT_EQ(samples.Value(metrics::kQuotaSource, {{"source", "metrics"}}), -1);
  EXPECT_EQ(samples.Value(metrics::kQuotaHeadroom), std::nullopt);
  EXPECT_EQ(samples.Value(metrics::kQuotaHeadroomRatio), std::nullopt);
}

TEST(MemberFamilies, NeverReportAQuotaOf0) {
  MemberReport report = Full();
  report.facts.status->quota_bytes.reset();
  report.facts.page->quota_bytes = 0;
  const Samples samples = Of(report);
  EXPECT_EQ(samples.Value(metrics::kQuota), 2'147'483'648);
  EXPECT_EQ(samples.Value(metrics::kQuotaSource, {{"source", "metrics"}}), 2'147'483'648);
}

TEST(MemberFamilies, TellTheLeaderFromFollowersAndFromNone) {
  const Samples leader = Of(Full());
  EXPECT_EQ(leader.Value(metrics::kMemberIsLeader), 1);
  EXPECT_EQ(leader.Value(metrics::kMemberHasLeader), 1);
  EXPECT_EQ(leader.Value(metrics::kMemberIsLearner), 0);

  const Samples follower = Of(With([](etcd::StatusReply& status) { status.leader_id = kOtherId; }));
  EXPECT_EQ(follower.Value(metrics::kMemberIsLeader), 0);
  EXPECT_EQ(follower.Value(metrics::kMemberHasLeader), 1);

  const Samples alone = Of(With([](etcd::StatusReply& status) { status.leader_id = 0; }));
  EXPECT_EQ(alone.Value(metrics::kMemberIsLeader), 0);
  EXPECT_EQ(alone.Value(metrics::kMemberHasLeader), 0);
}

TEST(MemberFamilies, TellALearner) {
  const Samples samples = Of(With([](etcd::StatusReply& status) { status.is_learner = true; }));
  EXPECT_EQ(samples.Value(metrics::kMemberIsLearner), 1);
}

TEST(MemberFamilies, ReportTheCompactedRevisionWithItsSource) {
  using Source = etcd::CompactRevision::Source;
  MemberReport report = Full();
  for (const auto& [source, name] :
       {std::pair(Source::kMetrics, "metrics"),
        std::pair(Source::kCompactRevKey, "compact_rev_key"), std::pair(Source::kProbe, "probe")}) {
    report.facts.compact_revision = etcd::CompactRevision{.revision = 7, .source = source};
    const Samples samples = Of(report);
    EXPECT_EQ(samples.Value(metrics::kCompactRevision), 7);
    EXPECT_THAT(samples.LabelsOf(metrics::kCompactRevisionSource),
                ElementsAre(Labels{{"member", "etcd-0"}, {"source", name}}));
  }
}

TEST(MemberFamilies, ReportWhenCompactionWasLastSeenToMove) {
  MemberReport report = Full();
  EXPECT_EQ(Of(report).Value(metrics::kCompactionTimestamp), 1.7e9);
  report.compacted_at.reset();
  EXPECT_FALSE(Of(report).Names().contains(std::string(metrics::kCompactionTimestamp.name)));
}

TEST(MemberFamilies, ReportMinus1BeforeTheFirstCompaction) {
  MemberReport report = Full();
  report.facts.compact_revision = etcd::CompactRevision{.revision = -1};
  EXPECT_EQ(Of(report).Value(metrics::kCompactRevision), -1);
}

// Rules need both series before anything is wrong.
TEST(MemberFamilies, ShowBothAlarmsAt0WhileNoneIsArmed) {
  const Samples samples = Of(Full());
  EXPECT_THAT(samples.LabelsOf(metrics::kAlarmActive),
              UnorderedElementsAre(
                  Labels{{"member", "etcd-0"}, {"raised_by", "etcd-0"}, {"alarm", "NOSPACE"}},
                  Labels{{"member", "etcd-0"}, {"raised_by", "etcd-0"}, {"alarm", "CORRUPT"}}));
  EXPECT_EQ(samples.Value(metrics::kAlarmActive, {{"alarm", "NOSPACE"}}), 0);
  EXPECT_EQ(samples.Value(metrics::kAlarmActive, {{"alarm", "CORRUPT"}}), 0);
}

TEST(MemberFamilies, ShowTheMembersOwnAlarmAt1InPlaceOf0) {
  const Samples samples = Of(With([](etcd::StatusReply& status) {
    status.alarms = {{.member_id = kOwnId, .type = "NOSPACE"}};
  }));
  EXPECT_EQ(samples.Value(metrics::kAlarmActive, {{"alarm", "NOSPACE"}}), 1);
  EXPECT_EQ(samples.Value(metrics::kAlarmActive, {{"alarm", "CORRUPT"}}), 0);
}

TEST(MemberFamilies, NameWhoRaisedAnAlarm) {
  const Samples samples = Of(With([](etcd::StatusReply& status) {
    status.alarms = {{.member_id = kOtherId, .type = "NOSPACE"},
                     {.member_id = 0xD4, .type = "NOSPACE"},  // removed since
                     {.member_id = 0, .type = "CORRUPT"}};
  }));
  const auto value = [&samples](const std::string& raised_by, const std::string& alarm) {
    return samples.Value(metrics::kAlarmActive, {{"raised_by", raised_by}, {"alarm", alarm}});
  };
  EXPECT_EQ(value("etcd-1", "NOSPACE"), 1);
  EXPECT_EQ(value("d4", "NOSPACE"), 1);
  EXPECT_EQ(value("unknown", "CORRUPT"), 1);
  EXPECT_EQ(value("etcd-0", "NOSPACE"), 0);
  EXPECT_EQ(value("etcd-0", "CORRUPT"), 0);
  EXPECT_EQ(samples.LabelsOf(metrics::kAlarmActive).size(), 5U);
}

TEST(MemberFamilies, NameWhoRaisedAnAlarmWithoutAMemberListByOwnLabelOrId) {
  MemberReport report = With([](etcd::StatusReply& status) {
    status.alarms = {{.member_id = kOwnId, .type = "NOSPACE"},
                     {.member_id = 0xB2, .type = "CORRUPT"}};
  });
  report.label = "mine";
  const Samples samples = Of(report, {});
  EXPECT_EQ(samples.Value(metrics::kAlarmActive, {{"raised_by", "mine"}, {"alarm", "NOSPACE"}}), 1);
  EXPECT_EQ(samples.Value(metrics::kAlarmActive, {{"raised_by", "b2"}, {"alarm", "CORRUPT"}}), 1);
}

TEST(MemberFamilies, KeepNoConfiguredQuotaForAMemberThatToldItsOwn) {
  MemberReport report = With([](etcd::StatusReply& status) { status.quota_bytes.reset(); });
  report.facts.page.reset();
  report.reports_quota = true;
  EXPECT_EQ(Of(report, {}).Value(metrics::kQuota), std::nullopt);
  EXPECT_EQ(Of(report, {}).Value(metrics::kQuotaHeadroom), std::nullopt);
  report.reports_quota = false;
  EXPECT_EQ(Of(report, {}).Value(metrics::kQuota), 1000);
}

TEST(MemberFamilies, ShowAlarmsThatALaterEtcdAdds) {
  const Samples samples = Of(With(
      [](etcd::StatusReply& status) { status.alarms = {{.member_id = kOwnId, .type = "SLOW"}}; }));
  EXPECT_EQ(samples.Value(metrics::kAlarmActive, {{"alarm", "SLOW"}}), 1);
}

TEST(MemberFamilies, ShareFamiliesBetweenMembers) {
  FamilySet families;
  AddMemberFamilies(Full(), kMembers, families);
  MemberReport other = Down();
  other.label = "etcd-1";
  AddMemberFamilies(other, kMembers, families);
  const Samples samples(std::move(families));
  EXPECT_EQ(samples.Value(metrics::kUp, {{"member", "etcd-0"}}), 1);
  EXPECT_EQ(samples.Value(metrics::kUp, {{"member", "etcd-1"}}), 0);
  EXPECT_EQ(samples.Names().size(), samples.families().size());
}

}  // namespace
}  // namespace headroom
