#include "report/distribution.h"

#include "absl/strings/str_cat.h"

namespace headroom::report {
namespace {

// k3s and RKE2 differ in names alone. Empty elsewhere.
std::string RancherService(const NodeFact& node) {
  if (node.distribution == "k3s") return "k3s";
  return node.distribution == "RKE2" ? "rke2-server" : "";
}

std::string RancherConfig(const NodeFact& node) {
  return node.distribution == "k3s" ? "/etc/rancher/k3s/config.yaml"
                                    : "/etc/rancher/rke2/config.yaml";
}

}  // namespace

std::string HowToSet(const NodeFact& node, const std::string& setting) {
  if (node.distribution == "kubeadm") {
    return absl::StrCat(
        "In /etc/kubernetes/manifests/etcd.yaml on that node, below `command:`, one line: `- --",
        setting,
        "`. The kubelet restarts etcd by itself. For upgrades put it into etcd.local.extraArgs of "
        "the ConfigMap kubeadm-config, too.");
  }
  if (const std::string service = RancherService(node); !service.empty()) {
    return absl::StrCat("In ", RancherConfig(node), " on that server: `etcd-arg: [\"", setting,
                        "\"]`, beside what the list has already. Then `systemctl restart ", service,
                        "`, one server at a time.");
  }
  return absl::StrCat("Start that etcd with `--", setting,
                      "`, or set it in its configuration file, and restart it.");
}

std::string HowToStart(const NodeFact& node) {
  if (node.distribution == "kubeadm") {
    return "The kubelet starts it from /etc/kubernetes/manifests/etcd.yaml: `crictl ps -a --name "
           "etcd` and `crictl logs` show why it ends.";
  }
  if (const std::string service = RancherService(node); !service.empty()) {
    return absl::StrCat("`systemctl start ", service,
                        "`, one server at a time. It defragments its etcd when it starts and "
                        "clears the alarm that this member raised.");
  }
  return "Start it as it is started on this host.";
}

std::string HowToRestartClients(const NodeFact& node) {
  if (node.distribution == "kubeadm") {
    return "`systemctl restart kubelet` on each control-plane node ends the back-off of "
           "kube-controller-manager and kube-scheduler. Containers keep running.";
  }
  if (node.distribution == "k3s") {
    return "`systemctl restart k3s`, one server at a time, the next only when `etcdctl endpoint "
           "health` passes: etcd runs in that process.";
  }
  if (node.distribution == "RKE2") {
    return "`systemctl restart rke2-server`, one server at a time: never two etcd pods at once.";
  }
  return "Restart API servers and controllers that have ended themselves.";
}

std::string Kubectl(const NodeFact& node) {
  if (node.distribution == "kubeadm") return "kubectl --kubeconfig=/etc/kubernetes/admin.conf";
  if (node.distribution == "k3s") return "k3s kubectl";
  if (node.distribution == "RKE2") {
    return "/var/lib/rancher/rke2/bin/kubectl --kubeconfig=/etc/rancher/rke2/rke2.yaml";
  }
  return "";
}

}  // namespace headroom::report
