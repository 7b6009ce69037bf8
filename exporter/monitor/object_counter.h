#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "etcd/rotating_credentials.h"
#include "etcd/rpc_client.h"
#include "monitor/churn_state.h"
#include "monitor/object_sweep.h"

namespace headroom {

struct ObjectCounterOptions {
  std::shared_ptr<etcd::RotatingCredentials> tls;  // null for plain http
  std::chrono::milliseconds timeout{2000};         // of each question to etcd
  bool at_start = false;                           // without the wait of one to five minutes
};

// Counts the objects in etcd once for `state`, which then keeps the counts; again after a gap in
// the watch. In the background, at a gentle pace: after each call it rests 20 times as long as that
// took. Nothing is counted while NOSPACE is armed, the member defragments or there is no leader.
class ObjectCounter {
 public:
  // `state` must outlive this object.
  ObjectCounter(ObjectCounterOptions options, ChurnState& state);
  ObjectCounter(const ObjectCounter&) = delete;
  ObjectCounter& operator=(const ObjectCounter&) = delete;
  ~ObjectCounter();

  void Stop();

 private:
  void Loop(const std::stop_token& stop);
  absl::Status Count(const std::stop_token& stop);
  std::shared_ptr<etcd::RpcClient> Connect(const etcd::Endpoint& endpoint,
                                           const std::stop_token& stop);

  const ObjectCounterOptions options_;
  ChurnState& state_;
  ObjectSweep sweep_;  // used by the thread alone

  std::mutex mutex_;
  std::shared_ptr<etcd::RpcClient> client_;  // of the count under way; guarded by mutex_

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace headroom
