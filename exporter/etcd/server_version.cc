#include "etcd/server_version.h"

#include <charconv>

namespace headroom::etcd {

std::optional<ServerVersion> ParseServerVersion(std::string_view text) {
  ServerVersion version;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (int* part : {&version.major, &version.minor, &version.patch}) {
    if (part != &version.major) {
      if (at == end || *at != '.') return std::nullopt;
      ++at;
    }
    const auto [next, error] = std::from_chars(at, end, *part);
    if (error != std::errc() || *part < 0) return std::nullopt;
    at = next;
  }
  return version;
}

}  // namespace headroom::etcd
