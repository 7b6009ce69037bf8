#include "etcd_client.h"

#include <grpcpp/grpcpp.h>

#include <fstream>
#include <sstream>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "etcd_write.grpc.pb.h"

namespace headroom::loadgen {
namespace {

// etcd itself gives up on a proposal after 5 s and two election timeouts: 7 s by default.
constexpr std::chrono::seconds kCallTimeout{10};

CallResult Translate(const grpc::Status& status) {
  if (status.ok()) return {};
  // "too many requests" has the same code: etcd applies more slowly than it commits.
  const bool no_space = status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
                        status.error_message().find("space exceeded") != std::string::npos;
  return {no_space ? CallResult::Code::kNoSpace : CallResult::Code::kError, status.error_message()};
}

// One call on its way; its address is the tag on the completion queue.
class Call {
 public:
  Call() { context_.set_deadline(std::chrono::system_clock::now() + kCallTimeout); }
  virtual ~Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  virtual void Finish() = 0;
  void Cancel() { context_.TryCancel(); }

 protected:
  grpc::ClientContext context_;
  grpc::Status status_;
};

template <typename Response>
class TypedCall final : public Call {
 public:
  explicit TypedCall(Done<Response> done) : done_(std::move(done)) {}

  // `prepare` binds a stub's PrepareAsync method and the request.
  template <typename Prepare>
  void Start(Prepare prepare) {
    reader_ = prepare(&context_);
    reader_->StartCall();
    reader_->Finish(&response_, &status_, static_cast<Call*>(this));
  }

  void Finish() override { done_(Translate(status_), response_); }

 private:
  Done<Response> done_;
  Response response_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader_;
};

struct Endpoint {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<etcdserverpb::KV::Stub> kv;
  std::unique_ptr<etcdserverpb::Lease::Stub> lease;
};

class GrpcClient final : public EtcdClient {
 public:
  explicit GrpcClient(std::vector<Endpoint> endpoints) : endpoints_(std::move(endpoints)) {}

  ~GrpcClient() override {
    Abandon();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) delete static_cast<Call*>(tag);
  }
  GrpcClient(const GrpcClient&) = delete;
  GrpcClient& operator=(const GrpcClient&) = delete;

  void Txn(const etcdserverpb::TxnRequest& request, Done<etcdserverpb::TxnResponse> done) override {
    Start(std::move(done), [&, this](grpc::ClientContext* context) {
      return Pick().kv->PrepareAsyncTxn(context, request, &queue_);
    });
  }
  void Put(const etcdserverpb::PutRequest& request, Done<etcdserverpb::PutResponse> done) override {
    Start(std::move(done), [&, this](grpc::ClientContext* context) {
      return Pick().kv->PrepareAsyncPut(context, request, &queue_);
    });
  }
  void LeaseGrant(const etcdserverpb::LeaseGrantRequest& request,
                  Done<etcdserverpb::LeaseGrantResponse> done) override {
    Start(std::move(done), [&, this](grpc::ClientContext* context) {
      return Pick().lease->PrepareAsyncLeaseGrant(context, request, &queue_);
    });
  }
  void Compact(const etcdserverpb::CompactionRequest& request,
               Done<etcdserverpb::CompactionResponse> done) override {
    Start(std::move(done), [&, this](grpc::ClientContext* context) {
      return Pick().kv->PrepareAsyncCompact(context, request, &queue_);
    });
  }

  bool RunOne(Clock::time_point deadline) override {
    void* tag = nullptr;
    bool ok = false;
    // gRPC takes only the wall clock here.
    const auto wall =
        std::chrono::system_clock::now() +
        std::chrono::duration_cast<std::chrono::system_clock::duration>(deadline - Clock::now());
    if (queue_.AsyncNext(&tag, &ok, wall) != grpc::CompletionQueue::GOT_EVENT) return false;
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    calls_.erase(call.get());
    call->Finish();
    return true;
  }

  std::size_t outstanding() const override { return calls_.size(); }

  void CancelAll() override { Abandon(); }

 private:
  template <typename Response, typename Prepare>
  void Start(Done<Response> done, Prepare prepare) {
    auto call = std::make_unique<TypedCall<Response>>(std::move(done));
    calls_.insert(call.get());
    call.release()->Start(prepare);  // comes back from the queue
  }

  void Abandon() {
    for (Call* call : calls_) call->Cancel();
  }

  // The next endpoint in turn that is not known to be away; the next one at all if all are.
  const Endpoint& Pick() {
    next_ = (next_ + 1) % endpoints_.size();
    for (std::size_t i = 0; endpoints_.size() > 1 && i < endpoints_.size(); ++i) {
      const Endpoint& endpoint = endpoints_[(next_ + i) % endpoints_.size()];
      if (endpoint.channel->GetState(true) != GRPC_CHANNEL_TRANSIENT_FAILURE) return endpoint;
    }
    return endpoints_[next_];
  }

  std::vector<Endpoint> endpoints_;
  std::size_t next_ = 0;
  grpc::CompletionQueue queue_;
  std::unordered_set<Call*> calls_;
};

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path);
  std::ostringstream text;
  if (!(text << file.rdbuf())) return absl::InvalidArgumentError("cannot read " + path);
  return text.str();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsCredentials(
    const ClientOptions& options) {
  const auto roots = ReadPem(options.cacert);
  if (!roots.ok()) return roots.status();
  const auto cert = ReadPem(options.cert);
  if (!cert.ok()) return cert.status();
  const auto key = ReadPem(options.key);
  if (!key.ok()) return key.status();
  return grpc::SslCredentials(
      {.pem_root_certs = *roots, .pem_private_key = *key, .pem_cert_chain = *cert});
}

}  // namespace

absl::StatusOr<std::unique_ptr<EtcdClient>> EtcdClient::Make(const ClientOptions& options) {
  grpc::ChannelArguments arguments;
  // A restarted etcd is back within a second or two; gRPC's default pause grows to two minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  if (!options.server_name.empty()) arguments.SetSslTargetNameOverride(options.server_name);
  const auto tls = TlsCredentials(options);
  if (!tls.ok()) return tls.status();

  std::vector<Endpoint> endpoints;
  for (std::string_view target : options.endpoints) {
    bool secure = !options.cacert.empty();
    if (target.starts_with("https://")) {
      secure = true;
      target.remove_prefix(8);
    } else if (target.starts_with("http://")) {
      secure = false;
      target.remove_prefix(7);
    }
    if (target.ends_with('/')) target.remove_suffix(1);
    Endpoint endpoint;
    endpoint.channel = grpc::CreateCustomChannel(
        std::string(target), secure ? *tls : grpc::InsecureChannelCredentials(), arguments);
    endpoint.kv = etcdserverpb::KV::NewStub(endpoint.channel);
    endpoint.lease = etcdserverpb::Lease::NewStub(endpoint.channel);
    endpoints.push_back(std::move(endpoint));
  }
  if (endpoints.empty()) return absl::InvalidArgumentError("no endpoint given");
  return std::make_unique<GrpcClient>(std::move(endpoints));
}

}  // namespace headroom::loadgen
