#include "node/command_line.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace headroom::node {
namespace {

// Programs that run the command after them.
constexpr std::array<std::string_view, 14> kWrappers = {
    "exec",    "env",  "nice",    "ionice", "chrt", "taskset",   "nohup",
    "setpriv", "sudo", "su-exec", "gosu",   "tini", "dumb-init", "catatonit"};
constexpr std::array<std::string_view, 6> kShells = {"sh", "bash", "dash", "ash", "ksh", "zsh"};
constexpr std::array<std::string_view, 8> kNoServer = {
    "grpc-proxy", "gateway", "--version", "-version", "--help", "-help", "-h", "help"};

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// The last component of a path. Empty for a name that is unknown, and for a script.
std::string_view BaseName(std::string_view path) {
  if (IsUnknown(path) || path.find_first_of(" \n") != std::string_view::npos) return {};
  return path.substr(path.rfind('/') + 1);
}

// `gosu etcd etcd` and `sudo -u etcd etcd` name a user first.
bool IsUser(const std::vector<std::string>& words, std::size_t i) {
  return (i > 0 && (words[i - 1] == "-u" || words[i - 1] == "--user")) ||
         (i + 1 < words.size() && !words[i + 1].starts_with('-') &&
          BaseName(words[i + 1]) == "etcd");
}

}  // namespace

bool RunsScript(const std::vector<std::string>& words) {
  // What follows etcd are its own arguments.
  const auto shell = std::ranges::find_if(words, [](const std::string& word) {
    return BaseName(word) == "etcd" || Contains(kShells, BaseName(word));
  });
  if (shell == words.end() || BaseName(*shell) == "etcd") return false;
  return std::any_of(shell, words.end(), [](const std::string& word) {
    return word.size() > 1 && word[0] == '-' && word[1] != '-' &&
           word.find('c') != std::string::npos;
  });
}

std::optional<std::size_t> FindEtcd(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (BaseName(words[i]) != "etcd" || IsUser(words, i)) continue;
    if (i + 1 < words.size() && Contains(kNoServer, words[i + 1])) return std::nullopt;
    return i;
  }
  return std::nullopt;
}

bool RunsCommand(const std::vector<std::string>& words) {
  if (words.empty()) return false;
  const std::string_view program = BaseName(words.front());
  return program == "etcd" || Contains(kWrappers, program);
}

}  // namespace headroom::node
