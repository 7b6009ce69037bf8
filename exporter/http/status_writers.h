#pragma once

#include <string>

#include "http/recent_writers.h"
#include "monitor/churn_snapshot.h"

// What the status page says of what is written. Names from etcd are escaped.
namespace headroom::http {

// The heaviest 5 managers, namespaces and reporters of Event objects of late, and the 10 heaviest
// resources. Nothing of what was not written.
std::string WritersSections(const ChurnSnapshot& churn, const RecentShares& recent);

}  // namespace headroom::http
