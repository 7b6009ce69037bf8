#include "node/etcd_settings.h"

#include <gtest/gtest.h>

namespace headroom::node {
namespace {

// The text of a setting: "unset", "unreadable" or the value.
std::string Shown(const Settings& settings, std::string_view name) {
  const auto found = settings.find(name);
  if (found == settings.end()) return "unset";
  const bool unreadable =
      !found->second.unreadable_because.empty() || IsUnknown(found->second.value);
  return unreadable ? "unreadable" : found->second.value;
}

Settings OfFlags(std::vector<std::string> arguments, const Environment& environment = {}) {
  return SettingsOf(EtcdCommand{.arguments = std::move(arguments), .environment = environment});
}

std::string QuotaByFlags(std::vector<std::string> arguments, const Environment& environment = {}) {
  return Shown(OfFlags(std::move(arguments), environment), kQuota);
}

Environment WithQuota(std::string value) {
  Environment environment;
  environment.Set("ETCD_QUOTA_BACKEND_BYTES", std::move(value));
  return environment;
}

const std::string kHole = std::string(1, kUnknown) + "$X";

TEST(SettingsOfFlags, FollowGosSyntax) {
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytes=5"}), "5");
  EXPECT_EQ(QuotaByFlags({"-quota-backend-bytes=5"}), "5");
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytes", "5"}), "5");
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytes", "-5"}), "-5");
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytes="}), "");
  EXPECT_EQ(QuotaByFlags({"---quota-backend-bytes=5"}), "unset");
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytes"}), "unreadable");
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytesx=5"}), "unset");
}

TEST(SettingsOfFlags, TakeTheLastOfSeveral) {
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytes=5", "--quota-backend-bytes", "6"}), "6");
}

TEST(SettingsOfFlags, SkipTheValuesOfOtherFlags) {
  EXPECT_EQ(QuotaByFlags({"--data-dir", "/x", "--quota-backend-bytes=5"}), "5");
  EXPECT_EQ(QuotaByFlags({"--client-cert-auth", "--quota-backend-bytes=5"}), "5");
  EXPECT_EQ(QuotaByFlags({"--data-dir", kHole}), "unset");
}

TEST(SettingsOfFlags, EndWhereGoEndsThem) {
  EXPECT_EQ(QuotaByFlags({"--", "--quota-backend-bytes=5"}), "unset");
  EXPECT_EQ(QuotaByFlags({"--a=b", "word", "--quota-backend-bytes=5"}), "unset");
}

TEST(SettingsOfFlags, AreUncertainBehindAnArgumentThatMayBeAnyFlag) {
  EXPECT_EQ(QuotaByFlags({kHole}), "unreadable");
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytes=5", kHole}), "unreadable");
  EXPECT_EQ(QuotaByFlags({"--client-cert-auth", kHole}), "unreadable");
  EXPECT_EQ(QuotaByFlags({"--" + kHole + "=5"}), "unreadable");
  EXPECT_EQ(QuotaByFlags({kHole, "--quota-backend-bytes=5"}), "5");
  EXPECT_EQ(Shown(OfFlags({kHole}), kConfigFile), "unset");
}

TEST(SettingsOfFlags, KeepUncertaintyToOneSetting) {
  const Settings settings =
      OfFlags({"--quota-backend-bytes=" + kHole, "--name", kHole, "--snapshot-count=1"});
  EXPECT_EQ(Shown(settings, kQuota), "unreadable");
  EXPECT_EQ(Shown(settings, kName), "unreadable");
  EXPECT_EQ(Shown(settings, kSnapshotCount), "1");
}

TEST(SettingsOfVariables, StandInForMissingFlags) {
  EXPECT_EQ(QuotaByFlags({}, WithQuota("7")), "7");
  EXPECT_EQ(QuotaByFlags({"--quota-backend-bytes=5"}, WithQuota("7")), "5");
  EXPECT_EQ(QuotaByFlags({}, WithQuota("")), "unset");
  EXPECT_EQ(QuotaByFlags({}, WithQuota(std::string(1, kUnknown))), "unreadable");
}

TEST(SettingsOfVariables, AreUncertainWhereAScriptNamesThem) {
  const auto quota = [](const std::string& script) {
    return Shown(SettingsOf(EtcdCommand{.environment = WithQuota("7"), .script = script}), kQuota);
  };
  EXPECT_EQ(quota("exec etcd --name=a"), "7");
  EXPECT_EQ(quota("exec etcd --quota-backend-bytes=8"), "unreadable");
  EXPECT_EQ(quota("export ETCD_QUOTA_BACKEND_BYTES=8; exec etcd"), "unreadable");
}

TEST(SettingsOfVariables, MayComeFromElsewhere) {
  Environment environment;
  environment.AllowOthers();
  const Settings settings = OfFlags({"--name=a"}, environment);
  EXPECT_EQ(Shown(settings, kName), "a");
  EXPECT_EQ(Shown(settings, kQuota), "unreadable");
  EXPECT_EQ(Shown(settings, kConfigFile), "unset");
}

TEST(SettingsOfVariables, NameTheConfigFileToo) {
  Environment environment;
  environment.Set("ETCD_CONFIG_FILE", "/x");
  EXPECT_EQ(Shown(OfFlags({}, environment), kConfigFile), "/x");
  EXPECT_EQ(Shown(OfFlags({"--config-file="}, environment), kConfigFile), "/x");
  EXPECT_EQ(Shown(OfFlags({"--config-file=/y"}, environment), kConfigFile), "/y");
}

TEST(SettingsOfConfigFile, AreTheKeysAtTheTop) {
  const Settings settings = SettingsOf(YAML::Load(
      "name: a\nquota-backend-bytes: 0x10\nsnapshot-count: null\nconfig-file: x\nother: {name: b}\n"
      "auto-compaction-mode: [a]\n"));
  EXPECT_EQ(Shown(settings, kName), "a");
  EXPECT_EQ(Shown(settings, kQuota), "16");
  EXPECT_EQ(Shown(settings, kSnapshotCount), "unset");
  EXPECT_EQ(Shown(settings, kConfigFile), "unset");
  EXPECT_EQ(Shown(settings, kCompactionMode), "unreadable");
}

TEST(SettingsOfConfigFile, HaveNumbersAsEtcdReadsThem) {
  const auto quota = [](const std::string& value) {
    return Shown(SettingsOf(YAML::Load("quota-backend-bytes: " + value)), kQuota);
  };
  EXPECT_EQ(quota("8.589934592e+09"), "8589934592");
  EXPECT_EQ(quota("0x200000000"), "8589934592");
  EXPECT_EQ(quota("!!int 5"), "5");
  EXPECT_EQ(quota("8Gi"), "8Gi") << "refused where it is interpreted";
  EXPECT_EQ(quota("\"8589934592\""), "unreadable") << "etcd takes no text for a number";
  EXPECT_EQ(quota("!!str 8589934592"), "unreadable");
  EXPECT_EQ(Shown(SettingsOf(YAML::Load("snapshot-count: 1e4")), kSnapshotCount), "10000");
  EXPECT_EQ(Shown(SettingsOf(YAML::Load("name: \"1e4\"")), kName), "1e4");
}

TEST(SettingsOfConfigFile, TakeNoNoticeOfCase) {
  EXPECT_EQ(Shown(SettingsOf(YAML::Load("Quota-Backend-BYTES: 5")), kQuota), "5");
  EXPECT_EQ(Shown(SettingsOf(YAML::Load("quota-backend-bytes: 5\nQUOTA-backend-bytes: 6")), kQuota),
            "5")
      << "the last of the sorted keys";
  EXPECT_EQ(Shown(SettingsOf(YAML::Load("quota-backend-bytes: 5\nquota-backend-bytes: 6")), kQuota),
            "6");
}

TEST(SettingsOfConfigFile, AreUnreadableWhenMerged) {
  const YAML::Node file = YAML::Load("x: &x {name: a}\n<<: *x\n");
  EXPECT_EQ(Shown(SettingsOf(file), kName), "unreadable");
}

}  // namespace
}  // namespace headroom::node
