#include "collectors/inventory_collector.h"

#include <utility>

#include "collectors/catalogue.h"
#include "logging/log.h"

namespace headroom {

void AddInventoryFamilies(const ExactInventory& exact, bool with_objects, FamilySet& families) {
  const std::chrono::duration<double> began = exact.began.time_since_epoch();
  families.Add(metrics::kInventoryTimestamp, began.count());
  families.Add(metrics::kInventoryDuration, exact.took.count());
  if (exact.pinned_bytes) {
    families.Add(metrics::kDbPinnedBytes, static_cast<double>(*exact.pinned_bytes));
  }
  for (const ExactInventory::Resource& resource : exact.resources) {
    const FamilySet::Label label{"resource", resource.name};
    families.Add(metrics::kObjectBytes, static_cast<double>(resource.live_bytes), {label});
    families.Add(metrics::kHistoryBytes, static_cast<double>(resource.history_bytes), {label});
    if (with_objects) {
      families.Add(metrics::kObjects, static_cast<double>(resource.objects), {label});
    }
  }
}

InventoryCollector::InventoryCollector(InventoryOptions options) : options_(std::move(options)) {
  if (options_.walk.file.empty()) {
    log::Warn("no database file is known: bytes per resource are an estimate",
              {{"do", "give --inventory.db-file"}});
    return;
  }
  walker_ = std::make_unique<InventoryWalker>(options_.walk);
}

void InventoryCollector::Collect(Deadline /*deadline*/, FamilySet& families) {
  const auto exact = walker_ ? walker_->latest() : nullptr;
  families.Add(metrics::kInventoryExact, exact ? 1 : 0);
  families.Add(metrics::kInventoryFailures, walker_ ? static_cast<double>(walker_->failures()) : 0);
  if (!exact) {
    for (const auto& [resource, bytes] : options_.estimate()) {
      families.Add(metrics::kObjectBytes, bytes, {{"resource", resource}});
    }
    return;
  }
  AddInventoryFamilies(*exact, options_.serve_objects, families);
}

void InventoryCollector::Stop() {
  if (walker_) walker_->Stop();
}

}  // namespace headroom
