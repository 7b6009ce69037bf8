#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "node/static_pod.h"

namespace headroom::node {

// How a client on this node reaches etcd. Files by their paths on the node; empty if not known.
struct EtcdClient {
  std::vector<std::string> servers;
  // Further etcds, for some resources alone: "/events#https://127.0.0.1:4002".
  std::vector<std::string> overrides;
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

// The client that kube-apiserver is, by its --etcd-servers, --etcd-cafile, --etcd-certfile and
// --etcd-keyfile; also those in a shell script without quotes around them. nullopt if no container
// of the pod has --etcd-servers.
std::optional<EtcdClient> ApiServerClient(const std::vector<Container>& containers);

// The client that etcdctl is in a container, by its variables ETCDCTL_CACERT, ETCDCTL_CERT and
// ETCDCTL_KEY. nullopt if no container has them all, below hostPath mounts.
std::optional<EtcdClient> EtcdctlClient(const std::vector<Container>& containers);

}  // namespace headroom::node
