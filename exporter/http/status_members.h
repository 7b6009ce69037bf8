#pragma once

#include <string>

#include "monitor/day_view.h"
#include "monitor/snapshot.h"

// What the status page says of the members. Names from etcd are escaped.
namespace headroom::http {

// The one thing to know, the worst first.
std::string StateBanner(const Snapshot& snapshot, const DayView& day);

// Each member against its quota or its disk, whichever is nearer. At most 30 are shown.
std::string MembersSection(const Snapshot& snapshot);

}  // namespace headroom::http
