#include "node/discovery.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace headroom::node {
namespace {

namespace fs = std::filesystem;

// Where a distribution keeps what belongs to its etcd; paths on the node.
struct Places {
  std::string_view distribution;
  std::string_view config;  // exists where the node runs etcd
  std::string_view ca;
  std::string_view certificate;
  std::string_view key;
  std::string_view data_dir;
  // Either exists where the node's API server speaks to kine instead: k3s and RKE2 only.
  std::array<std::string_view, 2> kine;
};

constexpr std::array kPlaces = {
    Places{.distribution = "kubeadm",
           .config = "etc/kubernetes/manifests/etcd.yaml",
           .ca = "etc/kubernetes/pki/etcd/ca.crt",
           .certificate = "etc/kubernetes/pki/etcd/healthcheck-client.crt",
           .key = "etc/kubernetes/pki/etcd/healthcheck-client.key",
           .data_dir = "var/lib/etcd",
           .kine = {}},
    Places{.distribution = "RKE2",
           .config = "var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml",
           .ca = "var/lib/rancher/rke2/server/tls/etcd/server-ca.crt",
           .certificate = "var/lib/rancher/rke2/server/tls/etcd/client.crt",
           .key = "var/lib/rancher/rke2/server/tls/etcd/client.key",
           .data_dir = "var/lib/rancher/rke2/server/db/etcd",
           .kine = {"var/lib/rancher/rke2/server/kine.sock",
                    "var/lib/rancher/rke2/server/db/state.db"}},
    Places{
        .distribution = "k3s",
        .config = "var/lib/rancher/k3s/server/db/etcd/config",
        .ca = "var/lib/rancher/k3s/server/tls/etcd/server-ca.crt",
        .certificate = "var/lib/rancher/k3s/server/tls/etcd/client.crt",
        .key = "var/lib/rancher/k3s/server/tls/etcd/client.key",
        .data_dir = "var/lib/rancher/k3s/server/db/etcd",
        .kine = {"var/lib/rancher/k3s/server/kine.sock", "var/lib/rancher/k3s/server/db/state.db"}},
};

absl::StatusOr<bool> Exists(const fs::path& path) {
  std::error_code error;
  const bool exists = fs::exists(path, error);
  if (error) return absl::ErrnoToStatus(error.value(), path.string());
  return exists;
}

// An address that a client on the node can dial, from one that etcd listens on.
std::optional<etcd::Endpoint> Dialable(const std::string& url) {
  auto endpoint = etcd::ParseEndpoint(url);
  if (!endpoint.ok()) return std::nullopt;
  if (endpoint->host == "0.0.0.0") endpoint->host = "127.0.0.1";
  if (endpoint->host == "::") endpoint->host = "::1";
  return *std::move(endpoint);
}

// The first on a loopback address, else the first.
std::optional<etcd::Endpoint> Nearest(const std::vector<std::string>& urls) {
  std::optional<etcd::Endpoint> nearest;
  for (const std::string& url : urls) {
    auto endpoint = Dialable(url);
    if (!endpoint) continue;
    if (endpoint->IsLoopback()) return endpoint;
    if (!nearest) nearest = std::move(endpoint);
  }
  return nearest;
}

// The CA, with the client pair that kubeadm makes beside it, of a cluster whose certificatesDir is
// another (kubespray's is /etc/kubernetes/ssl). A folder mounted at the usual place serves, too.
etcd::TlsFiles Certificates(const Places& places, const fs::path& root, const EtcdConfig* config) {
  etcd::TlsFiles usual{.ca = root / places.ca,
                       .certificate = root / places.certificate,
                       .key = root / places.key,
                       .server_name = ""};
  if (config == nullptr || !config->trusted_ca_file) return usual;
  const fs::path ca = root / config->trusted_ca_file->relative_path();
  std::error_code ignored;
  if (!fs::exists(ca, ignored) && fs::exists(usual.ca, ignored)) return usual;
  const auto beside = [&ca](const std::string& file) {
    return (ca.parent_path() / fs::path(file).filename()).string();
  };
  return {.ca = ca.string(),
          .certificate = beside(usual.certificate),
          .key = beside(usual.key),
          .server_name = ""};
}

FoundEtcd EtcdAt(const Places& places, const fs::path& root) {
  const fs::path file = "/" / fs::path(places.config);
  const auto cached = std::make_shared<CachedConfig>(root, file);
  // One that cannot be read leaves the distribution's defaults.
  const auto config = cached->Read();
  FoundEtcd found{.distribution = std::string(places.distribution),
                  .endpoint = {.tls = true, .host = "127.0.0.1", .port = 2379, .path = ""},
                  .metrics_url = {.tls = false, .host = "127.0.0.1", .port = 2381, .path = ""},
                  .tls = Certificates(places, root, config.get()),
                  .data_dir = "/" / fs::path(places.data_dir),
                  .config_file = file,
                  .config = cached};
  if (const auto nearest = config ? Nearest(config->client_urls) : std::nullopt) {
    found.endpoint = *nearest;
    found.metrics_url = MetricsUrl(*config).value_or(*nearest);
  }
  found.endpoint.path.clear();
  found.metrics_url.path = "/metrics";
  return found;
}

}  // namespace

std::optional<etcd::Endpoint> MetricsUrl(const EtcdConfig& config) {
  auto url = Nearest(config.metrics_urls);
  if (!url) url = Nearest(config.client_http_urls);
  if (url) url->path = "/metrics";
  return url;
}

absl::StatusOr<Datastore> Discover(const fs::path& root) {
  for (const Places& places : kPlaces) {
    const auto exists = Exists(root / places.config);
    if (!exists.ok()) return exists.status();
    if (*exists) return Datastore{Datastore::Kind::kEtcd, EtcdAt(places, root)};
  }
  for (const Places& places : kPlaces) {
    for (const std::string_view trace : places.kine) {
      if (trace.empty()) continue;
      const auto exists = Exists(root / trace);
      if (!exists.ok()) return exists.status();
      if (*exists) return Datastore{Datastore::Kind::kKine, std::nullopt};
    }
  }
  return Datastore{};
}

}  // namespace headroom::node
