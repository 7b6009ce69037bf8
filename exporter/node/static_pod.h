#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "node/environment.h"
#include "node/yaml_text.h"

namespace headroom::node {

struct VolumeMount {
  std::filesystem::path mount_path;  // inside the container
  std::filesystem::path host_path;   // on the node, subPath included; empty when it is no hostPath
};

struct Container {
  std::string name;
  std::vector<std::string> command;  // `$(NAME)` replaced; may hold kUnknown
  std::vector<std::string> args;     // in the same form
  Environment environment;
  std::vector<VolumeMount> mounts;
};

// The containers of a core/v1 Pod, init containers left out. InvalidArgument, beginning with
// `origin`, when the pod has not the shape that Kubernetes demands or holds more text than a
// process can be given.
absl::StatusOr<std::vector<Container>> ReadContainers(const YAML::Node& pod,
                                                      std::string_view origin);

// Where a file that `container` sees lies on the node: the mount with the longest fitting mountPath
// decides. nullopt when that is no hostPath, or `path` is relative.
std::optional<std::filesystem::path> HostPath(const Container& container,
                                              const std::filesystem::path& path);

}  // namespace headroom::node
