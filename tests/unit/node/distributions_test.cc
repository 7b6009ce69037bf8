#include "node/distributions.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "node/discovery.h"
#include "support/temporary_folder.h"

namespace headroom::node {
namespace {

using Kind = Datastore::Kind;
using testing::ElementsAre;

// A node's root folder with the files that matter of each distribution, in the form it writes them.
class DistributionsTest : public testing::Test {
 protected:
  Datastore Found() const {
    auto found = Discover(node_.path());
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *std::move(found) : Datastore();
  }
  FoundEtcd Etcd() const {
    const Datastore found = Found();
    EXPECT_EQ(found.kind, Kind::kEtcd);
    return found.etcd.value_or(FoundEtcd());
  }
  std::string OnNode(std::string_view file) const { return (node_.path() / file).string(); }
  // A static pod with the node's /etc and /srv.
  void WritePod(std::string_view file, std::string_view containers) const {
    node_.Write(file, "{apiVersion: v1, kind: Pod, spec: {containers: [" + std::string(containers) +
                          "], volumes: [{name: etc, hostPath: {path: /etc}}, {name: certs, "
                          "hostPath: {path: /etc/kubernetes/static-pod-resources/etcd-certs}}]}}");
  }
  static std::string ApiServer(std::string_view flags) {
    return "{name: kube-apiserver, command: [kube-apiserver, " + std::string(flags) +
           "], volumeMounts: [{name: etc, mountPath: /etc}]}";
  }

  const support::TemporaryFolder node_;
};

constexpr std::string_view kApiServerPod = "etc/kubernetes/manifests/kube-apiserver.yaml";

// nodeup/pkg/model/kube_apiserver.go of kops: etcd-manager's pod names no file of etcd's.
TEST_F(DistributionsTest, FindsKopsByItsApiServer) {
  WritePod("etc/kubernetes/manifests/etcd.manifest",
           "{name: etcd-manager, command: [/bin/sh, -c, exec /etcd-manager --client-urls="
           "https://__name__:4001]}");
  WritePod("etc/kubernetes/manifests/kube-apiserver.manifest",
           ApiServer("'--etcd-servers=https://127.0.0.1:4001', "
                     "'--etcd-servers-overrides=/events#https://127.0.0.1:4002', "
                     "'--etcd-cafile=/etc/kubernetes/pki/kube-apiserver/etcd-ca.crt', "
                     "'--etcd-certfile=/etc/kubernetes/pki/kube-apiserver/etcd-client.crt', "
                     "'--etcd-keyfile=/etc/kubernetes/pki/kube-apiserver/etcd-client.key'"));
  const FoundEtcd etcd = Etcd();
  EXPECT_EQ(etcd.distribution, "kops");
  EXPECT_EQ(etcd.endpoint.Url(), "https://127.0.0.1:4001");
  EXPECT_EQ(etcd.metrics_url.Url(), "https://127.0.0.1:4001/metrics");
  EXPECT_EQ(etcd.tls.ca, OnNode("etc/kubernetes/pki/kube-apiserver/etcd-ca.crt"));
  EXPECT_EQ(etcd.tls.certificate, OnNode("etc/kubernetes/pki/kube-apiserver/etcd-client.crt"));
  EXPECT_EQ(etcd.tls.key, OnNode("etc/kubernetes/pki/kube-apiserver/etcd-client.key"));
  EXPECT_EQ(etcd.config_file, "");
  EXPECT_THAT(Found().overrides, ElementsAre("/events#https://127.0.0.1:4002"));
}

// Older ones start the API server by a script.
TEST_F(DistributionsTest, ReadsTheFlagsOfAnApiServerInAScript) {
  WritePod(kApiServerPod,
           "{name: kube-apiserver, command: [/bin/sh, -c, 'exec /usr/local/bin/kube-apiserver "
           "--etcd-servers=http://127.0.0.1:4001 --v=2 > /tmp/pipe 2>&1']}");
  EXPECT_EQ(Etcd().endpoint.Url(), "http://127.0.0.1:4001");
  EXPECT_EQ(Etcd().tls.ca, "");
}

// bindata/etcd/pod.yaml of cluster-etcd-operator.
TEST_F(DistributionsTest, FindsOpenShiftByTheVariablesOfEtcdctl) {
  const std::string mounts =
      "volumeMounts: [{name: certs, mountPath: /etc/kubernetes/static-pod-certs}]";
  const std::string variables =
      "env: [{name: ETCDCTL_CACERT, value: "
      "/etc/kubernetes/static-pod-certs/configmaps/etcd-all-bundles/server-ca-bundle.crt}, "
      "{name: ETCDCTL_CERT, value: "
      "/etc/kubernetes/static-pod-certs/secrets/etcd-all-certs/etcd-peer-n1.crt}, "
      "{name: ETCDCTL_KEY, value: "
      "/etc/kubernetes/static-pod-certs/secrets/etcd-all-certs/etcd-peer-n1.key}, "
      "{name: ETCD_QUOTA_BACKEND_BYTES, value: '8589934592'}]";
  WritePod("etc/kubernetes/manifests/etcd-pod.yaml",
           "{name: etcdctl, command: [/bin/bash, -c, sleep infinity], " + mounts + ", " +
               variables +
               "}, {name: etcd, command: [/bin/sh, -c, 'exec nice etcd --logger=zap "
               "--listen-client-urls=https://${LISTEN_ON_ALL_IPS}:2379'], " +
               mounts + ", " + variables + "}");
  const FoundEtcd etcd = Etcd();
  EXPECT_EQ(etcd.distribution, "OpenShift");
  EXPECT_EQ(etcd.endpoint.Url(), "https://127.0.0.1:2379");
  EXPECT_EQ(etcd.metrics_url.Url(), "https://127.0.0.1:9978/metrics");
  const std::string folder = "etc/kubernetes/static-pod-resources/etcd-certs/";
  EXPECT_EQ(etcd.tls.ca, OnNode(folder + "configmaps/etcd-all-bundles/server-ca-bundle.crt"));
  EXPECT_EQ(etcd.tls.certificate, OnNode(folder + "secrets/etcd-all-certs/etcd-peer-n1.crt"));
  EXPECT_EQ(etcd.tls.key, OnNode(folder + "secrets/etcd-all-certs/etcd-peer-n1.key"));
  EXPECT_EQ(etcd.config->Read()->quota_bytes, 8589934592);
}

// roles/etcd/templates/etcd.env.j2 of kubespray.
constexpr std::string_view kEtcdEnv =
    "# Environment file for etcd 3.6\n"
    "ETCD_DATA_DIR=/var/lib/etcd\n"
    "ETCD_LISTEN_CLIENT_URLS=https://192.0.2.10:2379,https://127.0.0.1:2379\n"
    "ETCD_QUOTA_BACKEND_BYTES=8589934592\n"
    "ETCD_TRUSTED_CA_FILE=/etc/ssl/etcd/ssl/ca.pem\n";

TEST_F(DistributionsTest, FindsKubesprayByEtcdsVariablesAndTheApiServersPair) {
  node_.Write("etc/etcd.env", kEtcdEnv);
  WritePod(kApiServerPod,
           ApiServer("'--etcd-servers=https://192.0.2.10:2379,https://192.0.2.11:2379', "
                     "'--etcd-cafile=/etc/ssl/etcd/ssl/ca.pem', "
                     "'--etcd-certfile=/etc/ssl/etcd/ssl/node-n1.pem', "
                     "'--etcd-keyfile=/etc/ssl/etcd/ssl/node-n1-key.pem'"));
  const FoundEtcd etcd = Etcd();
  EXPECT_EQ(etcd.distribution, "/etc/etcd.env");
  EXPECT_EQ(etcd.endpoint.Url(), "https://127.0.0.1:2379");
  EXPECT_EQ(etcd.tls.certificate, OnNode("etc/ssl/etcd/ssl/node-n1.pem"));
  EXPECT_EQ(etcd.data_dir, "/var/lib/etcd");
  EXPECT_EQ(etcd.config_file, "/etc/etcd.env");
  EXPECT_EQ(etcd.config->Read()->quota_bytes, 8589934592);
}

TEST_F(DistributionsTest, FindsKubesprayOnANodeOfEtcdAlone) {
  node_.Write("etc/etcd.env", kEtcdEnv);
  node_.Write("etc/ssl/etcd/ssl/admin-n1-key.pem", "");
  const FoundEtcd etcd = Etcd();
  EXPECT_EQ(etcd.tls.ca, OnNode("etc/ssl/etcd/ssl/ca.pem"));
  EXPECT_EQ(etcd.tls.certificate, OnNode("etc/ssl/etcd/ssl/admin-n1.pem"));
  EXPECT_EQ(etcd.tls.key, OnNode("etc/ssl/etcd/ssl/admin-n1-key.pem"));
}

TEST_F(DistributionsTest, FindsEtcdadm) {
  node_.Write("etc/etcd/etcd.env",
              "ETCD_LISTEN_CLIENT_URLS=https://192.0.2.10:2379,https://127.0.0.1:2379\n"
              "ETCD_TRUSTED_CA_FILE=/etc/etcd/pki/ca.crt\n");
  const FoundEtcd etcd = Etcd();
  EXPECT_EQ(etcd.distribution, "/etc/etcd/etcd.env");
  EXPECT_EQ(etcd.endpoint.Url(), "https://127.0.0.1:2379");
  EXPECT_EQ(etcd.tls.ca, OnNode("etc/etcd/pki/ca.crt"));
  EXPECT_EQ(etcd.tls.certificate, OnNode("etc/etcd/pki/etcdctl-etcd-client.crt"));
  EXPECT_EQ(etcd.tls.key, OnNode("etc/etcd/pki/etcdctl-etcd-client.key"));
}

// As Debian's package leaves it.
TEST_F(DistributionsTest, TakesNoFileThatSetsNothingForAnEtcd) {
  node_.Write("etc/default/etcd", "## etcd(1) daemon options\n# ETCD_NAME=\"hostname\"\n");
  EXPECT_EQ(Found().kind, Kind::kNone);
}

TEST_F(DistributionsTest, FindsK0s) {
  node_.Write("var/lib/k0s/pki/etcd/server.crt", "");
  const FoundEtcd etcd = Etcd();
  EXPECT_EQ(etcd.distribution, "k0s");
  EXPECT_EQ(etcd.endpoint.Url(), "https://127.0.0.1:2379");
  EXPECT_EQ(etcd.metrics_url.Url(), "https://127.0.0.1:2379/metrics");
  EXPECT_EQ(etcd.tls.ca, OnNode("var/lib/k0s/pki/etcd/ca.crt"));
  EXPECT_EQ(etcd.tls.key, OnNode("var/lib/k0s/pki/apiserver-etcd-client.key"));
  EXPECT_EQ(etcd.config_file, "");
}

TEST_F(DistributionsTest, FindsTalos) {
  node_.Write("system/secrets/etcd/admin.crt", "");
  const FoundEtcd etcd = Etcd();
  EXPECT_EQ(etcd.distribution, "Talos");
  EXPECT_EQ(etcd.tls.certificate, OnNode("system/secrets/etcd/admin.crt"));
  EXPECT_EQ(etcd.data_dir, "/var/lib/etcd");
}

TEST_F(DistributionsTest, FindsRke2InAnotherDataDirectory) {
  node_.Write("etc/rancher/rke2/config.yaml", "data-dir: /data/rke2/\n");
  node_.Write("data/rke2/agent/pod-manifests/etcd.yaml",
              "{kind: Pod, spec: {containers: [{name: etcd, command: [etcd]}]}}");
  const FoundEtcd etcd = Etcd();
  EXPECT_EQ(etcd.distribution, "RKE2");
  EXPECT_EQ(etcd.config_file, "/data/rke2/agent/pod-manifests/etcd.yaml");
  EXPECT_EQ(etcd.tls.ca, OnNode("data/rke2/server/tls/etcd/server-ca.crt"));
  EXPECT_EQ(etcd.data_dir, "/data/rke2/server/db/etcd");
}

TEST_F(DistributionsTest, KnowsDatastoresThatAreNoEtcd) {
  for (const char* trace : {"var/lib/k0s/db/state.db",
                            "var/snap/microk8s/current/var/kubernetes/backend/cluster.yaml"}) {
    const support::TemporaryFolder node;
    node.Write(trace, "");
    const auto found = Discover(node.path());
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->kind, Kind::kKine) << trace;
  }
}

TEST_F(DistributionsTest, NamesAnEtcdOnOtherNodes) {
  WritePod(kApiServerPod, ApiServer("--etcd-servers, 'https://192.0.2.1:2379,https://e2:2379'"));
  const Datastore found = Found();
  EXPECT_EQ(found.kind, Kind::kNone);
  EXPECT_THAT(found.elsewhere, ElementsAre("https://192.0.2.1:2379", "https://e2:2379"));
}

TEST_F(DistributionsTest, TakesNoOtherPodForEtcdOrAnApiServer) {
  WritePod("etc/kubernetes/manifests/kube-vip.yaml",
           "{name: kube-vip, image: vip, args: [manager]}");
  WritePod("etc/kubernetes/manifests/.etcd.yaml.swp", "{name: etcd, command: [etcd]}");
  node_.Write("etc/kubernetes/manifests/broken.yaml", "\t: [");
  node_.Write("etc/kubernetes/manifests/service.yaml", "{kind: Service, spec: {}}");
  EXPECT_EQ(Found().kind, Kind::kNone);
}

TEST(SearchedPlaces, AreThePathsOnANode) {
  const std::string places = SearchedPlaces();
  for (const char* place :
       {"/etc/kubernetes/manifests/etcd.yaml", "/var/lib/rancher/k3s/server/db/etcd/config",
        "/system/secrets/etcd/admin.crt", "/etc/etcd.env"}) {
    EXPECT_THAT(places, testing::HasSubstr(place));
  }
}

}  // namespace
}  // namespace headroom::node
