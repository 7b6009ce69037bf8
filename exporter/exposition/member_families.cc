#include "exposition/member_families.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "exposition/catalogue.h"

namespace headroom {
namespace {

using Label = FamilySet::Label;

// Adds samples that all carry the label of one member.
class Series {
 public:
  Series(const std::string& member, FamilySet& families) : member_(member), families_(families) {}

  template <typename Number>
  void Add(const Metric& metric, Number value, std::vector<Label> labels = {}) {
    labels.insert(labels.begin(), {"member", member_});
    families_.Add(metric, static_cast<double>(value), std::move(labels));
  }
  template <typename Number>
  void Add(const Metric& metric, const std::optional<Number>& value,
           std::vector<Label> labels = {}) {
    if (value) Add(metric, *value, std::move(labels));
  }

 private:
  const std::string& member_;
  FamilySet& families_;
};

void AddQuotaSources(const etcd::QuotaSources& quota, Series& series) {
  series.Add(metrics::kQuotaSource, quota.status, {{"source", "status"}});
  series.Add(metrics::kQuotaSource, quota.metrics, {{"source", "metrics"}});
  series.Add(metrics::kQuotaSource, quota.manifest, {{"source", "manifest"}});
  series.Add(metrics::kQuotaSource, quota.flag, {{"source", "flag"}});
}

void AddSpace(const etcd::StatusReply& status, const std::optional<std::int64_t>& quota,
              Series& series) {
  const std::int64_t free_bytes =
      std::max<std::int64_t>(0, status.db_size_bytes - status.db_in_use_bytes);
  series.Add(metrics::kDbSize, status.db_size_bytes);
  series.Add(metrics::kDbInUse, status.db_in_use_bytes);
  series.Add(metrics::kDbFree, free_bytes);
  if (status.db_size_bytes > 0) {
    series.Add(metrics::kDbFragmentation,
               static_cast<double>(free_bytes) / static_cast<double>(status.db_size_bytes));
  }
  series.Add(metrics::kQuota, quota);
  if (!quota || *quota <= 0) return;
  const std::int64_t headroom = *quota - status.db_size_bytes;
  series.Add(metrics::kQuotaHeadroom, headroom);
  series.Add(metrics::kQuotaHeadroomRatio,
             static_cast<double>(headroom) / static_cast<double>(*quota));
}

void AddAlarms(const etcd::StatusReply& status, const std::string& own_label,
               const MemberList& members, Series& series) {
  const auto add = [&](const etcd::Alarm& alarm, int armed) {
    const bool own = alarm.member_id == status.member_id;
    series.Add(metrics::kAlarmActive, armed,
               {{"raised_by", own ? own_label : LabelOf(alarm.member_id, members)},
                {"alarm", alarm.type}});
  };
  for (const char* type : {"NOSPACE", "CORRUPT"}) {
    const etcd::Alarm own{.member_id = status.member_id, .type = type};
    if (std::ranges::find(status.alarms, own) == status.alarms.end()) add(own, 0);
  }
  for (const etcd::Alarm& alarm : status.alarms) add(alarm, 1);
}

void AddCompactRevision(const etcd::CompactRevision& compacted, Series& series) {
  static constexpr std::array kSourceNames{"metrics", "compact_rev_key", "probe"};
  series.Add(metrics::kCompactRevision, compacted.revision);
  series.Add(metrics::kCompactRevisionSource, 1,
             {{"source", kSourceNames.at(static_cast<std::size_t>(compacted.source))}});
}

}  // namespace

void AddMemberFamilies(const MemberReport& report, const MemberList& members, FamilySet& families) {
  Series series(report.label, families);
  const etcd::MemberFacts& facts = report.facts;
  const bool up = facts.status.ok();
  const etcd::PageFacts page = facts.page.value_or(etcd::PageFacts());
  series.Add(metrics::kUp, up ? 1 : 0);
  series.Add(metrics::kMemberScrapeDuration, report.seconds);
  series.Add(metrics::kMemberStartTime, page.start_time_seconds);
  series.Add(metrics::kDefragInProgress, page.defrag_in_progress);
  series.Add(metrics::kDefragmentations, page.defragmentations);
  if (!up) {
    AddQuotaSources(report.configured_quota, series);
    return;
  }

  const etcd::StatusReply& status = *facts.status;
  const etcd::QuotaSources quota = report.quota();
  series.Add(metrics::kMemberInfo, 1,
             {{"member_id", HexId(status.member_id)},
              {"cluster_id", HexId(status.cluster_id)},
              {"server_version", status.server_version},
              {"storage_version", status.storage_version},
              {"etcd_url", report.etcd_url}});
  series.Add(metrics::kMemberIsLeader, status.is_leader() ? 1 : 0);
  series.Add(metrics::kMemberIsLearner, status.is_learner ? 1 : 0);
  series.Add(metrics::kMemberHasLeader, status.leader_id != 0 ? 1 : 0);
  series.Add(metrics::kRaftAppliedIndex, status.raft_applied_index);
  AddSpace(status, report.quota_bytes(), series);
  AddQuotaSources(quota, series);
  series.Add(metrics::kDbOpenReadTransactions, page.open_read_transactions);
  series.Add(metrics::kRevision, status.revision);
  if (facts.compact_revision) AddCompactRevision(*facts.compact_revision, series);
  if (report.compacted_at) {
    const std::chrono::duration<double> since_epoch = report.compacted_at->time_since_epoch();
    series.Add(metrics::kCompactionTimestamp, since_epoch.count());
  }
  AddAlarms(status, report.label, members, series);
  series.Add(metrics::kPageFailures, report.page_failures);
}

void AddClusterFamilies(const ClusterReport& cluster, FamilySet& families) {
  const auto& reports = cluster.members;
  const auto is_kine = [](const MemberReport& report) { return report.facts.is_kine; };
  for (const MemberReport& member : reports) {
    // Not a member that is down, but none at all.
    if (!is_kine(member)) AddMemberFamilies(member, cluster.names, families);
  }
  const auto kines = std::ranges::count_if(reports, is_kine);
  families.Add(metrics::kEndpoints,
               static_cast<double>(cluster.endpoints) - static_cast<double>(kines));
  if (reports.empty()) families.Add(metrics::kDatastoreInfo, 1, {{"kind", cluster.node_datastore}});
  const bool etcd = std::ranges::any_of(
      reports, [](const MemberReport& report) { return report.facts.status.ok(); });
  if (etcd || kines > 0) {
    families.Add(metrics::kDatastoreInfo, 1, {{"kind", etcd ? "etcd" : "kine"}});
  }
  const MemberList& members = cluster.list;
  if (members.empty()) return;
  const auto learners = std::ranges::count_if(members, &etcd::ListedMember::is_learner);
  families.Add(metrics::kClusterMembers,
               static_cast<double>(members.size()) - static_cast<double>(learners),
               {{"role", "voter"}});
  families.Add(metrics::kClusterMembers, static_cast<double>(learners), {{"role", "learner"}});
}

}  // namespace headroom
