#pragma once

#include <string_view>
#include <vector>

#include "bbolt/page.h"

namespace headroom::bbolt {

// A record of the bucket of revisions. Points into the file.
struct SalvagedRecord {
  std::string_view key;
  std::string_view value;
};

// The revisions that any leaf page in `file` holds, whether or not a tree leads to it: the highest
// key first, each key once. A revision's record never changes, so it does not matter which page it
// is from. Free pages hold what they held before: some of the revisions may have been compacted.
// Reads all of the file, and takes 32 bytes for each record.
std::vector<SalvagedRecord> SalvageRevisions(std::string_view file, const Meta& meta);

}  // namespace headroom::bbolt
