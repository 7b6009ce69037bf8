#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "node/command_line.h"
#include "node/static_pod.h"

namespace headroom::node {

struct EtcdContainer {
  const Container* container = nullptr;
  EtcdCommand command;
  // Why the command is unknown; empty when it is known.
  std::string unreadable_because;
};

// The container of a pod that runs the etcd server: one whose command starts it (the one named
// "etcd" first), else the one named "etcd", else the only container when its image decides what
// runs. NotFound, beginning with `origin`, when there is none. The result points into `containers`.
absl::StatusOr<EtcdContainer> FindEtcdContainer(const std::vector<Container>& containers,
                                                std::string_view origin);

}  // namespace headroom::node
