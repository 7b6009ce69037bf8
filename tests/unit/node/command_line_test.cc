#include "node/command_line.h"

#include <gtest/gtest.h>

namespace headroom::node {
namespace {

TEST(FindEtcd, SeesThroughProgramsThatRunOthers) {
  EXPECT_EQ(FindEtcd({"etcd"}), 0U);
  EXPECT_EQ(FindEtcd({"/usr/local/bin/etcd", "--name=a"}), 0U);
  EXPECT_EQ(FindEtcd({"exec", "nice", "-n", "-19", "ionice", "-c2", "etcd", "--name=a"}), 6U);
  EXPECT_EQ(FindEtcd({"/sbin/tini", "--", "etcd"}), 2U);
  EXPECT_EQ(FindEtcd({"/entrypoint.sh", "etcd"}), 1U);
  EXPECT_EQ(FindEtcd({"sudo", "-u", "etcd", "/bin/etcd"}), 3U);
  EXPECT_EQ(FindEtcd({"gosu", "etcd", "etcd", "--name", "etcd"}), 2U);
  EXPECT_EQ(FindEtcd({"etcd", "--data-dir=/var/lib/etcd"}), 0U);
}

TEST(FindEtcd, IgnoresWhatServesNoMember) {
  EXPECT_EQ(FindEtcd({}), std::nullopt);
  EXPECT_EQ(FindEtcd({"etcdctl", "member", "list"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"etcd", "grpc-proxy", "start"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"etcd", "gateway", "start"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"etcd", "--version"}), std::nullopt);
  EXPECT_EQ(FindEtcd({"sh", "-c", "exec etcd --data-dir=/var/lib/etcd"}), std::nullopt);
}

TEST(RunsCommand, IsEtcdOrAProgramThatRunsOthers) {
  EXPECT_TRUE(RunsCommand({"/usr/local/bin/etcd"}));
  EXPECT_TRUE(RunsCommand({"/sbin/tini", "--", "etcd"}));
  EXPECT_FALSE(RunsCommand({"echo", "etcd"}));
  EXPECT_FALSE(RunsCommand({}));
}

TEST(RunsScript, IsAShellWithACommand) {
  EXPECT_TRUE(RunsScript({"sh", "-c", "exec etcd"}));
  EXPECT_TRUE(RunsScript({"/bin/bash", "-euxo", "pipefail", "-c", "etcd", "$0"}));
  EXPECT_TRUE(RunsScript({"/bin/sh", "-ec", "etcd"}));
  EXPECT_TRUE(RunsScript({"/bin/sh", "-ce", "exec etcd --data-dir=/var/lib/etcd"}));
  EXPECT_TRUE(RunsScript({"tini", "--", "sh", "-c", "etcd"}));
  EXPECT_FALSE(RunsScript({}));
  EXPECT_FALSE(RunsScript({"etcd", "-c", "x"}));
  EXPECT_FALSE(RunsScript({"etcd", "--name", "sh", "-cert-file=/x"}));
  EXPECT_FALSE(RunsScript({"sh", "/start.sh"}));
}

}  // namespace
}  // namespace headroom::node
