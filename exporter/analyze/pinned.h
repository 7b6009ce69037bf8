#pragma once

#include <cstdint>
#include <optional>

#include "analyze/analysis.h"

namespace headroom::analyze {

// Bytes of the pages that hold nothing any more and that etcd cannot use again while a read
// transaction is open, for example that of a snapshot which does not go on: what Status counts as
// in use beyond the pages in use in the file. Some 100 KiB are normal, as freed pages wait for the
// next commit. Both sizes are `dbSize` and `dbSizeInUse` from a Status of about the same moment.
//
// nullopt when that cannot be known: for a snapshot, for a file that was not read completely, and
// when the sizes are those of another member's file.
std::optional<std::uint64_t> PinnedBytes(const Analysis& analysis, std::uint64_t db_size_bytes,
                                         std::uint64_t db_in_use_bytes);

}  // namespace headroom::analyze
