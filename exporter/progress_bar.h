#pragma once

#include <chrono>
#include <cstdint>

namespace headroom {

// A bar on standard error for what takes more than a second, gone when this object is; nothing
// where standard error is no terminal.
class ProgressBar {
 public:
  ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  void Show(std::uint64_t done, std::uint64_t of);

 private:
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point next_;  // when to draw
};

}  // namespace headroom
