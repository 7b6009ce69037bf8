#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "monitor/churn_snapshot.h"

namespace headroom::http {

// What was written of late, by manager.
struct ManagerShares {
  double seconds = 0;  // how long that took; 0: nothing is known
  std::vector<std::pair<std::string, std::uint64_t>> bytes;  // of each; in no order
};

// Managers have few places, which change hands by what was served: only a scraper's page may read
// them. So the status page has what the scrapes of the last minutes brought. From one page to the
// next the increases add up to what was written meanwhile, a new series counting from 0 (see
// accounting::HeavyHitters). Thread-safe.
class RecentManagers {
 public:
  using Clock = std::chrono::steady_clock;
  // The current one and the one before are shown.
  static constexpr std::chrono::minutes kWindow{5};

  // A page was made of `churn`, with hitters. One that is overtaken by a later one is passed over.
  void OnPage(const ChurnSnapshot& churn, Clock::time_point now);
  // Up to the last page; nothing when that is two windows ago.
  ManagerShares Shares(Clock::time_point now) const;

 private:
  using Labels = std::array<std::string, 3>;
  using Bytes = std::map<std::string, std::uint64_t>;
  struct Window {
    Clock::time_point start;
    Bytes bytes;
  };

  mutable std::mutex mutex_;                // guards all below
  std::map<Labels, std::uint64_t> latest_;  // the series of the last page
  Clock::time_point end_;
  std::optional<Window> former_;
  std::optional<Window> current_;
};

}  // namespace headroom::http
