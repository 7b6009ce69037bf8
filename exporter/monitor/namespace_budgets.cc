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

std::optional<std::uint64_t> SmallestQuota(const ClusterReport& cluster) {
  std::optional<std::uint64_t> smallest;
  for (const MemberReport& member : cluster.members) {
    const auto quota = member.quota_bytes();
    if (!quota || *quota <= 0) continue;
    const auto bytes = static_cast<std::uint64_t>(*quota);
    smallest = std::min(smallest.value_or(bytes), bytes);
  }
  return smallest;
}

}  // namespace headroom
