#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kubernetes/environment.h"

namespace headroom::kubernetes {

// One start of an etcd server.
struct EtcdCommand {
  std::vector<std::string> arguments;  // what follows "etcd"; may hold kUnknown
  Environment environment;
};

// The last component of a path; a name that can not be told is none.
std::string_view BaseName(std::string_view path);

// Where "etcd" stands in a command line that starts an etcd server, directly or through a program
// such as env, nice or tini. nullopt for other programs, for `etcd grpc-proxy` and `etcd gateway`,
// and for an etcd that only prints its version or help.
std::optional<size_t> FindEtcd(const std::vector<std::string>& words);

// The same behind any program, as for an entry point script that runs its arguments.
std::optional<size_t> FindEtcdAnywhere(const std::vector<std::string>& words);

// Sets the variables of `env NAME=VALUE ... etcd` in front of the word at `etcd`.
void ApplyEnvWords(const std::vector<std::string>& words, size_t etcd, Environment& environment);

// The script of `sh -c SCRIPT`; nullopt when the words run no shell. Valid as long as `words`.
std::optional<std::string_view> ShellScript(const std::vector<std::string>& words);

}  // namespace headroom::kubernetes
