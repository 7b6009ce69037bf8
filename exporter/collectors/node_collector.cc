#include "collectors/node_collector.h"

#include <string>

#include "collectors/catalogue.h"

namespace headroom {

void NodeCollector::Collect(Deadline /*deadline*/, FamilySet& families) {
  const auto config = config_->Read();
  config_->LogProblem();
  if (!config) return;
  families.Add(
      metrics::kManifestInfo, 1,
      {{"auto_compaction_mode", config->auto_compaction_mode.value_or("")},
       {"snapshot_count", config->snapshot_count ? std::to_string(*config->snapshot_count) : ""}});
  if (config->auto_compaction_retention_seconds) {
    families.Add(metrics::kAutoCompactionRetention, *config->auto_compaction_retention_seconds);
  }
}

}  // namespace headroom
