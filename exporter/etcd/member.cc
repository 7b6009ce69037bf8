#include "etcd/member.h"

#include <utility>

#include "etcd/http_get.h"
#include "logging/log.h"

namespace headroom::etcd {
namespace {

using Clock = std::chrono::steady_clock;

// Status takes well under a millisecond. One that takes this long is probably held up by a
// defragmentation, during which the metrics page still answers.
constexpr std::chrono::milliseconds kStatusHangs{250};

}  // namespace

Member::Member(MemberOptions options)
    : options_(std::move(options)),
      client_(options_.endpoint, options_.tls),
      round_running_(true),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

Member::~Member() { Stop(); }

void Member::Stop() {
  thread_.request_stop();
  client_.Cancel();
}

void Member::Ask() {
  const std::lock_guard lock(mutex_);
  if (round_running_) return;
  round_running_ = true;
  facts_ = MemberFacts();
  changed_.notify_all();
}

MemberFacts Member::Await(Deadline deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [this] { return !round_running_; });
  return facts_;
}

std::uint64_t Member::page_failures() const {
  const std::lock_guard lock(mutex_);
  return page_failures_;
}

void Member::Run(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return round_running_; })) return;
    }
    Round(stop);
    {
      const std::lock_guard lock(mutex_);
      round_running_ = false;
    }
    changed_.notify_all();
  }
}

template <typename Change>
void Member::Publish(Change change) {
  const std::lock_guard lock(mutex_);
  change(facts_);
}

void Member::Round(const std::stop_token& stop) {
  const auto start = Clock::now();
  const Deadline deadline = start + options_.timeout;
  std::optional<absl::StatusOr<PageFacts>> page;  // once it has been asked for in this round
  absl::StatusOr<StatusReply> status = AskStatus(deadline, page, stop);
  const bool is_kine = status.ok() && status->is_kine();
  if (is_kine)
    status = absl::FailedPreconditionError(
        "not etcd: the header of its Status is all zero, as kine's is");
  if (!stop.stop_requested()) LogMemberChange(status);
  Publish([&](MemberFacts& facts) {
    facts.status = status;
    facts.status_took = Clock::now() - start;
    facts.is_kine = is_kine;
  });

  if (!status.ok()) {
    slow_.reset();
    if (!page && !is_kine) page = ReadPage(deadline, stop);
    if (page && page->ok()) Publish([&](MemberFacts& facts) { facts.page = **page; });
    return;
  }
  if (page || !slow_ || Clock::now() - slow_->asked >= kSlowFactsAge) {
    const Deadline slow_deadline = Clock::now() + options_.timeout;
    if (!page) page = ReadPage(slow_deadline, stop);
    if (!stop.stop_requested()) LogPageChange(page->status());
    slow_ = ReadSlowFacts(*page, slow_deadline);
  }
  Publish([&](MemberFacts& facts) {
    facts.page = slow_->page;
    facts.members = slow_->members;
    facts.compact_revision = slow_->compact_revision;
  });
}

absl::StatusOr<StatusReply> Member::AskStatus(Deadline deadline,
                                              std::optional<absl::StatusOr<PageFacts>>& page,
                                              const std::stop_token& stop) {
  // gRPC ends a call at its own deadline, so this ends too.
  const auto await = [this] {
    for (;;) {
      if (auto status = client_.AwaitStatus(Clock::now() + options_.timeout)) return *status;
    }
  };
  client_.StartStatus(deadline);
  if (auto status = client_.AwaitStatus(std::min(deadline, Clock::now() + kStatusHangs))) {
    const bool was_up = logged_status_ == absl::StatusCode::kOk;
    if (!was_up || !absl::IsUnavailable(status->status())) return *status;
    // A connection that etcd closed since the last round is noticed by the first call on it, which
    // says nothing of etcd now.
    client_.StartStatus(deadline);
    return await();
  }
  page = ReadPage(deadline, stop);
  if (page->ok()) Publish([&](MemberFacts& facts) { facts.page = **page; });
  return await();
}

Member::SlowFacts Member::ReadSlowFacts(const absl::StatusOr<PageFacts>& page, Deadline deadline) {
  SlowFacts slow{.asked = Clock::now()};
  if (page.ok()) slow.page = *page;
  if (auto members = client_.ListMembers(deadline); members.ok())
    slow.members = *std::move(members);
  slow.compact_revision = LearnCompactRevision(slow.page, client_, deadline);
  return slow;
}

absl::StatusOr<PageFacts> Member::ReadPage(Deadline deadline, const std::stop_token& stop) {
  MetricsPageParser parser;
  absl::Status status = HttpGet(options_.metrics_url, options_.tls.get(), deadline, stop,
                                [&parser](std::string_view piece) { parser.Feed(piece); });
  const PageFacts& facts = parser.Finish();
  if (status.ok() && facts.empty())
    status = absl::InvalidArgumentError("there is no etcd metric on the page");
  const bool malformed = parser.malformed_lines() > 0;
  if (malformed && status.ok() && !std::exchange(warned_of_malformed_page_, true))
    log::Warn("lines of etcd's metrics page make no sense and are ignored",
              {{"url", options_.metrics_url.Url()}});
  if (!malformed) warned_of_malformed_page_ = false;
  if (malformed || !status.ok()) {
    const std::lock_guard lock(mutex_);
    ++page_failures_;
  }
  if (!status.ok()) return status;
  return facts;
}

void Member::LogMemberChange(const absl::StatusOr<StatusReply>& status) {
  if (logged_status_ && status.ok() == (*logged_status_ == absl::StatusCode::kOk)) return;
  logged_status_ = status.status().code();
  const std::string url = options_.endpoint.Url();
  if (status.ok()) {
    log::Info("member answers", {{"endpoint", url}, {"version", status->server_version}});
  } else {
    log::Error("member does not answer",
               {{"endpoint", url}, {"error", std::string(status.status().message())}});
  }
}

void Member::LogPageChange(const absl::Status& status) {
  if (status.code() == logged_page_) return;
  logged_page_ = status.code();
  const std::string url = options_.metrics_url.Url();
  if (status.ok()) {
    log::Info("etcd's metrics page is readable again", {{"url", url}});
  } else {
    log::Warn(
        "etcd's metrics page cannot be read: the quota may be unknown, a defragmentation looks "
        "like an outage",
        {{"url", url}, {"error", std::string(status.message())}});
  }
}

}  // namespace headroom::etcd
