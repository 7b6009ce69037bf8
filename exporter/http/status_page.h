#pragma once

#include <string>
#include <string_view>

#include "monitor/snapshot.h"

namespace headroom::http {

// The page at `/`: headroom per member until its quota or its disk is full, whichever is nearer,
// when that is, alarms, the last 24 hours, who writes and the state of the watch. One HTML document
// that needs no script and asks for itself again every 30 s. At most 30 members, 10 resources, and
// 5 managers, namespaces and reporters of Event objects are shown. `metrics_path` is checked at
// start to hold no character that HTML gives a meaning to. Names from etcd are escaped.
std::string StatusPage(const Snapshot& snapshot, const DayView& day, std::string_view metrics_path);

}  // namespace headroom::http
