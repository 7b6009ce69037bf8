#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "http/server.h"

namespace headroom::http {

// Answers for the paths this exporter has: the metrics page, `/`, `/-/healthy` and `/-/ready`, each
// exactly; GET and HEAD only. Healthy and ready mean that HTTP serves, whatever etcd does. The
// collectors must outlive the handler.
Server::Handler Routes(std::string metrics_path, std::vector<Collector*> collectors);

}  // namespace headroom::http
