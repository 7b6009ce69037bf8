#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace headroom::kubernetes {

inline constexpr std::string_view kStatusSubresource = "status";

// What a stored object says of its last writer: metadata.managedFields and the marks that writes
// without a field manager leave.
struct ManagedFields {
  // One entry of the list (metav1.ManagedFieldsEntry).
  struct Entry {
    std::string_view manager;
    std::string_view subresource;  // "status", "scale"; mostly empty
    // Grows with the time of the manager's last change, which has whole seconds. Comparable between
    // values of one encoding. 0: none given.
    std::uint64_t time = 0;
    std::uint64_t identity = 0;  // hash of manager, operation, API version and subresource
    std::uint64_t content = 0;   // hash of all of the entry
    std::size_t bytes = 0;       // of the entry
  };

  // Kubernetes keeps ten entries of updates; appliers come on top.
  static constexpr std::size_t kMaxEntries = 32;

  std::span<const Entry> entries;  // the newest kMaxEntries
  // Hash of the object's status where an entry is of the status subresource, else 0.
  std::uint64_t status = 0;
  bool deletion_marked = false;  // metadata.deletionTimestamp is set
  bool bound = false;            // spec.nodeName is set; read of Pods alone
};

// Reads objects as kube-apiserver stores them, in protobuf, JSON or CBOR. Does not allocate; work
// is linear in the value's size.
class ManagedFieldsReader {
 public:
  // `value` may be cut short or any bytes at all: what stands before the fault is read. The result
  // points into `value` and this reader: it is good until the next call and as long as `value` is.
  // JSON strings keep their escapes.
  ManagedFields Read(std::string_view value, bool is_pod);
  // The entries alone, without their hashes: what is behind the metadata is not read.
  std::span<const ManagedFields::Entry> ReadEntries(std::string_view value);

 private:
  std::array<ManagedFields::Entry, ManagedFields::kMaxEntries> entries_;
};

}  // namespace headroom::kubernetes
