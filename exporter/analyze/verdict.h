#pragma once

#include <string>
#include <vector>

#include "analyze/analysis.h"

namespace headroom::analyze {

// What to make of it, a sentence each: what compaction would free, what defragmentation would give
// back, and which resource to slow down or delete first, whichever weighs more. Of a file that was
// not read completely, what is certain, and the rest as uncertain. While CORRUPT is armed nothing
// but what to do then.
std::vector<std::string> Verdict(const Analysis& analysis);

}  // namespace headroom::analyze
