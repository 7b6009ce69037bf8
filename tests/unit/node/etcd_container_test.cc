#include "node/etcd_container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace headroom::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Container Make(std::string name, std::vector<std::string> command,
               std::vector<std::string> args = {}) {
  Container container;
  container.name = std::move(name);
  container.command = std::move(command);
  container.args = std::move(args);
  return container;
}

// The arguments of the etcd that is found: one list of words, or
// "unreadable: ...", "by a script" or "none".
std::vector<std::string> Found(const std::vector<Container>& containers) {
  const auto found = FindEtcdContainer(containers, "pod.yaml");
  if (!found.ok()) {
    EXPECT_EQ(found.status(), absl::NotFoundError("pod.yaml: no container of this pod runs etcd"));
    return {"none"};
  }
  if (!found->unreadable_because.empty()) return {"unreadable: " + found->unreadable_because};
  if (!found->command.script.empty()) return {"by a script"};
  return found->command.arguments;
}

TEST(FindEtcdContainer, PrefersTheOneThatRunsEtcd) {
  EXPECT_THAT(Found({Make("etcd", {"sleep"}), Make("a", {"/bin/etcd", "--x"}, {"--y"})}),
              ElementsAre("--x", "--y"));
  EXPECT_THAT(Found({Make("a", {"sleep"}), Make("b", {"tini", "--", "etcd", "--x"})}),
              ElementsAre("--x"));
  EXPECT_THAT(Found({Make("a", {"sleep"}), Make("b", {"echo", "etcd"})}), ElementsAre("none"));
}

TEST(FindEtcdContainer, PrefersTheNameAmongSeveralThatRunEtcd) {
  EXPECT_THAT(Found({Make("a", {"etcd", "--a"}), Make("etcd", {"etcd", "--b"}),
                     Make("c", {"etcd", "--c"})}),
              ElementsAre("--b"));
}

TEST(FindEtcdContainer, FallsBackToTheName) {
  EXPECT_THAT(Found({Make("a", {}), Make("etcd", {}, {"--x"})}), ElementsAre("--x"));
  EXPECT_THAT(Found({Make("a", {}), Make("etcd", {"/entrypoint.sh", "etcd", "--x"})}),
              ElementsAre("--x"));
}

TEST(FindEtcdContainer, TakesAnOnlyContainerWhoseImageDecides) {
  EXPECT_THAT(Found({Make("a", {}, {"--x"})}), ElementsAre("--x"));
  EXPECT_THAT(Found({Make("a", {})}), IsEmpty());
}

TEST(FindEtcdContainer, FindsNoneInOtherPods) {
  EXPECT_THAT(Found({}), ElementsAre("none"));
  EXPECT_THAT(Found({Make("a", {"/etcd-manager"})}), ElementsAre("none"));
  EXPECT_THAT(Found({Make("a", {"etcd", "grpc-proxy", "start"})}), ElementsAre("none"));
  EXPECT_THAT(Found({Make("a", {}), Make("b", {})}), ElementsAre("none"));
}

TEST(FindEtcdContainer, SaysWhyTheNamedOneCanNotBeRead) {
  EXPECT_THAT(Found({Make("etcd", {"/start.sh"})}),
              ElementsAre("unreadable: its container runs /start.sh"));
}

TEST(FindEtcdContainer, SetsTheVariablesInFrontOfEtcd) {
  const std::vector<Container> pod{Make("etcd", {"env", "ETCD_NAME=a=b", "etcd", "--x=y"})};
  const auto found = FindEtcdContainer(pod, "pod.yaml");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->command.environment.Get("ETCD_NAME"), "a=b");
  EXPECT_EQ(found->command.environment.Get("--x"), std::nullopt);
}

TEST(FindEtcdContainer, DoesNotReadAScript) {
  EXPECT_THAT(Found({Make("a", {"sleep"}), Make("etcd", {"sh", "-c"}, {"exec etcd --x"})}),
              ElementsAre("by a script"));
}

}  // namespace
}  // namespace headroom::node
