#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "latencies.h"
#include "resources.h"

namespace headroom::loadgen {

// What an observer says of a key without managedFields.
inline constexpr std::string_view kNoManager = "none";

// Writes etcd acknowledged, and bytes of key and value of the puts among them.
struct Counts {
  std::uint64_t creates = 0;
  std::uint64_t updates = 0;
  std::uint64_t deletes = 0;
  std::uint64_t put_bytes = 0;
};

// What happened, for a test to compare a watcher's numbers with. Deletes by lease expiry are etcd's
// and not in here; a write that ended as an error may have been applied all the same.
struct Tally {
  // Indexed like AllResources(); the last entry counts compact_rev_key.
  std::vector<Counts> by_resource = std::vector<Counts>(AllResources().size() + 1);
  // By the same index and manager; a delete counts for who wrote the object.
  std::map<std::pair<std::size_t, std::string_view>, Counts> by_manager;
  std::uint64_t refused = 0;    // by the quota
  std::uint64_t errors = 0;     // connection lost, timeouts
  std::uint64_t conflicts = 0;  // guard failed: the key was there already, changed or gone
  std::uint64_t leases_granted = 0;
  std::uint64_t compactions = 0;
  std::int64_t last_revision = 0;
  Latencies latencies;  // of the writes after the preload

  // `manager` has to outlive the tally.
  void Add(std::size_t resource, std::string_view manager, Op op, std::uint64_t put_bytes,
           std::int64_t revision);
  Counts Total() const;

  // For people, one line without its end.
  std::string ProgressLine(double seconds) const;
  // One JSON object on one line; resources and managers that wrote nothing are left out.
  std::string Json(double seconds, double preload_seconds) const;
};

}  // namespace headroom::loadgen
