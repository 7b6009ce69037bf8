#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/churn_state.h"
#include "collectors/collector.h"
#include "collectors/object_counter.h"
#include "etcd/watcher.h"

namespace headroom {

struct ChurnOptions {
  etcd::WatcherOptions watch;
  std::vector<std::string> prefixes;  // as for RegistryKeyReader
  ChurnLimits limits;
  bool count_objects = true;
  bool count_at_start = false;
};

// Who writes to etcd, and how much, by one watch of the whole key space.
class ChurnCollector : public Collector {
 public:
  // The last compacted revision, where it is known.
  using CompactRevision = std::function<std::optional<std::int64_t>()>;

  // Starts to watch at once.
  ChurnCollector(const ChurnOptions& options, CompactRevision compact_revision);

  void Collect(Deadline deadline, FamilySet& families) override;
  void Peek(Deadline deadline, FamilySet& families) override;
  void Served() override { state_.Served(); }

  // Both as ChurnState does.
  std::optional<std::int64_t> WatchedRevision() { return state_.WatchedRevision(); }
  std::map<std::string, double> EstimateObjectBytes() { return state_.EstimateObjectBytes(); }

  // Ends the watch and the count. For a shutdown that does not wait for a hung etcd.
  void Stop();

 private:
  const CompactRevision compact_revision_;
  ChurnState state_;
  etcd::Watcher watcher_;
  std::unique_ptr<ObjectCounter> counter_;  // null when objects are not counted
};

}  // namespace headroom
