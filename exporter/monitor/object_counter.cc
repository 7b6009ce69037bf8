#include "monitor/object_counter.h"

#include <algorithm>
#include <utility>

#include "etcd/stoppable_sleep.h"
#include "logging/log.h"
#include "monitor/start_delay.h"

namespace headroom {
namespace {

using Clock = std::chrono::steady_clock;

// After one that failed; where just its revision is gone, compacted or before a gap, the next is as
// good.
constexpr std::chrono::seconds kRetry{30};
constexpr std::chrono::seconds kRetryLate{1};
// Each further attempt waits twice as long, up to this.
constexpr std::chrono::seconds kMaxRetry{600};
// How long etcd is taken to be fit for counting once it has said so.
constexpr std::chrono::seconds kFitFor{30};
// For each moment that etcd is kept busy, so many are left to it.
constexpr int kRest = 20;
// A count of a range that is still whole may walk over a million keys.
constexpr std::chrono::seconds kCallTimeout{10};

absl::Status Fit(etcd::RpcClient& client, std::chrono::milliseconds timeout) {
  const Deadline deadline = Clock::now() + timeout;
  client.StartStatus(deadline);
  std::optional<absl::StatusOr<etcd::StatusReply>> answer;
  while (!answer) answer = client.AwaitStatus(Clock::now() + timeout);
  const auto& status = *answer;
  if (!status.ok()) return status.status();
  if (status->leader_id == 0) return absl::UnavailableError("no leader");
  const bool full = std::ranges::any_of(
      status->alarms, [](const etcd::Alarm& alarm) { return alarm.type == "NOSPACE"; });
  return full ? absl::FailedPreconditionError("NOSPACE is armed") : absl::OkStatus();
}

class PacedKeyReader : public KeyReader {
 public:
  PacedKeyReader(etcd::RpcClient& client, std::int64_t revision, std::chrono::milliseconds timeout,
                 const std::stop_token& stop)
      : client_(client), revision_(revision), timeout_(timeout), stop_(stop) {}

  absl::StatusOr<Counted> Count(const etcd::KeyRange& range) override {
    if (auto fit = CheckNowAndThen(); !fit.ok()) return fit;
    const auto start = Clock::now();
    const auto keys = client_.Count(range, revision_, start + kCallTimeout);
    const auto took = Clock::now() - start;
    if (!keys.ok()) return keys.status();
    if (!etcd::StoppableSleep(kRest * took, stop_)) return absl::CancelledError("stopping");
    return Counted{.keys = *keys, .took = took};
  }

  absl::StatusOr<std::vector<std::string>> Keys(const etcd::KeyRange& range,
                                                std::int64_t limit) override {
    if (auto fit = CheckNowAndThen(); !fit.ok()) return fit;
    const auto start = Clock::now();
    auto keys = client_.Keys(range, limit, revision_, start + kCallTimeout);
    if (!etcd::StoppableSleep(kRest * (Clock::now() - start), stop_))
      return absl::CancelledError("stopping");
    return keys;
  }

 private:
  absl::Status CheckNowAndThen() {
    if (Clock::now() < fit_until_) return absl::OkStatus();
    fit_until_ = Clock::now() + kFitFor;
    return Fit(client_, timeout_);
  }

  etcd::RpcClient& client_;
  const std::int64_t revision_;
  const std::chrono::milliseconds timeout_;
  const std::stop_token& stop_;
  Clock::time_point fit_until_;
};

}  // namespace

ObjectCounter::ObjectCounter(ObjectCounterOptions options, ChurnState& state)
    : options_(std::move(options)),
      state_(state),
      sweep_(state.key_reader()),
      thread_([this](const std::stop_token& stop) { Loop(stop); }) {}

ObjectCounter::~ObjectCounter() { Stop(); }

void ObjectCounter::Stop() {
  thread_.request_stop();
  const std::lock_guard lock(mutex_);
  if (client_) client_->Cancel();
}

void ObjectCounter::Loop(const std::stop_token& stop) {
  auto wait = StartDelay(options_.at_start);
  int failures = 0;
  bool logged = false;
  while (state_.AwaitPin(stop) && etcd::StoppableSleep(wait, stop)) {
    const absl::Status counted = Count(stop);
    {
      const std::lock_guard lock(mutex_);
      client_.reset();
    }
    if (stop.stop_requested()) return;
    if (counted.ok()) {
      wait = StartDelay(options_.at_start);
      failures = 0;
      logged = false;
      continue;
    }
    const bool just_late = absl::IsOutOfRange(counted) || absl::IsAborted(counted);
    failures = std::min(failures + 1, 10);
    wait = std::min(kMaxRetry, (just_late ? kRetryLate : kRetry) * (1 << (failures - 1)));
    if (!std::exchange(logged, true)) {
      log::Warn("objects are not counted yet", {{"error", std::string(counted.message())}});
    }
  }
}

absl::Status ObjectCounter::Count(const std::stop_token& stop) {
  // Pinned again: the wait before may have been long.
  const auto pin = state_.AwaitPin(stop);
  if (!pin) return absl::CancelledError("stopping");
  const auto client = Connect(pin->endpoint, stop);
  PacedKeyReader reader(*client, pin->revision, options_.timeout, stop);
  const auto start = Clock::now();
  const auto objects = sweep_.Run(reader);
  if (!objects.ok()) return objects.status();
  if (!state_.SetObjects(*objects, pin->revision))
    return absl::AbortedError("the watch was interrupted meanwhile");
  const std::chrono::duration<double> took = Clock::now() - start;
  log::Info("objects are counted", {{"resources", static_cast<std::int64_t>(objects->size())},
                                    {"revision", pin->revision},
                                    {"seconds", took.count()}});
  return absl::OkStatus();
}

// A connection for this count alone: it is not needed again for a long time.
std::shared_ptr<etcd::RpcClient> ObjectCounter::Connect(const etcd::Endpoint& endpoint,
                                                        const std::stop_token& stop) {
  auto client = std::make_shared<etcd::RpcClient>(endpoint, options_.tls);
  const std::lock_guard lock(mutex_);
  client_ = client;
  // After this Stop() finds it.
  if (stop.stop_requested()) client->Cancel();
  return client;
}

}  // namespace headroom
