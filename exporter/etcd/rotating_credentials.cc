#include "etcd/rotating_credentials.h"

#include <algorithm>
#include <utility>

#include "logging/log.h"
#include "text/human.h"

namespace headroom::etcd {

absl::StatusOr<std::shared_ptr<RotatingCredentials>> RotatingCredentials::Open(TlsFiles files) {
  auto loaded = TlsCredentials::Load(files);
  if (!loaded.ok()) return loaded.status();
  std::shared_ptr<RotatingCredentials> opened(
      new RotatingCredentials(std::move(files), *std::move(loaded)));
  opened->LogExpiry();
  return opened;
}

std::shared_ptr<const TlsCredentials> RotatingCredentials::Current() {
  const std::lock_guard lock(mutex_);
  if (Clock::now() - read_at_ >= kMaxAge) RefreshLocked();
  return current_;
}

std::optional<std::chrono::system_clock::time_point> RotatingCredentials::certificate_expiry() {
  return Current()->certificate_expiry();
}

bool RotatingCredentials::Refresh() {
  const std::lock_guard lock(mutex_);
  return RefreshLocked();
}

bool RotatingCredentials::RefreshLocked() {
  read_at_ = Clock::now();
  auto loaded = TlsCredentials::Load(files_);
  if (!loaded.ok()) {
    LogProblem(std::string(loaded.status().message()));
    LogExpiry();
    return false;
  }
  unusable_since_ = Clock::time_point::max();
  const bool differs = !(*loaded)->SameAs(*current_);
  if (differs) current_ = *std::move(loaded);
  if (differs || std::exchange(logged_, false)) {
    log::Info("certificates are read again",
              {{"ca", files_.ca}, {"certificate", files_.certificate}});
  }
  LogExpiry();
  return differs;
}

void RotatingCredentials::LogExpiry() {
  // kubeadm's certificates are valid for a year; who renews them in time does so weeks before.
  constexpr std::chrono::days kNear{7};
  const auto expiry = current_->certificate_expiry();
  if (!expiry) return;
  const auto left = *expiry - std::chrono::system_clock::now();
  const Expiry now = left < decltype(left)::zero() ? Expiry::kPast
                     : left < kNear                ? Expiry::kNear
                                                   : Expiry::kFar;
  if (std::exchange(logged_expiry_, now) == now || now == Expiry::kFar) return;
  log::Warn(now == Expiry::kPast ? "the client certificate has expired: etcd refuses it"
                                 : "the client certificate expires within a week",
            {{"certificate", files_.certificate},
             {"expiry", text::UtcTime(std::chrono::system_clock::to_time_t(*expiry))}});
}

// A renewal under way is nobody's concern; files that stay unusable are.
void RotatingCredentials::LogProblem(const std::string& problem) {
  unusable_since_ = std::min(unusable_since_, read_at_);
  if (read_at_ - unusable_since_ < kMaxAge || std::exchange(logged_, true)) return;
  log::Warn("certificate files are not usable; the last good ones stay in use",
            {{"problem", problem}});
}

}  // namespace headroom::etcd
