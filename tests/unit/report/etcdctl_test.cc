#include "report/etcdctl.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "monitor/thresholds.h"
#include "report/commands.h"

namespace headroom::report {
namespace {

using testing::HasSubstr;

TEST(ShellQuote, LeavesPlainTextAsItIs) {
  EXPECT_EQ(ShellQuote("/etc/kubernetes/pki/etcd/ca.crt"), "/etc/kubernetes/pki/etcd/ca.crt");
  EXPECT_EQ(ShellQuote("https://[::1]:2379"), "'https://[::1]:2379'");
}

TEST(ShellQuote, QuotesWhatTheShellWouldRead) {
  EXPECT_EQ(ShellQuote(""), "''");
  EXPECT_EQ(ShellQuote("my ca.crt"), "'my ca.crt'");
  EXPECT_EQ(ShellQuote("$(reboot)"), "'$(reboot)'");
  EXPECT_EQ(ShellQuote("it's"), R"('it'\''s')");
}

TEST(Etcdctl, GivesTheCertificatesThatWereGiven) {
  const NodeFact node{
      .tls = {.ca = "/pki/ca.crt", .certificate = "/pki/c.crt", .key = "/my pki/c.key"}};
  EXPECT_EQ(EtcdctlOn(node, "3.6.7").preparation,
            "unset ETCDCTL_ENDPOINTS ETCDCTL_API\nexport ETCDCTL_CACERT=/pki/ca.crt\n"
            "export ETCDCTL_CERT=/pki/c.crt\nexport ETCDCTL_KEY='/my pki/c.key'\n"
            "SNAPSHOT=before-recovery-$(date +%s).db\n");
  EXPECT_THAT(EtcdctlOn(node, "3.6.7").comes_from, HasSubstr("etcd's release 3.6.7"));
}

TEST(Etcdctl, IsHadAsTheRunbooksSay) {
  std::stringstream page;
  page << std::ifstream(HEADROOM_SOURCE "/rules/reference/etcdctl.md").rdbuf();
  for (const char* distribution : {"kubeadm", "k3s", "RKE2"}) {
    const auto etcdctl = EtcdctlOn({.distribution = distribution}, "3.6.7");
    EXPECT_THAT(page.str(), HasSubstr("```sh\n" + etcdctl.preparation + "```")) << distribution;
  }
}

TEST(Etcdctl, IsGivenTheCertificatesOfTheManifest) {
  node::EtcdConfig config;
  config.trusted_ca_file = "/etc/kubernetes/ssl/etcd/ca.crt";
  const auto preparation =
      EtcdctlOn({.distribution = "kubeadm", .config = std::make_shared<node::EtcdConfig>(config)},
                "3.6.7")
          .preparation;
  for (const char* file : {"ca.crt", "healthcheck-client.crt", "healthcheck-client.key"}) {
    EXPECT_THAT(preparation, HasSubstr(absl::StrCat("=/etc/kubernetes/ssl/etcd/", file)));
  }
  EXPECT_THAT(preparation, testing::Not(HasSubstr("pki")));
}

TEST(Functions, AreThoseOfTheRunbook) {
  std::stringstream page;
  page << std::ifstream(HEADROOM_SOURCE "/rules/runbooks/EtcdHeadroomWritesRefused.md").rdbuf();
  const std::string functions = commands::FunctionsFor(
      "not_corrupt save_snapshot delete_below compact settle defragment has_room disarm "
      "test_write ");
  EXPECT_THAT(page.str(), HasSubstr("```sh\n" + functions + "```"));
}

TEST(Thresholds, AreThoseOfTheRules) {
  std::ostringstream rules;
  rules << std::ifstream(HEADROOM_SOURCE "/rules/recording.yaml").rdbuf();
  EXPECT_THAT(rules.str(), HasSubstr(absl::StrCat("file_room_bytes:min[10m]) > ", kLeastRoom,
                                                  " * member:etcd_headroom_quota_bytes:min")));
  std::ostringstream config;
  config << std::ifstream(HEADROOM_SOURCE "/rules/config.libsonnet").rdbuf();
  EXPECT_EQ(kPageWithinSeconds, 75 * 60);
  EXPECT_THAT(config.str(), HasSubstr("pageWithin: '75 * 60',"));
}

}  // namespace
}  // namespace headroom::report
