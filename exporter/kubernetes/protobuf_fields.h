#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

namespace headroom::kubernetes {

inline constexpr auto kIgnoreVarint = [](int, std::uint64_t) {};

// Goes over the fields of a message in place, up to its end or the first fault: no tree, no
// allocation. Calls `on_bytes(number, bytes)` for each length-delimited field, of one that is cut
// short with what is there, and `on_varint(number, value)` for each varint.
template <typename OnBytes, typename OnVarint = decltype(kIgnoreVarint)>
void ForEachField(std::string_view message, OnBytes on_bytes, OnVarint on_varint = kIgnoreVarint) {
  using google::protobuf::internal::WireFormatLite;
  constexpr std::size_t kLongest = std::numeric_limits<int>::max();
  const auto size = static_cast<int>(std::min(message.size(), kLongest));
  google::protobuf::io::CodedInputStream input(
      reinterpret_cast<const std::uint8_t*>(message.data()), size);
  while (const std::uint32_t tag = input.ReadTagNoLastTag()) {
    const int number = WireFormatLite::GetTagFieldNumber(tag);
    switch (WireFormatLite::GetTagWireType(tag)) {
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED: {
        int length = 0;
        if (!input.ReadVarintSizeAsInt(&length)) return;
        const auto at = static_cast<std::size_t>(input.CurrentPosition());
        on_bytes(number, message.substr(at, static_cast<std::size_t>(length)));
        if (!input.Skip(length)) return;
        break;
      }
      case WireFormatLite::WIRETYPE_VARINT: {
        std::uint64_t value = 0;
        if (!input.ReadVarint64(&value)) return;
        on_varint(number, value);
        break;
      }
      default:
        if (!WireFormatLite::SkipField(&input, tag)) return;
    }
  }
}

}  // namespace headroom::kubernetes
