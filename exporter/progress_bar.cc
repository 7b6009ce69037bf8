#include "progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace headroom {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kQuiet{1};
constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::uint64_t kWidth = 40;
constexpr const char* kEraseLine = "\r\x1b[K";

}  // namespace

ProgressBar::ProgressBar()
    : terminal_(isatty(STDERR_FILENO) == 1), next_(steady_clock::now() + kQuiet) {}

ProgressBar::~ProgressBar() {
  if (shown_) std::fputs(kEraseLine, stderr);
}

void ProgressBar::Show(std::uint64_t done, std::uint64_t of) {
  const auto now = steady_clock::now();
  if (!terminal_ || of == 0 || now < next_) return;
  next_ = now + kRedraw;
  shown_ = true;
  const auto filled = std::min(kWidth, done * kWidth / of);
  const std::string bar = std::string(filled, '#') + std::string(kWidth - filled, '.');
  std::fprintf(stderr, "%s[%s] %llu %%", kEraseLine, bar.c_str(),
               static_cast<unsigned long long>(done * 100 / of));
}

}  // namespace headroom
