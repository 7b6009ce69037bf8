#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace headroom {

// Room on one file system.
struct DiskSpace {
  // What an unprivileged process may still write (f_bavail): without the blocks reserved for root,
  // because etcd may run as another user.
  std::uint64_t free_bytes = 0;
  std::uint64_t size_bytes = 0;
};

// Of the file system that holds `path`, a file or folder. nullopt when it cannot be read, and where
// the file system has no size of its own (as /proc has none). Blocks as long as the file system
// does: a network file system without its server answers never.
std::optional<DiskSpace> ReadDiskSpace(const std::string& path);

}  // namespace headroom
