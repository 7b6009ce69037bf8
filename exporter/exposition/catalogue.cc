#include "exposition/catalogue.h"

#include <array>

namespace headroom::metrics {

std::span<const Section> Catalogue() {
  static constexpr auto kMember = std::to_array<const Metric*>({&kUp,
                                                                &kMemberScrapeDuration,
                                                                &kMemberInfo,
                                                                &kMemberIsLeader,
                                                                &kMemberIsLearner,
                                                                &kMemberHasLeader,
                                                                &kMemberStartTime,
                                                                &kRaftAppliedIndex,
                                                                &kDbSize,
                                                                &kDbInUse,
                                                                &kDbFree,
                                                                &kDbFragmentation,
                                                                &kDbOpenReadTransactions,
                                                                &kQuota,
                                                                &kQuotaSource,
                                                                &kQuotaHeadroom,
                                                                &kQuotaHeadroomRatio,
                                                                &kRevision,
                                                                &kCompactRevision,
                                                                &kCompactionTimestamp,
                                                                &kCompactRevisionSource,
                                                                &kAlarmActive,
                                                                &kDefragInProgress,
                                                                &kDefragmentations,
                                                                &kPageFailures});
  static constexpr auto kCluster = std::to_array<const Metric*>(
      {&kClusterMembers, &kEndpoints, &kDatastoreInfo, &kCertificateExpiry});
  static constexpr auto kChurn = std::to_array<const Metric*>(
      {&kWrites, &kWriteBytes, &kNamespaceWrites, &kNamespaceWriteBytes, &kManagerWrites,
       &kManagerWriteBytes, &kEventObjectWrites, &kEventObjectWriteBytes, &kUncompactedWriteBytes,
       &kLargestWrite, &kObjects, &kWatchConnected, &kWatchRevision, &kWatchMissedRevisions,
       &kWatchRestarts});
  static constexpr auto kDisk = std::to_array<const Metric*>({&kDataDiskFree, &kDataDiskSize});
  static constexpr auto kInventory = std::to_array<const Metric*>(
      {&kObjectBytes, &kHistoryBytes, &kNamespaceObjectBytes, &kNamespaceHistoryBytes,
       &kNamespaceObjects, &kNamespaceBudget, &kDbPinnedBytes, &kInventoryExact,
       &kInventoryTimestamp, &kInventoryDuration, &kInventoryFailures});
  static constexpr auto kNode =
      std::to_array<const Metric*>({&kManifestInfo, &kAutoCompactionRetention});
  static constexpr auto kExporter =
      std::to_array<const Metric*>({&kBuildInfo, &kProcessCpu, &kProcessOpenFds, &kProcessMaxFds,
                                    &kProcessVirtual, &kProcessResident, &kProcessStartTime});
  static constexpr auto kSections = std::to_array<Section>({
      {"Member", kMember},
      {"Cluster", kCluster},
      {"Churn", kChurn},
      {"Disk", kDisk},
      {"Inventory", kInventory},
      {"Node configuration", kNode},
      {"The exporter itself", kExporter},
  });
  return kSections;
}

}  // namespace headroom::metrics
