#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "budgets/budgets.h"
#include "monitor/cluster.h"
#include "monitor/inventory_walker.h"

namespace headroom {

struct NamespaceBudget {
  std::string object_namespace;
  std::string owner;
  std::uint64_t bytes = 0;
};

// The budget of each namespace that the inventory names and that has one. `quota_bytes`: what
// shares are of; without it they are left out.
std::vector<NamespaceBudget> BudgetsOf(const ExactInventory& inventory,
                                       const budgets::Budgets& budgets,
                                       std::optional<std::uint64_t> quota_bytes);

// Of the members that answered, in bytes; nothing where none is known, or all are disabled.
std::optional<std::uint64_t> SmallestQuota(const ClusterReport& cluster);

}  // namespace headroom
