#include "monitor/cluster.h"

#include <algorithm>

namespace headroom {

etcd::QuotaSources MemberReport::quota() const {
  etcd::QuotaSources quota = configured_quota;
  quota.status = facts.status->quota_bytes;
  if (facts.page && facts.page->quota_bytes) {
    quota.metrics = etcd::QuotaFromConfiguredBytes(*facts.page->quota_bytes);
  }
  return quota;
}

std::optional<std::int64_t> MemberReport::quota_bytes() const {
  return facts.status.ok() ? quota().InForce(reports_quota) : std::nullopt;
}

std::optional<std::uint64_t> ClusterReport::smallest_quota_bytes() const {
  std::optional<std::uint64_t> smallest;
  for (const MemberReport& member : members) {
    const auto quota = member.quota_bytes();
    if (!quota || *quota <= 0) continue;
    const auto bytes = static_cast<std::uint64_t>(*quota);
    smallest = std::min(smallest.value_or(bytes), bytes);
  }
  return smallest;
}

}  // namespace headroom
