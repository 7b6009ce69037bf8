#include "etcd/status.h"

#include "etcd/quota.h"
#include "etcd_read.pb.h"

namespace headroom::etcd {

StatusReply FromProto(const etcdserverpb::StatusResponse& response) {
  return {
      .cluster_id = response.header().cluster_id(),
      .member_id = response.header().member_id(),
      .revision = response.header().revision(),
      .server_version = response.version(),
      .storage_version = response.storageversion(),
      .db_size_bytes = response.dbsize(),
      .db_in_use_bytes = response.dbsizeinuse(),
      .leader_id = response.leader(),
      .raft_applied_index = response.raftappliedindex(),
      .is_learner = response.islearner(),
      .quota_bytes = QuotaFromStatus(response.dbsizequota(), response.version()),
      .alarms = ParseAlarms(response.errors()),
  };
}

}  // namespace headroom::etcd
