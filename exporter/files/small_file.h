#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace headroom {

inline constexpr std::size_t kMaxSmallFileBytes = std::size_t{1} << 20;

// The content of a regular file: a configuration, a manifest, a certificate. The status carries the
// path: as errno says (NotFound, PermissionDenied, ...), InvalidArgument for what is no regular
// file (a pipe could hang), ResourceExhausted beyond kMaxSmallFileBytes.
absl::StatusOr<std::string> ReadSmallFile(const std::filesystem::path& path);

}  // namespace headroom
