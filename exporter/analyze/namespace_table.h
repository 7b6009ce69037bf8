#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "accounting/key_history.h"

namespace headroom::analyze {

// What a namespace has stored over all resources. Bytes and objects are those of Usage.
struct NamespaceRow {
  std::string name;  // empty for what belongs to no namespace
  std::uint64_t objects = 0;
  std::uint64_t live_bytes = 0;
  std::uint64_t history_bytes = 0;
};

// In a deque: a vector that grows would be there twice.
using NamespaceRows = std::deque<NamespaceRow>;

// Adds up what each namespace has. Bounded: past kMost namespaces, all further ones are one,
// "other". Memory: up to 200 bytes for each.
class NamespaceTable {
 public:
  static constexpr std::size_t kMost = 20'000;
  using Id = std::uint32_t;

  NamespaceTable();

  // Namespaces are known by 64 bits of their hash, as keys are in KeyHistory.
  Id Find(std::string_view name);
  void Add(Id id, accounting::RevisionKind kind, std::uint64_t bytes) {
    NamespaceRow& row = rows_[id];
    if (kind == accounting::RevisionKind::kLive) {
      ++row.objects;
      row.live_bytes += bytes;
    } else {
      row.history_bytes += bytes;
    }
  }
  // "other" first, the rest in the order in which they were found.
  NamespaceRows Take() && { return std::move(rows_); }

 private:
  NamespaceRows rows_;
  absl::flat_hash_map<std::uint64_t, Id> ids_;  // by the hash of the name
};

}  // namespace headroom::analyze
