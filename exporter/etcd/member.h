#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "etcd/compact_revision.h"
#include "etcd/deadline.h"
#include "etcd/endpoint.h"
#include "etcd/metrics_page.h"
#include "etcd/rotating_credentials.h"
#include "etcd/rpc_client.h"

namespace headroom::etcd {

struct MemberOptions {
  Endpoint endpoint;
  Endpoint metrics_url;
  std::chrono::milliseconds timeout{2000};   // of each question
  std::shared_ptr<RotatingCredentials> tls;  // null for plain http
};

// What one member says. Only what it answered just now is in it, or on a metrics page and member
// list less than Member::kSlowFactsAge old.
struct MemberFacts {
  absl::StatusOr<StatusReply> status = absl::DeadlineExceededError("no answer in time");
  std::chrono::duration<double> status_took{};  // zero while it has neither answered nor failed
  bool is_kine = false;  // something that speaks a part of etcd's API; `status` is then an error
  std::optional<PageFacts> page;
  std::optional<CompactRevision> compact_revision;
  std::optional<std::vector<ListedMember>> members;  // absent where it refuses (learners)
};

// Watches one etcd member. One thread asks Status, whose answer is shared by all who ask while the
// call runs, so that concurrent scrapes cost the member one call. Another reads the slow facts
// (metrics page, member list, compacted revision), so that a hung page holds up no Status.
// Thread-safe.
class Member {
 public:
  // The slow facts are read again once they are this old; the page also at once when Status hangs
  // or fails: it shows whether the member defragments or is dead.
  static constexpr std::chrono::seconds kSlowFactsAge{5};

  // Asks for everything at once.
  explicit Member(MemberOptions options);
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  ~Member();

  const Endpoint& endpoint() const { return options_.endpoint; }

  // Joins the Status call under way or starts one; does not wait. Await takes what it returns.
  std::uint64_t Ask();
  // The facts once that call has ended and the slow facts are there; at `deadline`, as many as are.
  MemberFacts Await(std::uint64_t call, Deadline deadline);

  // Reads of etcd's metrics page that failed or met nonsense, since the start.
  std::uint64_t page_failures() const;

  // Ends all calls under way and all waiting. For a shutdown that does not wait for a hung etcd.
  void Stop();

 private:
  struct StatusCall {
    absl::StatusOr<StatusReply> reply = absl::DeadlineExceededError("no answer in time");
    std::chrono::duration<double> took{};
    bool is_kine = false;
    // The read of the page that shows why a member did not answer; 0 = none.
    std::uint64_t page_read = 0;
  };

  void StatusLoop(const std::stop_token& stop);
  StatusCall CallStatus();
  void EndStatusCall(StatusCall call);
  void SlowLoop(const std::stop_token& stop);
  void ReadSlowFacts(bool page_only, const std::stop_token& stop);
  absl::StatusOr<PageFacts> ReadPage(const std::stop_token& stop);
  // Number of the read of the page that will answer; joins the one under way. Needs mutex_.
  std::uint64_t WantPage();
  void LogStatusChange(const absl::StatusOr<StatusReply>& status);
  // Puts words an operator can act on in front of an error of gRPC's.
  void Explain(absl::StatusOr<StatusReply>& reply, const std::stop_token& stop);
  void LogPageChange(const absl::Status& status);

  const MemberOptions options_;
  RpcClient client_;

  // Used by the status thread alone, and by the slow thread alone.
  std::optional<bool> logged_up_;
  bool was_ever_up_ = false;
  // Of the failures since the member was up, and when it was looked for.
  std::string cause_;
  std::optional<std::chrono::steady_clock::time_point> cause_sought_;
  absl::StatusCode logged_page_ = absl::StatusCode::kOk;
  bool warned_of_malformed_page_ = false;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable_any changed_;
  bool stopped_ = false;

  bool status_running_ = true;
  std::uint64_t status_calls_ = 0;  // ended
  StatusCall last_status_;
  std::uint64_t hung_page_read_ = 0;  // as StatusCall::page_read, for the call under way

  bool page_wanted_ = false;
  bool page_running_ = false;
  std::uint64_t page_reads_ = 0;  // ended
  std::uint64_t page_failures_ = 0;
  std::optional<PageFacts> page_;  // of the last read

  bool slow_wanted_ = false;
  bool slow_running_ = false;
  std::optional<std::chrono::steady_clock::time_point> slow_asked_;  // while the member is up
  MemberFacts slow_;  // its page, compact_revision and members alone; filled as they come

  std::jthread status_thread_;  // last: they use all of the above
  std::jthread slow_thread_;
};

}  // namespace headroom::etcd
