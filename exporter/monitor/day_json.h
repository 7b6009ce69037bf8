#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "monitor/day_view.h"

// The last 24 hours as `/history` serves them: for `report` and for scripts. docs/report.md has the
// shape.
namespace headroom {

// What is unknown is left out. At most 20 writers of each kind are in.
std::string DayJson(const DayView& day);

// What another exporter's DayJson had. InvalidArgument where it is something else.
absl::StatusOr<DayView> ParseDayJson(std::string_view text);

}  // namespace headroom
