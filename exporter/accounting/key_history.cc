#include "accounting/key_history.h"

namespace headroom::accounting {

RevisionKind KeyHistory::Add(std::uint64_t key_hash, bool tombstone) {
  const auto [key, is_new] = tables_[TableOf(key_hash)].insert(KeyOf(key_hash, tombstone));
  const bool deleted_next = key->deleted_next != 0;
  key->deleted_next = tombstone;
  if (is_new) ++keys_;
  if (tombstone) return RevisionKind::kTombstone;
  if (is_new) return RevisionKind::kLive;
  return deleted_next ? RevisionKind::kDeleted : RevisionKind::kSuperseded;
}

void KeyHistory::Prefetch(std::uint64_t key_hash) const {
  tables_[TableOf(key_hash)].prefetch(KeyOf(key_hash, false));
}

}  // namespace headroom::accounting
