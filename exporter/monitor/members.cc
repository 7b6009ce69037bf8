#include "monitor/members.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "logging/log.h"

namespace headroom {
namespace {

const MemberList& AnyMemberList(const std::vector<MemberReport>& reports) {
  static const MemberList kNone;
  for (const MemberReport& report : reports) {
    if (report.facts.status.ok() && report.facts.members) return *report.facts.members;
  }
  return kNone;
}

// That of the member that has come furthest; where none has it now, `last`.
std::optional<std::int64_t> NewestCompactRevision(const std::vector<MemberReport>& reports,
                                                  std::optional<std::int64_t> last) {
  std::optional<std::int64_t> newest;
  for (const MemberReport& report : reports) {
    const auto& known = report.facts.compact_revision;
    if (known) newest = std::max(known->revision, newest.value_or(known->revision));
  }
  return newest ? newest : last;
}

}  // namespace

Members::Members(std::vector<etcd::MemberOptions> members,
                 std::shared_ptr<node::CachedConfig> node_config,
                 std::optional<std::int64_t> quota_flag_bytes, const std::string& node_name,
                 std::string node_datastore)
    : node_config_(std::move(node_config)),
      quota_flag_bytes_(quota_flag_bytes),
      node_datastore_(std::move(node_datastore)) {
  for (const etcd::MemberOptions& member : members) endpoints_.push_back(member.endpoint);
  const auto config = node_config_->Read();
  const auto configured = config ? ConfiguredEndpoint(endpoints_, *config) : std::nullopt;
  const bool shares_node = std::ranges::count_if(endpoints_, &etcd::Endpoint::IsLoopback) > 1;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const node::EtcdConfig* own_config = configured == i ? config.get() : nullptr;
    watched_.push_back(std::make_unique<Watched>(
        members[i], FallbackLabel(endpoints_[i], own_config, node_name, shares_node)));
  }
}

std::optional<std::int64_t> Members::compact_revision() const {
  const std::lock_guard lock(mutex_);
  return compact_revision_;
}

std::optional<std::string> Members::local_member() const {
  const std::lock_guard lock(mutex_);
  return local_member_;
}

std::optional<std::size_t> Members::LocalEndpoint() const {
  const auto config = node_config_->Read();
  return ConfiguredEndpoint(endpoints_, config ? *config : node::EtcdConfig());
}

void Members::Stop() {
  for (const auto& watched : watched_) watched->member.Stop();
}

ClusterReport Members::Report(Deadline deadline) {
  std::vector<MemberReport> reports = Ask(deadline);
  const auto local = LocalEndpoint();
  const std::lock_guard lock(mutex_);
  RefuseForeignClusters(reports);
  compact_revision_ = NewestCompactRevision(reports, compact_revision_);
  NoteCompactions(reports);
  ClusterReport cluster{.members = {},
                        .list = AnyMemberList(reports),
                        .names = {},
                        .endpoints = endpoints_.size(),
                        .node_datastore = node_datastore_};
  if (!cluster.list.empty()) names_ = cluster.list;
  cluster.names = names_;
  Label(reports);
  local_member_.reset();
  std::set<std::string> taken;
  for (const std::size_t i : OnePerMember(reports)) {
    MemberReport& report = reports[i];
    // Two series of one name would make Prometheus refuse the whole page.
    const auto& id = watched_[i]->label.member_id();
    if (taken.contains(report.label))
      report.label += "-" + (id ? HexId(*id) : std::to_string(endpoints_[i].port));
    if (!taken.insert(report.label).second) continue;
    const bool is_local =
        local && (i == *local || (id && id == watched_[*local]->label.member_id()));
    if (is_local) local_member_ = report.label;
    cluster.members.push_back(std::move(report));
  }
  LogLines(journal_.Compare(cluster));
  return cluster;
}

std::vector<MemberReport> Members::Ask(Deadline deadline) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::uint64_t> calls;
  for (const auto& watched : watched_) calls.push_back(watched->member.Ask());
  const auto config = node_config_->Read();
  const auto configured = config ? ConfiguredEndpoint(endpoints_, *config) : std::nullopt;
  std::vector<MemberReport> reports;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    etcd::Member& member = watched_[i]->member;
    MemberReport report{.etcd_url = endpoints_[i].Url(), .facts = member.Await(calls[i], deadline)};
    report.page_failures = member.page_failures();
    if (configured == i) report.configured_quota.manifest = config->quota_bytes;
    report.configured_quota.flag = quota_flag_bytes_;
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - start;
    const auto took = report.facts.status_took;
    report.seconds = (took.count() > 0 ? took : waited).count();
    reports.push_back(std::move(report));
  }
  return reports;
}

void Members::RefuseForeignClusters(std::vector<MemberReport>& reports) {
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (reports[i].facts.status.ok()) watched_[i]->cluster_id = reports[i].facts.status->cluster_id;
  }
  // The cluster is that of the first endpoint that ever answered, in the order they were given:
  // it does not change because that one is down.
  const auto known = std::ranges::find_if(
      watched_, [](const auto& watched) { return watched->cluster_id.has_value(); });
  for (std::size_t i = 0; i < reports.size(); ++i) {
    Watched& watched = *watched_[i];
    if (!reports[i].facts.status.ok()) continue;
    const bool is_foreign = watched.cluster_id != (*known)->cluster_id;
    if (is_foreign != std::exchange(watched.is_foreign, is_foreign) && is_foreign) {
      log::Error(
          "endpoint belongs to another etcd cluster and is refused; give each cluster an exporter "
          "of its own",
          {{"endpoint", reports[i].etcd_url},
           {"cluster_id", HexId(*watched.cluster_id)},
           {"expected", HexId(*(*known)->cluster_id)}});
    }
    if (is_foreign) {
      reports[i].facts =
          etcd::MemberFacts{.status = absl::FailedPreconditionError("another cluster")};
    }
  }
}

void Members::Label(std::vector<MemberReport>& reports) {
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    Watched& watched = *watched_[i];
    const etcd::MemberFacts& facts = reports[i].facts;
    if (facts.status.ok()) {
      const std::uint64_t id = facts.status->member_id;
      watched.label.Answered(id, names_);
      if (facts.status->quota_bytes || (facts.page && facts.page->quota_bytes))
        watched.quota_reported_by = id;
      reports[i].reports_quota = watched.quota_reported_by == id;
    }
    reports[i].label = watched.label.text();
  }
}

void Members::NoteCompactions(std::vector<MemberReport>& reports) {
  const auto now = std::chrono::system_clock::now();
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    CompactionMoves& compaction = watched_[i]->compaction;
    if (reports[i].facts.compact_revision) compaction.Saw(*reports[i].facts.compact_revision, now);
    reports[i].compacted_at = compaction.moved();
  }
}

std::vector<std::size_t> Members::OnePerMember(const std::vector<MemberReport>& reports) const {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const auto& id = watched_[i]->label.member_id();
    const auto same = std::ranges::find_if(
        chosen, [&](std::size_t j) { return id && watched_[j]->label.member_id() == id; });
    if (same == chosen.end()) {
      chosen.push_back(i);
    } else if (!reports[*same].facts.status.ok() && reports[i].facts.status.ok()) {
      *same = i;
    }
  }
  std::stable_partition(chosen.begin(), chosen.end(),
                        [&](std::size_t i) { return reports[i].facts.status.ok(); });
  return chosen;
}

}  // namespace headroom
