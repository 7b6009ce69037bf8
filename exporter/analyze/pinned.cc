#include "analyze/pinned.h"

#include <algorithm>

namespace headroom::analyze {

std::optional<std::uint64_t> PinnedBytes(const Analysis& analysis, std::uint64_t db_size_bytes,
                                         std::uint64_t db_in_use_bytes) {
  if (analysis.is_snapshot || !analysis.complete()) return std::nullopt;
  // A file grows between two looks at it, but not by much.
  constexpr std::uint64_t kGrowth = std::uint64_t{16} << 20U;
  const std::uint64_t larger = std::max(analysis.size_bytes, db_size_bytes);
  const std::uint64_t smaller = std::min(analysis.size_bytes, db_size_bytes);
  if (larger - smaller > std::max(kGrowth, larger / 10)) return std::nullopt;
  return db_in_use_bytes - std::min(db_in_use_bytes, analysis.used_bytes());
}

}  // namespace headroom::analyze
