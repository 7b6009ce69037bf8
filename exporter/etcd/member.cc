#include "etcd/member.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "etcd/failure_cause.h"
#include "etcd/http_get.h"
#include "logging/log.h"

namespace headroom::etcd {
namespace {

using Clock = std::chrono::steady_clock;

// Status takes well under a millisecond. One that takes this long is probably held up by a
// defragmentation, during which the metrics page still answers.
constexpr std::chrono::milliseconds kStatusHangs{250};

// How long the cause of an outage is taken for the same.
constexpr std::chrono::minutes kCauseAge{1};

}  // namespace

Member::Member(MemberOptions options)
    : options_(std::move(options)),
      client_(options_.endpoint, options_.tls),
      status_thread_([this](const std::stop_token& stop) { StatusLoop(stop); }),
      slow_thread_([this](const std::stop_token& stop) { SlowLoop(stop); }) {}

Member::~Member() { Stop(); }

void Member::Stop() {
  status_thread_.request_stop();
  slow_thread_.request_stop();
  client_.Cancel();
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

std::uint64_t Member::Ask() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(status_running_, true)) changed_.notify_all();
  return status_calls_ + 1;
}

MemberFacts Member::Await(std::uint64_t call, Deadline deadline) {
  std::unique_lock lock(mutex_);
  const auto wait_for = [&](auto condition) {
    changed_.wait_until(lock, deadline, [&] { return stopped_ || condition(); });
  };
  wait_for([&] { return status_calls_ >= call; });
  MemberFacts facts;
  std::uint64_t page_read = hung_page_read_;
  if (status_calls_ >= call) {
    facts.status = last_status_.reply;
    facts.status_took = last_status_.took;
    facts.is_kine = last_status_.is_kine;
    page_read = last_status_.page_read;
  }
  if (facts.status.ok()) {
    wait_for([this] { return !slow_wanted_ && !slow_running_; });
    facts.page = slow_.page;
    facts.compact_revision = slow_.compact_revision;
    facts.members = slow_.members;
  } else if (page_read != 0) {
    wait_for([&] { return page_reads_ >= page_read; });
    if (page_reads_ >= page_read) facts.page = page_;
  }
  return facts;
}

std::uint64_t Member::page_failures() const {
  const std::lock_guard lock(mutex_);
  return page_failures_;
}

void Member::StatusLoop(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return status_running_; })) return;
      hung_page_read_ = 0;
    }
    StatusCall call = CallStatus();
    Explain(call.reply, stop);
    const auto reply = call.reply;
    EndStatusCall(std::move(call));
    if (!stop.stop_requested()) LogStatusChange(reply);
    if (stop.stop_requested()) return;
  }
}

Member::StatusCall Member::CallStatus() {
  const auto start = Clock::now();
  const Deadline deadline = start + options_.timeout;
  const auto start_and_await = [&] {
    client_.StartStatus(deadline);
    auto reply = client_.AwaitStatus(std::min(deadline, start + kStatusHangs));
    if (!reply) {
      {
        const std::lock_guard lock(mutex_);
        hung_page_read_ = WantPage();
      }
      changed_.notify_all();
    }
    // gRPC ends a call at its own deadline, so this ends too.
    while (!reply) reply = client_.AwaitStatus(Clock::now() + options_.timeout);
    return *std::move(reply);
  };
  StatusCall call{.reply = start_and_await()};
  if (absl::IsUnavailable(call.reply.status()) || absl::IsUnauthenticated(call.reply.status())) {
    // A connection that etcd closed since the last call is noticed by the next on it, which says
    // nothing of etcd now. Nor does a handshake with certificates that have been renewed since, or
    // a token that etcd has forgotten.
    const bool was_up = logged_up_.value_or(false);
    const bool renewed = options_.endpoint.tls && options_.tls->Refresh();
    if (was_up || renewed) call.reply = start_and_await();
  }
  call.took = Clock::now() - start;
  call.is_kine = call.reply.ok() && call.reply->is_kine();
  if (call.is_kine) {
    call.reply = absl::FailedPreconditionError(
        "not etcd: the header of its Status is all zero, as kine's is");
  }
  return call;
}

void Member::EndStatusCall(StatusCall call) {
  {
    const std::lock_guard lock(mutex_);
    if (call.reply.ok()) {
      const bool due = !slow_asked_ || Clock::now() - *slow_asked_ >= kSlowFactsAge;
      // Status answers, so a defragmentation that the page showed has ended.
      const bool was_defragmenting = slow_.page && slow_.page->defrag_in_progress == 1;
      if ((due || was_defragmenting) && !slow_running_) slow_wanted_ = true;
    } else {
      slow_asked_.reset();
      slow_ = MemberFacts();
      // One that was kine and does not answer is still no member.
      call.is_kine = call.is_kine || last_status_.is_kine;
      if (!call.is_kine) call.page_read = hung_page_read_ != 0 ? hung_page_read_ : WantPage();
    }
    last_status_ = std::move(call);
    status_running_ = false;
    ++status_calls_;
  }
  changed_.notify_all();
}

std::uint64_t Member::WantPage() {
  if (!page_running_) page_wanted_ = true;
  return page_reads_ + 1;
}

void Member::SlowLoop(const std::stop_token& stop) {
  for (;;) {
    bool page_only = false;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return page_wanted_ || slow_wanted_; })) return;
      page_only = !slow_wanted_;
      slow_running_ = std::exchange(slow_wanted_, false);
      page_running_ = true;
      page_wanted_ = false;
      if (slow_running_) {
        slow_asked_ = Clock::now();
        slow_ = MemberFacts();
      }
    }
    ReadSlowFacts(page_only, stop);
    {
      const std::lock_guard lock(mutex_);
      slow_running_ = false;
    }
    changed_.notify_all();
  }
}

void Member::ReadSlowFacts(bool page_only, const std::stop_token& stop) {
  // The cheap one first, and each with a time of its own: a page that hangs hides nothing else.
  if (!page_only) {
    if (auto members = client_.ListMembers(Clock::now() + options_.timeout); members.ok()) {
      const std::lock_guard lock(mutex_);
      slow_.members = *std::move(members);
    }
  }
  auto page = ReadPage(stop);
  if (!page_only && !stop.stop_requested()) LogPageChange(page.status());
  const auto known = page.ok() ? std::optional<PageFacts>(*page) : std::nullopt;
  {
    const std::lock_guard lock(mutex_);
    page_ = known;
    page_running_ = false;
    ++page_reads_;
    if (!page_only) slow_.page = known;
  }
  changed_.notify_all();
  if (page_only) return;
  auto compacted = LearnCompactRevision(known, client_, Clock::now() + options_.timeout);
  const std::lock_guard lock(mutex_);
  slow_.compact_revision = compacted;
}

absl::StatusOr<PageFacts> Member::ReadPage(const std::stop_token& stop) {
  const auto credentials = options_.tls ? options_.tls->Current() : nullptr;
  MetricsPageParser parser;
  absl::Status status =
      HttpGet(options_.metrics_url, credentials.get(), Clock::now() + options_.timeout, stop,
              [&parser](std::string_view piece) { parser.Feed(piece); });
  const PageFacts& facts = parser.Finish();
  if (status.ok() && facts.empty())
    status = absl::InvalidArgumentError("there is no etcd metric on the page");
  const bool malformed = parser.malformed_lines() > 0;
  if (malformed && status.ok() && !std::exchange(warned_of_malformed_page_, true)) {
    log::Warn("lines of etcd's metrics page make no sense and are ignored",
              {{"url", options_.metrics_url.Url()}});
  }
  if (!malformed) warned_of_malformed_page_ = false;
  if (malformed || !status.ok()) {
    const std::lock_guard lock(mutex_);
    ++page_failures_;
  }
  if (!status.ok()) return status;
  return facts;
}

void Member::LogStatusChange(const absl::StatusOr<StatusReply>& status) {
  if (logged_up_ == status.ok()) return;
  logged_up_ = status.ok();
  was_ever_up_ |= status.ok();
  const std::string url = options_.endpoint.Url();
  if (status.ok()) {
    log::Info("member answers", {{"endpoint", url}, {"version", status->server_version}});
  } else {
    log::Error("member does not answer",
               {{"endpoint", url}, {"error", std::string(status.status().message())}});
  }
}

void Member::Explain(absl::StatusOr<StatusReply>& reply, const std::stop_token& stop) {
  if (reply.ok()) {
    cause_sought_.reset();
    return;
  }
  if (absl::IsPermissionDenied(reply.status())) {
    reply = absl::PermissionDeniedError(absl::StrCat(
        "etcd's user lacks the permission for Status: etcd 3.4.42, 3.5.28 to 3.5.31 and "
        "3.6 before 3.6.12 want the role root (",
        std::string(reply.status().message()), ")"));
    return;
  }
  // A member that hangs may defragment: nothing is wrong with the connection.
  if (absl::IsDeadlineExceeded(reply.status())) return;
  const std::string error(reply.status().message());
  if (!cause_sought_ || Clock::now() - *cause_sought_ >= kCauseAge) {
    cause_ = FailureCause(options_.endpoint, options_.tls.get(), error, was_ever_up_,
                          Clock::now() + options_.timeout, stop);
    cause_sought_ = Clock::now();
  }
  if (cause_.empty()) return;
  reply = absl::Status(reply.status().code(), absl::StrCat(cause_, " (", error, ")"));
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
