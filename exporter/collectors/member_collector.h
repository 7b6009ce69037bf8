#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "collectors/member_families.h"
#include "collectors/member_labels.h"
#include "collectors/node_config.h"
#include "etcd/member.h"

namespace headroom {

// Space, quota, revisions and alarms of the members of one etcd cluster, asked at scrape time and
// all at once.
class MemberCollector : public Collector {
 public:
  // `quota_flag_bytes`: the quota by flag; kQuotaDisabled when disabled. `node_name`: for members
  // whose own name is unknown.
  MemberCollector(std::vector<etcd::MemberOptions> members, std::shared_ptr<NodeConfig> node_config,
                  std::optional<std::int64_t> quota_flag_bytes, std::string node_name);

  void Collect(Deadline deadline, FamilySet& families) override;

  // Ends all calls, so that scrapes under way are answered at once. For shutdown.
  void Stop();

 private:
  struct Watched {
    Watched(const etcd::MemberOptions& options, std::string fallback)
        : member(options), label(std::move(fallback)) {}
    etcd::Member member;
    MemberLabel label;        // guarded by mutex_
    bool is_foreign = false;  // answers for another cluster; guarded by mutex_
  };

  void RefuseForeignClusters(std::vector<MemberReport>& reports);
  // Indices of the endpoints to report: one for each member, however many endpoints reach it.
  std::vector<std::size_t> OnePerMember(const std::vector<MemberReport>& reports) const;

  const std::shared_ptr<NodeConfig> node_config_;
  const std::optional<std::int64_t> quota_flag_bytes_;
  std::vector<etcd::Endpoint> endpoints_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Watched>> watched_;
};

}  // namespace headroom
