#pragma once

#include <span>

#include "exposition/metric.h"

// Every metric this exporter can serve. Names, types and labels are a contract with rules,
// dashboards and users.
namespace headroom::metrics {

inline constexpr auto kGauge = prometheus::MetricType::Gauge;
inline constexpr auto kCounter = prometheus::MetricType::Counter;

// Member: one set per etcd member.
inline constexpr Metric kUp{
    "etcd_headroom_up", kGauge, "member",
    "1 when the etcd member answered Status in time; 0 also while it defragments (see "
    "etcd_headroom_defrag_in_progress)."};
inline constexpr Metric kMemberScrapeDuration{
    "etcd_headroom_member_scrape_duration_seconds", kGauge, "member",
    "How long the member took to answer Status, or how long the exporter waited for an answer that "
    "did not come."};
inline constexpr Metric kMemberInfo{
    "etcd_headroom_member_info", kGauge,
    "member, member_id, cluster_id, server_version, storage_version, etcd_url",
    "Identity of the member, always 1. Ids are hexadecimal, as in etcdctl's tables."};
inline constexpr Metric kMemberIsLeader{"etcd_headroom_member_is_leader", kGauge, "member",
                                        "1 on the raft leader."};
inline constexpr Metric kMemberIsLearner{
    "etcd_headroom_member_is_learner", kGauge, "member",
    "1 on a learner, which has no vote and refuses defragmentation."};
inline constexpr Metric kMemberHasLeader{
    "etcd_headroom_member_has_leader", kGauge, "member",
    "0 when the member knows no leader: the cluster takes no writes."};
inline constexpr Metric kMemberStartTime{
    "etcd_headroom_member_start_time_seconds", kGauge, "member",
    "When the etcd process started, Unix time, from its own metrics page."};
inline constexpr Metric kRaftAppliedIndex{
    "etcd_headroom_raft_applied_index", kGauge, "member",
    "Raft index the member has applied; one that stays behind the others' lags."};
inline constexpr Metric kDbSize{
    "etcd_headroom_db_size_bytes", kGauge, "member",
    "Database size that etcd compares to its quota: a high-water mark that only a defragmentation "
    "lowers."};
inline constexpr Metric kDbInUse{
    "etcd_headroom_db_in_use_bytes", kGauge, "member",
    "Database size less free pages: live data, history not yet compacted, and overhead."};
inline constexpr Metric kDbFree{
    "etcd_headroom_db_free_bytes", kGauge, "member",
    "Free pages within the database: about the least that a defragmentation gives back."};
inline constexpr Metric kDbFragmentation{
    "etcd_headroom_db_fragmentation_ratio", kGauge, "member",
    "Free share of the database, 0 to 1. Means little on databases of a few MB."};
inline constexpr Metric kDbOpenReadTransactions{
    "etcd_headroom_db_open_read_transactions", kGauge, "member",
    "Read transactions open in the backend; one that stays open (a stuck snapshot) "
    "keeps pages from becoming free."};
inline constexpr Metric kQuota{"etcd_headroom_quota_bytes", kGauge, "member",
                               "Space quota in force; -1 when disabled, absent when unknown. At "
                               "this size etcd refuses all writes "
                               "of the cluster."};
inline constexpr Metric kQuotaSource{
    "etcd_headroom_quota_source_bytes", kGauge, "member, source",
    "Space quota by where it was read (status, metrics, manifest, flag); -1 when disabled. "
    "Sources that disagree mean a configuration that is not in force."};
inline constexpr Metric kQuotaHeadroom{
    "etcd_headroom_quota_headroom_bytes", kGauge, "member",
    "Bytes the database may still grow before etcd refuses writes: quota less size."};
inline constexpr Metric kQuotaHeadroomRatio{
    "etcd_headroom_quota_headroom_ratio", kGauge, "member",
    "Headroom as a share of the quota; 0 or less when it is used up."};
inline constexpr Metric kRevision{
    "etcd_headroom_revision", kGauge, "member",
    "Revision of the key-value store; grows by one with every write transaction."};
inline constexpr Metric kCompactRevision{
    "etcd_headroom_compact_revision", kGauge, "member",
    "Last compacted revision, -1 before the first compaction. The distance to "
    "etcd_headroom_revision is history that fills the database."};
inline constexpr Metric kCompactionTimestamp{
    "etcd_headroom_compaction_timestamp_seconds", kGauge, "member",
    "When this exporter last saw the compacted revision move. Absent until it has seen one "
    "compaction."};
inline constexpr Metric kCompactRevisionSource{
    "etcd_headroom_compact_revision_source_info", kGauge, "member, source",
    "How the compacted revision was learnt (metrics, compact_rev_key, probe), always 1. "
    "compact_rev_key lags what Kubernetes compacts and misses what others do."};
inline constexpr Metric kAlarmActive{
    "etcd_headroom_alarm_active", kGauge, "member, raised_by, alarm",
    "1 while an alarm is armed, as seen by `member`. NOSPACE stops all writes of the cluster until "
    "it is disarmed, even when there is space again. The same alarm is seen by every member: "
    "aggregate with max."};
inline constexpr Metric kDefragInProgress{
    "etcd_headroom_defrag_in_progress", kGauge, "member",
    "1 while the member defragments and so answers nothing else (etcd 3.4.18, 3.5.2 and "
    "newer)."};
inline constexpr Metric kDefragmentations{"etcd_headroom_defragmentations_total", kCounter,
                                          "member",
                                          "Defragmentations since the etcd process started."};
inline constexpr Metric kPageFailures{
    "etcd_headroom_metrics_page_read_failures_total", kCounter, "member",
    "Reads of etcd's own metrics page that failed or met lines that make no sense; while they "
    "fail, what comes from it is absent."};

// Cluster: as this process sees it.
inline constexpr Metric kClusterMembers{"etcd_headroom_cluster_members", kGauge, "role",
                                        "Members in etcd's member list, by role (voter, learner)."};
inline constexpr Metric kEndpoints{"etcd_headroom_endpoints", kGauge, "",
                                   "etcd endpoints this exporter was given or has found."};
inline constexpr Metric kDatastoreInfo{
    "etcd_headroom_datastore_info", kGauge, "kind",
    "What answers at the endpoints (etcd, kine), or where there "
    "is none, what the node has instead (kine, none); always 1."};
inline constexpr Metric kCertificateExpiry{
    "etcd_headroom_client_certificate_expiry_timestamp_seconds", kGauge, "",
    "Until when the client certificate that this exporter shows to etcd is valid. Absent without "
    "one."};

// Churn: seen through one watch of the whole key space; the same from every exporter of a cluster.
inline constexpr Metric kWrites{
    "etcd_headroom_writes_total", kCounter, "resource, op",
    "Changes of keys by resource and op (create, update, delete), as this exporter's watch saw "
    "them."};
inline constexpr Metric kWriteBytes{
    "etcd_headroom_write_bytes_total", kCounter, "resource",
    "Key and value bytes of creates and updates: what fills the database until it is compacted."};
inline constexpr Metric kNamespaceWrites{
    "etcd_headroom_namespace_writes_total", kCounter, "resource, object_namespace",
    "Changes of keys by resource and Kubernetes namespace; the heaviest pairs, the rest as other. "
    "The namespace is empty for cluster-scoped objects."};
inline constexpr Metric kNamespaceWriteBytes{
    "etcd_headroom_namespace_write_bytes_total", kCounter, "resource, object_namespace",
    "Key and value bytes of creates and updates by resource and Kubernetes namespace; the heaviest "
    "pairs, the rest as other."};
inline constexpr Metric kManagerWrites{
    "etcd_headroom_manager_writes_total", kCounter, "resource, manager, subresource",
    "Changes of keys by the field manager that made them (metadata.managedFields); the heaviest, "
    "the rest of each resource as other. none: no manager; ambiguous: several managers wrote in "
    "one second; encrypted: not readable. A delete counts for the last manager of "
    "its key, one of an Event for none."};
inline constexpr Metric kManagerWriteBytes{
    "etcd_headroom_manager_write_bytes_total", kCounter, "resource, manager, subresource",
    "Key and value bytes of creates and updates by the field manager that made them."};
inline constexpr Metric kEventObjectWrites{
    "etcd_headroom_event_object_writes_total", kCounter, "component, reason, involved_kind",
    "Writes of Kubernetes Event objects by who reports them, why and about what kind; the "
    "heaviest, the rest as other. unknown: not in the object; encrypted: not readable."};
inline constexpr Metric kEventObjectWriteBytes{"etcd_headroom_event_object_write_bytes_total",
                                               kCounter, "component, reason, involved_kind",
                                               "Key and value bytes of those writes."};
inline constexpr Metric kUncompactedWriteBytes{
    "etcd_headroom_uncompacted_write_bytes", kGauge, "resource",
    "Key and value bytes written since the last compacted revision, live or not: what compaction "
    "has not had a chance to free. Overstates by one bucket at most; absent until a compaction has "
    "passed the start of the watch."};
inline constexpr Metric kLargestWrite{
    "etcd_headroom_largest_write_bytes", kGauge, "resource",
    "Key and value bytes of the largest write of the last hour. etcd refuses a write that would "
    "pass the quota, however many pages are free."};
inline constexpr Metric kObjects{
    "etcd_headroom_objects", kGauge, "resource",
    "Objects that live now, counted once and kept by the watch; absent until counted. Where they "
    "are not to be counted: as of the last walk of the database file."};
inline constexpr Metric kWatchConnected{
    "etcd_headroom_watch_connected", kGauge, "",
    "1 while the watch runs. While it does not, writes are seen late or, after a long time, "
    "missed."};
inline constexpr Metric kWatchRevision{"etcd_headroom_watch_revision", kGauge, "",
                                       "Revision up to which the watch has seen all changes."};
inline constexpr Metric kWatchMissedRevisions{
    "etcd_headroom_watch_missed_revisions_total", kCounter, "",
    "Revisions that a new watch had to skip because too many were to catch up with, or they were "
    "compacted; their writes are in no counter."};
inline constexpr Metric kWatchRestarts{
    "etcd_headroom_watch_restarts_total", kCounter, "reason",
    "Watches that ended, by reason (unavailable, no_leader, compacted, silent, regressed, "
    "malformed)."};

// Disk: where the data directory of the etcd on this node is mounted.
inline constexpr Metric kDataDiskFree{
    "etcd_headroom_data_disk_free_bytes", kGauge, "member",
    "Free space on the file system of the member's data directory, as a user other than root sees "
    "it. The nearer limit where it is less than etcd_headroom_quota_headroom_bytes: etcd ends when "
    "its disk is full."};
inline constexpr Metric kDataDiskSize{"etcd_headroom_data_disk_size_bytes", kGauge, "member",
                                      "Size of the file system of the member's data directory."};

// Inventory: from a walk of the database file, now and then.
inline constexpr Metric kObjectBytes{
    "etcd_headroom_object_bytes", kGauge, "resource",
    "Key and value bytes of the objects that live, as of the last walk of the database file. "
    "Before the first, and without the file, an estimate: objects times the mean size of the "
    "writes seen."};
inline constexpr Metric kHistoryBytes{
    "etcd_headroom_history_bytes", kGauge, "resource",
    "Key and value bytes of superseded versions, deleted objects and deletes: what compaction "
    "would remove, as of the last walk of the database file. Never estimated."};
inline constexpr Metric kNamespaceObjectBytes{
    "etcd_headroom_namespace_object_bytes", kGauge, "object_namespace",
    "Key and value bytes of the objects that live in each Kubernetes namespace, over all "
    "resources, as of the last walk of the database file; the 500 largest namespaces, the rest as "
    "other. The namespace is empty for what belongs to none. Adds up to "
    "etcd_headroom_object_bytes."};
inline constexpr Metric kNamespaceHistoryBytes{
    "etcd_headroom_namespace_history_bytes", kGauge, "object_namespace",
    "What compaction would remove of each namespace, as etcd_headroom_history_bytes, by the same "
    "walk. A namespace has this and etcd_headroom_namespace_object_bytes in the database."};
inline constexpr Metric kNamespaceObjects{
    "etcd_headroom_namespace_objects", kGauge, "object_namespace",
    "Objects that live in each namespace, over all resources, by the same walk."};
inline constexpr Metric kNamespaceBudget{
    "etcd_headroom_namespace_budget_bytes", kGauge, "object_namespace, owner",
    "What a namespace may have stored by --budget.file, live and history, for each that has a "
    "series of what it has. A share of the quota is of the smallest one; absent while that is "
    "unknown."};
inline constexpr Metric kDbPinnedBytes{
    "etcd_headroom_db_pinned_bytes", kGauge, "",
    "Bytes of pages that hold nothing any more and that etcd cannot use again while a read "
    "transaction is open, for example that of a snapshot which does not go on. Neither compaction "
    "nor deletes nor defragmentation help against them. Some 100 KiB are normal. From the walk of "
    "the database file; absent when it is not known which member writes to that."};
inline constexpr Metric kInventoryExact{
    "etcd_headroom_inventory_exact", kGauge, "",
    "1 when the bytes per resource were read from the database file, at "
    "etcd_headroom_inventory_timestamp_seconds; 0 when they are an estimate."};
inline constexpr Metric kInventoryTimestamp{
    "etcd_headroom_inventory_timestamp_seconds", kGauge, "",
    "When the last walk of the database file that read all of it began, Unix time. Walks that fail "
    "leave it, and the bytes, as they are."};
inline constexpr Metric kInventoryDuration{"etcd_headroom_inventory_duration_seconds", kGauge, "",
                                           "How long that walk took."};
inline constexpr Metric kInventoryFailures{
    "etcd_headroom_inventory_failures_total", kCounter, "",
    "Walks of the database file that failed: it cannot be opened, changed too fast, is not the one "
    "etcd writes to, or has more keys than --inventory.max-keys."};

// Node configuration: from the static pod manifest or etcd's config file.
inline constexpr Metric kManifestInfo{
    "etcd_headroom_manifest_info", kGauge, "auto_compaction_mode, snapshot_count",
    "Settings in etcd's static pod manifest or config file, always 1; a label is empty when "
    "not set."};
inline constexpr Metric kAutoCompactionRetention{
    "etcd_headroom_auto_compaction_retention_seconds", kGauge, "",
    "History that etcd's own periodic compaction keeps, as configured; 0 when it is "
    "off, which leaves compaction to the API servers."};

// The exporter itself.
inline constexpr Metric kBuildInfo{"etcd_headroom_build_info", kGauge,
                                   "version, revision, compiler",
                                   "Version of this exporter, always 1."};
inline constexpr Metric kProcessCpu{"process_cpu_seconds_total", kCounter, "",
                                    "CPU time of this exporter, user and system."};
inline constexpr Metric kProcessOpenFds{"process_open_fds", kGauge, "",
                                        "Open file descriptors of this exporter."};
inline constexpr Metric kProcessMaxFds{"process_max_fds", kGauge, "",
                                       "Limit of open file descriptors of this exporter."};
inline constexpr Metric kProcessVirtual{"process_virtual_memory_bytes", kGauge, "",
                                        "Virtual memory of this exporter."};
inline constexpr Metric kProcessResident{"process_resident_memory_bytes", kGauge, "",
                                         "Resident memory of this exporter."};
inline constexpr Metric kProcessStartTime{"process_start_time_seconds", kGauge, "",
                                          "When this exporter started, Unix time."};

struct Section {
  std::string_view title;
  std::span<const Metric* const> metrics;
};

// All of the above in sections, for the generated catalogue.
std::span<const Section> Catalogue();

}  // namespace headroom::metrics
