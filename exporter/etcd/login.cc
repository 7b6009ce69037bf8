#include "etcd/login.h"

#include <utility>

#include "absl/strings/match.h"
#include "etcd/channel.h"
#include "etcd_read.grpc.pb.h"
#include "logging/log.h"

namespace headroom::etcd {
namespace {

using Clock = std::chrono::steady_clock;
// Less than a call waits, so that it still goes without a token.
constexpr std::chrono::seconds kLongest{1};

using Hook = grpc::experimental::InterceptionHookPoints;

class TokenInterceptor : public grpc::experimental::Interceptor {
 public:
  explicit TokenInterceptor(std::shared_ptr<Login> login) : login_(std::move(login)) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(Hook::PRE_SEND_INITIAL_METADATA)) {
      token_ = login_->Token();
      if (token_) methods->GetSendInitialMetadata()->insert({"token", *token_});
    }
    if (methods->QueryInterceptionHookPoint(Hook::POST_RECV_STATUS) && token_)
      login_->OnAnswer(*token_, *methods->GetRecvStatus());
    methods->Proceed();
  }

 private:
  const std::shared_ptr<Login> login_;
  std::optional<std::string> token_;
};

class TokenInterceptorFactory : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit TokenInterceptorFactory(std::shared_ptr<Login> login) : login_(std::move(login)) {}

  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo*) override {
    return new TokenInterceptor(login_);  // gRPC deletes it
  }

 private:
  const std::shared_ptr<Login> login_;
};

}  // namespace

Login::Login(const Endpoint& endpoint, std::shared_ptr<grpc::Channel> channel,
             const TlsCredentials& credentials)
    : endpoint_(endpoint.Url()),
      name_(credentials.user()),
      password_(credentials.password()),
      channel_(std::move(channel)) {}

std::optional<std::string> Login::Token() {
  const std::lock_guard lock(mutex_);
  if (!token_.empty()) return token_;
  const auto now = Clock::now();
  if (refused_at_ && now - *refused_at_ < kRetry) return std::nullopt;
  grpc::ClientContext context;
  context.set_deadline(WallClock(now + kLongest));
  etcdserverpb::AuthenticateRequest request;
  request.set_name(name_);
  request.set_password(password_);
  etcdserverpb::AuthenticateResponse response;
  const auto status =
      ToAbsl(etcdserverpb::Auth::Stub(channel_).Authenticate(&context, request, &response));
  if (status.ok()) {
    token_ = response.token();
    refused_at_.reset();
    logged_ = false;
    return token_;
  }
  // The call itself says that nothing answers, and the next one is to try again at once.
  if (absl::IsUnavailable(status)) return std::nullopt;
  refused_at_ = now;
  // Without a majority etcd answers Status, but gives no token.
  if (absl::IsDeadlineExceeded(status)) return std::nullopt;
  if (!std::exchange(logged_, true)) {
    log::Warn("etcd gives no token for the user; its calls go without one",
              {{"endpoint", endpoint_}, {"user", name_}, {"error", std::string(status.message())}});
  }
  return std::nullopt;
}

void Login::OnAnswer(const std::string& token, const grpc::Status& status) {
  // After a change of users or roles etcd takes no older token, and says so by another code.
  const bool is_stale = status.error_code() == grpc::UNAUTHENTICATED ||
                        absl::StrContains(status.error_message(), "revision in header is old") ||
                        absl::StrContains(status.error_message(), "revision of auth store is old");
  if (!is_stale) return;
  const std::lock_guard lock(mutex_);
  if (token_ == token) token_.clear();
}

std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> ShowToken(
    std::shared_ptr<Login> login) {
  return std::make_unique<TokenInterceptorFactory>(std::move(login));
}

}  // namespace headroom::etcd
