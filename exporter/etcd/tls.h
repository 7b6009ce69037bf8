#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

struct ssl_ctx_st;

namespace headroom::etcd {

// Paths of PEM files. An https endpoint needs the CA; certificate and key come together or not at
// all.
struct TlsFiles {
  std::string ca;
  std::string certificate;
  std::string key;
  std::string server_name;  // overrides the name the server's certificate is checked against; empty
                            // = the endpoint's host
};

// One consistent set of client credentials in memory: PEM text for gRPC, an OpenSSL context for
// plain HTTPS.
class TlsCredentials {
 public:
  // Reads the files and checks with OpenSSL that they parse and that the key fits the certificate.
  // Errors name the file and never hold any of its text.
  static absl::StatusOr<std::shared_ptr<const TlsCredentials>> Load(const TlsFiles& files);

  TlsCredentials(const TlsCredentials&) = delete;
  TlsCredentials& operator=(const TlsCredentials&) = delete;
  ~TlsCredentials();

  const std::string& ca_pem() const { return ca_pem_; }
  const std::string& certificate_pem() const { return certificate_pem_; }
  const std::string& key_pem() const { return key_pem_; }
  const std::string& server_name() const { return server_name_; }
  // Until when the client certificate is valid (X.509's notAfter); nothing without one.
  std::optional<std::chrono::system_clock::time_point> certificate_expiry() const {
    return certificate_expiry_;
  }
  // True when both would make the same connections.
  bool SameAs(const TlsCredentials& other) const {
    return ca_pem_ == other.ca_pem_ && certificate_pem_ == other.certificate_pem_ &&
           key_pem_ == other.key_pem_ && server_name_ == other.server_name_;
  }
  // Owned by this object; good for making connections on any thread.
  ssl_ctx_st* context() const { return context_; }

 private:
  TlsCredentials() = default;

  std::string ca_pem_;
  std::string certificate_pem_;
  std::string key_pem_;
  std::string server_name_;
  std::optional<std::chrono::system_clock::time_point> certificate_expiry_;
  ssl_ctx_st* context_ = nullptr;
};

}  // namespace headroom::etcd
