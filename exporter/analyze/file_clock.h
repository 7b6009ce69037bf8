#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "kubernetes/object_times.h"

namespace headroom::analyze {

// The time at which a file ends: the latest time that its newest values hold. A file has no time of
// its own, and that of a copy is when it was copied.
class FileClock {
 public:
  // Nodes renew their leases every ten seconds, so a cluster's last values are as old as that.
  static constexpr int kValues = 1'000;

  // The newest value first. Any bytes; those past kValues are not read.
  void See(std::string_view value) {
    if (seen_ == kValues) return;
    ++seen_;
    now_ = std::max(now_, kubernetes::WriteTime(value));
  }
  // Seconds since 1970; nullopt if no value holds a time.
  std::optional<std::int64_t> now() const { return now_; }

 private:
  int seen_ = 0;
  std::optional<std::int64_t> now_;
};

}  // namespace headroom::analyze
