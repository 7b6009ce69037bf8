#pragma once

#include <memory>

#include "collectors/collector.h"
#include "collectors/node_config.h"

namespace headroom {

// What the static pod manifest or etcd's config file says beside the quota.
class NodeCollector : public Collector {
 public:
  explicit NodeCollector(std::shared_ptr<NodeConfig> config) : config_(std::move(config)) {}
  void Collect(Deadline deadline, FamilySet& families) override;

 private:
  std::shared_ptr<NodeConfig> config_;
};

}  // namespace headroom
