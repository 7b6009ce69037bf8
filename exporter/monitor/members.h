#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "etcd/deadline.h"
#include "etcd/member.h"
#include "monitor/cluster.h"
#include "monitor/compaction_moves.h"
#include "monitor/journal.h"
#include "monitor/member_labels.h"
#include "node/cached_config.h"

namespace headroom {

// Space, quota, revisions and alarms of the members of one etcd cluster. Thread-safe.
class Members {
 public:
  // `quota_flag_bytes`: the quota by flag; kQuotaDisabled when disabled. `node_name`: for members
  // whose own name is unknown. `node_datastore`: "none" or "kine", reported where `members` is
  // empty.
  Members(std::vector<etcd::MemberOptions> members, std::shared_ptr<node::CachedConfig> node_config,
          std::optional<std::int64_t> quota_flag_bytes, const std::string& node_name,
          std::string node_datastore);

  // Asks them all at once and waits until `deadline`.
  ClusterReport Report(Deadline deadline);

  // The last compacted revision of the member that has come furthest, as of the last report that
  // knew it; nothing before the first.
  std::optional<std::int64_t> compact_revision() const;

  // The label of the member on this node, whose configuration and files are at hand, as of the last
  // report; nothing where that endpoint is unknown.
  std::optional<std::string> local_member() const;

  // Ends all calls, so that reports under way end at once. For shutdown.
  void Stop();

 private:
  struct Watched {
    Watched(const etcd::MemberOptions& options, std::string fallback)
        : member(options), label(std::move(fallback)) {}
    etcd::Member member;
    // The rest is guarded by mutex_.
    MemberLabel label;
    CompactionMoves compaction;
    std::optional<std::uint64_t> cluster_id;         // the last that answered
    std::optional<std::uint64_t> quota_reported_by;  // the last member that reported its own quota
    bool is_foreign = false;                         // answers for another cluster
  };

  // Index of the endpoint of the member on this node.
  std::optional<std::size_t> LocalEndpoint() const;
  // Waits for all members; what one brings is in the place of its endpoint.
  std::vector<MemberReport> Ask(Deadline deadline);
  void RefuseForeignClusters(std::vector<MemberReport>& reports);
  void Label(std::vector<MemberReport>& reports);
  void NoteCompactions(std::vector<MemberReport>& reports);
  // Indices of the endpoints to report, those that are up first: one for each member, however many
  // endpoints reach it.
  std::vector<std::size_t> OnePerMember(const std::vector<MemberReport>& reports) const;

  const std::shared_ptr<node::CachedConfig> node_config_;
  const std::optional<std::int64_t> quota_flag_bytes_;
  const std::string node_datastore_;
  std::vector<etcd::Endpoint> endpoints_;
  mutable std::mutex mutex_;
  std::optional<std::int64_t> compact_revision_;  // guarded by mutex_
  std::optional<std::string> local_member_;       // guarded by mutex_
  Journal journal_;                               // guarded by mutex_
  MemberList names_;  // the last member list seen, for names alone; guarded by mutex_
  std::vector<std::unique_ptr<Watched>> watched_;
};

}  // namespace headroom
