#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace headroom::kubernetes {

inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;

// The content of a regular file of the node; `root` is where the node's file system is mounted and
// is put in front of `file`. The status carries the path: as errno says (NotFound,
// PermissionDenied, ...), InvalidArgument for what is no regular file, ResourceExhausted beyond
// kMaxFileBytes.
absl::StatusOr<std::string> ReadNodeFile(const std::filesystem::path& root,
                                         const std::filesystem::path& file);

}  // namespace headroom::kubernetes
