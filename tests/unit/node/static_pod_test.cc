#include "node/static_pod.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace headroom::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<std::vector<Container>> ReadPod(std::string_view text) {
  const auto pod = LoadMapping(text, "pod.yaml");
  if (!pod.ok()) return pod.status();
  return ReadContainers(*pod, "pod.yaml");
}

Container ReadOne(std::string_view text) {
  auto containers = ReadPod(text);
  EXPECT_TRUE(containers.ok()) << containers.status();
  if (!containers.ok() || containers->size() != 1) return {};
  return containers->front();
}

TEST(ReadContainers, ReplacesReferencesInCommandsAndVariables) {
  const Container container = ReadOne(R"yaml(
spec:
  containers:
  - name: etcd
    command: [etcd, "--name=$(NAME)"]
    args: ["--a=$$(NAME)", 5]
    env:
    - {name: NODE, value: cp-1}
    - {name: NAME, value: $(NODE)-x}
)yaml");
  EXPECT_EQ(container.name, "etcd");
  EXPECT_THAT(container.command, ElementsAre("etcd", "--name=cp-1-x"));
  EXPECT_THAT(container.args, ElementsAre("--a=$(NAME)", "5"));
}

TEST(ReadContainers, DoesNotKnowVariablesFromElsewhere) {
  const Container container = ReadOne(R"(
spec:
  containers:
  - env:
    - {name: A, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
    - {name: B}
)");
  EXPECT_TRUE(IsUnknown(container.environment.Get("A").value_or("")));
  EXPECT_EQ(container.environment.Get("B"), "");
  EXPECT_EQ(container.environment.Get("C"), std::nullopt);
}

TEST(ReadContainers, ExpectsAnyVariableFromEnvFrom) {
  const Container container = ReadOne(
      "spec: {containers: [{envFrom: [{configMapRef: {name: x}}], env: [{name: A, value: 1}]}]}");
  EXPECT_EQ(container.environment.Get("A"), "1");
  EXPECT_TRUE(IsUnknown(container.environment.Get("B").value_or("")));
}

TEST(ReadContainers, RefusesWhatKubernetesWould) {
  for (const char* text :
       {"spec: {containers: x}", "spec: {containers: [{command: etcd}]}",
        "spec: {containers: [{args: [[a]]}]}", "spec: {containers: [{env: {a: b}}]}",
        "spec: {containers: [{volumeMounts: x}]}", "spec: {volumes: x}"}) {
    const absl::Status status = ReadPod(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("pod.yaml: ")) << text;
  }
}

TEST(ReadContainers, TakesMissingPartsForEmpty) {
  EXPECT_TRUE(ReadPod("kind: Pod").value().empty());
  EXPECT_TRUE(ReadPod("spec: {containers: }").value().empty());
  EXPECT_TRUE(ReadOne("spec: {containers: [{}]}").command.empty());
}

TEST(ReadContainers, RefusesMergeKeysRatherThanMissingSettings) {
  EXPECT_THAT(
      std::string(ReadPod("x: &x {args: [a]}\nspec: {containers: [{<<: *x}]}").status().message()),
      HasSubstr("merge key"));
}

TEST(ReadContainers, RefusesAliasBombs) {
  std::string text = "v: &v " + std::string(100'000, 'x') + "\nspec:\n  containers:\n  - args: [";
  for (int i = 0; i < 1000; ++i) text += "*v, ";
  EXPECT_FALSE(ReadPod(text + "]").ok());
  text = "c: &c {name: x}\nspec:\n  containers: [";
  for (int i = 0; i < 1000; ++i) text += "*c, ";
  EXPECT_FALSE(ReadPod(text + "]").ok());
  text = "e: &e {name: x}\nspec:\n  containers:\n  - env: [";
  for (int i = 0; i < 10'000; ++i) text += "*e, ";
  EXPECT_FALSE(ReadPod(text + "]").ok());
}

constexpr std::string_view kMounts = R"(
spec:
  containers:
  - volumeMounts:
    - {name: data, mountPath: /etc/etcd/data, subPath: member/a}
    - {name: etc, mountPath: /etc/etcd/}
    - {name: file, mountPath: /run/config.yaml}
    - {name: memory, mountPath: /etc/etcd/memory}
    - {name: etc, mountPath: /expr, subPathExpr: $(NODE)}
  volumes:
  - {name: etc, hostPath: {path: /srv/etcd/}}
  - {name: data, hostPath: {path: /data}}
  - {name: file, hostPath: {path: /opt/etcd.yaml}}
  - {name: memory, emptyDir: {}}
)";

TEST(HostPath, FollowsTheLongestMount) {
  const Container container = ReadOne(kMounts);
  EXPECT_EQ(HostPath(container, "/etc/etcd/config"), "/srv/etcd/config");
  EXPECT_EQ(HostPath(container, "/etc/etcd/data/config"), "/data/member/a/config");
  EXPECT_EQ(HostPath(container, "/run/config.yaml"), "/opt/etcd.yaml");
  EXPECT_EQ(HostPath(container, "/etc/etcd"), "/srv/etcd");
}

TEST(HostPath, StaysInsideTheMount) {
  const Container container = ReadOne(kMounts);
  EXPECT_EQ(HostPath(container, "/etc/etcd/../etcd/./config"), "/srv/etcd/config");
  EXPECT_EQ(HostPath(container, "/etc/etcd/../shadow"), std::nullopt);
  EXPECT_EQ(HostPath(container, "/etc/etcdata/config"), std::nullopt);
}

TEST(HostPath, IsMissingOutsideHostPaths) {
  const Container container = ReadOne(kMounts);
  EXPECT_EQ(HostPath(container, "/etc/etcd/memory/config"), std::nullopt);
  EXPECT_EQ(HostPath(container, "/expr/config"), std::nullopt);
  EXPECT_EQ(HostPath(container, "/config"), std::nullopt);
  EXPECT_EQ(HostPath(container, "config"), std::nullopt);
}

}  // namespace
}  // namespace headroom::node
