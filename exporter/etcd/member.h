#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "etcd/compact_revision.h"
#include "etcd/deadline.h"
#include "etcd/endpoint.h"
#include "etcd/metrics_page.h"
#include "etcd/rpc_client.h"
#include "etcd/tls.h"

namespace headroom::etcd {

struct MemberOptions {
  Endpoint endpoint;
  Endpoint metrics_url;
  std::chrono::milliseconds timeout{2000};    // of Status, and again of all that is asked after it
  std::shared_ptr<const TlsCredentials> tls;  // null for plain http
};

// What one member said in one round of questions. Only what was answered in that round, or on a
// metrics page and member list less than Member::kSlowFactsAge old, is in it.
struct MemberFacts {
  absl::StatusOr<StatusReply> status = absl::DeadlineExceededError("no answer in time");
  std::chrono::duration<double>
      status_took{};  // until it answered or failed; zero while it has done neither
  bool is_kine =
      false;  // something that speaks a part of etcd's API answered; `status` is then an error
  std::optional<PageFacts> page;
  std::optional<CompactRevision> compact_revision;
  std::optional<std::vector<ListedMember>>
      members;  // absent where the member refuses to tell (learners)
};

// Watches one etcd member. A thread of its own asks it: one round of questions at a time, shared by
// all who want an answer while it runs, so that concurrent scrapes cost the member one call.
// Thread-safe.
class Member {
 public:
  // The page and the member list are read again once they are this old.
  static constexpr std::chrono::seconds kSlowFactsAge{5};

  // Starts the first round at once.
  explicit Member(MemberOptions options);
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  // Cancels what is under way.
  ~Member();

  const Endpoint& endpoint() const { return options_.endpoint; }

  // Joins the running round or starts one; does not wait.
  void Ask();
  // What the round that was asked for has brought: all of it when it ends by `deadline`, else as
  // much as is there then.
  MemberFacts Await(Deadline deadline);

  // Failed reads of etcd's metrics page since the start.
  std::uint64_t page_failures() const;

  // Ends the round under way; later ones fail at once. For a shutdown that does not wait for a hung
  // etcd.
  void Stop();

 private:
  // What is read at most every kSlowFactsAge while the member is up.
  struct SlowFacts {
    std::chrono::steady_clock::time_point asked;
    std::optional<PageFacts> page;
    std::optional<CompactRevision> compact_revision;
    std::optional<std::vector<ListedMember>> members;
  };

  void Run(const std::stop_token& stop);
  void Round(const std::stop_token& stop);
  // Asks Status, and for the page into `page` while Status hangs.
  absl::StatusOr<StatusReply> AskStatus(Deadline deadline,
                                        std::optional<absl::StatusOr<PageFacts>>& page,
                                        const std::stop_token& stop);
  SlowFacts ReadSlowFacts(const absl::StatusOr<PageFacts>& page, Deadline deadline);
  absl::StatusOr<PageFacts> ReadPage(Deadline deadline, const std::stop_token& stop);
  void LogMemberChange(const absl::StatusOr<StatusReply>& status);
  void LogPageChange(const absl::Status& status);
  template <typename Change>
  void Publish(Change change);

  const MemberOptions options_;
  RpcClient client_;

  // Used by the thread alone.
  std::optional<SlowFacts> slow_;
  std::optional<absl::StatusCode> logged_status_;
  absl::StatusCode logged_page_ = absl::StatusCode::kOk;
  bool warned_of_malformed_page_ = false;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  MemberFacts facts_;  // of the running round, else of the last one
  bool round_running_ = false;
  std::uint64_t page_failures_ = 0;

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace headroom::etcd
