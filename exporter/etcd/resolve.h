#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <stop_token>
#include <vector>

#include "absl/status/statusor.h"
#include "etcd/deadline.h"
#include "etcd/endpoint.h"

namespace headroom::etcd {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

// The addresses of an endpoint's host with its port: a literal, from the hosts file or from DNS.
// Returns by `deadline` or soon after `stop` is requested, which getaddrinfo cannot: in the outage
// this program is for, the cluster's DNS is down too. By c-ares, which gRPC uses for the same.
absl::StatusOr<std::vector<SocketAddress>> Resolve(const Endpoint& endpoint, Deadline deadline,
                                                   const std::stop_token& stop);

}  // namespace headroom::etcd
