#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "etcd_client.h"

namespace headroom::loadgen {

// kube-apiserver's compaction loop. Each tick agrees with other API servers through a transaction
// on the key `compact_rev_key` (version compare, value = the revision seen at the previous tick in
// decimal) and, having won, compacts to that revision. So one to two intervals of history stay. As
// the transaction contains a put, a full etcd refuses it.
class Compactor {
 public:
  // Called for every put of the key that etcd acknowledged.
  using Written = std::function<void(bool created, std::uint64_t put_bytes, std::int64_t revision)>;
  using Failed = std::function<void(const CallResult&)>;

  // The first tick is one interval from now; an interval of 0 turns the loop off. `client` must
  // outlive this.
  Compactor(EtcdClient& client, std::chrono::milliseconds interval, Written written, Failed failed);

  // Begins the tick that is due, if any.
  void Tick(Clock::time_point now);

  // Compactions that etcd accepted.
  std::uint64_t compactions() const { return compactions_; }

 private:
  void Commit();
  void Committed(const CallResult& result, const etcdserverpb::TxnResponse& response);
  void Compact(std::int64_t revision);
  void Rest();

  EtcdClient& client_;
  const std::chrono::milliseconds interval_;
  const Written written_;
  const Failed failed_;
  Clock::time_point due_;
  bool busy_ = false;
  std::int64_t version_ = 0;   // of the key, as last seen
  std::int64_t revision_ = 0;  // of the store at the previous tick
  std::uint64_t compactions_ = 0;
};

}  // namespace headroom::loadgen
