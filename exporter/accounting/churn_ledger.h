#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "accounting/resource_table.h"
#include "accounting/sliding_window.h"

namespace headroom::accounting {

// What happened to a key: a put of version 1, a put of a later version, a delete.
enum class WriteOp : std::uint8_t { kCreate, kUpdate, kDelete };
inline constexpr std::size_t kWriteOps = 3;

// Counts key changes and bytes by resource, for the life of the process. Bounded by the
// ResourceTable's cap: about 150 bytes a resource.
class ChurnLedger {
 public:
  struct Totals {
    std::array<std::uint64_t, kWriteOps> writes = {};  // by WriteOp; key changes, not revisions
    std::uint64_t write_bytes = 0;                     // key + value of creates and updates
  };

  // `bytes`: key + value; those of a delete do not count. Allocates only when `resource` is new.
  void Record(ResourceId resource, WriteOp op, std::uint64_t bytes, TimePoint now);

  // Zeros for a resource that was never written.
  Totals Of(ResourceId resource) const;
  // The largest put of the last hour, in buckets of 5 minutes: a put counts for 60 to 65 minutes.
  // nullopt when there was none.
  std::optional<std::uint64_t> LargestWriteBytes(ResourceId resource, TimePoint now) const;

 private:
  struct Account {
    Totals totals;
    SlidingMax<13, 300> largest_put;
  };

  std::vector<Account> accounts_;  // by ResourceId
};

}  // namespace headroom::accounting
