#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace headroom::http {

// Where to serve plain HTTP: an IPv4 address, all of them when empty.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 9379;

  std::string Text() const;
};

// Parses ":9379", "127.0.0.1:9379" or "localhost:9379". InvalidArgument says why TLS, IPv6 and host
// names are refused.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace headroom::http
