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
#include "etcd/channel.h"
#include "etcd_read.grpc.pb.h"
#include "logging/log.h"

namespace headroom::etcd {
namespace pb = etcdserverpb;

class RpcClient::Connection {
  // A channel made with one set of credentials, and the services on it.
  struct Stubs {
    Stubs(const Endpoint& endpoint, std::shared_ptr<const TlsCredentials> credentials)
        : tls(std::move(credentials)),
          channel(MakeChannel(endpoint, tls.get())),
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
      members.push_back({.id = member.id(),
                         .name = member.name(),
                         .client_urls = {member.clienturls().begin(), member.clienturls().end()},
                         .is_learner = member.islearner()});
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

  absl::StatusOr<std::int64_t> Count(const KeyRange& range, std::int64_t revision,
                                     Deadline deadline) {
    pb::RangeRequest request = Request(range, revision);
    request.set_count_only(true);
    Call call(*this, deadline);
    pb::RangeResponse response;
    if (auto status = ToAbsl(CurrentStubs()->kv.Range(&call.context, request, &response));
        !status.ok())
      return status;
    return response.count();
  }

  absl::StatusOr<std::vector<std::string>> Keys(const KeyRange& range, std::int64_t limit,
                                                std::int64_t revision, Deadline deadline) {
    pb::RangeRequest request = Request(range, revision);
    request.set_keys_only(true);
    request.set_limit(limit);
    Call call(*this, deadline);
    pb::RangeResponse response;
    if (auto status = ToAbsl(CurrentStubs()->kv.Range(&call.context, request, &response));
        !status.ok())
      return status;
    std::vector<std::string> keys;
    for (auto& kv : *response.mutable_kvs()) keys.push_back(std::move(*kv.mutable_key()));
    return keys;
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

  static pb::RangeRequest Request(const KeyRange& range, std::int64_t revision) {
    pb::RangeRequest request;
    request.set_key(range.begin);
    request.set_range_end(range.end);
    request.set_revision(revision);
    request.set_serializable(true);
    return request;
  }

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
absl::StatusOr<std::int64_t> RpcClient::Count(const KeyRange& range, std::int64_t revision,
                                              Deadline deadline) {
  return connection_->Count(range, revision, deadline);
}
absl::StatusOr<std::vector<std::string>> RpcClient::Keys(const KeyRange& range, std::int64_t limit,
                                                         std::int64_t revision, Deadline deadline) {
  return connection_->Keys(range, limit, revision, deadline);
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
  // gRPC's threads may still shake hands when main() returns: OpenSSL must not be taken from under
  // them then.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
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
