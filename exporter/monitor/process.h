#pragma once

#include <cstdint>
#include <optional>

namespace headroom {

// This process, from /proc. What cannot be read is absent.
struct ProcessFacts {
  std::optional<double> cpu_seconds;
  std::optional<double> virtual_bytes;
  std::optional<double> resident_bytes;
  std::optional<double> start_time_seconds;  // Unix time
  std::optional<double> open_fds;
  std::optional<double> max_fds;
};

ProcessFacts ReadProcess();

}  // namespace headroom
