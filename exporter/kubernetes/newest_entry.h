#pragma once

#include <span>

#include "kubernetes/managed_fields.h"

namespace headroom::kubernetes {

// The entry with the latest time of those that `wanted(entry)` is true of. nullptr if there is
// none, and if it shares that time with one that is not by `same(a, b)` what it is itself.
template <typename Wanted, typename Same>
const ManagedFields::Entry* OnlyNewest(std::span<const ManagedFields::Entry> entries, Wanted wanted,
                                       Same same) {
  const ManagedFields::Entry* newest = nullptr;
  bool shared = false;
  for (const ManagedFields::Entry& entry : entries) {
    if (!wanted(entry) || (newest != nullptr && entry.time < newest->time)) continue;
    if (newest == nullptr || entry.time > newest->time) {
      newest = &entry;
      shared = false;
    } else {
      shared = shared || !same(*newest, entry);
    }
  }
  return shared ? nullptr : newest;
}

}  // namespace headroom::kubernetes
