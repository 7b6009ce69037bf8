#include "bbolt/page.h"

#include <array>
#include <bit>
#include <cstring>

#include "absl/status/status.h"

namespace headroom::bbolt {
namespace {

constexpr std::size_t kMetaBytes = 64;
constexpr std::size_t kChecksumAt = 56;
constexpr std::uint32_t kMagic = 0xED0CDAED;
constexpr std::uint32_t kVersion = 2;
constexpr PageId kNoFreelist = ~PageId{0};
// bbolt takes the operating system's; it looks for the second meta page from the first size on.
constexpr std::uint32_t kLeastPageBytes = 1024;
constexpr std::uint32_t kMostPageBytes = 64U << 10;
constexpr std::uint32_t kBucketFlag = 0x01;  // of a leaf element

// The number at an offset that is known to be within `bytes`.
template <typename Number>
Number Load(std::string_view bytes, std::size_t at) {
  Number number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

// nullopt when it is not within `bytes`; no sum here can overflow.
std::optional<std::string_view> Slice(std::string_view bytes, std::uint64_t at,
                                      std::uint64_t size) {
  if (at > bytes.size() || size > bytes.size() - at) return std::nullopt;
  return bytes.substr(at, size);
}

std::size_t ElementAt(std::size_t index) { return kPageHeaderBytes + index * kElementBytes; }

// FNV-1a of 64 bits, as Go's hash/fnv.
std::uint64_t Checksum(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

// The meta page at that offset; nullopt when there is no valid one.
std::optional<Meta> ReadMeta(std::string_view file, std::size_t at) {
  const auto page = Slice(file, at, kPageHeaderBytes + kMetaBytes);
  if (!page) return std::nullopt;
  // A copy: what the checksum is of must be what is then used.
  std::array<char, kMetaBytes> copy{};
  std::memcpy(copy.data(), page->data() + kPageHeaderBytes, kMetaBytes);
  const std::string_view bytes(copy.data(), copy.size());
  if (Load<std::uint32_t>(bytes, 0) != kMagic || Load<std::uint32_t>(bytes, 4) != kVersion ||
      Load<std::uint64_t>(bytes, kChecksumAt) != Checksum(bytes.substr(0, kChecksumAt))) {
    return std::nullopt;
  }
  Meta meta{.page_bytes = Load<std::uint32_t>(bytes, 8),
            .root = Load<PageId>(bytes, 16),
            .high_water = Load<PageId>(bytes, 40),
            .transaction = Load<std::uint64_t>(bytes, 48)};
  if (const auto freelist = Load<PageId>(bytes, 32); freelist != kNoFreelist) {
    meta.freelist = freelist;
  }
  const bool plausible = std::has_single_bit(meta.page_bytes) &&
                         meta.page_bytes >= kLeastPageBytes && meta.page_bytes <= kMostPageBytes &&
                         meta.high_water <= (std::uint64_t{1} << 63U) / meta.page_bytes;
  return plausible && (at == 0 || at == meta.page_bytes) ? std::optional(meta) : std::nullopt;
}

bool HasMagic(std::string_view file) {
  const auto magic = Slice(file, kPageHeaderBytes, sizeof kMagic);
  return magic && Load<std::uint32_t>(*magic, 0) == kMagic;
}

}  // namespace

std::optional<PageHeader> ReadPageHeader(std::string_view page) {
  if (page.size() < kPageHeaderBytes) return std::nullopt;
  return PageHeader{.id = Load<PageId>(page, 0),
                    .flags = Load<std::uint16_t>(page, 8),
                    .count = Load<std::uint16_t>(page, 10),
                    .overflow = Load<std::uint32_t>(page, 12)};
}

std::optional<LeafElement> ReadLeafElement(std::string_view page, std::size_t index) {
  const std::size_t at = ElementAt(index);
  if (at + kElementBytes > page.size()) return std::nullopt;
  // None of these sums of numbers of 32 bits can overflow.
  const std::uint64_t key_at = at + Load<std::uint32_t>(page, at + 4);
  const std::uint64_t value_at = key_at + Load<std::uint32_t>(page, at + 8);
  const std::uint64_t end = value_at + Load<std::uint32_t>(page, at + 12);
  if (end > page.size()) return std::nullopt;
  return LeafElement{.is_bucket = (Load<std::uint32_t>(page, at) & kBucketFlag) != 0,
                     .key = {page.data() + key_at, value_at - key_at},
                     .value = {page.data() + value_at, end - value_at}};
}

std::optional<BranchElement> ReadBranchElement(std::string_view page, std::size_t index) {
  const std::size_t at = ElementAt(index);
  if (at + kElementBytes > page.size()) return std::nullopt;
  const std::uint64_t key_at = at + Load<std::uint32_t>(page, at);
  const std::uint64_t end = key_at + Load<std::uint32_t>(page, at + 4);
  if (end > page.size()) return std::nullopt;
  return BranchElement{.key = {page.data() + key_at, end - key_at},
                       .child = Load<PageId>(page, at + 8)};
}

std::optional<BucketHeader> ReadBucketHeader(std::string_view value) {
  if (value.size() < kBucketHeaderBytes) return std::nullopt;
  return BucketHeader{.root = Load<PageId>(value, 0)};
}

absl::StatusOr<Meta> NewestMeta(std::string_view file) {
  if (file.empty()) return absl::InvalidArgumentError("is empty");
  const auto first = ReadMeta(file, 0);
  std::optional<Meta> second;
  if (first) {
    second = ReadMeta(file, first->page_bytes);
  } else {
    for (std::uint32_t at = kLeastPageBytes; !second && at <= kMostPageBytes; at *= 2) {
      second = ReadMeta(file, at);
    }
  }
  if (first && second) return first->transaction > second->transaction ? *first : *second;
  if (first) return *first;
  if (second) return *second;
  return absl::InvalidArgumentError(HasMagic(file)
                                        ? "both meta pages are damaged, or of another version"
                                        : "is no etcd database or snapshot: no meta page");
}

}  // namespace headroom::bbolt
