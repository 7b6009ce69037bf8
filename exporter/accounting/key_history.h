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
// Keys are known by 55 bits of their hash and by their table: the chance that any two of n keys are
// taken for one, and a live object for history, is about n^2 / 2^62: for ten million keys one in
// 46,000. Memory: 8 bytes in tables that are 7/16 to 7/8 full, at most 14 bytes a key where there
// are many.
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
  // Of 7 bytes, and one more in its table.
  struct __attribute__((packed)) Key {
    std::uint64_t hash : 55;
    mutable std::uint64_t deleted_next : 1;  // the revision seen last, which came next, is a delete
  };
  static_assert(sizeof(Key) == 7);
  static Key KeyOf(std::uint64_t hash, bool tombstone) {
    return {.hash = hash & ((std::uint64_t{1} << 55U) - 1), .deleted_next = tombstone};
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

  // One table of many would be there twice while it grows; these do that one at a time. Each has
  // 2^(1/64) times as many keys as the one before, so that at any time some have just doubled, and
  // others are about to.
  static constexpr std::size_t kTables = 64;
  static constexpr std::size_t kParts = 1024;
  static constexpr std::array<std::uint8_t, kParts> TablesOfParts() {
    constexpr double kGrowth = 1.0108892860517004;  // 2^(1/64)
    std::array<std::uint8_t, kParts> tables{};
    double end = kGrowth;
    std::uint8_t table = 0;
    for (std::size_t part = 0; part < kParts; ++part) {
      if (static_cast<double>(part) >= kParts * (end - 1) && table + 1U < kTables) {
        ++table;
        end *= kGrowth;
      }
      tables[part] = table;
    }
    return tables;
  }
  // The table by the highest bits, the place in it by the lowest ones.
  static std::size_t TableOf(std::uint64_t hash) {
    static constexpr auto kTablesOfParts = TablesOfParts();
    return kTablesOfParts[hash >> 54U];
  }

  std::array<absl::flat_hash_set<Key, Hash, Equal>, kTables> tables_;
  std::size_t keys_ = 0;
};

}  // namespace headroom::accounting
