#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/statusor.h"
#include "etcd/tls.h"
#include "files/last_good.h"

namespace headroom::etcd {

// The client credentials in their files' newest valid state. Thread-safe.
class RotatingCredentials {
 public:
  // Fails like TlsCredentials::Load.
  static absl::StatusOr<std::shared_ptr<RotatingCredentials>> Open(TlsFiles files);

  // The set to make connections with; never null. Reads the files when the last look is ten seconds
  // ago.
  std::shared_ptr<const TlsCredentials> Current();

  // When the client certificate in use expires; nothing without one.
  std::optional<std::chrono::system_clock::time_point> certificate_expiry();

  // Reads the files now, as after a failed handshake. True when that has brought another set.
  bool Refresh();

 private:
  using Files = LastGood<TlsCredentials>;

  RotatingCredentials(TlsFiles names, std::shared_ptr<const TlsCredentials> loaded);

  void Log(Files::News news);
  // One line when the certificate in use comes near its end, and one when it is there.
  void LogExpiry();

  const TlsFiles names_;
  std::mutex mutex_;  // guards all below
  Files files_;
  enum class Expiry { kFar, kNear, kPast };
  Expiry logged_expiry_ = Expiry::kFar;
};

}  // namespace headroom::etcd
