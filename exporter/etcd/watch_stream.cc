#include "etcd/watch_stream.h"

#include <grpc/support/time.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "etcd/channel.h"
#include "etcd_read.grpc.pb.h"

namespace headroom::etcd {
namespace {

namespace pb = etcdserverpb;
using Clock = std::chrono::steady_clock;

// Once all that has come is read, wait before looking again: one wake-up then serves all changes of
// that time. The longest pause is for a quiet cluster. In a storm it is as long as a quarter of
// etcd's queue of 128 messages for this stream takes to fill, or most of HTTP/2's first window of
// 64 KiB: with a full queue etcd reads the changes from its database again.
constexpr std::chrono::microseconds kLongestPause{25'000};
constexpr std::chrono::microseconds kShortestPause{1'000};
constexpr double kMessagesPerPause = 32;
constexpr double kBytesPerPause = 48 << 10;

grpc::ByteBuffer CreateRequest(std::int64_t start_revision) {
  pb::WatchRequest request;
  pb::WatchCreateRequest& create = *request.mutable_create_request();
  // From the zero byte to the zero byte: every key.
  create.set_key(std::string(1, '\0'));
  create.set_range_end(std::string(1, '\0'));
  create.set_start_revision(start_revision);
  create.set_fragment(true);
  const grpc::Slice slice(request.SerializeAsString());
  return {&slice, 1};
}

}  // namespace

class WatchStream::Call {
 public:
  Call(const Endpoint& endpoint, std::shared_ptr<const TlsCredentials> tls)
      : tls_(std::move(tls)), channel_(MakeChannel(endpoint, tls_.get())) {
    // Without a leader the stream ends instead of falling silent.
    context_.AddMetadata("hasleader", "true");
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() {
    context_.TryCancel();
    // A read under way fails, in whatever order with this.
    if (stream_ && !ended_) stream_->Finish(&status_, this);
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  absl::StatusOr<StatusReply> Status(Deadline deadline) {
    grpc::ClientContext context;
    context.set_deadline(WallClock(deadline));
    {
      const std::lock_guard lock(mutex_);
      status_context_ = &context;
      if (cancelled_) context.TryCancel();
    }
    pb::StatusResponse response;
    const auto status = ToAbsl(pb::Maintenance::Stub(channel_).Status(&context, {}, &response));
    {
      const std::lock_guard lock(mutex_);
      status_context_ = nullptr;
    }
    if (!status.ok()) return status;
    return FromProto(response);
  }

  absl::Status Open(std::int64_t start_revision) {
    stream_ =
        grpc::GenericStub(channel_).PrepareCall(&context_, "/etcdserverpb.Watch/Watch", &queue_);
    stream_->StartCall(this);
    if (!Completes()) return End();
    stream_->Write(CreateRequest(start_revision), this);
    if (!Completes()) return End();
    stream_->Read(&message_, this);
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<WatchHeader>> Next(
      Deadline until, absl::FunctionRef<bool(std::string_view key)> wants_value,
      absl::FunctionRef<void(const WatchEvent&)> on_event) {
    void* tag = nullptr;
    bool ok = false;
    // A deadline of now would be rounded up to a millisecond that in a storm is never without a
    // message, and there would be no pause.
    auto got = queue_.AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_MONOTONIC));
    if (got == grpc::CompletionQueue::TIMEOUT) {
      if (read_messages_ > 0) Pause();
      got = queue_.AsyncNext(&tag, &ok, WallClock(until));
    }
    if (got == grpc::CompletionQueue::TIMEOUT) return std::nullopt;
    if (!ok) return End();
    ++read_messages_;
    read_bytes_ += static_cast<double>(message_.Length());
    auto header = Parse(wants_value, on_event);
    if (!header.ok()) {
      context_.TryCancel();
      return header.status();
    }
    stream_->Read(&message_, this);
    return *std::move(header);
  }

  void Cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    context_.TryCancel();
    if (status_context_ != nullptr) status_context_->TryCancel();
  }

 private:
  // Whether the one operation under way succeeds.
  bool Completes() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  // What came since the last pause is taken for what will come.
  void Pause() {
    const std::chrono::duration<double, std::micro> took = Clock::now() - paused_at_;
    const double share = std::min(kMessagesPerPause / read_messages_, kBytesPerPause / read_bytes_);
    const auto pause = std::chrono::duration_cast<std::chrono::microseconds>(took * share);
    paused_at_ = Clock::now();
    read_messages_ = 0;
    read_bytes_ = 0;
    std::this_thread::sleep_for(std::clamp(pause, kShortestPause, kLongestPause));
  }

  absl::Status End() {
    ended_ = true;
    stream_->Finish(&status_, this);
    Completes();
    if (status_.ok()) return absl::UnavailableError("etcd ended the watch");
    return ToAbsl(status_);
  }

  absl::StatusOr<WatchHeader> Parse(absl::FunctionRef<bool(std::string_view key)> wants_value,
                                    absl::FunctionRef<void(const WatchEvent&)> on_event) {
    slices_.clear();
    if (auto dumped = ToAbsl(message_.Dump(&slices_)); !dumped.ok()) return dumped;
    pieces_.clear();
    for (const grpc::Slice& slice : slices_) {
      const auto* bytes = static_cast<const char*>(static_cast<const void*>(slice.begin()));
      pieces_.emplace_back(bytes, slice.size());
    }
    auto header = reader_.Read(pieces_, wants_value, on_event);
    slices_.clear();
    message_.Clear();
    return header;
  }

  const std::shared_ptr<const TlsCredentials> tls_;
  const std::shared_ptr<grpc::Channel> channel_;
  grpc::ClientContext context_;  // of the watch
  grpc::CompletionQueue queue_;  // one operation at a time
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer message_;
  std::vector<grpc::Slice> slices_;
  std::vector<std::string_view> pieces_;
  WatchMessageReader reader_;
  Clock::time_point paused_at_ = Clock::now();  // the last time, and what was read since
  double read_messages_ = 0;
  double read_bytes_ = 0;
  bool ended_ = false;
  grpc::Status status_;  // once ended

  std::mutex mutex_;  // guards the rest
  bool cancelled_ = false;
  grpc::ClientContext* status_context_ = nullptr;  // of the Status call under way
};

WatchStream::WatchStream(const Endpoint& endpoint, std::shared_ptr<const TlsCredentials> tls)
    : call_(std::make_unique<Call>(endpoint, std::move(tls))) {}
WatchStream::~WatchStream() = default;

absl::StatusOr<StatusReply> WatchStream::Status(Deadline deadline) {
  return call_->Status(deadline);
}
absl::Status WatchStream::Open(std::int64_t start_revision) { return call_->Open(start_revision); }
absl::StatusOr<std::optional<WatchHeader>> WatchStream::Next(
    Deadline until, absl::FunctionRef<bool(std::string_view key)> wants_value,
    absl::FunctionRef<void(const WatchEvent&)> on_event) {
  return call_->Next(until, wants_value, on_event);
}
void WatchStream::Cancel() { call_->Cancel(); }

}  // namespace headroom::etcd
