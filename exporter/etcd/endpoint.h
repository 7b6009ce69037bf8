#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace headroom::etcd {

// An etcd client or metrics URL: "http://127.0.0.1:2379", "https://[::1]:2379",
// "https://etcd-0.example:9978/metrics".
struct Endpoint {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 literal
  std::uint16_t port = 0;
  std::string path;  // empty, or begins with '/'

  // "host:port", an IPv6 literal in brackets; what gRPC dials.
  std::string HostPort() const;
  std::string Url() const;
  // True for 127.0.0.0/8, ::1 and localhost: the node this process runs on.
  bool IsLoopback() const;

  bool operator==(const Endpoint&) const = default;
};

// Parses "[http[s]://]host[:port][/path]"; http and `default_port` when left out. InvalidArgument
// names the text and what is wrong with it.
absl::StatusOr<Endpoint> ParseEndpoint(std::string_view text, std::uint16_t default_port = 2379);

}  // namespace headroom::etcd
