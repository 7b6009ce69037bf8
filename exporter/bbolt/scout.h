#pragma once

#include <stop_token>
#include <string_view>

namespace headroom::bbolt {

// Looks at the pages of revisions that a Walk over the same file is going to look at: to be run in
// a thread of its own ahead of one that is not to be paced, so that it is this one which waits for
// them to be read and mapped. Takes each page as it is and believes nothing of it; looks at no more
// pages than the file has. Any bytes are a file. Returns soon when `stop` is requested. On two
// processors `analyze` takes 1.6 times as long without it, on busy ones 1.2 times
// (tests/bench/analyze.py).
void LookAhead(std::string_view file, const std::stop_token& stop);

}  // namespace headroom::bbolt
