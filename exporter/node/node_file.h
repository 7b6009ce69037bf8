#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace headroom::node {

// The content of a file of the node; `root` is where the node's file system is mounted and is put
// in front of `file`. Bounds and errors are those of ReadSmallFile.
absl::StatusOr<std::string> ReadNodeFile(const std::filesystem::path& root,
                                         const std::filesystem::path& file);

}  // namespace headroom::node
