#include "node/discovery.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "support/temporary_folder.h"

namespace headroom::node {
namespace {

using Kind = Datastore::Kind;

// A node's root folder, in which each test lays the files of one distribution.
class DiscoveryTest : public testing::Test {
 protected:
  FoundEtcd Found() const {
    const auto found = Discover(node_.path());
    EXPECT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->kind, Kind::kEtcd);
    return found->etcd.value_or(FoundEtcd());
  }
  Kind FoundKind() const {
    const auto found = Discover(node_.path());
    EXPECT_TRUE(found.ok()) << found.status();
    EXPECT_FALSE(found->etcd.has_value());
    return found->kind;
  }
  void WriteKubeadm(std::string_view flags) const {
    node_.Write(
        "etc/kubernetes/manifests/etcd.yaml",
        "{apiVersion: v1, kind: Pod, metadata: {name: etcd}, spec: {containers: [{name: etcd, "
        "command: [etcd, " +
            std::string(flags) + "]}]}}");
  }

  const support::TemporaryFolder node_;
};

TEST_F(DiscoveryTest, FindsKubeadm) {
  WriteKubeadm(
      "'--listen-client-urls=https://127.0.0.1:2379,https://192.0.2.10:2379', "
      "'--listen-metrics-urls=http://127.0.0.1:2381'");
  const FoundEtcd etcd = Found();
  EXPECT_EQ(etcd.distribution, "kubeadm");
  EXPECT_EQ(etcd.endpoint.Url(), "https://127.0.0.1:2379");
  EXPECT_EQ(etcd.metrics_url.Url(), "http://127.0.0.1:2381/metrics");
  EXPECT_EQ(etcd.tls.ca, node_.path() / "etc/kubernetes/pki/etcd/ca.crt");
  EXPECT_EQ(etcd.tls.certificate, node_.path() / "etc/kubernetes/pki/etcd/healthcheck-client.crt");
  EXPECT_EQ(etcd.tls.key, node_.path() / "etc/kubernetes/pki/etcd/healthcheck-client.key");
  EXPECT_EQ(etcd.config_file, "/etc/kubernetes/manifests/etcd.yaml")
      << "below the root, for --etcd.config";
}

class CertificatesDirTest : public DiscoveryTest {
 protected:
  CertificatesDirTest() {
    node_.Write(
        "etc/kubernetes/manifests/etcd.yaml",
        "{kind: Pod, spec: {containers: [{name: etcd, command: [etcd, "
        "--trusted-ca-file=/etc/kubernetes/ssl/etcd/ca.crt], volumeMounts: [{name: pki, mountPath: "
        "/etc/kubernetes/ssl/etcd}]}], volumes: [{name: pki, hostPath: {path: "
        "/etc/kubernetes/ssl/etcd}}]}}");
  }
};

TEST_F(CertificatesDirTest, TakesTheCertificatesFromWhereTheManifestHasThem) {
  node_.Write("etc/kubernetes/pki/etcd/ca.crt", "left over");
  node_.Write("etc/kubernetes/ssl/etcd/ca.crt", "");
  const etcd::TlsFiles tls = Found().tls;
  EXPECT_EQ(tls.ca, node_.path() / "etc/kubernetes/ssl/etcd/ca.crt");
  EXPECT_EQ(tls.certificate, node_.path() / "etc/kubernetes/ssl/etcd/healthcheck-client.crt");
  EXPECT_EQ(tls.key, node_.path() / "etc/kubernetes/ssl/etcd/healthcheck-client.key");
}

TEST_F(CertificatesDirTest, TakesThoseThatAPodHasMountedAtTheUsualPlace) {
  node_.Write("etc/kubernetes/pki/etcd/ca.crt", "");
  EXPECT_EQ(Found().tls.ca, node_.path() / "etc/kubernetes/pki/etcd/ca.crt");
}

TEST_F(CertificatesDirTest, NamesThePlaceOfTheManifestIfThereAreNone) {
  EXPECT_EQ(Found().tls.ca, node_.path() / "etc/kubernetes/ssl/etcd/ca.crt");
}

TEST_F(DiscoveryTest, FindsK3s) {
  node_.Write("var/lib/rancher/k3s/server/db/etcd/config",
              "listen-client-urls: https://127.0.0.1:2379,https://192.0.2.21:2379\n"
              "listen-metrics-urls: http://127.0.0.1:2381\n");
  node_.Write("var/lib/rancher/k3s/server/kine.sock", "left from before the change to etcd");
  const FoundEtcd etcd = Found();
  EXPECT_EQ(etcd.distribution, "k3s");
  EXPECT_EQ(etcd.endpoint.Url(), "https://127.0.0.1:2379");
  EXPECT_EQ(etcd.metrics_url.Url(), "http://127.0.0.1:2381/metrics");
  EXPECT_EQ(etcd.tls.ca, node_.path() / "var/lib/rancher/k3s/server/tls/etcd/server-ca.crt");
  EXPECT_EQ(etcd.tls.certificate, node_.path() / "var/lib/rancher/k3s/server/tls/etcd/client.crt");
  EXPECT_EQ(etcd.tls.key, node_.path() / "var/lib/rancher/k3s/server/tls/etcd/client.key");
  EXPECT_EQ(etcd.config_file, "/var/lib/rancher/k3s/server/db/etcd/config");
}

TEST_F(DiscoveryTest, FindsRke2ByItsStaticPodAndTheFileThatNames) {
  node_.Write(
      "var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml",
      "{apiVersion: v1, kind: Pod, metadata: {name: etcd}, spec: {containers: [{name: etcd, "
      "command: [etcd, '--config-file=/var/lib/rancher/rke2/server/db/etcd/config'], "
      "volumeMounts: [{mountPath: /var/lib/rancher/rke2/server/db/etcd, name: dir}]}], "
      "volumes: [{name: dir, hostPath: {path: /var/lib/rancher/rke2/server/db/etcd}}]}}");
  node_.Write("var/lib/rancher/rke2/server/db/etcd/config",
              "listen-client-urls: https://[::1]:2379,https://[2001:db8::1]:2379\n"
              "listen-metrics-urls: http://[::1]:2381\n");
  const FoundEtcd etcd = Found();
  EXPECT_EQ(etcd.distribution, "RKE2");
  EXPECT_EQ(etcd.endpoint.Url(), "https://[::1]:2379");
  EXPECT_EQ(etcd.metrics_url.Url(), "http://[::1]:2381/metrics");
  EXPECT_EQ(etcd.tls.key, node_.path() / "var/lib/rancher/rke2/server/tls/etcd/client.key");
}

TEST_F(DiscoveryTest, DialsTheLoopbackAddressOfAServerThatListensEverywhere) {
  WriteKubeadm("'--listen-client-urls=https://0.0.0.0:4001'");
  EXPECT_EQ(Found().endpoint.Url(), "https://127.0.0.1:4001");
}

TEST_F(DiscoveryTest, DialsTheNodesAddressWhereEtcdListensOnThatAlone) {
  WriteKubeadm("'--listen-client-urls=https://192.0.2.10:2379'");
  const FoundEtcd etcd = Found();
  EXPECT_EQ(etcd.endpoint.Url(), "https://192.0.2.10:2379");
  EXPECT_EQ(etcd.metrics_url.Url(), "https://192.0.2.10:2379/metrics")
      << "without an address of its own the page is where clients go";
}

TEST_F(DiscoveryTest, TakesTheMetricsPageFromWhereTheClientsHttpIs) {
  WriteKubeadm(
      "'--listen-client-urls=https://127.0.0.1:2379', "
      "'--listen-client-http-urls=https://192.0.2.10:2382,https://127.0.0.1:2382'");
  EXPECT_EQ(Found().metrics_url.Url(), "https://127.0.0.1:2382/metrics");
  WriteKubeadm(
      "'--listen-client-urls=https://127.0.0.1:2379', "
      "'--listen-client-http-urls=https://127.0.0.1:2382', "
      "'--listen-metrics-urls=http://127.0.0.1:2381'");
  EXPECT_EQ(Found().metrics_url.Url(), "http://127.0.0.1:2381/metrics")
      << "the page of its own needs no certificate";
}

TEST_F(DiscoveryTest, TakesTheUsualAddressesWhereTheManifestCannotBeRead) {
  node_.Write("etc/kubernetes/manifests/etcd.yaml", "kind: Pod\n\t: [\n");
  const FoundEtcd etcd = Found();
  EXPECT_EQ(etcd.endpoint.Url(), "https://127.0.0.1:2379");
  EXPECT_EQ(etcd.metrics_url.Url(), "http://127.0.0.1:2381/metrics");
}

TEST_F(DiscoveryTest, TellsKineByItsSocketOrItsFile) {
  node_.Write("var/lib/rancher/k3s/server/db/state.db", "");
  EXPECT_EQ(FoundKind(), Kind::kKine);
  std::filesystem::remove_all(node_.path() / "var");
  node_.Write("var/lib/rancher/rke2/server/kine.sock", "");
  EXPECT_EQ(FoundKind(), Kind::kKine);
}

TEST_F(DiscoveryTest, FindsNothingOnAWorker) {
  std::filesystem::create_directories(node_.path() / "etc/kubernetes/manifests");
  std::filesystem::create_directories(node_.path() / "var/lib/rancher/k3s/agent");
  EXPECT_EQ(FoundKind(), Kind::kNone);
}

TEST_F(DiscoveryTest, DoesNotTakeAPlaceItCannotLookAtForAnEmptyOne) {
  // A loop of links cannot be looked at by anybody, root included.
  std::filesystem::create_directories(node_.path() / "etc");
  std::filesystem::create_symlink("kubernetes", node_.path() / "etc/kubernetes");
  const auto found = Discover(node_.path());
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(std::string(found.status().message()),
              testing::HasSubstr("etc/kubernetes/manifests/etcd.yaml"));
}

}  // namespace
}  // namespace headroom::node
