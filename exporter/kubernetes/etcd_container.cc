#include "kubernetes/etcd_container.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "kubernetes/shell_script.h"

namespace headroom::kubernetes {
namespace {

constexpr std::string_view kEtcdContainer = "etcd";

std::vector<std::string> Words(const Container& container) {
  std::vector<std::string> words = container.command;
  words.insert(words.end(), container.args.begin(), container.args.end());
  return words;
}

EtcdCommand CommandAt(const std::vector<std::string>& words, size_t etcd,
                      const Environment& environment) {
  EtcdCommand command{.arguments = {}, .environment = environment};
  ApplyEnvWords(words, etcd, command.environment);
  command.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(etcd) + 1, words.end());
  return command;
}

// The container's etcd when its command says that it runs one. Without a command the image decides.
std::optional<EtcdContainer> Running(const Container& container) {
  const std::vector<std::string> words = Words(container);
  EtcdContainer result;
  result.container = &container;
  if (const auto etcd = FindEtcd(words)) {
    result.commands.push_back(CommandAt(words, *etcd, container.environment));
    return result;
  }
  if (const auto script = ShellScript(words)) {
    auto commands = EtcdCommandsInShell(*script, container.environment);
    if (commands.ok() && !commands->empty()) {
      result.commands = *std::move(commands);
      return result;
    }
  }
  return std::nullopt;
}

// The container known by other means to run etcd.
EtcdContainer Assumed(const Container& container) {
  EtcdContainer result;
  result.container = &container;
  const std::vector<std::string> words = Words(container);
  const bool flags_only =
      container.command.empty() &&
      (words.empty() || words[0].empty() || words[0][0] == '-' || words[0][0] == kUnknown);
  if (flags_only) {
    result.commands.push_back({.arguments = words, .environment = container.environment});
  } else if (const auto script = ShellScript(words)) {
    const auto commands = EtcdCommandsInShell(*script, container.environment);
    result.unreadable_because = "the shell script of its container shows no start of etcd";
    if (!commands.ok()) {
      result.unreadable_because =
          "the shell script of its container holds " + std::string(commands.status().message());
    }
  } else if (const auto etcd = FindEtcdAnywhere(words)) {
    result.commands.push_back(CommandAt(words, *etcd, container.environment));
  } else {
    result.unreadable_because = "its container runs " + Printable(words[0]);
  }
  return result;
}

}  // namespace

absl::StatusOr<EtcdContainer> FindEtcdContainer(const std::vector<Container>& containers,
                                                std::string_view origin) {
  std::optional<EtcdContainer> found;
  for (const Container& container : containers) {
    if (found && container.name != kEtcdContainer) continue;
    if (auto running = Running(container)) found = std::move(running);
  }
  if (found) return *std::move(found);
  for (const Container& container : containers) {
    if (container.name == kEtcdContainer) return Assumed(container);
  }
  if (containers.size() == 1 && containers[0].command.empty()) return Assumed(containers[0]);
  return absl::NotFoundError(std::string(origin) + ": no container of this pod runs etcd");
}

}  // namespace headroom::kubernetes
