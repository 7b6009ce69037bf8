#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "etcd/tls.h"

namespace headroom::etcd {

// The client credentials in their files' newest valid state. A renewal may truncate,
// replace or remove the files one after another: until all of them fit together again,
// the last set that did stays in use. Thread-safe.
class RotatingCredentials {
 public:
  // How old the credentials in use may be before the files are looked at again.
  static constexpr std::chrono::seconds kMaxAge{10};

  // Fails like TlsCredentials::Load.
  static absl::StatusOr<std::shared_ptr<RotatingCredentials>> Open(TlsFiles files);

  // The set to make connections with; never null. Reads the files when the last look is kMaxAge
  // ago.
  std::shared_ptr<const TlsCredentials> Current();

  // When the client certificate in use expires; nothing without one.
  std::optional<std::chrono::system_clock::time_point> certificate_expiry();

  // Reads the files now, as after a failed handshake. True when that has brought another set.
  bool Refresh();

 private:
  using Clock = std::chrono::steady_clock;

  RotatingCredentials(TlsFiles files, std::shared_ptr<const TlsCredentials> loaded)
      : files_(std::move(files)), current_(std::move(loaded)), read_at_(Clock::now()) {}

  bool RefreshLocked();
  void LogProblem(const std::string& problem);
  // One line when the certificate in use comes near its end, and one when it is there.
  void LogExpiry();

  const TlsFiles files_;
  std::mutex mutex_;  // guards all below
  std::shared_ptr<const TlsCredentials> current_;
  Clock::time_point read_at_;
  // Since when the files have been unusable, and whether that is in the log.
  Clock::time_point unusable_since_ = Clock::time_point::max();
  bool logged_ = false;
  enum class Expiry { kFar, kNear, kPast };
  Expiry logged_expiry_ = Expiry::kFar;
};

}  // namespace headroom::etcd
