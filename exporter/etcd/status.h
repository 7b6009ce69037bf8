#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "etcd/alarms.h"

namespace etcdserverpb {
class StatusResponse;
}

namespace headroom::etcd {

// What Status says of one member. Sizes in bytes.
struct StatusReply {
  std::uint64_t cluster_id = 0;
  std::uint64_t member_id = 0;
  std::int64_t revision = 0;
  std::string server_version;
  std::string storage_version;  // empty before 3.6
  std::int64_t db_size_bytes = 0;
  std::int64_t db_in_use_bytes = 0;
  std::uint64_t leader_id = 0;  // 0 = no leader known
  std::uint64_t raft_applied_index = 0;
  bool is_learner = false;
  std::optional<std::int64_t> quota_bytes;  // 3.6 and newer
  std::vector<Alarm> alarms;                // of all members, as this one has applied them

  // kine, which speaks some of etcd's API over SQL, answers with an all-zero header.
  bool is_kine() const { return cluster_id == 0 && member_id == 0; }
  bool is_leader() const { return leader_id != 0 && leader_id == member_id; }
};

StatusReply FromProto(const etcdserverpb::StatusResponse& response);

}  // namespace headroom::etcd
