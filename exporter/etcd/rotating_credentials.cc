#include "etcd/rotating_credentials.h"

#include <algorithm>
#include <utility>

#include "logging/log.h"

namespace headroom::etcd {

absl::StatusOr<std::shared_ptr<RotatingCredentials>> RotatingCredentials::Open(TlsFiles files) {
  auto loaded = TlsCredentials::Load(files);
  if (!loaded.ok()) return loaded.status();
  return std::shared_ptr<RotatingCredentials>(
      new RotatingCredentials(std::move(files), *std::move(loaded)));
}

std::shared_ptr<const TlsCredentials> RotatingCredentials::Current() {
  const std::lock_guard lock(mutex_);
  if (Clock::now() - read_at_ >= kMaxAge) RefreshLocked();
  return current_;
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
    return false;
  }
  unusable_since_ = Clock::time_point::max();
  const bool differs = !(*loaded)->SameAs(*current_);
  if (differs) current_ = *std::move(loaded);
  if (differs || std::exchange(logged_, false)) {
    log::Info("certificates are read anew",
              {{"ca", files_.ca}, {"certificate", files_.certificate}});
  }
  return differs;
}

// A renewal under way is nobody's concern; files that stay unusable are.
void RotatingCredentials::LogProblem(const std::string& problem) {
  unusable_since_ = std::min(unusable_since_, read_at_);
  if (read_at_ - unusable_since_ < kMaxAge || std::exchange(logged_, true)) return;
  log::Warn("certificate files are not usable; the last good ones stay in use",
            {{"problem", problem}});
}

}  // namespace headroom::etcd
