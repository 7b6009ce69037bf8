#pragma once

#include <string>
#include <vector>

#include "analyze/analysis.h"

namespace headroom::analyze {

// What to make of it, a sentence each: what compaction would free, what defragmentation would give
// back, and which resource to slow down or delete first, whichever weighs more.
std::vector<std::string> Verdict(const Analysis& analysis);

}  // namespace headroom::analyze
