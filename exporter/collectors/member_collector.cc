#include "collectors/member_collector.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/catalogue.h"
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

void AddClusterFamilies(const std::vector<MemberReport>& reports, const MemberList& members,
                        FamilySet& families) {
  families.Add(metrics::kEndpoints, static_cast<double>(reports.size()));
  const bool etcd = std::ranges::any_of(
      reports, [](const MemberReport& report) { return report.facts.status.ok(); });
  const bool kine =
      std::ranges::any_of(reports, [](const MemberReport& report) { return report.facts.is_kine; });
  if (etcd || kine) families.Add(metrics::kDatastoreInfo, 1, {{"kind", etcd ? "etcd" : "kine"}});
  if (members.empty()) return;
  const auto learners = std::ranges::count_if(members, &etcd::ListedMember::is_learner);
  families.Add(metrics::kClusterMembers,
               static_cast<double>(members.size()) - static_cast<double>(learners),
               {{"role", "voter"}});
  families.Add(metrics::kClusterMembers, static_cast<double>(learners), {{"role", "learner"}});
}

}  // namespace

MemberCollector::MemberCollector(std::vector<etcd::MemberOptions> members,
                                 std::shared_ptr<NodeConfig> node_config,
                                 std::optional<std::int64_t> quota_flag_bytes,
                                 std::string node_name)
    : node_config_(std::move(node_config)), quota_flag_bytes_(quota_flag_bytes) {
  for (const etcd::MemberOptions& member : members) endpoints_.push_back(member.endpoint);
  const auto config = node_config_->Read();
  const auto configured = config ? ConfiguredEndpoint(endpoints_, *config) : std::nullopt;
  const bool shares_node = std::ranges::count_if(endpoints_, &etcd::Endpoint::IsLoopback) > 1;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const kubernetes::EtcdConfig* own_config = configured == i ? config.get() : nullptr;
    watched_.push_back(std::make_unique<Watched>(
        members[i], FallbackLabel(endpoints_[i], own_config, node_name, shares_node)));
  }
}

void MemberCollector::Stop() {
  for (const auto& watched : watched_) watched->member.Stop();
}

void MemberCollector::Collect(Deadline deadline, FamilySet& families) {
  const auto start = std::chrono::steady_clock::now();
  for (const auto& watched : watched_) watched->member.Ask();

  const auto config = node_config_->Read();
  const auto configured = config ? ConfiguredEndpoint(endpoints_, *config) : std::nullopt;
  std::vector<MemberReport> reports;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    const etcd::Member& member = watched_[i]->member;
    MemberReport report{.label = {},
                        .etcd_url = member.endpoint().Url(),
                        .facts = watched_[i]->member.Await(deadline),
                        .configured_quota = {},
                        .waited_seconds = 0,
                        .page_failures = member.page_failures()};
    if (configured == i) report.configured_quota.manifest = config->quota_bytes;
    report.configured_quota.flag = quota_flag_bytes_;
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - start;
    const auto took = report.facts.status_took;
    report.waited_seconds = (took.count() > 0 ? took : waited).count();
    reports.push_back(std::move(report));
  }

  const std::lock_guard lock(mutex_);
  RefuseForeignClusters(reports);
  const MemberList& members = AnyMemberList(reports);
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    if (reports[i].facts.status.ok())
      watched_[i]->label.Answered(reports[i].facts.status->member_id, members);
    reports[i].label = watched_[i]->label.text();
  }
  std::set<std::string> taken;
  for (const std::size_t i : OnePerMember(reports)) {
    MemberReport& report = reports[i];
    // Two series of one name would make Prometheus refuse the whole page.
    if (!taken.insert(report.label).second) {
      report.label = absl::StrCat(report.label, ":", endpoints_[i].port);
      taken.insert(report.label);
    }
    AddMemberFamilies(report, members, families);
  }
  AddClusterFamilies(reports, members, families);
}

void MemberCollector::RefuseForeignClusters(std::vector<MemberReport>& reports) {
  std::optional<std::uint64_t> own;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    absl::StatusOr<etcd::StatusReply>& status = reports[i].facts.status;
    if (!status.ok()) continue;
    if (!own) own = status->cluster_id;
    const bool is_foreign = status->cluster_id != *own;
    if (is_foreign != std::exchange(watched_[i]->is_foreign, is_foreign) && is_foreign) {
      log::Error(
          "endpoint belongs to another etcd cluster and is refused; give each cluster an exporter "
          "of its own",
          {{"endpoint", reports[i].etcd_url},
           {"cluster_id", HexId(status->cluster_id)},
           {"expected", HexId(*own)}});
    }
    if (is_foreign)
      reports[i].facts =
          etcd::MemberFacts{.status = absl::FailedPreconditionError("another cluster")};
  }
}

std::vector<std::size_t> MemberCollector::OnePerMember(
    const std::vector<MemberReport>& reports) const {
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
  return chosen;
}

}  // namespace headroom
