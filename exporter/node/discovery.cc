#include "node/discovery.h"

#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "node/distributions.h"
#include "node/manifests.h"

namespace headroom::node {
namespace {

namespace fs = std::filesystem;

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

etcd::Endpoint LocalEtcd() { return {.tls = true, .host = "127.0.0.1", .port = 2379, .path = ""}; }

etcd::Endpoint MetricsOn(etcd::Endpoint endpoint) {
  endpoint.path = "/metrics";
  return endpoint;
}

// The CA, with the client pair that kubeadm makes beside it, of a cluster whose certificatesDir is
// another (kubespray's is /etc/kubernetes/ssl). A folder mounted at the usual place serves, too.
etcd::TlsFiles Certificates(const NodePlaces& places, const fs::path& root,
                            const EtcdConfig* config) {
  etcd::TlsFiles usual{.ca = places.Opened(places.table().ca),
                       .certificate = places.Opened(places.table().certificate),
                       .key = places.Opened(places.table().key),
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

FoundEtcd EtcdAt(const NodePlaces& places, const fs::path& root) {
  const Places& table = places.table();
  const fs::path file = table.is_config ? places.OnNode(table.marker) : fs::path();
  const auto cached = std::make_shared<CachedConfig>(root, file);
  // One that cannot be read leaves the distribution's defaults.
  const auto config = cached->Read();
  FoundEtcd found{.distribution = std::string(table.distribution),
                  .endpoint = LocalEtcd(),
                  .metrics_url = {.tls = false, .host = "127.0.0.1", .port = 2381, .path = ""},
                  .tls = Certificates(places, root, config.get()),
                  .data_dir = places.OnNode(table.etcd_data),
                  .config_file = file,
                  .config = cached};
  if (!table.is_config) found.metrics_url = found.endpoint;
  if (const auto nearest = config ? Nearest(config->client_urls) : std::nullopt) {
    found.endpoint = *nearest;
    found.metrics_url = MetricsUrl(*config).value_or(*nearest);
  }
  found.endpoint.path.clear();
  found.metrics_url.path = "/metrics";
  return found;
}

// The pair for etcdctl that kubespray ("admin-HOST.pem") and etcdadm put beside etcd's CA.
EtcdClient ClientBeside(const fs::path& root, const fs::path& ca) {
  const fs::path folder = ca.parent_path();
  std::error_code error;
  for (fs::directory_iterator entry(root / folder.relative_path(), error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    const bool is_admins = name.starts_with("admin-") && name.ends_with("-key.pem");
    if (!is_admins) continue;
    const std::string host = name.substr(0, name.size() - std::string_view("-key.pem").size());
    return {.ca = ca, .certificate = folder / (host + ".pem"), .key = folder / name};
  }
  return {.ca = ca,
          .certificate = folder / "etcdctl-etcd-client.crt",
          .key = folder / "etcdctl-etcd-client.key"};
}

// An etcd on this node by what its own manifest or variables and kube-apiserver's manifest say.
class GeneralSearch {
 public:
  explicit GeneralSearch(const fs::path& root) : root_(root) {}

  absl::StatusOr<Datastore> Run() {
    auto manifests = ReadManifests(root_, kManifestFolder);
    if (!manifests.ok()) return manifests.status();
    manifests_ = *std::move(manifests);
    const auto cached = OwnConfig();
    const auto config = cached->Read();
    const auto endpoint = Endpoint(config.get());
    if (!endpoint) return NotHere();
    FoundEtcd found{.distribution = Distribution(*endpoint),
                    .endpoint = *endpoint,
                    .metrics_url = MetricsOn(*endpoint),
                    .tls = endpoint->tls ? Files(config.get()) : etcd::TlsFiles(),
                    .data_dir = config && config->data_dir ? *config->data_dir : fs::path(),
                    .config_file = file_,
                    .config = cached};
    found.endpoint.path.clear();
    if (found.distribution == kOpenShift) found.metrics_url.port = 9978;
    if (const auto url = config ? MetricsUrl(*config) : std::nullopt) found.metrics_url = *url;
    return Datastore{Datastore::Kind::kEtcd, std::move(found), Overrides()};
  }

 private:
  static constexpr std::string_view kOpenShift = "OpenShift";

  // Of etcd's manifest, else of the first file of variables that say where an etcd listens. Sets
  // file_.
  std::shared_ptr<CachedConfig> OwnConfig() {
    file_ = manifests_.etcd_file;
    if (!file_.empty()) return std::make_shared<CachedConfig>(root_, file_);
    for (const std::string_view variables : kEnvironmentFiles) {
      auto cached = std::make_shared<CachedConfig>(root_, variables);
      const auto config = cached->Read();
      if (!config || config->client_urls.empty()) continue;
      file_ = variables;
      return cached;
    }
    return std::make_shared<CachedConfig>(root_, file_);
  }

  std::optional<etcd::Endpoint> Endpoint(const EtcdConfig* config) const {
    if (config != nullptr) {
      if (auto nearest = Nearest(config->client_urls)) return nearest;
    }
    if (manifests_.api_server) {
      const auto nearest = Nearest(manifests_.api_server->servers);
      if (nearest && nearest->IsLoopback()) return nearest;
    }
    if (!manifests_.etcd_file.empty()) return LocalEtcd();
    return std::nullopt;
  }

  std::string Distribution(const etcd::Endpoint& endpoint) const {
    if (manifests_.etcd_file.filename() == "etcd-pod.yaml") return std::string(kOpenShift);
    if (!manifests_.etcd_file.empty()) return "static pod";
    if (!file_.empty()) return file_;
    return endpoint.port == 4001 ? "kops" : "kube-apiserver";
  }

  etcd::TlsFiles Files(const EtcdConfig* config) const {
    EtcdClient client;
    if (manifests_.etcdctl) {
      client = *manifests_.etcdctl;
    } else if (manifests_.api_server && !manifests_.api_server->certificate.empty()) {
      client = *manifests_.api_server;
    } else if (config != nullptr && config->trusted_ca_file) {
      client = ClientBeside(root_, *config->trusted_ca_file);
    }
    const auto opened = [this](const fs::path& file) {
      return file.empty() ? "" : (root_ / file.relative_path()).string();
    };
    return {.ca = opened(client.ca),
            .certificate = opened(client.certificate),
            .key = opened(client.key),
            .server_name = ""};
  }

  std::vector<std::string> Overrides() const {
    return manifests_.api_server ? manifests_.api_server->overrides : std::vector<std::string>();
  }

  Datastore NotHere() const {
    Datastore nowhere;
    if (manifests_.api_server) nowhere.elsewhere = manifests_.api_server->servers;
    return nowhere;
  }

  const fs::path& root_;
  Manifests manifests_;
  fs::path file_;  // etcd's manifest or variables; empty if there is none
};

}  // namespace

std::optional<etcd::Endpoint> MetricsUrl(const EtcdConfig& config) {
  auto url = Nearest(config.metrics_urls);
  if (!url) url = Nearest(config.client_http_urls);
  if (url) url->path = "/metrics";
  return url;
}

absl::StatusOr<Datastore> Discover(const fs::path& root) {
  for (const Places& table : kPlaces) {
    if (table.marker.empty()) continue;
    const NodePlaces places(table, root);
    const auto exists = Exists(places.Opened(table.marker));
    if (!exists.ok()) return exists.status();
    if (*exists) return Datastore{Datastore::Kind::kEtcd, EtcdAt(places, root)};
  }
  auto general = GeneralSearch(root).Run();
  if (!general.ok() || general->kind == Datastore::Kind::kEtcd) return general;
  for (const Places& table : kPlaces) {
    const NodePlaces places(table, root);
    for (const std::string_view trace : table.kine) {
      if (trace.empty()) continue;
      const auto exists = Exists(places.Opened(trace));
      if (!exists.ok()) return exists.status();
      if (*exists) return Datastore{Datastore::Kind::kKine, std::nullopt};
    }
  }
  return general;
}

std::string SearchedPlaces() {
  std::string list;
  for (const Places& places : kPlaces) {
    if (!places.marker.empty()) {
      absl::StrAppend(
          &list, list.empty() ? "" : ", ",
          absl::StrReplaceAll(absl::string_view(places.marker.data(), places.marker.size()),
                              {{"~", std::string(places.data_directory)}}));
    }
  }
  absl::StrAppend(&list, ", pods in ", std::string(kManifestFolder));
  for (const std::string_view file : kEnvironmentFiles) {
    absl::StrAppend(&list, ", ", std::string(file));
  }
  return list;
}

}  // namespace headroom::node
