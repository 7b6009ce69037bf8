#pragma once

#include <string>
#include <vector>

#include "analyze/analysis.h"

namespace headroom::analyze {

// What to make of it, a sentence each: what compaction would free, what defragmentation would give
// back; and, whichever weighs more first, which resource to slow down and which is the largest.
// Only one that IsDisposable is called one to delete. Of a file that was not read completely, what
// is certain, and the rest as uncertain. While CORRUPT is armed nothing but what to do then.
std::vector<std::string> Verdict(const Analysis& analysis);

}  // namespace headroom::analyze
