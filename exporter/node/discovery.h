#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "etcd/endpoint.h"
#include "etcd/tls.h"
#include "node/cached_config.h"

namespace headroom::node {

// The etcd of this node, by the files that distributions leave on it.
struct FoundEtcd {
  // "kubeadm", "k3s", "RKE2", "k0s", "Talos", "OpenShift", "kops"; else what it was found by:
  // "static pod", "kube-apiserver", or its file of variables.
  std::string distribution;
  etcd::Endpoint endpoint;  // on a loopback address where it listens there
  etcd::Endpoint metrics_url;
  etcd::TlsFiles tls;    // as this process opens them, so below the root folder
  std::string data_dir;  // by its path on the node; empty if not known
  // Static pod manifest, etcd config file or file of variables, by its path on the node; empty if
  // there is none.
  std::string config_file;
  std::shared_ptr<CachedConfig> config;  // of that file; never null
};

// What keeps the objects of this node's API server, where there is one.
struct Datastore {
  enum class Kind { kEtcd, kKine, kNone };
  Kind kind = Kind::kNone;        // kKine: over SQL or dqlite, which have no quota
  std::optional<FoundEtcd> etcd;  // with kEtcd
  // Further etcds that kube-apiserver keeps some resources in: "/events#https://127.0.0.1:4002".
  std::vector<std::string> overrides;
  // With kNone: the etcd that kube-apiserver uses, on other nodes.
  std::vector<std::string> elsewhere;
};

// The metrics page of an etcd that is configured so: of listen-metrics-urls, else of
// listen-client-http-urls, one on a loopback address before others. Nothing where the page is on
// the client URLs alone.
std::optional<etcd::Endpoint> MetricsUrl(const EtcdConfig& config);

// Looks below `root`, where the node's root folder is mounted. Fails, with the path in the message,
// when a place exists and may not be looked at: that is no proof of absence.
absl::StatusOr<Datastore> Discover(const std::filesystem::path& root);

// The places where Discover looks for etcd, as one line of a message.
std::string SearchedPlaces();

}  // namespace headroom::node
