#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "etcd/endpoint.h"
#include "etcd/tls.h"

namespace headroom::etcd {

// The token of an etcd with authentication, got by name and password. Thread-safe.
class Login {
 public:
  // Connects by the credentials, whose name and password it shows.
  Login(const Endpoint& endpoint, std::shared_ptr<grpc::Channel> channel,
        const TlsCredentials& credentials);

  // The token to show with a call. Without one it logs in, which takes up to a second; after a
  // refusal or without an answer only once in kRetry, because each attempt costs etcd a bcrypt and
  // a raft entry. Nothing where etcd gives none.
  std::optional<std::string> Token();

  // Call it with the answer to a call that showed `token`: forgets a token that etcd does not take.
  void OnAnswer(const std::string& token, const grpc::Status& status);

 private:
  static constexpr std::chrono::seconds kRetry{30};

  const std::string endpoint_;
  const std::string name_;
  const std::string password_;
  const std::shared_ptr<grpc::Channel> channel_;

  std::mutex mutex_;  // guards all below
  std::string token_;
  std::optional<std::chrono::steady_clock::time_point> refused_at_;
  bool logged_ = false;  // the refusal
};

// A factory of interceptors that show the token with each call.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> ShowToken(
    std::shared_ptr<Login> login);

}  // namespace headroom::etcd
