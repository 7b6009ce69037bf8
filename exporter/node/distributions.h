#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

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

constexpr Places Rancher(std::string_view distribution, std::string_view data_directory,
                         std::string_view settings, std::string_view config) {
  return {.distribution = distribution,
          .data_directory = data_directory,
          .settings = settings,
          .marker = config,
          .is_config = true,
          .ca = "~/server/tls/etcd/server-ca.crt",
          .certificate = "~/server/tls/etcd/client.crt",
          .key = "~/server/tls/etcd/client.key",
          .etcd_data = "~/server/db/etcd",
          .kine = {"~/server/kine.sock", "~/server/db/state.db"}};
}

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
    Rancher("RKE2", "/var/lib/rancher/rke2", "/etc/rancher/rke2/config.yaml",
            "~/agent/pod-manifests/etcd.yaml"),
    Rancher("k3s", "/var/lib/rancher/k3s", "/etc/rancher/k3s/config.yaml",
            "~/server/db/etcd/config"),
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

// The places of a distribution on one node. Reads the distribution's settings once.
class NodePlaces {
 public:
  // `root`: where the node's root folder is mounted. Both must outlive this.
  NodePlaces(const Places& places, const std::filesystem::path& root);

  const Places& table() const { return places_; }
  // A place of the table by its path on the node.
  std::filesystem::path OnNode(std::string_view place) const;
  // The same as this process opens it.
  std::filesystem::path Opened(std::string_view place) const;

 private:
  const Places& places_;
  const std::filesystem::path& root_;
  std::string data_directory_;
};

}  // namespace headroom::node
