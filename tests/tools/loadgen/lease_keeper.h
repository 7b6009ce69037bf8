#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "etcd_client.h"

namespace headroom::loadgen {

// Shares etcd leases between objects as kube-apiserver does: one lease serves objects for at most
// 60 s (or 5 % of the TTL if that is less, but at least 1 s), and at most 1000 of them; it lives
// that much longer than the TTL so that no object ends early.
class LeaseKeeper {
 public:
  // `lease` is meaningful only when the result is kOk.
  using Use = std::function<void(const CallResult& result, std::int64_t lease)>;

  // `client` must outlive this.
  LeaseKeeper(EtcdClient& client, std::int64_t ttl_seconds);

  // Runs `use` at once while the current lease may be shared, else when a new one has been granted
  // or refused.
  void WithLease(Use use);

  std::uint64_t granted() const { return granted_; }

 private:
  void Grant();
  void Granted(const CallResult& result, std::int64_t lease);
  bool Usable() const;

  EtcdClient& client_;
  const std::int64_t ttl_seconds_;
  const std::int64_t reuse_seconds_;
  std::int64_t lease_ = 0;
  int objects_ = 0;
  Clock::time_point reuse_until_;
  std::uint64_t granted_ = 0;
  bool granting_ = false;
  std::deque<Use> waiting_;
};

}  // namespace headroom::loadgen
