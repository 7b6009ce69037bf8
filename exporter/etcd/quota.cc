#include "etcd/quota.h"

#include "etcd/server_version.h"

namespace headroom::etcd {

std::optional<std::int64_t> QuotaFromStatus(std::int64_t db_size_quota,
                                            std::string_view server_version) {
  if (db_size_quota != 0) return QuotaFromConfiguredBytes(db_size_quota);
  const auto version = ParseServerVersion(server_version);
  const bool sends_raw_configuration =
      version && *version >= ServerVersion{3, 6, 0} && *version <= ServerVersion{3, 6, 5};
  if (sends_raw_configuration) return kDefaultQuotaBytes;
  return std::nullopt;
}

std::int64_t QuotaFromConfiguredBytes(std::int64_t bytes) {
  if (bytes == 0) return kDefaultQuotaBytes;
  return bytes < 0 ? kQuotaDisabled : bytes;
}

std::optional<std::int64_t> QuotaSources::InForce(bool reports_its_own) const {
  if (status || metrics) return status ? status : metrics;
  if (reports_its_own) return std::nullopt;
  return manifest ? manifest : flag;
}

}  // namespace headroom::etcd
