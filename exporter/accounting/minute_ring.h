#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "accounting/sliding_window.h"

namespace headroom::accounting {

// A day of minutes.
inline constexpr std::int64_t kDayMinutes = 24 * 60;

// Counted from the clock's start.
inline std::int64_t MinuteOf(TimePoint now) {
  return std::chrono::duration_cast<std::chrono::minutes>(now.time_since_epoch()).count();
}

// One step for each of the last kDayMinutes minutes. A minute of which nothing was noted has a
// default step. Takes its memory at once. Not thread-safe.
template <typename Step>
class MinuteRing {
 public:
  MinuteRing() : steps_(kDayMinutes) {}

  // The step of `minute`, to be written. One before the newest is the newest.
  Step& Write(std::int64_t minute) {
    if (minute > newest_) {
      const std::int64_t first = std::max(newest_ + 1, minute - kDayMinutes + 1);
      for (std::int64_t stale = first; stale <= minute; ++stale) steps_[Index(stale)] = Step();
      newest_ = minute;
    }
    return steps_[Index(newest_)];
  }

  // Null where it is gone or to come.
  const Step* Find(std::int64_t minute) const {
    return minute > newest_ - kDayMinutes && minute <= newest_ ? &steps_[Index(minute)] : nullptr;
  }

 private:
  // No clock's minute is as early as the ring's first.
  static std::size_t Index(std::int64_t minute) {
    return static_cast<std::size_t>(minute + kDayMinutes) % static_cast<std::size_t>(kDayMinutes);
  }

  std::vector<Step> steps_;
  std::int64_t newest_ = -1;
};

}  // namespace headroom::accounting
