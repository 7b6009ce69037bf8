#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
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
  std::string user;         // of an etcd with authentication, shown over TLS alone; empty = none
  std::string password;     // path of the file with its password
};

class Login;

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
  const std::string& user() const { return user_; }
  const std::string& password() const { return password_; }
  // Until when the client certificate is valid (X.509's notAfter); nothing without one.
  std::optional<std::chrono::system_clock::time_point> certificate_expiry() const {
    return certificate_expiry_;
  }
  // True when both would make the same connections.
  bool SameAs(const TlsCredentials& other) const {
    return ca_pem_ == other.ca_pem_ && certificate_pem_ == other.certificate_pem_ &&
           key_pem_ == other.key_pem_ && server_name_ == other.server_name_ &&
           user_ == other.user_ && password_ == other.password_;
  }
  // Owned by this object; good for making connections on any thread.
  ssl_ctx_st* context() const { return context_; }
  // The login of the user at the server `host_port`, which all connections to it share; `make`
  // makes the first.
  std::shared_ptr<Login> LoginAt(const std::string& host_port,
                                 absl::FunctionRef<std::shared_ptr<Login>()> make) const;

 private:
  TlsCredentials() = default;

  std::string ca_pem_;
  std::string certificate_pem_;
  std::string key_pem_;
  std::string server_name_;
  std::string user_;
  std::string password_;
  std::optional<std::chrono::system_clock::time_point> certificate_expiry_;
  ssl_ctx_st* context_ = nullptr;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<Login>> logins_;  // guarded by mutex_
};

}  // namespace headroom::etcd
