#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_set.h"

namespace headroom::accounting {

// What a stored revision of a key is to the key as it is now.
enum class RevisionKind {
  kLive,        // the newest, and no delete
  kSuperseded,  // an update came after it
  kDeleted,     // the last one before a delete
  kTombstone,   // the delete itself
};

// Classifies revisions as live, superseded, deleted or tombstone. Add the newest first.
//
// Keys are known by 63 bits of their hash: the chance that any two of n keys are taken for one, and
// a live object for history, is n^2 / 2^64: for ten million keys one in 180,000. Memory: 9 bytes in
// tables that are at least 7/16 full, at most 21 bytes a key.
class KeyHistory {
 public:
  // The next older revision, of the key with that hash: all 64 bits must be as good as random.
  RevisionKind Add(std::uint64_t key_hash, bool tombstone);
  // Asks the processor for what Add will need, and does not wait: with some revisions in between
  // Add finds it there.
  void Prefetch(std::uint64_t key_hash) const;
  // Distinct keys so far.
  std::size_t keys() const { return keys_; }

 private:
  struct Key {
    std::uint64_t hash : 63;
    mutable std::uint64_t deleted_next : 1;  // the revision seen last, which came next, is a delete
  };
  static Key KeyOf(std::uint64_t hash, bool tombstone) {
    return {.hash = hash & ~(std::uint64_t{1} << 63U), .deleted_next = tombstone};
  }
  struct Hash {
    std::size_t operator()(const Key& key) const {
      // Else GCC takes Prefetch, which computes nothing, for a call that can be left out.
      asm volatile("");
      return key.hash;
    }
  };
  struct Equal {
    bool operator()(const Key& a, const Key& b) const { return a.hash == b.hash; }
  };

  // One table of many would be there twice while it grows; these do that one at a time.
  static constexpr std::size_t kTables = 64;
  // The table by the highest bits, the place in it by the lowest ones.
  static std::size_t TableOf(std::uint64_t hash) { return hash >> 58U; }

  std::array<absl::flat_hash_set<Key, Hash, Equal>, kTables> tables_;
  std::size_t keys_ = 0;
};

}  // namespace headroom::accounting
