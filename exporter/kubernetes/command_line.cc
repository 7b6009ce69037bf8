#include "kubernetes/command_line.h"

#include <algorithm>
#include <array>

namespace headroom::kubernetes {
namespace {

// Programs and shell words that run the command after them.
constexpr std::array<std::string_view, 24> kWrappers = {
    "exec",    "env",    "nice",    "ionice",    "chrt",      "taskset", "numactl", "command",
    "time",    "nohup",  "setpriv", "sudo",      "su-exec",   "gosu",    "runuser", "setsid",
    "timeout", "stdbuf", "tini",    "dumb-init", "catatonit", "prlimit", "chroot",  "unshare"};
constexpr std::array<std::string_view, 6> kShells = {"sh", "bash", "dash", "ash", "ksh", "zsh"};
constexpr std::array<std::string_view, 6> kNameOptions = {"-u",      "-g", "--user",
                                                          "--group", "-v", "-V"};
constexpr std::array<std::string_view, 8> kNoServer = {
    "grpc-proxy", "gateway", "--version", "-version", "--help", "-help", "-h", "help"};

template <size_t N>
bool Contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// `gosu etcd etcd` and `sudo -u etcd etcd` name a user first; `command -v etcd` runs nothing.
bool IsOtherName(const std::vector<std::string>& words, size_t i) {
  return (i > 0 && Contains(kNameOptions, words[i - 1])) ||
         (i + 1 < words.size() && BaseName(words[i + 1]) == "etcd");
}

}  // namespace

std::string_view BaseName(std::string_view path) {
  if (IsUnknown(path)) return {};
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::optional<size_t> FindEtcdAnywhere(const std::vector<std::string>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (BaseName(words[i]) != "etcd" || IsOtherName(words, i)) continue;
    if (i + 1 < words.size() && Contains(kNoServer, words[i + 1])) return std::nullopt;
    return i;
  }
  return std::nullopt;
}

std::optional<size_t> FindEtcd(const std::vector<std::string>& words) {
  if (words.empty()) return std::nullopt;
  const std::string_view program = BaseName(words.front());
  if (program != "etcd" && !Contains(kWrappers, program)) return std::nullopt;
  return FindEtcdAnywhere(words);
}

void ApplyEnvWords(const std::vector<std::string>& words, size_t etcd, Environment& environment) {
  bool after_env = false;
  for (size_t i = 0; i < etcd; ++i) {
    const std::string_view word = words[i];
    if (!after_env) {
      after_env = BaseName(word) == "env";
      continue;
    }
    const size_t name = VariableNameLength(word);
    if (name > 0 && word.substr(name).starts_with('=')) {
      environment.Set(word.substr(0, name), std::string(word.substr(name + 1)), /*exported=*/true);
    } else if (word.starts_with('-') || IsUnknown(word)) {
      environment.ForgetAll();  // -i, -u NAME and files of variables
    }
  }
}

std::optional<std::string_view> ShellScript(const std::vector<std::string>& words) {
  size_t shell = 0;
  while (shell < words.size() && Contains(kWrappers, BaseName(words[shell]))) ++shell;
  while (shell < words.size() && shell > 0 && words[shell].starts_with('-')) ++shell;
  if (shell >= words.size() || !Contains(kShells, BaseName(words[shell]))) return std::nullopt;
  bool command = false;
  for (size_t i = shell + 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const bool option = word.size() > 1 && (word.front() == '-' || word.front() == '+');
    if (!option) {
      // `-o pipefail` takes a word.
      if (words[i - 1].ends_with('o') && i > shell + 1 && words[i - 1].starts_with('-')) continue;
      return command ? std::optional(word) : std::nullopt;
    }
    if (!word.starts_with("--")) command = command || word.find('c') != std::string_view::npos;
  }
  return std::nullopt;
}

}  // namespace headroom::kubernetes
