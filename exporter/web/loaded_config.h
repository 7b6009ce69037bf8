#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "web/config.h"

struct ssl_ctx_st;

namespace headroom::web {

// The configuration with all the files that it names.
class LoadedConfig {
 public:
  // Errors name the file, and the key in it, and hold no secret.
  static absl::StatusOr<std::shared_ptr<const LoadedConfig>> Load(const std::string& path);

  const Config& config() const { return config_; }
  // Null for plain HTTP.
  const std::shared_ptr<ssl_ctx_st>& tls() const { return tls_; }
  bool SameAs(const LoadedConfig& other) const { return fingerprint_ == other.fingerprint_; }

 private:
  LoadedConfig() = default;

  Config config_;
  std::shared_ptr<ssl_ctx_st> tls_;
  std::string fingerprint_;  // SHA-256 of all texts
};

}  // namespace headroom::web
