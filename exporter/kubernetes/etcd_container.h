#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "kubernetes/command_line.h"
#include "kubernetes/static_pod.h"

namespace headroom::kubernetes {

struct EtcdContainer {
  const Container* container = nullptr;
  // Usually one; several where a script starts etcd in more than one place.
  std::vector<EtcdCommand> commands;
  // Why the commands can not be told; empty when they can.
  std::string unreadable_because;
};

// The container of a pod that runs the etcd server: one whose command or script starts it (the one
// named "etcd" first), else the one named "etcd", else the only container when its image decides
// what runs. NotFound, beginning with `origin`, when there is none. The result points into
// `containers`.
absl::StatusOr<EtcdContainer> FindEtcdContainer(const std::vector<Container>& containers,
                                                std::string_view origin);

}  // namespace headroom::kubernetes
