#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace headroom::etcd {

// What etcd enforces when no quota is set, in bytes (etcd's DefaultQuotaBytes).
inline constexpr std::int64_t kDefaultQuotaBytes = 2'147'483'648;
// How a disabled quota is reported, whatever negative number was configured.
inline constexpr std::int64_t kQuotaDisabled = -1;

// The quota in force in bytes, kQuotaDisabled, or nothing when it is unknown, from the Status field
// dbSizeQuota: servers before 3.6 do not send it, 3.6.0 to 3.6.5 send the raw configuration (0 =
// unset, so the default is in force), later ones what they enforce.
std::optional<std::int64_t> QuotaFromStatus(std::int64_t db_size_quota,
                                            std::string_view server_version);

// The same from a configured number of bytes (a flag, etcd's metrics page).
std::int64_t QuotaFromConfiguredBytes(std::int64_t bytes);

// The quotas of one member by source, each absent when that source could not be read.
struct QuotaSources {
  std::optional<std::int64_t> status;
  std::optional<std::int64_t> metrics;
  std::optional<std::int64_t> manifest;
  std::optional<std::int64_t> flag;

  // The most trustworthy of them: what the server enforces before what somebody configured. Where
  // the member has reported its own before (`reports_its_own`) and does not now, nothing: a
  // configured value in its place could be another.
  std::optional<std::int64_t> InForce(bool reports_its_own) const;
};

}  // namespace headroom::etcd
