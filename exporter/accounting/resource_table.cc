#include "accounting/resource_table.h"

#include <algorithm>
#include <limits>

namespace headroom::accounting {

ResourceTable::ResourceTable(std::size_t cap)
    : cap_(std::min<std::size_t>(cap, std::numeric_limits<ResourceId>::max())) {
  names_.emplace_back(kOtherLabel);
  ids_.emplace(names_.back(), kOtherResource);
}

ResourceId ResourceTable::Find(std::string_view resource) {
  const auto known = ids_.find(resource);
  if (known != ids_.end()) return known->second;
  if (names_.size() > cap_) return kOtherResource;
  const auto id = static_cast<ResourceId>(names_.size());
  names_.emplace_back(resource);
  ids_.emplace(names_.back(), id);
  return id;
}

}  // namespace headroom::accounting
