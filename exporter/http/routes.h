#pragma once

#include <string>

#include "http/server.h"
#include "monitor/snapshot.h"

namespace headroom::http {

// Answers for the paths this exporter has: the metrics page, `/`, `/history`, `/runbooks`, the
// runbooks below it, `/-/healthy` and `/-/ready`, each exactly; GET and HEAD only. Healthy and
// ready mean that HTTP serves, whatever etcd does. `source` must outlive the handler.
Server::Handler Routes(std::string metrics_path, SnapshotSource& source);

}  // namespace headroom::http
