#include "accounting/key_history.h"

namespace headroom::accounting {

RevisionKind KeyHistory::Add(std::uint64_t key_hash, bool tombstone) {
  // The table by the highest bits, the place in it by the lowest ones.
  auto& table = tables_[key_hash >> 58U];
  const auto [key, is_new] =
      table.insert({.hash = key_hash & ~(std::uint64_t{1} << 63U), .deleted_next = tombstone});
  const bool deleted_next = key->deleted_next != 0;
  key->deleted_next = tombstone;
  if (is_new) ++keys_;
  if (tombstone) return RevisionKind::kTombstone;
  if (is_new) return RevisionKind::kLive;
  return deleted_next ? RevisionKind::kDeleted : RevisionKind::kSuperseded;
}

}  // namespace headroom::accounting
