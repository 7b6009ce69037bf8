#include "monitor/namespace_budgets.h"

#include <algorithm>

namespace headroom {

std::vector<NamespaceBudget> BudgetsOf(const ExactInventory& inventory,
                                       const budgets::Budgets& budgets,
                                       std::optional<std::uint64_t> quota_bytes) {
  std::vector<NamespaceBudget> found;
  for (const ExactInventory::Stored& row : inventory.namespaces) {
    if (row.name.empty() || row.name == accounting::kOtherLabel) continue;
    const budgets::Budget* const budget = budgets::Find(budgets, row.name);
    if (budget == nullptr) continue;
    if (const auto bytes = budget->BytesOf(quota_bytes))
      found.push_back({.object_namespace = row.name, .owner = budget->owner, .bytes = *bytes});
  }
  return found;
}

}  // namespace headroom
