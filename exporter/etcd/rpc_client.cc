#include "etcd/rpc_client.h"

#include <google/protobuf/stubs/common.h>
#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <mutex>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "etcd/quota.h"
#include "etcd_read.grpc.pb.h"
#include "logging/log.h"

namespace headroom::etcd {
namespace {

namespace pb = etcdserverpb;

// etcd's answers to our calls are a few kB; a fragment of a watch is at most 2 MiB unless one event
// is larger.
constexpr int kMaxReceiveBytes = 16 << 20;

std::chrono::system_clock::time_point WallClock(Deadline deadline) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(
             deadline - std::chrono::steady_clock::now());
}

// gRPC and abseil share their codes. Of a failed connection the last cause says most; it stands at
// the end of the text.
absl::Status ToAbsl(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.error_code() == grpc::DEADLINE_EXCEEDED)
    return absl::DeadlineExceededError("no answer in time");
  std::string message = status.error_message();
  for (const std::string_view marker : {"; last error: ", "failed to connect to all addresses: "}) {
    if (const auto at = message.find(marker); at != std::string::npos)
      message.erase(0, at + marker.size());
  }
  for (char& c : message) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return {static_cast<absl::StatusCode>(status.error_code()), message};
}

StatusReply FromProto(const pb::StatusResponse& response) {
  return {
      .cluster_id = response.header().cluster_id(),
      .member_id = response.header().member_id(),
      .revision = response.header().revision(),
      .server_version = response.version(),
      .storage_version = response.storageversion(),
      .db_size_bytes = response.dbsize(),
      .db_in_use_bytes = response.dbsizeinuse(),
      .leader_id = response.leader(),
      .raft_applied_index = response.raftappliedindex(),
      .is_learner = response.islearner(),
      .quota_bytes = QuotaFromStatus(response.dbsizequota(), response.version()),
      .alarms = ParseAlarms(response.errors()),
  };
}

std::shared_ptr<grpc::ChannelCredentials> Credentials(const Endpoint& endpoint,
                                                      const TlsCredentials* tls) {
  if (!endpoint.tls || tls == nullptr) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({.pem_root_certs = tls->ca_pem(),
                               .pem_private_key = tls->key_pem(),
                               .pem_cert_chain = tls->certificate_pem()});
}

std::shared_ptr<grpc::Channel> Channel(const Endpoint& endpoint, const TlsCredentials* tls) {
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
  // etcd is never behind a proxy of the environment, and DNS TXT records have no say in how it is
  // called.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  if (tls != nullptr && !tls->server_name().empty())
    arguments.SetSslTargetNameOverride(tls->server_name());
  return grpc::CreateCustomChannel(endpoint.HostPort(), Credentials(endpoint, tls), arguments);
}

// A channel made with one set of credentials, and the services on it.
struct Stubs {
  Stubs(const Endpoint& endpoint, std::shared_ptr<const TlsCredentials> credentials)
      : tls(std::move(credentials)),
        channel(Channel(endpoint, tls.get())),
        maintenance(channel),
        cluster(channel),
        kv(channel),
        watch(channel) {
    channel->GetState(/*try_to_connect=*/true);
  }

  const std::shared_ptr<const TlsCredentials> tls;
  const std::shared_ptr<grpc::Channel> channel;
  pb::Maintenance::Stub maintenance;
  pb::Cluster::Stub cluster;
  pb::KV::Stub kv;
  pb::Watch::Stub watch;
};

}  // namespace

class RpcClient::Connection {
 public:
  Connection(Endpoint endpoint, std::shared_ptr<RotatingCredentials> tls)
      : endpoint_(std::move(endpoint)), tls_(std::move(tls)) {
    CurrentStubs();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    Cancel();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  // A call's context, known to Cancel() while it lives.
  class Call {
   public:
    Call(Connection& connection, Deadline deadline) : connection_(connection) {
      context.set_deadline(WallClock(deadline));
      const std::lock_guard lock(connection_.mutex_);
      connection_.calls_.insert(&context);
      if (connection_.cancelled_) context.TryCancel();
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() {
      const std::lock_guard lock(connection_.mutex_);
      connection_.calls_.erase(&context);
    }

    grpc::ClientContext context;

   private:
    Connection& connection_;
  };

  void Cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    for (grpc::ClientContext* context : calls_) context->TryCancel();
  }

  void StartStatus(Deadline deadline) {
    status_.emplace(*this, deadline);
    status_->reader = CurrentStubs()->maintenance.AsyncStatus(&status_->call.context, {}, &queue_);
    status_->reader->Finish(&status_->response, &status_->status, this);
  }

  std::optional<absl::StatusOr<StatusReply>> AwaitStatus(Deadline until) {
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, WallClock(until)) != grpc::CompletionQueue::GOT_EVENT)
      return std::nullopt;
    const auto failed = ToAbsl(status_->status);
    const auto reply =
        failed.ok() ? absl::StatusOr<StatusReply>(FromProto(status_->response)) : failed;
    status_.reset();
    return reply;
  }

  absl::StatusOr<std::vector<ListedMember>> ListMembers(Deadline deadline) {
    Call call(*this, deadline);
    pb::MemberListResponse response;
    if (auto status = ToAbsl(CurrentStubs()->cluster.MemberList(&call.context, {}, &response));
        !status.ok())
      return status;
    std::vector<ListedMember> members;
    for (const auto& member : response.members()) {
      members.push_back(
          {.id = member.id(), .name = member.name(), .is_learner = member.islearner()});
    }
    return members;
  }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key, std::int64_t revision,
                                                 Deadline deadline) {
    Call call(*this, deadline);
    pb::RangeRequest request;
    request.set_key(std::string(key));
    request.set_revision(revision);
    request.set_serializable(true);
    request.set_limit(1);
    pb::RangeResponse response;
    if (auto status = ToAbsl(CurrentStubs()->kv.Range(&call.context, request, &response));
        !status.ok())
      return status;
    if (response.kvs().empty()) return std::optional<std::string>();
    return std::optional<std::string>(response.kvs(0).value());
  }

  absl::StatusOr<std::int64_t> CompactedRevisionFromWatch(std::string_view absent_key,
                                                          Deadline deadline) {
    Call call(*this, deadline);
    const auto stream = CurrentStubs()->watch.Watch(&call.context);
    pb::WatchRequest request;
    request.mutable_create_request()->set_key(std::string(absent_key));
    request.mutable_create_request()->set_start_revision(1);
    stream->Write(request);
    pb::WatchResponse response;
    std::int64_t compacted = 0;
    while (compacted == 0 && stream->Read(&response)) {
      compacted = response.compact_revision();
      if (response.canceled() && compacted == 0) break;
    }
    call.context.TryCancel();
    while (stream->Read(&response)) {
    }
    const auto ended = ToAbsl(stream->Finish());
    if (compacted > 0) return compacted;
    return ended.ok() ? absl::UnavailableError("the watch ended: " + response.cancel_reason())
                      : ended;
  }

 private:
  struct PendingStatus {
    PendingStatus(Connection& connection, Deadline deadline) : call(connection, deadline) {}
    Call call;
    pb::StatusResponse response;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<pb::StatusResponse>> reader;
  };

  // Those made with the certificates as they are now.
  std::shared_ptr<Stubs> CurrentStubs() {
    const auto tls = tls_ ? tls_->Current() : nullptr;
    const std::lock_guard lock(mutex_);
    if (!stubs_ || stubs_->tls != tls) stubs_ = std::make_shared<Stubs>(endpoint_, tls);
    return stubs_;
  }

  const Endpoint endpoint_;
  const std::shared_ptr<RotatingCredentials> tls_;  // null for http

  std::mutex mutex_;
  std::shared_ptr<Stubs> stubs_;          // guarded by mutex_
  bool cancelled_ = false;                // guarded by mutex_
  std::set<grpc::ClientContext*> calls_;  // guarded by mutex_; at most two at a time
  grpc::CompletionQueue queue_;           // of the Status call alone
  std::optional<PendingStatus> status_;
};

RpcClient::RpcClient(const Endpoint& endpoint, std::shared_ptr<RotatingCredentials> tls)
    : connection_(std::make_unique<Connection>(endpoint, std::move(tls))) {}
RpcClient::~RpcClient() = default;

void RpcClient::StartStatus(Deadline deadline) { connection_->StartStatus(deadline); }
std::optional<absl::StatusOr<StatusReply>> RpcClient::AwaitStatus(Deadline until) {
  return connection_->AwaitStatus(until);
}
absl::StatusOr<std::vector<ListedMember>> RpcClient::ListMembers(Deadline deadline) {
  return connection_->ListMembers(deadline);
}
absl::StatusOr<std::optional<std::string>> RpcClient::Get(std::string_view key,
                                                          std::int64_t revision,
                                                          Deadline deadline) {
  return connection_->Get(key, revision, deadline);
}
absl::StatusOr<std::int64_t> RpcClient::CompactedRevisionFromWatch(std::string_view absent_key,
                                                                   Deadline deadline) {
  return connection_->CompactedRevisionFromWatch(absent_key, deadline);
}
void RpcClient::Cancel() { connection_->Cancel(); }

void InitializeGrpc() {
  // Between calls nothing polls a channel but this: without it a reconnect waits for the next
  // scrape.
  setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "200", /*overwrite=*/0);
  gpr_set_log_function([](gpr_log_func_args* line) {
    // What gRPC calls an error here is mostly a refused connection, which the failed call reports
    // with its cause.
    log::Debug("grpc", {{"message", line->message}});
  });
}

std::string LinkedLibraries() {
  return absl::StrCat("gRPC ", grpc::Version(), ", protobuf ",
                      google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION), ", ",
                      OpenSSL_version(OPENSSL_VERSION));
}

}  // namespace headroom::etcd
