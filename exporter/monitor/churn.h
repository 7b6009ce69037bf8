#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "etcd/watcher.h"
#include "monitor/churn_state.h"
#include "monitor/object_counter.h"

namespace headroom {

struct ChurnOptions {
  etcd::WatcherOptions watch;
  std::vector<std::string> prefixes;  // as for RegistryKeyReader
  ChurnLimits limits;
  bool count_objects = true;
  bool count_at_start = false;
};

// Who writes to etcd, and how much, by one watch of the whole key space. Thread-safe.
class Churn {
 public:
  // Starts to watch at once.
  explicit Churn(const ChurnOptions& options);

  ChurnState& state() { return state_; }

  // Ends the watch and the count. For a shutdown that does not wait for a hung etcd.
  void Stop();

 private:
  ChurnState state_;
  etcd::Watcher watcher_;
  std::unique_ptr<ObjectCounter> counter_;  // null when objects are not counted
};

}  // namespace headroom
