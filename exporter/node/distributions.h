#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace headroom::node {

// Where a distribution keeps what belongs to its etcd. Paths on the node, "~" standing for the
// distribution's data directory.
struct Places {
  std::string_view distribution;
  std::string_view data_directory;  // by default; empty if it has none
  std::string_view settings;        // a YAML file whose `data-dir` is another; empty if none
  std::string_view marker;          // exists where the node runs etcd; empty of kine alone
  bool is_config = false;           // the marker is etcd's manifest or configuration
  std::string_view ca;
  std::string_view certificate;
  std::string_view key;
  std::string_view etcd_data;
  // Either exists where the node's API server speaks to kine, or dqlite, instead.
  std::array<std::string_view, 2> kine;
};

// Distributions that put all of it into places of their own. Others are found by what their
// kube-apiserver and etcd say: see Discover.
inline constexpr std::array kPlaces = {
    Places{.distribution = "kubeadm",
           .marker = "/etc/kubernetes/manifests/etcd.yaml",
           .is_config = true,
           .ca = "/etc/kubernetes/pki/etcd/ca.crt",
           .certificate = "/etc/kubernetes/pki/etcd/healthcheck-client.crt",
           .key = "/etc/kubernetes/pki/etcd/healthcheck-client.key",
           .etcd_data = "/var/lib/etcd"},
    Places{.distribution = "RKE2",
           .data_directory = "/var/lib/rancher/rke2",
           .settings = "/etc/rancher/rke2/config.yaml",
           .marker = "~/agent/pod-manifests/etcd.yaml",
           .is_config = true,
           .ca = "~/server/tls/etcd/server-ca.crt",
           .certificate = "~/server/tls/etcd/client.crt",
           .key = "~/server/tls/etcd/client.key",
           .etcd_data = "~/server/db/etcd",
           .kine = {"~/server/kine.sock", "~/server/db/state.db"}},
    Places{.distribution = "k3s",
           .data_directory = "/var/lib/rancher/k3s",
           .settings = "/etc/rancher/k3s/config.yaml",
           .marker = "~/server/db/etcd/config",
           .is_config = true,
           .ca = "~/server/tls/etcd/server-ca.crt",
           .certificate = "~/server/tls/etcd/client.crt",
           .key = "~/server/tls/etcd/client.key",
           .etcd_data = "~/server/db/etcd",
           .kine = {"~/server/kine.sock", "~/server/db/state.db"}},
    // pkg/component/controller/etcd.go
    Places{.distribution = "k0s",
           .marker = "/var/lib/k0s/pki/etcd/server.crt",
           .ca = "/var/lib/k0s/pki/etcd/ca.crt",
           .certificate = "/var/lib/k0s/pki/apiserver-etcd-client.crt",
           .key = "/var/lib/k0s/pki/apiserver-etcd-client.key",
           .etcd_data = "/var/lib/k0s/etcd",
           .kine = {"/run/k0s/kine/kine.sock", "/var/lib/k0s/db/state.db"}},
    // pkg/machinery/constants: EtcdPKIPath
    Places{.distribution = "Talos",
           .marker = "/system/secrets/etcd/admin.crt",
           .ca = "/system/secrets/etcd/ca.crt",
           .certificate = "/system/secrets/etcd/admin.crt",
           .key = "/system/secrets/etcd/admin.key",
           .etcd_data = "/var/lib/etcd"},
    Places{.distribution = "MicroK8s",
           .kine = {"/var/snap/microk8s/current/var/kubernetes/backend/kine.sock:12379",
                    "/var/snap/microk8s/current/var/kubernetes/backend/cluster.yaml"}},
};

// Where the variables of an etcd are that runs as a service; those of kubespray and KubeKey first.
inline constexpr std::array<std::string_view, 3> kEnvironmentFiles = {
    "/etc/etcd.env", "/etc/etcd/etcd.env", "/etc/default/etcd"};

// The folder of kubelet's static pods, but for RKE2's.
inline constexpr std::string_view kManifestFolder = "/etc/kubernetes/manifests";

// `place` of `places` on this node, whose root is mounted at `root`; a relative path.
std::filesystem::path PlaceOnNode(const Places& places, std::string_view place,
                                  const std::filesystem::path& root);

}  // namespace headroom::node
