#include "etcd/rotating_credentials.h"

#include <utility>

#include "logging/log.h"
#include "text/human.h"

namespace headroom::etcd {

RotatingCredentials::RotatingCredentials(TlsFiles names,
                                         std::shared_ptr<const TlsCredentials> loaded)
    : names_(std::move(names)),
      files_([this] { return TlsCredentials::Load(names_); }, std::move(loaded)) {}

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
  Log(files_.ReadWhenDue());
  return files_.value();
}

std::optional<std::chrono::system_clock::time_point> RotatingCredentials::certificate_expiry() {
  return Current()->certificate_expiry();
}

bool RotatingCredentials::Refresh() {
  const std::lock_guard lock(mutex_);
  const Files::News news = files_.Read();
  Log(news);
  return news == Files::News::kOtherValue;
}

void RotatingCredentials::Log(Files::News news) {
  if (news == Files::News::kUnusable) {
    log::Warn("certificate files are not usable; the last good ones stay in use",
              {{"problem", files_.problem()}});
  } else if (news != Files::News::kNone) {
    log::Info("certificates are read again",
              {{"ca", names_.ca}, {"certificate", names_.certificate}});
  }
  LogExpiry();
}

void RotatingCredentials::LogExpiry() {
  // kubeadm's certificates are valid for a year; who renews them in time does so weeks before.
  constexpr std::chrono::days kNear{7};
  const auto expiry = files_.value()->certificate_expiry();
  if (!expiry) return;
  const auto left = *expiry - std::chrono::system_clock::now();
  const Expiry now = left < decltype(left)::zero() ? Expiry::kPast
                     : left < kNear                ? Expiry::kNear
                                                   : Expiry::kFar;
  if (std::exchange(logged_expiry_, now) == now || now == Expiry::kFar) return;
  log::Warn(now == Expiry::kPast ? "the client certificate has expired: etcd refuses it"
                                 : "the client certificate expires within a week",
            {{"certificate", names_.certificate},
             {"expiry", text::UtcTime(std::chrono::system_clock::to_time_t(*expiry))}});
}

}  // namespace headroom::etcd
