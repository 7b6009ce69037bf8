#include "bbolt/etcd_records.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstddef>
#include <limits>

namespace headroom::bbolt {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr std::size_t kNumberBytes = 8;
constexpr std::size_t kRevisionBytes = 2 * kNumberBytes + 1;

constexpr std::uint32_t Bytes(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}
constexpr std::uint32_t Varint(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT);
}

// Calls `on_field(input, tag)` for each field, which is to take it. False where that was not
// possible.
template <typename OnField>
bool ReadFields(std::string_view message, OnField on_field) {
  if (message.size() > std::numeric_limits<int>::max()) return false;
  const auto size = static_cast<int>(message.size());
  CodedInputStream input(reinterpret_cast<const std::uint8_t*>(message.data()), size);
  while (input.CurrentPosition() < size) {
    const std::uint32_t tag = input.ReadTagNoLastTag();
    if (tag == 0 || !on_field(input, tag)) return false;
  }
  return true;
}

std::uint64_t ReadBigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

std::optional<Revision> ReadRevision(std::string_view bytes) {
  const bool tombstone = bytes.size() == kRevisionBytes + 1 && bytes.back() == 't';
  if (bytes.size() != kRevisionBytes && !tombstone) return std::nullopt;
  if (bytes[kNumberBytes] != '_') return std::nullopt;
  return Revision{.main = static_cast<std::int64_t>(ReadBigEndian(bytes.substr(0, kNumberBytes))),
                  .tombstone = tombstone};
}

std::optional<KeyValue> ReadKeyValue(std::string_view bytes) {
  KeyValue entry;
  const auto take = [&](CodedInputStream& input, std::string_view& text) {
    int length = 0;
    if (!input.ReadVarintSizeAsInt(&length)) return false;
    text = bytes.substr(static_cast<std::size_t>(input.CurrentPosition()),
                        static_cast<std::size_t>(length));
    return input.Skip(length);
  };
  const bool whole = ReadFields(bytes, [&](CodedInputStream& input, std::uint32_t tag) {
    if (tag == Bytes(1)) return take(input, entry.key);
    if (tag == Bytes(5)) return take(input, entry.value);
    return WireFormatLite::SkipField(&input, tag);
  });
  return whole && !entry.key.empty() ? std::optional(entry) : std::nullopt;
}

std::optional<std::uint64_t> ReadConsistentIndex(std::string_view bytes) {
  return bytes.size() == kNumberBytes ? std::optional(ReadBigEndian(bytes)) : std::nullopt;
}

std::optional<Alarm> ReadAlarm(std::string_view bytes) {
  Alarm alarm;
  const bool whole = ReadFields(bytes, [&](CodedInputStream& input, std::uint32_t tag) {
    if (tag == Varint(1)) return input.ReadVarint64(&alarm.member);
    if (tag == Varint(2)) return input.ReadVarint64(&alarm.type);
    return WireFormatLite::SkipField(&input, tag);
  });
  return whole ? std::optional(alarm) : std::nullopt;
}

}  // namespace headroom::bbolt
