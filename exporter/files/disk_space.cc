#include "files/disk_space.h"

#include <sys/statvfs.h>

namespace headroom {

std::optional<DiskSpace> ReadDiskSpace(const std::string& path) {
  struct statvfs space {};
  if (statvfs(path.c_str(), &space) != 0 || space.f_blocks == 0) return std::nullopt;
  return DiskSpace{.free_bytes = std::uint64_t{space.f_bavail} * space.f_frsize,
                   .size_bytes = std::uint64_t{space.f_blocks} * space.f_frsize};
}

}  // namespace headroom
