#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "etcd/deadline.h"
#include "etcd/endpoint.h"
#include "etcd/rotating_credentials.h"
#include "etcd/status.h"

namespace headroom::etcd {

struct ListedMember {
  std::uint64_t id = 0;
  std::string name;                      // empty until the member has started once
  std::vector<std::string> client_urls;  // as it advertises them; empty until then
  bool is_learner = false;
};

// Keys from `begin` up to and without `end`.
struct KeyRange {
  std::string begin;
  std::string end;

  bool operator==(const KeyRange&) const = default;
  bool operator<(const KeyRange& other) const {
    return std::tie(begin, end) < std::tie(other.begin, other.end);
  }
};

// The read-only calls to one member over one connection; none of them goes through raft. Status
// belongs to one thread, the other calls to one other, Cancel() to any. When the certificates
// change, new calls take a new connection; those under way end on theirs.
class RpcClient {
 public:
  // Does not wait for a connection. `tls` may be null for http endpoints.
  RpcClient(const Endpoint& endpoint, std::shared_ptr<RotatingCredentials> tls);
  RpcClient(const RpcClient&) = delete;
  RpcClient& operator=(const RpcClient&) = delete;
  ~RpcClient();

  // Starts a Status call, which ends by `deadline` whatever the server does. O(1) on the server,
  // but blocked by a defragmentation. One at a time: AwaitStatus until it has returned the answer
  // before the next.
  void StartStatus(Deadline deadline);
  // The answer, or nothing when there is none by `until`.
  std::optional<absl::StatusOr<StatusReply>> AwaitStatus(Deadline until);

  // From the member's own state (not linearizable): O(members). Refused by learners.
  absl::StatusOr<std::vector<ListedMember>> ListMembers(Deadline deadline);

  // Value of one key as stored locally (serializable), nothing when there is no such key. O(1).
  // `revision` 0 = now; OutOfRange when it is compacted.
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key, std::int64_t revision,
                                                 Deadline deadline);

  // How many keys of `range` there were at `revision`, as stored locally. O(keys in the range)
  // under the lock of the index, which writes need: keep ranges small. OutOfRange when `revision`
  // is compacted or not there yet.
  absl::StatusOr<std::int64_t> Count(const KeyRange& range, std::int64_t revision,
                                     Deadline deadline);

  // The first keys of `range` at `revision`, `limit` at most, as stored locally. Costs what Count
  // does, and the reading of the values too.
  absl::StatusOr<std::vector<std::string>> Keys(const KeyRange& range, std::int64_t limit,
                                                std::int64_t revision, Deadline deadline);

  // The compacted revision, as a watch of `absent_key` from revision 1 reports it when it is
  // refused. Call it only when Get at revision 1 is OutOfRange: on a store that was never compacted
  // this watch would read every revision.
  absl::StatusOr<std::int64_t> CompactedRevisionFromWatch(std::string_view absent_key,
                                                          Deadline deadline);

  // Ends the calls under way and refuses all later ones.
  void Cancel();

 private:
  class Connection;  // keeps gRPC's headers out of this one
  std::unique_ptr<Connection> connection_;
};

// Sends gRPC's own log lines to our log, makes reconnects quick and leaves OpenSSL in place until
// the process is gone. Call once, before the first RpcClient.
void InitializeGrpc();

// Release numbers of the linked libraries, for --version: gRPC, protobuf, OpenSSL.
std::string LinkedLibraries();

}  // namespace headroom::etcd
