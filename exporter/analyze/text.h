#pragma once

#include <cstddef>
#include <string>

#include "analyze/analysis.h"

namespace headroom::analyze {

// For people: aligned tables of at most `top` rows each, the rest of a table being one row more,
// so that columns add up; then what the file is made of, and the verdict.
std::string Text(const Analysis& analysis, std::size_t top);

}  // namespace headroom::analyze
