#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

namespace headroom::http {

// The page at `/`: headroom per member, alarms, who writes and the state of the watch, as told by
// the families of a metrics page. One HTML document that needs no script and asks for itself anew
// every 30 s; at most 30 members and 10 resources of it are shown. `metrics_path` is checked at
// start to hold no character that HTML gives a meaning to; names from etcd are escaped.
std::string StatusPage(const std::vector<prometheus::MetricFamily>& families,
                       std::string_view metrics_path);

}  // namespace headroom::http
