#include "analyze/namespace_table.h"

#include "accounting/label_hash.h"
#include "accounting/resource_table.h"

namespace headroom::analyze {

NamespaceTable::NamespaceTable() { Find(accounting::kOtherLabel); }

NamespaceTable::Id NamespaceTable::Find(std::string_view name) {
  const std::uint64_t hash = accounting::LabelHash()(name);
  if (const auto known = ids_.find(hash); known != ids_.end()) return known->second;
  if (rows_.size() > kMost) return 0;
  const auto id = static_cast<Id>(rows_.size());
  rows_.push_back({.name = std::string(name)});
  ids_.emplace(hash, id);
  return id;
}

}  // namespace headroom::analyze
