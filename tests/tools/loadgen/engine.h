#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "compactor.h"
#include "etcd_client.h"
#include "lease_keeper.h"
#include "planner.h"
#include "tally.h"

namespace headroom::loadgen {

struct EngineOptions {
  double rate = 100;                      // churn writes per second; 0 = as fast as it goes
  std::size_t in_flight = 64;             // writes begun and not yet answered, at most
  std::optional<std::uint64_t> writes;    // stop after so many acknowledged churn writes
  std::chrono::milliseconds duration{0};  // of the churn; 0 = no limit
  bool plain_puts = false;                // creates and updates without a guard
  bool until_nospace = false;             // stop at the first write that the quota refuses
  std::int64_t event_ttl_seconds = 3600;
  std::chrono::milliseconds compact_interval{0};  // 0 = no compaction
  bool quiet = false;                             // no progress lines
};

// Carries out what the planner decides: first the preload at full speed, then the churn at the
// paced rate.
class Engine {
 public:
  // `client` and `planner` must outlive this.
  Engine(const EngineOptions& options, EtcdClient& client, Planner& planner);

  // Until an end set in the options is reached, or soon after `stop` becomes true. Waits for the
  // writes in flight, 2 s at most.
  void Run(const std::atomic<bool>& stop);

  // The final line of the tool.
  std::string Summary() const;

 private:
  bool Finished(Clock::time_point now) const;
  bool MayIssue(Clock::time_point now) const;
  // False when there is nothing to write at present.
  bool IssueNext(Clock::time_point now);
  void Issue(Write write);
  void Send(Write write, std::int64_t lease);
  void SendPlain(Write write, std::int64_t lease);
  void Ended(const Write& write, const CallResult& result,
             const etcdserverpb::TxnResponse& response);
  void CountFailure(const CallResult& result);
  void Report(Clock::time_point now);
  void Drain();
  double SecondsSince(Clock::time_point start) const;

  const EngineOptions options_;
  EtcdClient& client_;
  Planner& planner_;
  Tally tally_;
  LeaseKeeper leases_;
  Compactor compactor_;

  const Clock::time_point started_ = Clock::now();
  std::optional<Clock::time_point> churn_started_;
  Clock::time_point ended_;
  Clock::time_point next_issue_ = started_;
  Clock::time_point next_report_ = started_;
  std::size_t in_flight_ = 0;
  std::uint64_t churn_writes_ = 0;  // acknowledged
  bool nospace_ = false;
  std::string last_failure_;
  Clock::time_point last_failure_shown_;
};

}  // namespace headroom::loadgen
