#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"

// The pages of a bbolt database file: go.etcd.io/bbolt,
// internal/common/{page,inode,bucket,meta}.go. All numbers are in the byte order of the machine
// that wrote them.
//
// Any bytes can be read. The file may be written to meanwhile, so what is read twice may differ;
// each function looks at a number once and checks what it has.
namespace headroom::bbolt {

using PageId = std::uint64_t;

// More levels than any tree has whose branches have two children each.
inline constexpr int kDeepestTree = 64;

inline constexpr std::size_t kPageHeaderBytes = 16;
inline constexpr std::size_t kElementBytes = 16;       // of a branch and of a leaf alike
inline constexpr std::size_t kBucketHeaderBytes = 16;  // root page and sequence

// PageHeader::flags; a page has one of them.
inline constexpr std::uint16_t kBranchPage = 0x01;
inline constexpr std::uint16_t kLeafPage = 0x02;
inline constexpr std::uint16_t kFreelistPage = 0x10;

struct PageHeader {
  PageId id = 0;
  std::uint16_t flags = 0;
  std::uint16_t count = 0;     // of elements
  std::uint32_t overflow = 0;  // how many pages behind it belong to it
};

// nullopt when there is no room for one.
std::optional<PageHeader> ReadPageHeader(std::string_view page);

struct LeafElement {
  bool is_bucket = false;
  std::string_view key;
  std::string_view value;
};

struct BranchElement {
  std::string_view key;  // no key below `child` is less
  PageId child = 0;
};

// The element of that number, which is below a header's count, in a page with its header and
// overflow; nullopt when the element or what it points to is not within `page`.
std::optional<LeafElement> ReadLeafElement(std::string_view page, std::size_t index);
std::optional<BranchElement> ReadBranchElement(std::string_view page, std::size_t index);

// What a leaf element that is a bucket has as its value.
struct BucketHeader {
  PageId root = 0;  // 0: a leaf page with all of the bucket follows in the value
};
std::optional<BucketHeader> ReadBucketHeader(std::string_view value);

struct Meta {
  std::uint32_t page_bytes = 0;
  PageId root = 0;                 // of the tree whose leaves are the buckets
  std::optional<PageId> freelist;  // nullopt: not in the file, as etcd leaves it since 3.4
  PageId high_water =
      0;  // page ids are below; times the page's size it is what etcd's quota is compared to
  std::uint64_t transaction = 0;  // grows with each commit
};

// The meta page of the newest transaction. The first two pages take turns in holding it; one that
// is damaged or half written, by its checksum, is passed over. InvalidArgument when there is none.
absl::StatusOr<Meta> NewestMeta(std::string_view file);

}  // namespace headroom::bbolt
