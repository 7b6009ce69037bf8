#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

namespace headroom::http {

// Notices clients that hold workers without a request, as many at once that others wait. One, such
// as a browser that connects ahead, is no news. Thread-safe.
class StalledClients {
 public:
  using Clock = std::chrono::steady_clock;

  // `many`: so many within five seconds are news.
  explicit StalledClients(std::size_t many) : many_(many) {}

  // One has been dropped. Returns whether it is time to say so: when they become many, and not
  // again within ten minutes.
  bool Dropped(Clock::time_point now);

 private:
  const std::size_t many_;
  std::mutex mutex_;  // guards all below
  Clock::time_point window_;
  std::size_t in_window_ = 0;
  bool has_said_ = false;
  Clock::time_point said_;
};

}  // namespace headroom::http
