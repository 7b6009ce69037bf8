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
// A member that lags catches up within this many probes; a restored store does not.
constexpr int kMaxTimesBehind = 3;

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
    const Endpoint& endpoint = options_.endpoints[next];
    const Ended ended = WatchMember(endpoint, stop);
    if (stop.stop_requested()) return;
    LogEnd(endpoint, ended);
    if (ended.was_running) {
      sink_.OnDisconnected(ended.why);
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

Watcher::Ended Watcher::WatchMember(const Endpoint& endpoint, const std::stop_token& stop) {
  const auto stream =
      std::make_shared<WatchStream>(endpoint, options_.tls ? options_.tls->Current() : nullptr);
  {
    const std::lock_guard lock(mutex_);
    stream_ = stream;
    // After this Stop() finds it.
    if (stop.stop_requested()) stream->Cancel();
  }
  const auto reply = stream->Status(Clock::now() + options_.timeout);
  if (!reply.ok()) {
    if (endpoint.tls && absl::IsUnavailable(reply.status())) options_.tls->Refresh();
    return {.status = reply.status()};
  }
  if (auto unfit = Check(*reply); !unfit.ok()) return {.status = unfit};
  Ended ended = Run(*stream, endpoint, *reply);
  const std::lock_guard lock(mutex_);
  stream_.reset();
  return ended;
}

absl::Status Watcher::Check(const StatusReply& reply) {
  if (reply.is_kine()) return absl::FailedPreconditionError("not etcd but kine");
  if (cluster_id_.value_or(reply.cluster_id) != reply.cluster_id)
    return absl::FailedPreconditionError("a member of another cluster");
  if (reply.is_learner) return absl::FailedPreconditionError("a learner serves no watch");
  if (reply.leader_id == 0) return absl::UnavailableError("no leader");
  cluster_id_ = reply.cluster_id;
  return absl::OkStatus();
}

Watcher::Ended Watcher::Run(WatchStream& stream, const Endpoint& endpoint,
                            const StatusReply& reply) {
  // The leader has all there is; whoever stands further has seen a store that is gone.
  const bool is_leader = reply.leader_id == reply.member_id;
  const bool regressed = is_leader && reply.revision < position_.complete();
  const bool resumes =
      position_.started() && !regressed && reply.revision - position_.complete() <= kMaxResume;
  const std::int64_t start_revision = resumes ? position_.resume_revision() : 0;
  if (regressed) position_ = WatchPosition();
  position_.Resumed();
  owed_revision_ = 0;
  times_behind_ = 0;

  if (auto opened = stream.Open(start_revision); !opened.ok()) return {.status = opened};
  if (auto created = AwaitCreated(stream, start_revision); !created.ok())
    return {.status = created};
  sink_.OnConnected(endpoint);
  logged_ = false;
  log::Info("watching", {{"endpoint", endpoint.Url()},
                         {"from_revision", std::to_string(position_.resume_revision())}});
  for (;;) {
    const auto until = Clock::now() + (owed_revision_ != 0 ? std::chrono::seconds(kOwed) : kQuiet);
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
    if (header.compact_revision == 0)
      return Ended{.status =
                       absl::UnavailableError("etcd ended the watch: " + header.cancel_reason)};
    // What was compacted is lost; the compacted revision itself can still be read.
    SkipTo(header.compact_revision);
    return Ended{.why = WatchEnd::kCompacted,
                 .status = absl::OutOfRangeError("compaction has passed the watch")};
  }
  if (header.events > 0) owed_revision_ = times_behind_ = 0;
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
  // better; where there is none, the connection's own keepalive tells when it is dead.
  if (!reply.ok()) {
    if (absl::IsDeadlineExceeded(reply.status()) && options_.endpoints.size() == 1)
      return std::nullopt;
    return Ended{.status = reply.status()};
  }
  if (reply->leader_id == 0)
    return Ended{.why = WatchEnd::kNoLeader, .status = absl::UnavailableError("no leader")};
  times_behind_ = reply->revision < position_.complete() ? times_behind_ + 1 : 0;
  if (times_behind_ == kMaxTimesBehind) {
    position_ = WatchPosition();
    return Ended{.why = WatchEnd::kRegressed,
                 .status = absl::DataLossError("the store is older than what was seen of it")};
  }
  owed_revision_ = std::max<std::int64_t>(reply->revision, 0);
  if (owed_revision_ <= position_.complete()) owed_revision_ = 0;
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
  if (std::exchange(logged_, true) && !ended.was_running) return;
  log::Warn("no watch of the key space: what is written is not seen",
            {{"endpoint", endpoint.Url()}, {"error", std::string(ended.status.message())}});
}

}  // namespace headroom::etcd
