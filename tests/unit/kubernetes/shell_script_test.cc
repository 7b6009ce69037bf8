#include "kubernetes/shell_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace headroom::kubernetes {
namespace {

using ::testing::ElementsAre;

std::vector<EtcdCommand> Commands(std::string_view script, const Environment& environment = {}) {
  auto commands = EtcdCommandsInShell(script, environment);
  EXPECT_TRUE(commands.ok()) << commands.status();
  return commands.ok() ? *std::move(commands) : std::vector<EtcdCommand>();
}

// What the only etcd of `script` finds in the variable Q: "unset", "unknown" or the value.
std::string SeenQ(std::string_view script, const Environment& environment = {}) {
  const std::vector<EtcdCommand> commands = Commands(script, environment);
  if (commands.size() != 1) return std::to_string(commands.size()) + " commands";
  const auto value = commands[0].environment.GetExported("Q");
  if (!value) return "unset";
  return IsUnknown(*value) ? "unknown" : std::string(*value);
}

TEST(EtcdCommandsInShell, FindsEtcdAmongOtherCommands) {
  const auto commands =
      Commands("set -e\netcdctl member list || true\nexec etcd --name=a -x 1 || mv a b");
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_THAT(commands[0].arguments, ElementsAre("--name=a", "-x", "1"));
}

TEST(EtcdCommandsInShell, FindsEtcdInBranchesAndPipes) {
  EXPECT_EQ(Commands("if [ -f x ]; then exec etcd --name=a; else etcd --name=b; fi").size(), 2U);
  EXPECT_EQ(Commands("case $x in a) etcd;; *) etcd;; esac").size(), 2U);
  EXPECT_EQ(Commands("etcd 2>&1 | tee log").size(), 1U);
  EXPECT_EQ(Commands("start() { etcd; }\nstart").size(), 1U);
}

TEST(EtcdCommandsInShell, FindsNoneWhereNoneIsStarted) {
  EXPECT_TRUE(Commands("echo etcd; # etcd\netcdctl x").empty());
  EXPECT_TRUE(Commands("").empty());
}

TEST(EtcdCommandsInShell, TakesVariablesAsTheyAreAtTheStart) {
  const auto commands = Commands("N=a; B='--x 1'\netcd --name=$N $B\nN=b");
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_THAT(commands[0].arguments, ElementsAre("--name=a", "--x", "1"));
}

TEST(EtcdCommandsInShell, PassesOnWhatIsExported) {
  EXPECT_EQ(SeenQ("export Q=1; etcd"), "1");
  EXPECT_EQ(SeenQ("Q=1; export Q; etcd"), "1");
  EXPECT_EQ(SeenQ("declare -x Q=1; etcd"), "1");
  EXPECT_EQ(SeenQ("set -ea; Q=1; etcd"), "1");
  EXPECT_EQ(SeenQ("set -o allexport; Q=1; etcd"), "1");
  EXPECT_EQ(SeenQ("Q=1 etcd"), "1");
  EXPECT_EQ(SeenQ("env Q=1 etcd"), "1");
  EXPECT_EQ(SeenQ("export Q=1; Q+=2; etcd"), "12");
}

TEST(EtcdCommandsInShell, KeepsTheRestToTheShell) {
  EXPECT_EQ(SeenQ("Q=1; etcd"), "unset");
  EXPECT_EQ(SeenQ("Q=1 true; etcd"), "unset");
  EXPECT_EQ(SeenQ("export Q=1; unset Q; etcd"), "unset");
}

TEST(EtcdCommandsInShell, AssignsToVariablesOfTheContainer) {
  Environment environment;
  environment.Set("Q", "1", /*exported=*/true);
  EXPECT_EQ(SeenQ("etcd", environment), "1");
  EXPECT_EQ(SeenQ("Q=2; etcd", environment), "2");
  EXPECT_EQ(SeenQ("Q=2 etcd", environment), "2");
}

TEST(EtcdCommandsInShell, DoesNotGuessWhatDependsOnTheRun) {
  EXPECT_EQ(SeenQ("if x; then export Q=1; fi; etcd"), "unknown");
  EXPECT_EQ(SeenQ("x && export Q=1; etcd"), "unknown");
  EXPECT_EQ(SeenQ("export Q; for Q in 1 2; do x; done; export Q; etcd"), "unknown");
  EXPECT_EQ(SeenQ("export Q=$(cat /q); etcd"), "unknown");
  EXPECT_EQ(SeenQ("read Q; export Q; etcd"), "unknown");
  EXPECT_EQ(SeenQ("export Q=1; x && unset Q; etcd"), "unknown");
  EXPECT_EQ(SeenQ("Q=1; if x; then export Q; fi; etcd"), "unknown");
  EXPECT_EQ(SeenQ(". /etc/etcd.env; etcd"), "unknown");
  EXPECT_EQ(SeenQ("export $(cat /etc/etcd.env); etcd"), "unknown");
  EXPECT_EQ(SeenQ("eval x; etcd"), "unknown");
  EXPECT_EQ(SeenQ(": ${Q:=1}; export Q; etcd"), "unknown");
  EXPECT_EQ(SeenQ("(export Q=1); etcd"), "unknown");
  EXPECT_EQ(SeenQ("export Q=1 | cat; etcd"), "unknown");
}

TEST(EtcdCommandsInShell, IsSureAgainAfterABranch) {
  EXPECT_EQ(SeenQ("if x; then y; elif z; then y; fi; export Q=1; etcd"), "1");
  EXPECT_EQ(SeenQ("while [[ $a < b && -n $c ]]; do sleep 1; done; export Q=1; etcd"), "1");
  EXPECT_EQ(SeenQ("case $a in\nx) y;;\nesac\nexport Q=1; etcd"), "1");
  EXPECT_EQ(SeenQ("time while x; do y; done\nexport Q=1; etcd"), "1");
  EXPECT_EQ(SeenQ("export Q=1; if x; then Q=1; fi; etcd"), "1") << "either way the same";
}

TEST(EtcdCommandsInShell, SaysWhatIsInTheWay) {
  EXPECT_EQ(EtcdCommandsInShell("etcd <<EOF\nEOF", {}).status(),
            absl::UnimplementedError("a here-document"));
  EXPECT_FALSE(EtcdCommandsInShell("etcd 'a", {}).ok());
}

TEST(EtcdCommandsInShell, DoesNotGrowBeyondWhatAProcessCanBeGiven) {
  std::string script = "A=0123456789\n";
  for (int i = 0; i < 40; ++i) script += "A=$A$A\n";
  EXPECT_EQ(Commands(script + "etcd $A").size(), 1U);
  script = "A=" + std::string(100'000, 'a') + "\netcd";
  for (int i = 0; i < 100; ++i) script += " $A";
  EXPECT_EQ(EtcdCommandsInShell(script, {}).status().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace headroom::kubernetes
