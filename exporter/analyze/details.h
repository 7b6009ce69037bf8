#pragma once

#include <cstddef>
#include <string>

#include "analyze/analysis.h"

namespace headroom::analyze {

// The tables for people of what live objects are made of and which have done their work, as far as
// that was asked for. At most `top` rows each; those left out are one row more.
void AppendDetails(std::string& text, const Analysis& analysis, std::size_t top);

}  // namespace headroom::analyze
