#include "node/config_keys.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "node/environment.h"

namespace headroom::node {
namespace {

// What etcd 3.4.23, 3.5.35, 3.6.16 and 3.7.3 have between them: the JSON tags of embed.Config and
// of what embed and etcdmain put around it to read a file.
constexpr auto kConfigKeys = std::to_array<std::string_view>({
    "advertise-client-urls",
    "auth-token",
    "auth-token-ttl",
    "auto-compaction-mode",
    "auto-compaction-retention",
    "backend-batch-interval",
    "backend-batch-limit",
    "backend-bbolt-freelist-type",
    "bcrypt-cost",
    "bootstrap-defrag-threshold-megabytes",
    "cipher-suites",
    "client-transport-security",
    "compact-hash-check-time",
    "compaction-batch-limit",
    "compaction-sleep-interval",
    "corrupt-check-time",
    "cors",
    "data-dir",
    "debug",
    "discovery",
    "discovery-config",
    "discovery-fallback",
    "discovery-proxy",
    "discovery-srv",
    "discovery-srv-name",
    "distributed-tracing-address",
    "distributed-tracing-instance-id",
    "distributed-tracing-sampling-rate",
    "distributed-tracing-service-name",
    "downgrade-check-time",
    "election-timeout",
    "enable-distributed-tracing",
    "enable-grpc-gateway",
    "enable-log-rotation",
    "enable-pprof",
    "enable-v2",
    "experimental-backend-bbolt-freelist-type",
    "experimental-bootstrap-defrag-threshold-megabytes",
    "experimental-compact-hash-check-enabled",
    "experimental-compact-hash-check-time",
    "experimental-compaction-batch-limit",
    "experimental-compaction-sleep-interval",
    "experimental-corrupt-check-time",
    "experimental-distributed-tracing-address",
    "experimental-distributed-tracing-instance-id",
    "experimental-distributed-tracing-sampling-rate",
    "experimental-distributed-tracing-service-name",
    "experimental-downgrade-check-time",
    "experimental-enable-distributed-tracing",
    "experimental-enable-lease-checkpoint",
    "experimental-enable-lease-checkpoint-persist",
    "experimental-enable-v2v3",
    "experimental-initial-corrupt-check",
    "experimental-memory-mlock",
    "experimental-peer-skip-client-san-verification",
    "experimental-snapshot-catch-up-entries",
    "experimental-stop-grpc-service-on-defrag",
    "experimental-txn-mode-write-with-shared-buffer",
    "experimental-warning-apply-duration",
    "experimental-warning-unary-request-duration",
    "experimental-watch-progress-notify-interval",
    "feature-gates",
    "force-new-cluster",
    "grpc-additional-server-options",
    "grpc-keepalive-interval",
    "grpc-keepalive-min-time",
    "grpc-keepalive-timeout",
    "heartbeat-interval",
    "host-whitelist",
    "initial-advertise-peer-urls",
    "initial-cluster",
    "initial-cluster-state",
    "initial-cluster-token",
    "initial-election-tick-advance",
    "listen-client-http-urls",
    "listen-client-urls",
    "listen-metrics-urls",
    "listen-peer-urls",
    "log-format",
    "log-level",
    "log-output",
    "log-outputs",
    "log-package-levels",
    "log-rotation-config-json",
    "logger",
    "max-concurrent-streams",
    "max-learners",
    "max-request-bytes",
    "max-snapshots",
    "max-txn-ops",
    "max-wals",
    "memory-mlock",
    "metrics",
    "name",
    "peer-transport-security",
    "pre-vote",
    "proxy",
    "proxy-dial-timeout",
    "proxy-failure-wait",
    "proxy-read-timeout",
    "proxy-refresh-interval",
    "proxy-write-timeout",
    "quota-backend-bytes",
    "self-signed-cert-validity",
    "snapshot-catchup-entries",
    "snapshot-count",
    "socket-options",
    "strict-reconfig-check",
    "tls-max-version",
    "tls-min-version",
    "unsafe-no-fsync",
    "v2-deprecation",
    "wal-dir",
    "warning-apply-duration",
    "warning-unary-request-duration",
    "watch-progress-notify-interval",
});

// Changes of one character that make one of the other (Levenshtein's distance).
std::size_t Distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t change = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({change, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

// The key that was meant, within two slips of the keyboard; empty when none is near.
std::string_view Meant(const std::string& written) {
  constexpr std::size_t kLongest = 64;
  constexpr std::size_t kSlips = 2;
  if (written.size() > kLongest) return {};
  const std::string key = absl::StrReplaceAll(absl::AsciiStrToLower(written), {{"_", "-"}});
  const auto nearest = std::ranges::min_element(
      kConfigKeys, {}, [&key](std::string_view known) { return Distance(key, known); });
  // A short word is near to many.
  return Distance(key, *nearest) <= std::min(kSlips, key.size() / 4) ? *nearest
                                                                     : std::string_view();
}

}  // namespace

std::vector<std::string> UnknownKeys(const YAML::Node& config_file, std::string_view origin) {
  std::vector<std::string> warnings;
  for (const auto& entry : config_file) {
    const std::string key = ScalarText(entry.first);
    if (key.empty() || key == "<<") continue;
    if (std::ranges::binary_search(kConfigKeys, absl::AsciiStrToLower(key))) continue;
    if (warnings.size() == kMaxUnknownKeys) {
      warnings.push_back("more settings in " + std::string(origin) + " are unknown");
      break;
    }
    const std::string_view meant = Meant(key);
    warnings.push_back("unknown setting " + MessageText(key) + " in " + std::string(origin) +
                       (meant.empty()
                            ? ": etcd 3.4 to 3.7 ignores it"
                            : ": etcd ignores it; did you mean " + std::string(meant) + "?"));
  }
  return warnings;
}

}  // namespace headroom::node
