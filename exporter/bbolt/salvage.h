#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "bbolt/key_bounds.h"
#include "bbolt/page.h"

namespace headroom::bbolt {

// A record of the bucket of revisions. Points into the file.
struct SalvagedRecord {
  std::string_view key;
  std::string_view value;
};

// The revisions that any leaf page of a file holds, whether or not a tree leads to it. A revision's
// record never changes, so it does not matter which page it is from. Free pages hold what they held
// before: some of the revisions may have been compacted.
class Salvage {
 public:
  Salvage(std::string_view file, const Meta& meta) : file_(file), page_bytes_(meta.page_bytes) {}

  // Those in the range, the highest key first, each key once. The first call reads all of the file,
  // and takes 32 bytes for each record in it.
  std::span<const SalvagedRecord> In(const KeyBounds& range);

 private:
  void ReadAll();

  const std::string_view file_;
  const std::size_t page_bytes_;
  std::optional<std::vector<SalvagedRecord>> records_;  // of all pages, once they are needed
};

}  // namespace headroom::bbolt
