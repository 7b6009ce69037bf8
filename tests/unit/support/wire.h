#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Protobuf messages put together field by field, right or wrong.
namespace headroom::test {

inline std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>(value | 0x80U);
  return bytes + static_cast<char>(value);
}

inline std::string Number(std::uint64_t field, std::uint64_t value) {
  return Varint(field << 3U) + Varint(value);
}

inline std::string Bytes(std::uint64_t field, std::string_view bytes) {
  return Varint(field << 3U | 2U) + Varint(bytes.size()) + std::string(bytes);
}

}  // namespace headroom::test
