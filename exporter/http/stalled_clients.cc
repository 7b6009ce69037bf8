#include "http/stalled_clients.h"

namespace headroom::http {
namespace {

constexpr std::chrono::seconds kWindow{5};
constexpr std::chrono::minutes kSilence{10};

}  // namespace

bool StalledClients::Dropped(Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  if (in_window_ == 0 || now - window_ >= kWindow) {
    window_ = now;
    in_window_ = 0;
  }
  if (++in_window_ < many_ || (has_said_ && now - said_ < kSilence)) return false;
  has_said_ = true;
  said_ = now;
  return true;
}

}  // namespace headroom::http
