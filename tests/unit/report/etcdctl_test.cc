#include "report/etcdctl.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

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
            "unset ETCDCTL_ENDPOINTS; export ETCDCTL_API=3 ETCDCTL_CACERT=/pki/ca.crt "
            "ETCDCTL_CERT=/pki/c.crt "
            "ETCDCTL_KEY='/my pki/c.key'\nSNAPSHOT=before-recovery-$(date +%s).db\n");
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

}  // namespace
}  // namespace headroom::report
