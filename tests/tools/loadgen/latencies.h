#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace headroom::loadgen {

// How long the writes took, to within 2 %, in the same few bytes however many there are.
class Latencies {
 public:
  void Add(std::chrono::nanoseconds took);

  // In milliseconds; 0 when there are none. `share` of the writes were not slower.
  double Percentile(double share) const;

 private:
  // Each is 2 % wider than the one before; the first is up to a microsecond, the last from 20 s on.
  std::array<std::uint64_t, 850> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace headroom::loadgen
