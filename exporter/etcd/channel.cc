#include "etcd/channel.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "etcd/login.h"

namespace headroom::etcd {
namespace {

// etcd's answers to our calls are a few kB; a fragment of a watch is at most 2 MiB unless one event
// is larger.
constexpr int kMaxReceiveBytes = 16 << 20;

std::shared_ptr<grpc::ChannelCredentials> Credentials(const Endpoint& endpoint,
                                                      const TlsCredentials* tls) {
  if (!endpoint.tls || tls == nullptr) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({.pem_root_certs = tls->ca_pem(),
                               .pem_private_key = tls->key_pem(),
                               .pem_cert_chain = tls->certificate_pem()});
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(const Endpoint& endpoint, const TlsCredentials* tls) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  // Pings below every 5 s, or without a call, make etcd close the connection.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
  // A restarted etcd is seen within a second of its first answer.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // etcd is never behind a proxy of the environment, and DNS TXT records have no say in how it is
  // called.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  if (tls != nullptr && !tls->server_name().empty())
    arguments.SetSslTargetNameOverride(tls->server_name());
  const auto make = [&] {
    return grpc::CreateCustomChannel(endpoint.HostPort(), Credentials(endpoint, tls), arguments);
  };
  if (!endpoint.tls || tls == nullptr || tls->user().empty()) return make();
  // The login, which shows no token, has a connection of its own.
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> factories;
  factories.push_back(ShowToken(tls->LoginAt(
      endpoint.HostPort(), [&] { return std::make_shared<Login>(endpoint, make(), *tls); })));
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      endpoint.HostPort(), Credentials(endpoint, tls), arguments, std::move(factories));
}

std::chrono::system_clock::time_point WallClock(Deadline deadline) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(
             deadline - std::chrono::steady_clock::now());
}

absl::Status ToAbsl(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.error_code() == grpc::DEADLINE_EXCEEDED)
    return absl::DeadlineExceededError("no answer in time");
  std::string message = status.error_message();
  // The last cause stands at the end of the text.
  for (const std::string_view marker : {"; last error: ", "failed to connect to all addresses: "}) {
    if (const auto at = message.find(marker); at != std::string::npos)
      message.erase(0, at + marker.size());
  }
  for (char& c : message) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return {static_cast<absl::StatusCode>(status.error_code()), message};
}

}  // namespace headroom::etcd
