#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "kubernetes/managed_fields.h"

namespace headroom::kubernetes {

// Who made a write. Both are fit for labels and good for the life of what gave them.
struct Writer {
  // A field manager, or one of those below.
  std::string_view manager;
  // As it stands in the manager's entry; "binding" of a Pod's binding to its node.
  std::string_view subresource;

  bool operator==(const Writer&) const = default;
};

// The write left no manager: the object has none, or it was a binding or a mark for deletion.
inline constexpr std::string_view kNoManager = "none";
// Several entries may be of this write.
inline constexpr std::string_view kAmbiguousManager = "ambiguous";
inline constexpr std::string_view kEncryptedManager = "encrypted";

// Whether a manager is one of these: nobody to talk to.
constexpr bool IsNobody(std::string_view manager) {
  return manager == kNoManager || manager == kAmbiguousManager || manager == kEncryptedManager;
}

// Which objects need a look at more than their managers.
enum class ObjectKind : std::uint8_t {
  kEvent,  // written once as a rule, by one manager: nothing is remembered
  kPod,    // bound to a node
  kOther,
};

// Finds the field manager that made each write of an object.
//
// The API server renews the manager's entry in metadata.managedFields with each write that sets a
// field. The entry's time has whole seconds, and the list is not in the order of writing. So an
// entry is compared with what the write before left of it:
// - entries that are new, of another time or longer: the newest of them is the writer's;
// - none of those, but one is shorter or gone: fields were taken away, which leaves no trace of
//   the writer; their owner is taken for it, and mostly is;
// - no entry changed: a deletion or a binding where the object is newly marked so, which have no
//   manager; else a manager that wrote the same fields twice within a second, by the newest time,
//   and where that is shared by whether the object's status changed.
// Without the write before (of a new object, or forgotten) the newest time decides alone.
//
// Remembers the last write of kKeys keys, 64 bytes each; the key written least recently of a few
// gives way. Looks at the kEntries newest entries of an object. Not thread-safe.
class WriteAttribution {
 public:
  static constexpr std::size_t kKeys = std::size_t{32} * 1024;
  static constexpr std::size_t kEntries = 6;
  // Managers beyond so many, each by operation, API version and subresource, are "other".
  static constexpr std::size_t kMaxManagers = 4000;

  WriteAttribution();

  // A put of `version` (1: it created the key). `value`: as for ManagedFieldsReader. Allocates only
  // for a name that is new.
  Writer OfPut(std::string_view key, std::int64_t version, std::string_view value, ObjectKind kind);
  // The last manager that put that key, which is forgotten then; kNoManager where none is known.
  Writer OfDelete(std::string_view key);

 private:
  // An index of names_. The first two are not of an entry.
  using ManagerId = std::uint16_t;
  static constexpr ManagerId kNone = 0;
  static constexpr ManagerId kOther = 1;

  // An entry as a write left it; the last three are the low bits of ManagedFields::Entry's.
  struct Remembered {
    ManagerId manager;
    std::uint16_t time;
    std::uint16_t content;
    std::uint16_t bytes;  // 65535: that or more
  };
  // All zeros: free.
  struct Slot {
    std::uint64_t key;  // hash
    std::array<Remembered, kEntries> entries;
    std::uint32_t status;
    ManagerId manager;  // the last one that made a write
    std::uint8_t count : 6;
    std::uint8_t deletion_marked : 1;
    std::uint8_t bound : 1;
  };
  static_assert(sizeof(Slot) == 64);
  // The slots that a key can be in, the one written last in front.
  static constexpr std::size_t kWays = 4;
  using Bucket = std::array<Slot, kWays>;
  using Table = std::array<Bucket, kKeys / kWays>;
  struct Free {
    void operator()(Table* table) const;
  };

  // Whose write it was, with kNone where it was no manager's.
  struct Choice {
    Writer writer;
    ManagerId manager = kNone;
  };

  Remembered Remember(const ManagedFields::Entry& entry);
  Choice Choose(const ManagedFields& fields, const Slot& now, const Slot* before) const;
  ManagerId IdOf(const ManagedFields::Entry& entry);
  Bucket& BucketOf(std::uint64_t key) { return (*table_)[key % table_->size()]; }

  ManagedFieldsReader reader_;
  absl::flat_hash_map<std::uint64_t, ManagerId> ids_;  // by ManagedFields::Entry::identity
  std::deque<std::array<std::string, 2>>
      names_;                           // manager and subresource; they stay where they are
  std::unique_ptr<Table, Free> table_;  // pages of it become resident as they are written
};

}  // namespace headroom::kubernetes
