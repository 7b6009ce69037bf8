#pragma once

#include <string>

#include "report/facts.h"

namespace headroom::report {

// The last 24 hours as this node's exporter saw them: how full, and who wrote. Where none answers,
// a sentence that says so.
std::string DayText(const Facts& facts);

}  // namespace headroom::report
