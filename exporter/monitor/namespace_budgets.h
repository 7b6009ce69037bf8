#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "budgets/budgets.h"
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

}  // namespace headroom
