#pragma once

#include "absl/status/statusor.h"
#include "etcd/deadline.h"
#include "http/listen_address.h"
#include "monitor/day_view.h"

namespace headroom::report {

// What the exporter that serves at `listen` on this node remembers of the last 24 hours, its names
// fit to be printed. Fails when none answers by `deadline`.
absl::StatusOr<DayView> AskExporter(const http::ListenAddress& listen, Deadline deadline);

}  // namespace headroom::report
