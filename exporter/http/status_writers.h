#pragma once

#include <string>

#include "monitor/churn_snapshot.h"
#include "monitor/day_view.h"

// What the status page says of what is written. Names from etcd are escaped.
namespace headroom::http {

// The heaviest 5 managers, namespaces and reporters of Event objects of the last 15 minutes, the
// heaviest 5 managers of 24 hours and the 10 heaviest resources. Nothing of what was not written.
std::string WritersSections(const ChurnSnapshot& churn, const DayView& day);

}  // namespace headroom::http
