#include "node/environment_file.h"

#include <gtest/gtest.h>

#include "node/etcd_config.h"

namespace headroom::node {
namespace {

TEST(EnvironmentFile, IsToldFromYamlAndJson) {
  EXPECT_TRUE(IsEnvironmentFile("# etcd\n\n; more\nETCD_NAME=m1\n"));
  EXPECT_FALSE(IsEnvironmentFile("name: m1\n"));
  EXPECT_FALSE(IsEnvironmentFile("initial-cluster: m1=https://192.0.2.1:2380\n"));
  EXPECT_FALSE(IsEnvironmentFile("{\"name\": \"a=b\"}"));
  EXPECT_FALSE(IsEnvironmentFile("# ETCD_NAME=m1\n"));
  EXPECT_FALSE(IsEnvironmentFile(""));
}

TEST(EnvironmentFile, HoldsVariablesAsSystemdReadsThem) {
  const Environment variables = ReadEnvironmentFile(
      "ETCD_NAME=\"node one\"\r\n  ETCD_DATA_DIR = '/var/lib/etcd'\n#ETCD_HIDDEN=1\n"
      "ETCD_INITIAL_CLUSTER=a=https://192.0.2.1:2380,\\\nb=https://192.0.2.2:2380\n"
      "not a variable\nETCD_EMPTY=\nETCD_NAME=last");
  EXPECT_EQ(variables.Get("ETCD_NAME"), "last");
  EXPECT_EQ(variables.Get("ETCD_DATA_DIR"), "/var/lib/etcd");
  EXPECT_EQ(variables.Get("ETCD_INITIAL_CLUSTER"),
            "a=https://192.0.2.1:2380,b=https://192.0.2.2:2380");
  EXPECT_EQ(variables.Get("ETCD_EMPTY"), "");
  EXPECT_EQ(variables.Get("ETCD_HIDDEN"), std::nullopt);
}

TEST(EnvironmentFile, LeavesUnknownWhatTheFlagsMaySet) {
  const auto config =
      ParseEtcdConfig("ETCD_NAME=m1\nETCD_AUTO_COMPACTION_RETENTION=8\n", "/etc/etcd.env", nullptr);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->name, "m1");
  EXPECT_EQ(config->quota_bytes, std::nullopt);
  EXPECT_EQ(config->data_dir, std::nullopt);
}

}  // namespace
}  // namespace headroom::node
