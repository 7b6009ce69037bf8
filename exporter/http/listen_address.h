#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace headroom::http {

// Where to serve: on an IPv4 or IPv6 address, on all of both when the host is empty, or on a Unix
// socket.
struct ListenAddress {
  std::string host;  // IPv6 without brackets
  std::uint16_t port = 9379;
  std::string socket;  // path of the Unix socket; empty = host and port

  // In the form that ParseListenAddress takes.
  std::string Text() const;
};

// Parses ":9379", "127.0.0.1:9379", "[::1]:9379", "localhost:9379" (the IPv4 one) or
// "unix:/run/headroom.sock". As in Go, "[::]:9379" is ":9379" and brackets may also be around an
// IPv4 address, so that a manifest can write "[$(HOST_IP)]:9379". InvalidArgument says what is
// wrong.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace headroom::http
