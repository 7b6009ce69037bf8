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
  // A shell script starts it. The script is not read: its arguments are unknown, and it may set
  // more variables.
  bool by_script = false;
};

// Whether the words run a shell script: `sh -c SCRIPT`, also behind another program.
bool RunsScript(const std::vector<std::string>& words);

// Where "etcd" stands in a command line that starts an etcd server. nullopt where none does, for
// `etcd grpc-proxy` and `etcd gateway`, and for an etcd that only prints its version or help.
std::optional<std::size_t> FindEtcd(const std::vector<std::string>& words);

}  // namespace headroom::node
