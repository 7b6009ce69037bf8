#include "exposition/families.h"

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "build_info/build_info.h"
#include "exposition/catalogue.h"
#include "exposition/member_families.h"

namespace headroom {
namespace {

constexpr std::array kOps = {"create", "update", "delete"};  // by accounting::WriteOp

template <typename Number>
void AddIfKnown(const Metric& metric, const std::optional<Number>& value,
                const std::vector<FamilySet::Label>& labels, FamilySet& families) {
  if (value) families.Add(metric, static_cast<double>(*value), labels);
}

void AddProcessFamilies(const ProcessFacts& process, FamilySet& families) {
  families.Add(metrics::kBuildInfo, 1,
               {{"version", build::kVersion},
                {"revision", build::kRevision},
                {"compiler", build::kCompiler}});
  AddIfKnown(metrics::kProcessCpu, process.cpu_seconds, {}, families);
  AddIfKnown(metrics::kProcessVirtual, process.virtual_bytes, {}, families);
  AddIfKnown(metrics::kProcessResident, process.resident_bytes, {}, families);
  AddIfKnown(metrics::kProcessStartTime, process.start_time_seconds, {}, families);
  AddIfKnown(metrics::kProcessOpenFds, process.open_fds, {}, families);
  AddIfKnown(metrics::kProcessMaxFds, process.max_fds, {}, families);
}

void AddDiskFamilies(const DataDisk& disk, FamilySet& families) {
  families.Add(metrics::kDataDiskFree, static_cast<double>(disk.space.free_bytes),
               {{"member", disk.member}});
  families.Add(metrics::kDataDiskSize, static_cast<double>(disk.space.size_bytes),
               {{"member", disk.member}});
}

void AddWriteCounts(const Metric& writes, const Metric& bytes, const WriteCounts& counts,
                    const std::vector<FamilySet::Label>& labels, FamilySet& families) {
  families.Add(writes, static_cast<double>(counts.writes), labels);
  families.Add(bytes, static_cast<double>(counts.bytes), labels);
}

}  // namespace

void AddChurnFamilies(const ChurnSnapshot& churn, FamilySet& families) {
  for (const ChurnSnapshot::Resource& resource : churn.resources) {
    const FamilySet::Label label{"resource", resource.name};
    for (std::size_t op = 0; op < kOps.size(); ++op) {
      families.Add(metrics::kWrites, static_cast<double>(resource.writes[op]),
                   {label, {"op", kOps[op]}});
    }
    families.Add(metrics::kWriteBytes, static_cast<double>(resource.write_bytes), {label});
    AddIfKnown(metrics::kLargestWrite, resource.largest_write_bytes, {label}, families);
    AddIfKnown(metrics::kUncompactedWriteBytes, resource.uncompacted_bytes, {label}, families);
    AddIfKnown(metrics::kObjects, resource.objects, {label}, families);
  }
  families.Add(metrics::kWatchConnected, churn.connected ? 1 : 0);
  AddIfKnown(metrics::kWatchRevision, churn.revision, {}, families);
  families.Add(metrics::kWatchMissedRevisions, static_cast<double>(churn.missed_revisions));
  for (std::size_t i = 0; i < churn.restarts.size(); ++i) {
    families.Add(metrics::kWatchRestarts, static_cast<double>(churn.restarts[i]),
                 {{"reason", etcd::kWatchEnds[i]}});
  }
  for (const auto& [resource, object_namespace, counts] : churn.namespaces) {
    AddWriteCounts(metrics::kNamespaceWrites, metrics::kNamespaceWriteBytes, counts,
                   {{"resource", resource}, {"object_namespace", object_namespace}}, families);
  }
  for (const auto& [resource, manager, subresource, counts] : churn.managers) {
    AddWriteCounts(metrics::kManagerWrites, metrics::kManagerWriteBytes, counts,
                   {{"resource", resource}, {"manager", manager}, {"subresource", subresource}},
                   families);
  }
  for (const auto& [component, reason, involved_kind, counts] : churn.event_objects) {
    AddWriteCounts(metrics::kEventObjectWrites, metrics::kEventObjectWriteBytes, counts,
                   {{"component", component}, {"reason", reason}, {"involved_kind", involved_kind}},
                   families);
  }
}

void AddInventoryFamilies(const InventorySnapshot& inventory, FamilySet& families) {
  families.Add(metrics::kInventoryExact, inventory.exact ? 1 : 0);
  families.Add(metrics::kInventoryFailures, static_cast<double>(inventory.failures));
  for (const auto& [resource, bytes] : inventory.estimate) {
    families.Add(metrics::kObjectBytes, bytes, {{"resource", resource}});
  }
  if (!inventory.exact) return;
  const ExactInventory& exact = *inventory.exact;
  const std::chrono::duration<double> began = exact.began.time_since_epoch();
  families.Add(metrics::kInventoryTimestamp, began.count());
  families.Add(metrics::kInventoryDuration, exact.took.count());
  AddIfKnown(metrics::kDbPinnedBytes, exact.pinned_bytes, {}, families);
  for (const ExactInventory::Stored& resource : exact.resources) {
    const FamilySet::Label label{"resource", resource.name};
    families.Add(metrics::kObjectBytes, static_cast<double>(resource.live_bytes), {label});
    families.Add(metrics::kHistoryBytes, static_cast<double>(resource.history_bytes), {label});
    if (inventory.has_objects) {
      families.Add(metrics::kObjects, static_cast<double>(resource.objects), {label});
    }
  }
  for (const ExactInventory::Stored& row : exact.namespaces) {
    const FamilySet::Label label{"object_namespace", row.name};
    families.Add(metrics::kNamespaceObjectBytes, static_cast<double>(row.live_bytes), {label});
    families.Add(metrics::kNamespaceHistoryBytes, static_cast<double>(row.history_bytes), {label});
    families.Add(metrics::kNamespaceObjects, static_cast<double>(row.objects), {label});
  }
  for (const auto& [object_namespace, owner, bytes] : inventory.budgets) {
    families.Add(metrics::kNamespaceBudget, static_cast<double>(bytes),
                 {{"object_namespace", object_namespace}, {"owner", owner}});
  }
}

void AddNodeFamilies(const node::EtcdConfig& config, FamilySet& families) {
  families.Add(
      metrics::kManifestInfo, 1,
      {{"auto_compaction_mode", config.auto_compaction_mode.value_or("")},
       {"snapshot_count", config.snapshot_count ? std::to_string(*config.snapshot_count) : ""}});
  AddIfKnown(metrics::kAutoCompactionRetention, config.auto_compaction_retention_seconds, {},
             families);
}

std::vector<prometheus::MetricFamily> Families(const Snapshot& snapshot) {
  FamilySet families;
  AddProcessFamilies(snapshot.process, families);
  if (snapshot.cluster) AddClusterFamilies(*snapshot.cluster, families);
  if (snapshot.disk) AddDiskFamilies(*snapshot.disk, families);
  if (snapshot.churn) AddChurnFamilies(*snapshot.churn, families);
  if (snapshot.inventory) AddInventoryFamilies(*snapshot.inventory, families);
  if (snapshot.certificate_expiry) {
    const std::chrono::duration<double> expiry = snapshot.certificate_expiry->time_since_epoch();
    families.Add(metrics::kCertificateExpiry, expiry.count());
  }
  if (snapshot.node_config) AddNodeFamilies(*snapshot.node_config, families);
  return std::move(families).Take();
}

}  // namespace headroom
