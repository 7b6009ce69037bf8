#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "files/last_good.h"
#include "web/loaded_config.h"
#include "web/tls.h"

namespace headroom::web {

// The web configuration in its files' newest valid state, by the rules of etcd's certificates.
// Whether TLS is served is decided at the start. Thread-safe.
class RotatingConfig {
 public:
  // Fails like LoadedConfig::Load.
  static absl::StatusOr<std::shared_ptr<RotatingConfig>> Open(const std::string& path);

  // What counts now; never null. Reads the files when the last look is ten seconds ago.
  std::shared_ptr<const LoadedConfig> Current();

  // A context that serves each new connection by what counts then. Null for plain HTTP.
  ssl_ctx_st* tls() const { return tls_.get(); }

 private:
  using Files = LastGood<LoadedConfig>;

  RotatingConfig(std::string path, std::shared_ptr<const LoadedConfig> loaded);
  absl::StatusOr<std::shared_ptr<const LoadedConfig>> LoadAgain() const;

  const std::string path_;
  const bool serves_tls_;
  std::mutex mutex_;
  Files files_;  // guarded by mutex_
  const ChooseContext choose_;
  std::shared_ptr<ssl_ctx_st> tls_;
};

}  // namespace headroom::web
