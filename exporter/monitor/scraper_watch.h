#pragma once

#include <chrono>
#include <optional>

namespace headroom {

// Whether a scraper takes pages, by when pages were made. Where none comes, the monitor is to take
// pages of its own. Not thread-safe.
class ScraperWatch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // A scraper that comes every two minutes is there.
  static constexpr std::chrono::seconds kNobody{150};

  explicit ScraperWatch(TimePoint start) : last_scrape_(start) {}

  // `last_page`: when the last page was made, for whom it may be; nothing before the first.
  bool IsPageDue(TimePoint now, std::optional<TimePoint> last_page) {
    if (last_page && last_page != own_) last_scrape_ = *last_page;
    return now - last_scrape_ >= kNobody;
  }

  // The page made at `at` was the monitor's own.
  void TookOwnPage(std::optional<TimePoint> at) { own_ = at; }

 private:
  TimePoint last_scrape_;  // or the start
  std::optional<TimePoint> own_;
};

}  // namespace headroom
