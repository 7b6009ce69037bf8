#include "engine.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "transactions.h"

namespace headroom::loadgen {
namespace {

constexpr std::chrono::milliseconds kReportInterval{5000};
constexpr std::chrono::milliseconds kFailureNoticeInterval{30'000};
// How late a stop signal may be seen.
constexpr std::chrono::milliseconds kLongestWait{50};
// After a stall, at most this much of the missed pace is made up for.
constexpr std::chrono::milliseconds kLargestBacklog{100};
// Without a pace, a failing etcd would be asked in a tight loop.
constexpr std::chrono::milliseconds kPauseAfterFailure{100};
constexpr std::chrono::milliseconds kDrainTime{2000};

}  // namespace

Engine::Engine(const EngineOptions& options, EtcdClient& client, Planner& planner)
    : options_(options),
      client_(client),
      planner_(planner),
      leases_(client, options.event_ttl_seconds),
      compactor_(
          client, options.compact_interval,
          [this](bool created, std::uint64_t bytes, std::int64_t revision) {
            tally_.Add(AllResources().size(), kNoManager, created ? Op::kCreate : Op::kUpdate,
                       bytes, revision);
          },
          [this](const CallResult& result) { CountFailure(result); }) {}

void Engine::Run(const std::atomic<bool>& stop) {
  next_report_ = started_ + kReportInterval;
  for (Clock::time_point now = started_; !stop && !Finished(now); now = Clock::now()) {
    if (!churn_started_ && planner_.preloaded()) {
      churn_started_ = now;
      next_issue_ = now;
    }
    compactor_.Tick(now);
    Report(now);
    Clock::time_point wake = now + kLongestWait;
    if (in_flight_ < options_.in_flight) {
      if (MayIssue(now) && IssueNext(now)) {
        wake = now;  // look for answers without waiting for one
      } else if (next_issue_ > now) {
        wake = std::min(wake, next_issue_);
      }
    }
    client_.RunOne(wake);
  }
  Drain();
  ended_ = Clock::now();
}

bool Engine::Finished(Clock::time_point now) const {
  if (options_.until_nospace && nospace_) return true;
  if (!churn_started_) return false;
  if (options_.writes && churn_writes_ >= *options_.writes) return true;
  return options_.duration.count() > 0 && now >= *churn_started_ + options_.duration;
}

bool Engine::MayIssue(Clock::time_point now) const {
  if (now < next_issue_) return false;
  // Never more on the way than are still wanted, so that the number of writes is exact.
  return !churn_started_ || !options_.writes || churn_writes_ + in_flight_ < *options_.writes;
}

bool Engine::IssueNext(Clock::time_point now) {
  std::optional<Write> write = churn_started_ ? planner_.NextChurn() : planner_.NextPreload();
  if (!write) return false;
  if (churn_started_ && options_.rate > 0) {
    const auto step = std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(1 / options_.rate));
    next_issue_ = std::max(next_issue_ + step, now - kLargestBacklog);
  }
  Issue(std::move(*write));
  return true;
}

void Engine::Issue(Write write) {
  ++in_flight_;
  if (AllResources()[write.resource].nature != Nature::kEvents) {
    Send(std::move(write), 0);
    return;
  }
  leases_.WithLease([this, write = std::move(write)](const CallResult& result, std::int64_t lease) {
    if (result.code == CallResult::Code::kOk) {
      Send(write, lease);
    } else {
      Ended(write, result, {});
    }
  });
}

void Engine::Send(Write write, std::int64_t lease) {
  write.sent = Clock::now();
  if (options_.plain_puts && write.op != Op::kDelete) {
    SendPlain(std::move(write), lease);
    return;
  }
  etcdserverpb::TxnRequest txn;
  switch (write.op) {
    case Op::kCreate:
      txn = CreateTxn(write.key, write.value, lease);
      break;
    case Op::kUpdate:
      txn = UpdateTxn(write.key, write.value, write.object.mod_revision, lease);
      break;
    case Op::kDelete:
      txn = DeleteTxn(write.key, write.object.mod_revision);
      break;
  }
  client_.Txn(txn, [this, write = std::move(write)](const CallResult& result,
                                                    const etcdserverpb::TxnResponse& response) {
    Ended(write, result, response);
  });
}

void Engine::SendPlain(Write write, std::int64_t lease) {
  etcdserverpb::PutRequest put;
  put.set_key(write.key);
  put.set_value(write.value);
  put.set_lease(lease);
  client_.Put(put, [this, write = std::move(write)](const CallResult& result,
                                                    const etcdserverpb::PutResponse& response) {
    etcdserverpb::TxnResponse as_txn;
    as_txn.set_succeeded(true);
    *as_txn.mutable_header() = response.header();
    Ended(write, result, as_txn);
  });
}

void Engine::Ended(const Write& write, const CallResult& result,
                   const etcdserverpb::TxnResponse& response) {
  --in_flight_;
  if (result.code != CallResult::Code::kOk) {
    CountFailure(result);
    planner_.Failed(write);
  } else if (!response.succeeded()) {
    ++tally_.conflicts;
    planner_.Conflict(write, CurrentRevision(response));
  } else {
    tally_.Add(write.resource, write.manager, write.op, write.key.size() + write.value.size(),
               response.header().revision());
    if (!write.preload) {
      ++churn_writes_;
      tally_.latencies.Add(Clock::now() - write.sent);
    }
    planner_.Done(write, response.header().revision());
  }
}

void Engine::CountFailure(const CallResult& result) {
  const Clock::time_point now = Clock::now();
  if (result.code == CallResult::Code::kNoSpace) {
    ++tally_.refused;
    nospace_ = true;
  } else {
    ++tally_.errors;
  }
  if (options_.rate == 0 || !churn_started_) next_issue_ = now + kPauseAfterFailure;
  if (options_.until_nospace && nospace_) return;
  if (result.message == last_failure_ && now < last_failure_shown_ + kFailureNoticeInterval) return;
  std::cerr << "loadgen: a write failed, going on: " << result.message << std::endl;
  last_failure_ = result.message;
  last_failure_shown_ = now;
}

void Engine::Report(Clock::time_point now) {
  if (now < next_report_) return;
  next_report_ += kReportInterval;
  if (!options_.quiet) std::cout << tally_.ProgressLine(SecondsSince(started_)) << std::endl;
}

void Engine::Drain() {
  const Clock::time_point patience = Clock::now() + kDrainTime;
  while (client_.outstanding() > 0 && Clock::now() < patience) client_.RunOne(patience);
  while (client_.outstanding() > 0) {
    client_.CancelAll();
    client_.RunOne(Clock::now() + kLongestWait);
  }
}

double Engine::SecondsSince(Clock::time_point start) const {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string Engine::Summary() const {
  Tally tally = tally_;
  tally.leases_granted = leases_.granted();
  tally.compactions = compactor_.compactions();
  const std::chrono::duration<double> all = ended_ - started_;
  const std::chrono::duration<double> preload = churn_started_.value_or(ended_) - started_;
  return tally.Json(all.count(), preload.count());
}

}  // namespace headroom::loadgen
