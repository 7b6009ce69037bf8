#pragma once

#include "absl/status/statusor.h"
#include "etcd/deadline.h"
#include "http/listen_address.h"
#include "monitor/day_view.h"

namespace headroom::report {

// What the exporter that serves plain HTTP at `address` remembers of the last 24 hours, its names
// fit to be printed. Fails when none answers by `deadline`.
absl::StatusOr<DayView> AskExporter(const http::ListenAddress& address, Deadline deadline);

}  // namespace headroom::report
