#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "collectors/collector.h"
#include "collectors/inventory_walker.h"

namespace headroom {

struct InventoryOptions {
  InventoryWalkerOptions walk;  // an empty `file`: none is known
  bool serve_objects = false;   // where nobody else counts them
  // Bytes of live objects by resource label, where they can be estimated.
  std::function<std::map<std::string, double>()> estimate;
};

// The families of a finished walk; `objects` among them when asked for.
void AddInventoryFamilies(const ExactInventory& exact, bool with_objects, FamilySet& families);

// What etcd holds, by resource: from its database file, or while there is nothing from there an
// estimate.
class InventoryCollector : public Collector {
 public:
  explicit InventoryCollector(InventoryOptions options);

  void Collect(Deadline deadline, FamilySet& families) override;

  void Stop();

 private:
  const InventoryOptions options_;
  std::unique_ptr<InventoryWalker> walker_;  // null where no file is known
};

}  // namespace headroom
