#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "etcd/endpoint.h"
#include "etcd/tls.h"
#include "node/cached_config.h"

namespace headroom::node {

// The etcd of this node, by the files that kubeadm, k3s and RKE2 leave in their places.
struct FoundEtcd {
  std::string distribution;  // "kubeadm", "k3s" or "RKE2"
  etcd::Endpoint endpoint;   // on a loopback address where it listens there
  etcd::Endpoint metrics_url;
  etcd::TlsFiles tls;       // as this process opens them, so below the root folder
  std::string data_dir;     // where the distribution puts it, by its path on the node
  std::string config_file;  // static pod manifest or etcd config file, by its path on the node
  std::shared_ptr<CachedConfig> config;  // of that file; never null
};

// What keeps the objects of this node's API server, where there is one.
struct Datastore {
  enum class Kind { kEtcd, kKine, kNone };
  Kind kind = Kind::kNone;        // kKine: a k3s or RKE2 server over SQL, which has no quota
  std::optional<FoundEtcd> etcd;  // with kEtcd
};

// The metrics page of an etcd that is configured so: of listen-metrics-urls, else of
// listen-client-http-urls, one on a loopback address before others. Nothing where the page is on
// the client URLs alone.
std::optional<etcd::Endpoint> MetricsUrl(const EtcdConfig& config);

// Looks below `root`, where the node's root folder is mounted. Fails, with the path in the message,
// when a place exists and may not be looked at: that is no proof of absence.
absl::StatusOr<Datastore> Discover(const std::filesystem::path& root);

}  // namespace headroom::node
