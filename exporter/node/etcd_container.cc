#include "node/etcd_container.h"

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace headroom::node {
namespace {

constexpr std::string_view kEtcdContainer = "etcd";

std::vector<std::string> Words(const Container& container) {
  std::vector<std::string> words = container.command;
  words.insert(words.end(), container.args.begin(), container.args.end());
  return words;
}

EtcdContainer Running(const Container& container, const std::vector<std::string>& arguments) {
  return {.container = &container,
          .command = {.arguments = arguments, .environment = container.environment},
          .unreadable_because = ""};
}

EtcdContainer RunningAt(const Container& container, const std::vector<std::string>& words,
                        std::size_t etcd) {
  EtcdContainer result =
      Running(container, {words.begin() + static_cast<std::ptrdiff_t>(etcd) + 1, words.end()});
  // `env NAME=VALUE etcd`
  for (std::size_t i = 0; i < etcd; ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string::npos || words[i].starts_with('-')) continue;
    result.command.environment.Set(words[i].substr(0, equals), words[i].substr(equals + 1));
  }
  return result;
}

// The container known by other means to run etcd.
EtcdContainer Assumed(const Container& container) {
  const std::vector<std::string> words = Words(container);
  if (RunsScript(words)) {
    EtcdContainer result = Running(container, {});
    result.command.script = absl::StrJoin(words, " ");
    return result;
  }
  if (const auto etcd = FindEtcd(words)) return RunningAt(container, words, *etcd);
  const bool flags_only =
      container.command.empty() && (words.empty() || words[0].empty() || words[0][0] == '-');
  EtcdContainer result = Running(container, words);
  if (!flags_only) {
    result.unreadable_because = absl::StrCat("its container runs ", MessageText(words[0]));
  }
  return result;
}

}  // namespace

absl::StatusOr<EtcdContainer> FindEtcdContainer(const std::vector<Container>& containers,
                                                std::string_view origin) {
  std::optional<EtcdContainer> found;
  const Container* named = nullptr;
  for (const Container& container : containers) {
    if (container.name == kEtcdContainer) named = &container;
    if (found && named != &container) continue;
    const std::vector<std::string> words = Words(container);
    const auto etcd = RunsCommand(words) && !RunsScript(words) ? FindEtcd(words) : std::nullopt;
    if (etcd) found = RunningAt(container, words, *etcd);
  }
  if (found) return *std::move(found);
  if (named != nullptr) return Assumed(*named);
  if (containers.size() == 1 && containers[0].command.empty()) return Assumed(containers[0]);
  return absl::NotFoundError(std::string(origin) + ": no container of this pod runs etcd");
}

}  // namespace headroom::node
