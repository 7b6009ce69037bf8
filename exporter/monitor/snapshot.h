#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "etcd/deadline.h"
#include "files/disk_space.h"
#include "monitor/churn_snapshot.h"
#include "monitor/cluster.h"
#include "monitor/day_view.h"
#include "monitor/inventory_walker.h"
#include "monitor/namespace_budgets.h"
#include "monitor/process.h"
#include "node/etcd_config.h"

namespace headroom {

// The disk of the local member's data directory.
struct DataDisk {
  std::string member;  // its label
  DiskSpace space;
};

// What the database file holds, by resource.
struct InventorySnapshot {
  std::shared_ptr<const ExactInventory> exact;  // of the last walk; null before there is one
  std::uint64_t failures = 0;                   // walks that did not read all of the file
  // Bytes of live objects by resource label while there is no walk, where they can be estimated.
  std::map<std::string, double> estimate;
  std::vector<NamespaceBudget> budgets;
  bool has_objects = false;  // the walk's count of objects is the only one there is
};

// All that is known, as of one moment. What is switched off or unknown is absent.
struct Snapshot {
  ProcessFacts process;
  std::optional<ClusterReport> cluster;
  std::shared_ptr<const node::EtcdConfig> node_config;  // null where absent
  std::optional<DataDisk> disk;
  std::optional<ChurnSnapshot> churn;
  std::optional<InventorySnapshot> inventory;
  // Until when the client certificate in use is valid.
  std::optional<std::chrono::system_clock::time_point> certificate_expiry;
};

// Where pages get their facts. Thread-safe.
class SnapshotSource {
 public:
  SnapshotSource() = default;
  SnapshotSource(const SnapshotSource&) = delete;
  SnapshotSource& operator=(const SnapshotSource&) = delete;
  virtual ~SnapshotSource() = default;

  // What is known by `deadline`.
  virtual Snapshot Take(Deadline deadline, Hitters hitters) = 0;

  // A page made of the last snapshot with hitters has reached its scraper. Until a pair's place was
  // served at zero, its writes count in "other": an increase never hides in a series that begins.
  virtual void PageServed() = 0;

  // What the pages of the last 24 hours showed.
  virtual DayView LastDay() = 0;
};

}  // namespace headroom
