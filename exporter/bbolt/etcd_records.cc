#include "bbolt/etcd_records.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace headroom::bbolt {
namespace {

constexpr std::size_t kNumberBytes = 8;
constexpr std::size_t kRevisionBytes = 2 * kNumberBytes + 1;

// Reads the fields of a protobuf message that may change meanwhile, as protobuf's own readers must
// not: they look at bytes more than once and rely on finding the same. Here each is read once, and
// what was read is held against where the message ends. All functions return false on bytes that
// are not what they should be.
class MessageReader {
 public:
  enum class Wire { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  explicit MessageReader(std::string_view message)
      : at_(message.data()), end_(message.data() + message.size()) {}

  // Calls `on_field(number, wire)` for each field, which is to take it.
  template <typename OnField>
  bool ReadFields(OnField on_field) {
    while (at_ != end_) {
      std::uint64_t tag = 0;
      if (!ReadVarint(tag) || tag >> 3U == 0) return false;
      if (!on_field(tag >> 3U, static_cast<Wire>(tag & 7U))) return false;
    }
    return true;
  }

  bool ReadVarint(std::uint64_t& number) {
    if (at_ == end_) return false;
    number = static_cast<unsigned char>(*at_++);
    if (number < 0x80) return true;  // as most are
    number &= 0x7fU;
    for (unsigned shift = 7; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      number |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool ReadBytes(std::string_view& bytes) {
    std::uint64_t size = 0;
    if (!ReadVarint(size) || size > left()) return false;
    bytes = {at_, size};
    at_ += size;
    return true;
  }

  bool Skip(Wire wire) {
    std::uint64_t number = 0;
    std::string_view bytes;
    switch (wire) {
      case Wire::kVarint:
        return ReadVarint(number);
      case Wire::kFixed64:
        return SkipBytes(8);
      case Wire::kBytes:
        return ReadBytes(bytes);
      case Wire::kFixed32:
        return SkipBytes(4);
    }
    return false;  // groups, which etcd has none of, and what is no type
  }

 private:
  bool SkipBytes(std::size_t size) {
    if (size > left()) return false;
    at_ += size;
    return true;
  }

  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  const char* at_;
  const char* end_;
};

using Wire = MessageReader::Wire;

// The number in the first 8 bytes of as many or more.
std::uint64_t ReadBigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), kNumberBytes);
  return std::endian::native == std::endian::big ? number : __builtin_bswap64(number);
}

}  // namespace

std::optional<Revision> ReadRevision(std::string_view bytes) {
  const bool tombstone = bytes.size() == kRevisionBytes + 1 && bytes.back() == 't';
  if (bytes.size() != kRevisionBytes && !tombstone) return std::nullopt;
  if (bytes[kNumberBytes] != '_') return std::nullopt;
  return Revision{.main = static_cast<std::int64_t>(ReadBigEndian(bytes)), .tombstone = tombstone};
}

std::optional<KeyValue> ReadKeyValue(std::string_view bytes) {
  KeyValue entry;
  MessageReader reader(bytes);
  const bool whole = reader.ReadFields([&](std::uint64_t field, Wire wire) {
    if (field == 1 && wire == Wire::kBytes) return reader.ReadBytes(entry.key);
    if (field == 5 && wire == Wire::kBytes) return reader.ReadBytes(entry.value);
    return reader.Skip(wire);
  });
  return whole && !entry.key.empty() ? std::optional(entry) : std::nullopt;
}

std::optional<std::uint64_t> ReadConsistentIndex(std::string_view bytes) {
  return bytes.size() == kNumberBytes ? std::optional(ReadBigEndian(bytes)) : std::nullopt;
}

std::optional<std::int64_t> ReadLeaseTtl(std::string_view bytes) {
  std::uint64_t ttl = 0;
  MessageReader reader(bytes);
  const bool whole = reader.ReadFields([&](std::uint64_t field, Wire wire) {
    return field == 2 && wire == Wire::kVarint ? reader.ReadVarint(ttl) : reader.Skip(wire);
  });
  return whole && ttl > 0 ? std::optional(static_cast<std::int64_t>(ttl)) : std::nullopt;
}

std::optional<StoredAlarm> ReadAlarm(std::string_view bytes) {
  StoredAlarm alarm;
  MessageReader reader(bytes);
  const bool whole = reader.ReadFields([&](std::uint64_t field, Wire wire) {
    if (field == 1 && wire == Wire::kVarint) return reader.ReadVarint(alarm.member);
    if (field == 2 && wire == Wire::kVarint) return reader.ReadVarint(alarm.type);
    return reader.Skip(wire);
  });
  return whole ? std::optional(alarm) : std::nullopt;
}

}  // namespace headroom::bbolt
