#include "etcd/watcher.h"

#include <algorithm>
#include <random>
#include <utility>

#include "etcd/stoppable_sleep.h"
#include "logging/log.h"

namespace headroom::etcd {
namespace {

using Clock = std::chrono::steady_clock;

// Between rounds over all endpoints that failed: doubled each time, and up to a fifth more, so that
// the exporters of a cluster do not come back as one.
constexpr std::chrono::milliseconds kFirstBackoff{200};
constexpr std::chrono::milliseconds kMaxBackoff{5'000};

// A stream without a message for so long is probed. A cluster of Kubernetes renews leases all the
// time, so this is rare.
constexpr std::chrono::seconds kQuiet{10};
// What Status says there is comes over the stream within this time.
constexpr std::chrono::seconds kOwed{5};
// A member that lags catches up within this time; a store restored from a backup does not.
constexpr std::chrono::seconds kMaxBehind{30};
// A stream that has lived for less and brought nothing was no good.
constexpr std::chrono::seconds kFruitful{10};
// After so many of them in a row what they begin with is skipped: it may be what ends them.
constexpr int kMaxFruitless = 3;

std::chrono::milliseconds Jittered(std::chrono::milliseconds time) {
  static thread_local std::minstd_rand random(std::random_device{}());
  return time + std::chrono::milliseconds(
                    std::uniform_int_distribution<long>(0, time.count() / 5)(random));
}

bool SaysNoLeader(const absl::Status& status) {
  return status.message().find("no leader") != absl::string_view::npos;
}

}  // namespace

Watcher::Watcher(WatcherOptions options, WatchSink& sink)
    : options_(std::move(options)),
      sink_(sink),
      served_(options_.endpoints.size()),
      thread_([this](const std::stop_token& stop) { Loop(stop); }) {}

Watcher::~Watcher() { Stop(); }

void Watcher::Stop() {
  thread_.request_stop();
  const std::lock_guard lock(mutex_);
  if (stream_) stream_->Cancel();
}

void Watcher::Loop(const std::stop_token& stop) {
  std::size_t next = 0;
  auto backoff = kFirstBackoff;
  while (!stop.stop_requested()) {
    const std::int64_t before = position_.complete();
    const auto start = Clock::now();
    const Ended ended = WatchMember(next, stop);
    if (stop.stop_requested()) return;
    if (ended.was_running) sink_.OnDisconnected(ended.why);
    const bool fruitful =
        ended.was_running && (position_.complete() > before || Clock::now() - start > kFruitful);
    if (fruitful) logged_ = false;
    LogEnd(options_.endpoints[next], ended);
    if (ended.was_running) fruitless_ = fruitful ? 0 : fruitless_ + 1;
    if (fruitful && ended.why != WatchEnd::kSilent) {
      backoff = kFirstBackoff;
      next = 0;
    } else {
      next = (next + 1) % options_.endpoints.size();
      if (next != 0) continue;
    }
    if (!StoppableSleep(Jittered(backoff), stop)) return;
    backoff = std::min(2 * backoff, kMaxBackoff);
  }
}

Watcher::Ended Watcher::WatchMember(std::size_t index, const std::stop_token& stop) {
  const Endpoint& endpoint = options_.endpoints[index];
  const auto stream =
      std::make_shared<WatchStream>(endpoint, options_.tls ? options_.tls->Current() : nullptr);
  {
    const std::lock_guard lock(mutex_);
    stream_ = stream;
    // After this Stop() finds it.
    if (stop.stop_requested()) stream->Cancel();
  }
  Ended ended = AskAndRun(*stream, index);
  const std::lock_guard lock(mutex_);
  stream_.reset();
  return ended;
}

Watcher::Ended Watcher::AskAndRun(WatchStream& stream, std::size_t index) {
  const Endpoint& endpoint = options_.endpoints[index];
  const auto reply = stream.Status(Clock::now() + options_.timeout);
  if (!reply.ok()) {
    if (endpoint.tls && absl::IsUnavailable(reply.status())) options_.tls->Refresh();
    return {.status = reply.status()};
  }
  if (auto unfit = Check(*reply, index); !unfit.ok()) return {.status = unfit};
  return Run(stream, endpoint, *reply);
}

absl::Status Watcher::Check(const StatusReply& reply, std::size_t index) {
  if (reply.is_kine()) return absl::FailedPreconditionError("not etcd but kine");
  if (reply.is_learner) return absl::FailedPreconditionError("a learner serves no watch");
  if (reply.leader_id == 0) return absl::UnavailableError("no leader");
  const bool foreign = cluster_id_.value_or(reply.cluster_id) != reply.cluster_id;
  if (foreign && !served_[index])
    return absl::FailedPreconditionError("a member of another cluster");
  if (foreign || reply.revision < position_.complete()) {
    if (!behind_since_) behind_since_ = Clock::now();
    if (Clock::now() - *behind_since_ < kMaxBehind)
      return absl::UnavailableError("the member is behind the watch, or another than it was");
    position_ = WatchPosition();
    sink_.OnDisconnected(WatchEnd::kRegressed);
  }
  behind_since_.reset();
  cluster_id_ = reply.cluster_id;
  served_[index] = true;
  return absl::OkStatus();
}

Watcher::Ended Watcher::Run(WatchStream& stream, const Endpoint& endpoint,
                            const StatusReply& reply) {
  const bool resumes = position_.started() && fruitless_ < kMaxFruitless &&
                       reply.revision - position_.complete() <= kMaxResume;
  const std::int64_t start_revision = resumes ? position_.resume_revision() : 0;
  position_.Resumed();
  owed_revision_ = 0;

  if (auto opened = stream.Open(start_revision); !opened.ok()) return {.status = opened};
  if (auto created = AwaitCreated(stream, start_revision); !created.ok()) {
    return {.status = created};
  }
  sink_.OnConnected(endpoint);
  if (fruitless_ == 0) {
    log::Info("watching",
              {{"endpoint", endpoint.Url()}, {"from_revision", position_.resume_revision()}});
  }
  for (;;) {
    const auto until = Clock::now() + (owed_revision_ != 0 ? kOwed : kQuiet);
    const auto message = stream.Next(
        until, [this](std::string_view key) { return sink_.WantsValue(key); },
        [this](const WatchEvent& event) {
          if (position_.Advance(event.mod_revision)) sink_.OnEvent(event);
        });
    std::optional<Ended> ended;
    if (!message.ok()) {
      const auto why = absl::IsInvalidArgument(message.status()) ? WatchEnd::kMalformed
                       : SaysNoLeader(message.status())          ? WatchEnd::kNoLeader
                                                                 : WatchEnd::kUnavailable;
      ended = Ended{.why = why, .status = message.status()};
    } else if (*message) {
      ended = Handle(**message);
    } else {
      ended = Probe(stream);
    }
    if (ended) {
      ended->was_running = true;
      return *std::move(ended);
    }
  }
}

absl::Status Watcher::AwaitCreated(WatchStream& stream, std::int64_t start_revision) {
  const auto message = stream.Next(
      Clock::now() + options_.timeout, [](std::string_view) { return false; },
      [](const WatchEvent&) {});
  if (!message.ok()) return message.status();
  if (!*message) return absl::DeadlineExceededError("no answer in time");
  const WatchHeader& header = **message;
  if (!header.created || header.canceled)
    return absl::FailedPreconditionError("etcd refuses the watch: " + header.cancel_reason);
  // A watch from now on begins after the revision of this answer.
  if (start_revision == 0) SkipTo(header.revision + 1);
  return absl::OkStatus();
}

std::optional<Watcher::Ended> Watcher::Handle(const WatchHeader& header) {
  if (header.canceled) {
    if (header.compact_revision == 0) {
      return Ended{.status =
                       absl::UnavailableError("etcd ended the watch: " + header.cancel_reason)};
    }
    // What was compacted is lost. The compacted revision itself can still be read unless it was a
    // delete, without a word: it counts as missed.
    SkipTo(header.compact_revision + 1);
    return Ended{.why = WatchEnd::kCompacted,
                 .status = absl::OutOfRangeError("compaction has passed the watch")};
  }
  if (header.events > 0) owed_revision_ = 0;
  if (header.fragment) return std::nullopt;
  position_.EndOfResponse();
  sink_.OnComplete(position_.complete());
  return std::nullopt;
}

std::optional<Watcher::Ended> Watcher::Probe(WatchStream& stream) {
  if (position_.complete() < owed_revision_) {
    return Ended{.why = WatchEnd::kSilent,
                 .status = absl::UnavailableError("the store went on, the watch did not")};
  }
  const auto reply = stream.Status(Clock::now() + options_.timeout);
  // A member that defragments or hangs: nothing comes from it either way. Another one may do
  // better; where there is none, the connection's own keepalive shows when it is dead.
  if (!reply.ok()) {
    if (absl::IsDeadlineExceeded(reply.status()) && options_.endpoints.size() == 1)
      return std::nullopt;
    return Ended{.status = reply.status()};
  }
  if (reply->leader_id == 0)
    return Ended{.why = WatchEnd::kNoLeader, .status = absl::UnavailableError("no leader")};
  owed_revision_ = reply->revision > position_.complete() ? reply->revision : 0;
  return std::nullopt;
}

void Watcher::SkipTo(std::int64_t first_revision) {
  const bool was_started = position_.started();
  const std::int64_t missed = was_started ? first_revision - position_.resume_revision() : 0;
  // From now on after from now on, and nothing in between: the watch goes on.
  if (was_started && missed <= 0) return;
  position_.Start(first_revision);
  sink_.OnStart(first_revision, missed);
}

void Watcher::LogEnd(const Endpoint& endpoint, const Ended& ended) {
  if (std::exchange(logged_, true)) return;
  log::Warn("no watch of the key space: what is written is not seen",
            {{"endpoint", endpoint.Url()}, {"error", std::string(ended.status.message())}});
}

}  // namespace headroom::etcd
