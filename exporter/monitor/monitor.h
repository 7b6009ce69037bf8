#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "budgets/budget_file.h"
#include "monitor/churn.h"
#include "monitor/day_history.h"
#include "monitor/disk_space_reader.h"
#include "monitor/inventory_walker.h"
#include "monitor/members.h"
#include "monitor/snapshot.h"

namespace headroom {

struct MonitorOptions {
  std::vector<etcd::MemberOptions> members;         // one for each endpoint
  std::shared_ptr<node::CachedConfig> node_config;  // never null
  std::optional<std::int64_t> quota_flag_bytes;     // as for Members
  std::string node_name;                            // as for Members
  std::string node_datastore;                       // as for Members
  std::shared_ptr<budgets::BudgetFile> budgets;     // null where there are none
  std::string db_file;                              // etcd's database; empty = none is known
  bool watch_members = true;
  bool show_node_config = true;
  std::optional<ChurnOptions> churn;                // absent: off
  std::optional<InventoryWalkerOptions> inventory;  // absent: off; its functions are set here
};

// The threads that watch etcd and this node, and what they know.
class Monitor : public SnapshotSource {
 public:
  // Starts to watch at once.
  explicit Monitor(MonitorOptions options);
  ~Monitor() override;

  Snapshot Take(Deadline deadline, Hitters hitters) override;
  void PageServed() override;
  DayView LastDay() override;

  // Ends all calls, so that snapshots under way are there at once. For a shutdown that does not
  // wait for a hung etcd.
  void Stop();

 private:
  void TakeOwnPages(const std::stop_token& stop);
  void StartInventory(InventoryWalkerOptions options);
  std::optional<DataDisk> ReadDisk(Deadline deadline);
  // `cluster`: null where it is not watched.
  InventorySnapshot TakeInventory(const ClusterReport* cluster);

  const MonitorOptions options_;
  std::unique_ptr<Members> members_;             // null where off
  std::unique_ptr<DiskSpaceReader> disk_;        // null where no file is known
  std::unique_ptr<Churn> churn_;                 // null where off
  std::shared_ptr<etcd::RpcClient> file_owner_;  // null where it is not known
  std::unique_ptr<InventoryWalker> inventory_;   // null where off, or no file is known
  DayHistory history_;
  std::atomic<bool> has_scraper_ = false;
  std::jthread own_pages_;  // last: it uses all above
};

}  // namespace headroom
