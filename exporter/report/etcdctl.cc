#include "report/etcdctl.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace headroom::report {
namespace {

// As in rules/reference/etcdctl.md; a test holds them together.
constexpr const char* kKubeadm = R"sh(etcdctl() {
  crictl exec "$(crictl ps --name '^etcd$' -q | head -n 1)" etcdctl --cacert=/etc/kubernetes/pki/etcd/ca.crt \
    --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt --key=/etc/kubernetes/pki/etcd/healthcheck-client.key "$@"
}
SNAPSHOT=/var/lib/etcd/before-recovery-$(date +%s).db # the data directory is the one that is mounted
)sh";

constexpr const char* kK3s =
    R"sh(unset ETCDCTL_ENDPOINTS ETCDCTL_API # etcdctl refuses or warns if the shell has them
export ETCDCTL_CACERT=/var/lib/rancher/k3s/server/tls/etcd/server-ca.crt
export ETCDCTL_CERT=/var/lib/rancher/k3s/server/tls/etcd/client.crt ETCDCTL_KEY=/var/lib/rancher/k3s/server/tls/etcd/client.key
SNAPSHOT=/var/lib/rancher/k3s/server/db/before-recovery-$(date +%s).db
)sh";

constexpr const char* kRke2 = R"sh(etcdctl() {
  export CRI_CONFIG_FILE=/var/lib/rancher/rke2/agent/etc/crictl.yaml
  crictl=/var/lib/rancher/rke2/bin/crictl tls=/var/lib/rancher/rke2/server/tls/etcd
  $crictl exec "$($crictl ps --name '^etcd$' -q | head -n 1)" etcdctl --cacert=$tls/server-ca.crt --cert=$tls/client.crt \
    --key=$tls/client.key "$@"
}
SNAPSHOT=/var/lib/rancher/rke2/server/db/etcd/before-recovery-$(date +%s).db
)sh";

// With kubeadm's certificates where the manifest has them.
std::string Kubeadm(const node::EtcdConfig* config) {
  if (config == nullptr || !config->trusted_ca_file) return kKubeadm;
  const std::string folder = ShellQuote(config->trusted_ca_file->parent_path().string());
  return absl::StrReplaceAll(kKubeadm, {{"/etc/kubernetes/pki/etcd/", folder + "/"}});
}

std::string Download(std::string_view version) {
  return absl::StrCat("etcdctl is of etcd's release ",
                      version.empty() ? "for these servers" : std::string(version),
                      ": take it from there if it is not in the PATH.");
}

std::string Exports(const etcd::TlsFiles& tls) {
  // With the first set etcdctl refuses --endpoints, with the second it warns at each call
  // since 3.6.
  std::string text = "unset ETCDCTL_ENDPOINTS ETCDCTL_API\n";
  const auto add = [&text](const char* variable, const std::string& file) {
    if (!file.empty()) absl::StrAppend(&text, "export ", variable, "=", ShellQuote(file), "\n");
  };
  add("ETCDCTL_CACERT", tls.ca);
  add("ETCDCTL_CERT", tls.certificate);
  add("ETCDCTL_KEY", tls.key);
  return text + "SNAPSHOT=before-recovery-$(date +%s).db\n";
}

}  // namespace

std::string ShellQuote(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("/-_.:=,@%+").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  const std::string quoted =
      absl::StrReplaceAll(absl::string_view(text.data(), text.size()), {{"'", R"('\'')"}});
  return absl::StrCat("'", quoted, "'");
}

Etcdctl EtcdctlOn(const NodeFact& node, std::string_view version) {
  if (node.distribution == "kubeadm") {
    return {.comes_from =
                "On a kubeadm node etcdctl is in the etcd container. If crictl finds none, "
                "its pod is down: crictl ps -a.",
            .preparation = Kubeadm(node.config.get())};
  }
  if (node.distribution == "RKE2") {
    return {.comes_from =
                "On an RKE2 node etcdctl is in the etcd container, and RKE2 brings its own "
                "crictl.",
            .preparation = kRke2};
  }
  if (node.distribution == "k3s") {
    return {.comes_from = "k3s ships no etcdctl. " + Download(version), .preparation = kK3s};
  }
  return {.comes_from = Download(version), .preparation = Exports(node.tls)};
}

}  // namespace headroom::report
