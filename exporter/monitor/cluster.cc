#include "monitor/cluster.h"

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

}  // namespace headroom
