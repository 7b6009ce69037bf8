#include "kubernetes/command_line.h"

#include <gtest/gtest.h>

namespace headroom::kubernetes {
namespace {

TEST(FindEtcd, SeesThroughProgramsThatRunOthers) {
  EXPECT_EQ(FindEtcd({"etcd"}), 0U);
  EXPECT_EQ(FindEtcd({"/usr/local/bin/etcd", "--name=a"}), 0U);
  EXPECT_EQ(FindEtcd({"exec", "nice", "-n", "-19", "ionice", "-c2", "etcd", "--name=a"}), 6U);
  EXPECT_EQ(FindEtcd({"/sbin/tini", "--", "etcd"}), 2U);
  EXPECT_EQ(FindEtcd({"sudo", "-u", "etcd", "/bin/etcd"}), 3U);
  EXPECT_EQ(FindEtcd({"gosu", "etcd", "etcd", "--name", "etcd"}), 2U);
}

TEST(FindEtcd, IgnoresWhatServesNoMember) {
  EXPECT_EQ(FindEtcd({}), std::nullopt);
  EXPECT_EQ(FindEtcd({"etcdctl", "member", "list"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"echo", "etcd"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"etcd", "grpc-proxy", "start"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"etcd", "gateway", "start"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"etcd", "--version"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"command", "-v", "etcd"}), std::nullopt);
}

TEST(FindEtcd, LooksBehindOtherProgramsOnlyWhenAsked) {
  EXPECT_EQ(FindEtcd({"/entrypoint.sh", "etcd"}), std::nullopt);
  EXPECT_EQ(FindEtcdAnywhere({"/entrypoint.sh", "etcd"}), 1U);
}

TEST(ShellScript, IsTheWordAfterTheOptions) {
  EXPECT_EQ(ShellScript({"sh", "-c", "exec etcd"}), "exec etcd");
  EXPECT_EQ(ShellScript({"/bin/bash", "-euxo", "pipefail", "-c", "etcd", "$0"}), "etcd");
  EXPECT_EQ(ShellScript({"/bin/sh", "-ec", "etcd"}), "etcd");
  EXPECT_EQ(ShellScript({"tini", "--", "sh", "-c", "etcd"}), "etcd");
}

TEST(ShellScript, IsMissingWithoutAShellOrItsOption) {
  EXPECT_EQ(ShellScript({}), std::nullopt);
  EXPECT_EQ(ShellScript({"etcd", "-c", "x"}), std::nullopt);
  EXPECT_EQ(ShellScript({"sh", "/start.sh"}), std::nullopt);
  EXPECT_EQ(ShellScript({"sh", "-c"}), std::nullopt);
}

TEST(ApplyEnvWords, SetsTheVariablesOfTheEnvProgram) {
  Environment environment;
  ApplyEnvWords({"A=0", "env", "B=1", "C=x=y", "etcd", "D=2"}, 4, environment);
  EXPECT_EQ(environment.GetExported("A"), std::nullopt);
  EXPECT_EQ(environment.GetExported("B"), "1");
  EXPECT_EQ(environment.GetExported("C"), "x=y");
  EXPECT_EQ(environment.GetExported("D"), std::nullopt);
}

TEST(ApplyEnvWords, KnowsNoVariableAfterItsOptions) {
  Environment environment;
  environment.Set("A", "0", /*exported=*/true);
  ApplyEnvWords({"env", "-i", "etcd"}, 2, environment);
  EXPECT_TRUE(IsUnknown(environment.GetExported("A").value_or("")));
}

}  // namespace
}  // namespace headroom::kubernetes
