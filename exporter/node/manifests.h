#pragma once

#include <filesystem>
#include <optional>

#include "absl/status/statusor.h"
#include "node/api_server.h"

namespace headroom::node {

// What the static pods of a node say about its etcd.
struct Manifests {
  // Of the pod that runs etcd, by its path on the node; empty if none does.
  std::filesystem::path etcd_file;
  std::optional<EtcdClient> etcdctl;     // of that pod
  std::optional<EtcdClient> api_server;  // of any pod
};

// Reads the files in `folder`, a path on the node, below `root`, as kubelet does: all but hidden
// ones. A file that cannot be read or is no pod says nothing. A folder that does not exist has
// none; one that may not be read is an error.
absl::StatusOr<Manifests> ReadManifests(const std::filesystem::path& root,
                                        const std::filesystem::path& folder);

}  // namespace headroom::node
