#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "node/environment.h"

namespace headroom::node {

// One start of an etcd server.
struct EtcdCommand {
  std::vector<std::string> arguments;  // what follows "etcd"; may hold kUnknown
  Environment environment;
  // The shell script that starts it; empty when none does. It is not read: the arguments are
  // unknown, and it may set variables.
  std::string script;
};

// Whether the words run a shell script: `sh -c SCRIPT`, also behind another program.
bool RunsScript(const std::vector<std::string>& words);

// Where "etcd" stands in a command line that starts an etcd server, behind whatever program.
// nullopt where none does, for `etcd grpc-proxy` and `etcd gateway`, and for an etcd that only
// prints its version or help.
std::optional<std::size_t> FindEtcd(const std::vector<std::string>& words);

// Whether the first word is etcd, or a program that runs the command after it, such as env or tini.
bool RunsCommand(const std::vector<std::string>& words);

}  // namespace headroom::node
