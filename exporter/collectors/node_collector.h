#pragma once

#include <memory>

#include "collectors/collector.h"
#include "node/cached_config.h"

namespace headroom {

// What the static pod manifest or etcd's config file says beside the quota.
class NodeCollector : public Collector {
 public:
  explicit NodeCollector(std::shared_ptr<node::CachedConfig> config) : config_(std::move(config)) {}
  void Collect(Deadline deadline, FamilySet& families) override;

 private:
  std::shared_ptr<node::CachedConfig> config_;
};

}  // namespace headroom
