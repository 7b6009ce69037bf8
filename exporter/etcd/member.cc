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
  std::optional<absl::StatusOr<PageFacts>> page;
  client_.StartStatus(deadline);
  auto status = client_.AwaitStatus(std::min(deadline, start + kStatusHangs));
  if (!status) {
    page = ReadPage(deadline, stop);
    if (page->ok()) Publish([&](MemberFacts& facts) { facts.page = **page; });
  }
  // gRPC ends the call at its own deadline.
  while (!status) status = client_.AwaitStatus(Clock::now() + options_.timeout);
  if (absl::IsUnavailable(status->status()) && logged_status_ == absl::StatusCode::kOk) {
    // A connection that etcd closed since the last round is noticed by the first call on it, which
    // says nothing of etcd now.
    client_.StartStatus(deadline);
    status.reset();
    while (!status) status = client_.AwaitStatus(Clock::now() + options_.timeout);
  }

  const bool is_kine = status->ok() && (*status)->is_kine();
  if (is_kine)
    status.emplace(absl::FailedPreconditionError(
        "not etcd: the header of its Status is all zero, as kine's is"));
  if (!stop.stop_requested()) LogMemberChange(*status);
  Publish([&](MemberFacts& facts) {
    facts.status = *status;
    facts.status_took = Clock::now() - start;
    facts.is_kine = is_kine;
  });
  if (!status->ok()) {
    slow_.reset();
    if (!page && !is_kine) page = ReadPage(deadline, stop);
    if (page && page->ok()) Publish([&](MemberFacts& facts) { facts.page = **page; });
    return;
  }

  if (page || !slow_ || Clock::now() - slow_->asked >= kSlowFactsAge) {
    const Deadline slow_deadline = Clock::now() + options_.timeout;
    slow_.emplace(
        SlowFacts{.asked = Clock::now(), .page = {}, .compact_revision = {}, .members = {}});
    if (!page) page = ReadPage(slow_deadline, stop);
    if (page->ok()) slow_->page = **page;
    if (!stop.stop_requested()) LogPageChange(page->status());
    if (auto members = client_.ListMembers(slow_deadline); members.ok())
      slow_->members = std::move(*members);
    slow_->compact_revision = LearnCompactRevision(slow_->page, client_, slow_deadline);
  }
  Publish([&](MemberFacts& facts) {
    facts.page = slow_->page;
    facts.members = slow_->members;
    facts.compact_revision = slow_->compact_revision;
  });
}

absl::StatusOr<PageFacts> Member::ReadPage(Deadline deadline, const std::stop_token& stop) {
  MetricsPageParser parser;
  const auto got = HttpGet(options_.metrics_url, options_.tls.get(), deadline, stop,
                           [&parser](std::string_view piece) { parser.Feed(piece); });
  const PageFacts& facts = parser.Finish();
  absl::Status status = got;
  if (got.ok() && facts.empty())
    status = absl::InvalidArgumentError("there is no etcd metric on the page");
  if (status.ok() && parser.malformed_lines() == 0) return facts;
  {
    const std::lock_guard lock(mutex_);
    ++page_failures_;
  }
  if (!status.ok()) return status;
  log::Debug("lines of etcd's metrics page make no sense and are ignored",
             {{"url", options_.metrics_url.Url()}});
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
