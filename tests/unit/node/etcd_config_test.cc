#include "node/etcd_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace headroom::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::filesystem::path kTestdata = HEADROOM_TESTDATA;

EtcdConfig ReadConfig(const std::filesystem::path& root, const std::filesystem::path& path) {
  auto config = ReadEtcdConfig(root, path);
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *std::move(config) : EtcdConfig();
}

// Parses with one more file on the node: /srv/etcd/config.
absl::StatusOr<EtcdConfig> Parse(std::string_view text, std::string_view config_file = "") {
  return ParseEtcdConfig(text, "etcd.yaml",
                         [&](const std::filesystem::path& path) -> absl::StatusOr<std::string> {
                           if (path == "/srv/etcd/config") return std::string(config_file);
                           return absl::NotFoundError(path.string() + ": no such file");
                         });
}

TEST(ReadEtcdConfig, ReadsKubeadm) {
  const EtcdConfig config = ReadConfig(kTestdata, "/kubeadm.yaml");
  EXPECT_EQ(config.name, "cp-1");
  EXPECT_EQ(config.quota_bytes, 8589934592);
  EXPECT_EQ(config.auto_compaction_mode, "periodic");
  EXPECT_EQ(config.auto_compaction_retention_seconds, 0);
  EXPECT_EQ(config.snapshot_count, 10000);
  EXPECT_THAT(config.client_urls, ElementsAre("https://127.0.0.1:2379", "https://192.0.2.10:2379"));
  EXPECT_EQ(config.data_dir, "/var/lib/etcd");
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(ReadEtcdConfig, FollowsTheConfigFileOfRke2AndIgnoresItsVariables) {
  const EtcdConfig config =
      ReadConfig(kTestdata / "rke2", "/var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml");
  EXPECT_EQ(config.name, "server-1-a1b2c3d4");
  EXPECT_EQ(config.quota_bytes, 4294967296);
  EXPECT_EQ(config.snapshot_count, 10000);
  EXPECT_THAT(config.client_urls, ElementsAre("https://127.0.0.1:2379", "https://192.0.2.21:2379"));
  EXPECT_EQ(config.data_dir, "/var/lib/rancher/rke2/server/db/etcd");
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(ReadEtcdConfig, ReadsTheVariablesOfOpenShiftAndNotItsScript) {
  const EtcdConfig config = ReadConfig(kTestdata, "/openshift.yaml");
  EXPECT_EQ(config.quota_bytes, 17179869184);
  EXPECT_EQ(config.name, "") << "the script sets it";
  EXPECT_EQ(config.snapshot_count, std::nullopt);
  EXPECT_EQ(config.auto_compaction_mode, std::nullopt) << "no default for what a script may set";
  EXPECT_THAT(config.client_urls, IsEmpty());
  EXPECT_THAT(config.warnings, ElementsAre(HasSubstr("a shell script starts etcd")));
}

TEST(ReadEtcdConfig, ReadsTheConfigFileOfK3s) {
  const EtcdConfig config = ReadConfig(kTestdata, "/k3s_config.yaml");
  EXPECT_EQ(config.name, "k3s-server-0-5d6e7f80");
  EXPECT_EQ(config.quota_bytes, kDefaultQuotaBytes);
  EXPECT_EQ(config.auto_compaction_retention_seconds, 1800);
  EXPECT_THAT(config.client_urls, ElementsAre("https://127.0.0.1:2379", "https://192.0.2.31:2379"));
  EXPECT_EQ(config.data_dir, "/var/lib/rancher/k3s/server/db/etcd");
}

TEST(ReadEtcdConfig, FindsNoEtcdUnderAManager) {
  const absl::Status status = ReadEtcdConfig(kTestdata, "/kops_manager.yaml").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("no container of this pod runs etcd"));
}

TEST(ReadEtcdConfig, NamesAMissingFile) {
  const absl::Status status = ReadEtcdConfig(kTestdata, "/none.yaml").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("none.yaml"));
}

constexpr std::string_view kWithConfigFile = R"(
kind: Pod
spec:
  containers:
  - command: [etcd, --quota-backend-bytes=1, --config-file=/etc/etcd/config]
    volumeMounts: [{name: etc, mountPath: /etc/etcd}]
  volumes: [{name: etc, hostPath: {path: /srv/etcd}}]
)";

TEST(ParseEtcdConfig, TellsTheCaOfClientsByItsPlaceOnTheNode) {
  const auto ca = [](const std::string& flag) {
    return Parse("{kind: Pod, spec: {containers: [{name: etcd, command: [etcd, " + flag +
                 "], volumeMounts: [{name: pki, mountPath: /pki}]}], "
                 "volumes: [{name: pki, hostPath: {path: /etc/kubernetes/ssl/etcd}}]}}")
        .value()
        .trusted_ca_file;
  };
  EXPECT_EQ(ca("--trusted-ca-file=/pki/ca.crt"), "/etc/kubernetes/ssl/etcd/ca.crt");
  EXPECT_EQ(ca("--trusted-ca-file=/elsewhere/ca.crt"), std::nullopt) << "within the container";
  EXPECT_EQ(ca("--peer-trusted-ca-file=/pki/ca.crt"), std::nullopt) << "of peers";
  EXPECT_EQ(Parse("trusted-ca-file: /pki/ca.crt").value().trusted_ca_file, std::nullopt)
      << "etcd ignores it there";
}

TEST(ParseEtcdConfig, TellsTheDataDirectoryByItsPlaceOnTheNode) {
  const auto data_dir = [](const std::string& flag) {
    return Parse("{kind: Pod, spec: {containers: [{name: etcd, command: [etcd, " + flag +
                     "], volumeMounts: [{name: data, mountPath: /data}]}], "
                     "volumes: [{name: data, hostPath: {path: /srv/etcd}}]}}",
                 "data-dir: /data/member-1")
        .value()
        .data_dir;
  };
  EXPECT_EQ(data_dir("--data-dir=/data/a"), "/srv/etcd/a");
  EXPECT_EQ(data_dir("--config-file=/data/config"), "/srv/etcd/member-1");
  EXPECT_EQ(data_dir("--data-dir=/elsewhere"), std::nullopt) << "within the container";
  EXPECT_EQ(data_dir("--data-dir=here"), std::nullopt) << "below an unknown folder";
  EXPECT_EQ(data_dir("--name=a"), std::nullopt);
  EXPECT_EQ(Parse("data-dir: /srv/etcd").value().data_dir, "/srv/etcd");
  EXPECT_EQ(Parse("data-dir: default.etcd").value().data_dir, std::nullopt);
}

TEST(ParseEtcdConfig, LetsTheConfigFileAloneCount) {
  EXPECT_EQ(Parse(kWithConfigFile, "quota-backend-bytes: 5")->quota_bytes, 5);
  EXPECT_EQ(Parse(kWithConfigFile, "name: a")->quota_bytes, kDefaultQuotaBytes);
  EXPECT_EQ(Parse(kWithConfigFile, R"({"quota-backend-bytes": 5})")->quota_bytes, 5);
}

TEST(ParseEtcdConfig, ReadsTheQuotaOfAConfigFileAsEtcdDoes) {
  EXPECT_EQ(Parse("quota-backend-bytes: 8.589934592e+09")->quota_bytes, 8589934592);
  const auto text = Parse("quota-backend-bytes: \"8589934592\"");
  EXPECT_EQ(text->quota_bytes, std::nullopt);
  EXPECT_THAT(text->warnings,
              ElementsAre("quota-backend-bytes: can not be read: \"8589934592\" is a text, not a "
                          "number; etcd does not start with it"));
}

TEST(ParseEtcdConfig, PointsOutAMisspeltKey) {
  const auto config = Parse("name: a\nquota-backend-byte: 8589934592\n");
  EXPECT_EQ(config->quota_bytes, kDefaultQuotaBytes) << "as etcd itself takes it";
  EXPECT_THAT(config->warnings,
              ElementsAre("unknown setting quota-backend-byte in etcd.yaml: etcd ignores it; did "
                          "you mean quota-backend-bytes?"));
  EXPECT_THAT(Parse(kWithConfigFile, "quota-backend-byte: 5")->warnings,
              ElementsAre(HasSubstr(" in /srv/etcd/config: ")));
}

TEST(ParseEtcdConfig, TellsWhereTheHttpOfClientsIs) {
  EXPECT_THAT(Parse("listen-client-http-urls: http://127.0.0.1:2382")->client_http_urls,
              ElementsAre("http://127.0.0.1:2382"));
  EXPECT_THAT(Parse("{kind: Pod, spec: {containers: [{name: etcd, command: [etcd, "
                    "'--listen-client-http-urls=http://127.0.0.1:2382,http://192.0.2.1:2382']}]}}")
                  ->client_http_urls,
              ElementsAre("http://127.0.0.1:2382", "http://192.0.2.1:2382"));
  EXPECT_THAT(Parse("{kind: Pod, spec: {containers: [{name: etcd, command: [etcd], env: [{name: "
                    "ETCD_LISTEN_CLIENT_HTTP_URLS, value: 'http://127.0.0.1:2382'}]}]}}")
                  ->client_http_urls,
              ElementsAre("http://127.0.0.1:2382"));
}

TEST(ParseEtcdConfig, HasNoSettingsWithoutTheConfigFile) {
  for (const char* content : {"", "a: [", "- a", "kind: Pod", "apiVersion: v1"}) {
    const auto config = Parse(kWithConfigFile, content);
    ASSERT_TRUE(config.ok()) << config.status();
    EXPECT_EQ(config->quota_bytes, std::nullopt) << content;
    EXPECT_EQ(config->auto_compaction_mode, std::nullopt) << content;
    EXPECT_THAT(config->warnings, ElementsAre(HasSubstr("/srv/etcd/config"))) << content;
  }
}

TEST(ParseEtcdConfig, SaysWhichConfigFileCanNotBeReached) {
  const auto warnings = [](const std::string& path) {
    return Parse("kind: Pod\nspec: {containers: [{command: [etcd, \"--config-file=" + path +
                 "\"]}]}")
        ->warnings;
  };
  EXPECT_THAT(
      warnings("/etc/x"),
      ElementsAre("no setting can be read: config-file /etc/x is not below a hostPath mount"));
  EXPECT_THAT(warnings("/$(X)/x"), ElementsAre(HasSubstr("config-file /$(X)/x depends on")));
}

TEST(ParseEtcdConfig, SaysInOneLineWhatAConfigFileOfSeveralIs) {
  const auto config = Parse(R"({kind: Pod, spec: {
      containers: [{name: etcd, command: [etcd, "--config-file=/etc/x\ny"],
                    volumeMounts: [{name: etc, mountPath: /etc}]}],
      volumes: [{name: etc, hostPath: {path: /srv}}]}})",
                            "a: [");
  EXPECT_THAT(config->warnings,
              ElementsAre("no setting can be read: config-file /etc/x y has control characters in "
                          "its path"));
}

TEST(ParseEtcdConfig, ReportsAReadErrorOfTheConfigFile) {
  const auto config =
      ParseEtcdConfig(kWithConfigFile, "etcd.yaml", [](const std::filesystem::path&) {
        return absl::StatusOr<std::string>(absl::PermissionDeniedError("no way"));
      });
  ASSERT_TRUE(config.ok());
  EXPECT_THAT(config->warnings, ElementsAre(HasSubstr("no way")));
}

TEST(ParseEtcdConfig, RefusesOtherFiles) {
  for (const char* text : {"", "a: [", "- a", "kind: KubeletConfiguration", "apiVersion: v1"}) {
    EXPECT_EQ(Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(ParseEtcdConfig, NamesFileAndLineOfAMistake) {
  EXPECT_THAT(std::string(Parse("kind: Pod\nspec:\n  a: b: c\n").status().message()),
              HasSubstr("etcd.yaml:3: "));
}

TEST(ParseEtcdConfig, KeepsAnUnreadableQuotaApartFromTheRest) {
  const auto config = Parse(R"(
kind: Pod
spec:
  containers:
  - command: [etcd, --name=a]
    env:
    - {name: ETCD_QUOTA_BACKEND_BYTES, valueFrom: {configMapKeyRef: {name: x, key: y}}}
)");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->name, "a");
  EXPECT_EQ(config->quota_bytes, std::nullopt);
  EXPECT_EQ(config->auto_compaction_mode, "periodic");
  EXPECT_THAT(config->warnings, ElementsAre("quota-backend-bytes: can not be read: the value of "
                                            "ETCD_QUOTA_BACKEND_BYTES is not in the manifest"));
}

TEST(ParseEtcdConfig, ReplacesReferences) {
  const auto config = Parse(R"(
kind: Pod
spec:
  containers:
  - command: [etcd, '--quota-backend-bytes=$(GIB)', '--name=$$(GIB)']
    env: [{name: GIB, value: "1073741824"}]
)");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->quota_bytes, 1073741824);
  EXPECT_EQ(config->name, "$(GIB)");
}

}  // namespace
}  // namespace headroom::node
