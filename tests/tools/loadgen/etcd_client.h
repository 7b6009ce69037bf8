#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "etcd_write.pb.h"

namespace headroom::loadgen {

using Clock = std::chrono::steady_clock;

struct ClientOptions {
  std::vector<std::string> endpoints{
      "127.0.0.1:2379"};  // host:port, with or without http:// or https://
  std::string cacert;     // PEM files; empty = not given
  std::string cert;
  std::string key;
  std::string server_name;  // what the server's certificate must name instead of the host dialled
};

// How a call ended.
struct CallResult {
  enum class Code : std::uint8_t {
    kOk,
    kNoSpace,  // refused: the quota is reached; nothing was written
    kError,    // connection lost, timeout, anything else: whether it was applied is unknown
  };
  Code code = Code::kOk;
  std::string message;  // etcd's or gRPC's words, empty for kOk
};

template <typename Response>
using Done = std::function<void(const CallResult&, const Response&)>;

// Pipelined calls to an etcd cluster, spread over its endpoints in turn. All is done by the one
// thread that owns this: `done` runs inside RunOne. Neither the calls nor this may outlive what
// `done` refers to.
class EtcdClient {
 public:
  // Reads the PEM files; fails when one cannot be read. Does not wait for a connection.
  static absl::StatusOr<std::unique_ptr<EtcdClient>> Make(const ClientOptions& options);
  virtual ~EtcdClient() = default;

  virtual void Txn(const etcdserverpb::TxnRequest& request,
                   Done<etcdserverpb::TxnResponse> done) = 0;
  virtual void Put(const etcdserverpb::PutRequest& request,
                   Done<etcdserverpb::PutResponse> done) = 0;
  virtual void LeaseGrant(const etcdserverpb::LeaseGrantRequest& request,
                          Done<etcdserverpb::LeaseGrantResponse> done) = 0;
  virtual void Compact(const etcdserverpb::CompactionRequest& request,
                       Done<etcdserverpb::CompactionResponse> done) = 0;

  // Waits until one call has ended, and runs its `done`; false when none did before `deadline`.
  virtual bool RunOne(Clock::time_point deadline) = 0;

  // Calls begun and not yet ended.
  virtual std::size_t outstanding() const = 0;

  // Makes all of them end soon, as errors.
  virtual void CancelAll() = 0;

  EtcdClient(const EtcdClient&) = delete;
  EtcdClient& operator=(const EtcdClient&) = delete;

 protected:
  EtcdClient() = default;
};

}  // namespace headroom::loadgen
