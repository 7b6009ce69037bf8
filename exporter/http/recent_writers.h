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

// Bytes by name, in no order.
using NamedBytes = std::vector<std::pair<std::string, std::uint64_t>>;

// What was written of late.
struct RecentShares {
  double seconds = 0;  // how long that took; 0: nothing is known
  NamedBytes managers;
  NamedBytes namespaces;
  NamedBytes reporters;  // of Event objects
};

// These have few places, which change hands by what was served: only a scraper's page may read
// them. So the status page has what the scrapes of the last minutes brought. From one page to the
// next the increases add up to what was written meanwhile, a new series counting from 0 (see
// accounting::HeavyHitters). Thread-safe.
class RecentWriters {
 public:
  using Clock = std::chrono::steady_clock;
  // The current one and the one before are shown.
  static constexpr std::chrono::minutes kWindow{5};

  // A page was made of `churn`, with hitters. One that is overtaken by a later one is passed over.
  void OnPage(const ChurnSnapshot& churn, Clock::time_point now);
  // Up to the last page; nothing when that is two windows ago.
  RecentShares Shares(Clock::time_point now) const;

 private:
  enum class Kind { kManager, kNamespace, kReporter };
  using Labels = std::array<std::string, 3>;  // its name first
  using Series = std::map<std::pair<Kind, Labels>, std::uint64_t>;
  using Bytes = std::map<std::pair<Kind, std::string>, std::uint64_t>;
  static Series SeriesOf(const ChurnSnapshot& churn);
  struct Window {
    Clock::time_point start;
    Bytes bytes;
  };

  mutable std::mutex mutex_;  // guards all below
  Series latest_;             // of the last page
  Clock::time_point end_;
  std::optional<Window> former_;
  std::optional<Window> current_;
};

}  // namespace headroom::http
