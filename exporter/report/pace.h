#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace headroom::report {

// The bytes in use of one member at a moment of the sample.
struct Reading {
  double seconds = 0;  // since the first
  std::uint64_t in_use_bytes = 0;
};

// Pages, not payload: what the records, their pages' headers and the gaps between them take.
struct Growth {
  double bytes_per_second = 0;
  double lowest = 0;  // of the parts of the sample
  double highest = 0;

  // Until `room` is used up at this pace, in seconds.
  double SecondsFor(std::uint64_t room_bytes) const {
    return static_cast<double>(room_bytes) / bytes_per_second;
  }
};

// How fast in-use grew, if it grew in each third of the readings and the fastest third at most
// twice as fast as the slowest. Nothing otherwise, nor from less than 1.5 s: a page more or less
// would decide, and a compaction in between hides what was written.
std::optional<Growth> GrowthOf(const std::vector<Reading>& readings);

}  // namespace headroom::report
