#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>

#include "absl/status/status.h"
#include "etcd/deadline.h"
#include "etcd/endpoint.h"
#include "etcd/tls.h"

namespace headroom::etcd {

// GETs `url` (path as given) over a connection of its own and hands the body on as it arrives.
// Returns by `deadline` or soon after `stop` is requested. `tls` may be null for http URLs. One
// HTTP/1.0 request: etcd's page needs neither chunks nor keep-alive, and this costs 8 MB less than
// libcurl.
absl::Status HttpGet(const Endpoint& url, const TlsCredentials* tls, Deadline deadline,
                     const std::stop_token& stop, std::function<void(std::string_view)> on_body);

}  // namespace headroom::etcd
