#pragma once

#include <span>

#include "kubernetes/managed_fields.h"

namespace headroom::kubernetes {

inline constexpr auto kAnyEntry = [](const ManagedFields::Entry&) { return true; };
inline constexpr auto kNeverSame = [](const ManagedFields::Entry&, const ManagedFields::Entry&) {
  return false;
};

// The entry with the latest time of those that `wanted(entry)` is true of. nullptr if there is
// none, or if another one shares that time and is not the `same(a, b)`.
template <typename Wanted = decltype(kAnyEntry), typename Same = decltype(kNeverSame)>
const ManagedFields::Entry* OnlyNewest(std::span<const ManagedFields::Entry> entries,
                                       Wanted wanted = kAnyEntry, Same same = kNeverSame) {
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
