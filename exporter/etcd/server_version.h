#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace headroom::etcd {

// Release number of an etcd server, as Status reports it ("3.5.33", "3.7.0-rc.1": the suffix is
// left out).
struct ServerVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy takes the 0 of a comparison for a pointer.
  auto operator<=>(const ServerVersion&) const = default;
};

// Nothing when `text` does not begin with three numbers.
std::optional<ServerVersion> ParseServerVersion(std::string_view text);

}  // namespace headroom::etcd
