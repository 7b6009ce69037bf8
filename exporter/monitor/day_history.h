#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "accounting/space_history.h"
#include "accounting/writer_history.h"
#include "monitor/day_view.h"
#include "monitor/snapshot.h"
#include "monitor/write_increases.h"

namespace headroom {

// Remembers 24 hours of the pages that were made, for readers without Prometheus. Takes 200 KiB.
// Thread-safe.
class DayHistory {
 public:
  using Clock = std::chrono::steady_clock;

  // A page with hitters was made.
  void OnPage(const Snapshot& snapshot, Clock::time_point now);
  // When the last one was; nothing before the first.
  std::optional<Clock::time_point> last_page() const;

  DayView View(Clock::time_point now) const;

 private:
  void NoteMembers(const Snapshot& snapshot, Clock::time_point now);
  Clock::duration LongestGap() const;
  std::optional<std::int64_t> UncompactedMinutes(Clock::time_point now) const;
  WriterWindow Window(Clock::time_point now, std::int64_t minutes) const;

  mutable std::mutex mutex_;  // guards all below
  std::optional<Clock::time_point> first_;
  Clock::time_point last_;
  std::optional<std::uint64_t> cluster_id_;
  accounting::SpaceHistory space_;
  accounting::WriterHistory writers_;
  WriteIncreases increases_;

  std::optional<Clock::time_point> compacted_;
  // The time between two compactions: as configured, and as it was in the last 24 hours.
  Clock::duration configured_gap_ = std::chrono::minutes(5);
  std::vector<std::pair<Clock::time_point, Clock::duration>> gaps_;  // with when they ended
};

}  // namespace headroom
