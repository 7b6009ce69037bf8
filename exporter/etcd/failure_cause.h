#pragma once

#include <stop_token>
#include <string>

#include "etcd/deadline.h"
#include "etcd/endpoint.h"
#include "etcd/rotating_credentials.h"

namespace headroom::etcd {

// What is behind an error of gRPC's, in words an operator can act on; empty when the error says it
// all. With TLS it costs a handshake, by `deadline`. `tls` is null for http. `was_up`: the endpoint
// has answered before, so it is the right port.
std::string FailureCause(const Endpoint& endpoint, RotatingCredentials* tls,
                         const std::string& error, bool was_up, Deadline deadline,
                         const std::stop_token& stop);

}  // namespace headroom::etcd
