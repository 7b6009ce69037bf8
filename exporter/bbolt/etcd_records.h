#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// What etcd writes into its buckets: server/storage/{mvcc,schema} and mvccpb.KeyValue.
namespace headroom::bbolt {

struct Revision {
  std::int64_t main = 0;
  bool tombstone = false;
};

// A key of the bucket `key`: the revision in 8 bytes, '_', the number of the change within it in 8
// bytes, both big-endian; and 't' behind those of a delete. What the bucket `meta` says of
// compactions is of this form, too. nullopt when it is none.
std::optional<Revision> ReadRevision(std::string_view bytes);

struct KeyValue {
  std::string_view key;    // any bytes, never empty
  std::string_view value;  // empty of a tombstone
};

// A value of the bucket `key`, a mvccpb.KeyValue. The result points into `bytes`; of the value
// itself nothing is looked at. nullopt on bytes that are none.
std::optional<KeyValue> ReadKeyValue(std::string_view bytes);

// `consistent_index` of the bucket `meta`: 8 bytes, big-endian. nullopt when there are not as many.
std::optional<std::uint64_t> ReadConsistentIndex(std::string_view bytes);

// The time to live, in seconds, of a value of the bucket `lease`, a leasepb.Lease. nullopt on bytes
// that are none.
std::optional<std::int64_t> ReadLeaseTtl(std::string_view bytes);

inline constexpr std::uint64_t kNospaceAlarm = 1;
inline constexpr std::uint64_t kCorruptAlarm = 2;

struct StoredAlarm {
  std::uint64_t member = 0;
  std::uint64_t type = 0;  // one of the above, or whatever a later etcd adds

  bool operator==(const StoredAlarm&) const = default;
};

// A key of the bucket `alarm`, an etcdserverpb.AlarmMember. nullopt on bytes that are none.
std::optional<StoredAlarm> ReadAlarm(std::string_view bytes);

}  // namespace headroom::bbolt
