#include "etcd/watch_message.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <limits>

#include "absl/status/status.h"

namespace headroom::etcd {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// A message that lies in pieces, for protobuf to read.
class PieceStream final : public google::protobuf::io::ZeroCopyInputStream {
 public:
  explicit PieceStream(absl::Span<const std::string_view> pieces) : rest_(pieces) {}

  bool Next(const void** data, int* size) override {
    while (left_.empty()) {
      if (rest_.empty()) return false;
      piece_ = left_ = rest_.front();
      rest_.remove_prefix(1);
    }
    *data = left_.data();
    *size = static_cast<int>(left_.size());
    read_ += *size;
    left_ = {};
    return true;
  }
  void BackUp(int count) override {
    left_ = piece_.substr(piece_.size() - static_cast<std::size_t>(count));
    read_ -= count;
  }
  bool Skip(int count) override {
    const void* data = nullptr;
    int size = 0;
    for (; count > 0; count -= size) {
      if (!Next(&data, &size)) return false;
      if (size > count) {
        BackUp(size - count);
        break;
      }
    }
    return true;
  }
  std::int64_t ByteCount() const override { return read_; }

 private:
  absl::Span<const std::string_view> rest_;
  std::string_view piece_;
  std::string_view left_;  // of piece_
  std::int64_t read_ = 0;
};

constexpr std::uint32_t Varint(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT);
}
constexpr std::uint32_t Bytes(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

// All functions below return false on bytes that are not what they should be.

template <typename OnTag>
bool ReadFields(CodedInputStream& input, OnTag on_tag) {
  while (input.BytesUntilLimit() > 0) {
    const std::uint32_t tag = input.ReadTagNoLastTag();
    if (tag == 0 || !on_tag(tag)) return false;
  }
  return true;
}

bool ReadLength(CodedInputStream& input, int& length) {
  return input.ReadVarintSizeAsInt(&length) && length <= input.BytesUntilLimit();
}

template <typename OnTag>
bool ReadMessage(CodedInputStream& input, OnTag on_tag) {
  int length = 0;
  if (!ReadLength(input, length)) return false;
  const auto outer = input.PushLimit(length);
  if (!ReadFields(input, on_tag)) return false;
  input.PopLimit(outer);
  return true;
}

template <typename Number>
bool ReadNumber(CodedInputStream& input, Number& number) {
  std::uint64_t value = 0;
  if (!input.ReadVarint64(&value)) return false;
  number = static_cast<Number>(value);
  return true;
}

bool ReadType(CodedInputStream& input, WatchEvent::Type& type) {
  std::uint64_t value = 0;
  if (!input.ReadVarint64(&value) || value > 1) return false;
  type = value == 0 ? WatchEvent::Type::kPut : WatchEvent::Type::kDelete;
  return true;
}

// The next `length` bytes where they lie, without taking them; empty when they do not lie in one
// piece.
std::string_view InOnePiece(CodedInputStream& input, int length) {
  const void* data = nullptr;
  int size = 0;
  if (!input.GetDirectBufferPointer(&data, &size) || size < length) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(length)};
}

bool CopyTo(CodedInputStream& input, std::string& copy, int length) {
  copy.resize(static_cast<std::size_t>(length));
  return input.ReadRaw(copy.data(), length);
}

bool ReadKey(CodedInputStream& input, std::string_view& key, std::string& copy) {
  int length = 0;
  if (!ReadLength(input, length)) return false;
  key = InOnePiece(input, length);
  if (!key.empty()) return input.Skip(length);
  if (!CopyTo(input, copy, length)) return false;
  key = copy;
  return true;
}

bool ReadValue(CodedInputStream& input, WatchEvent& event, std::string& copy,
               absl::FunctionRef<bool(std::string_view)> wants_value) {
  int length = 0;
  if (!ReadLength(input, length)) return false;
  event.value_bytes = static_cast<std::size_t>(length);
  const int wanted = std::min(length, static_cast<int>(WatchMessageReader::kMaxValuePrefix));
  event.value_prefix = InOnePiece(input, wanted);
  if (!event.value_prefix.empty()) return input.Skip(length);
  // etcd writes the key first; did it not, the value may still prove to be wanted.
  if (!event.key.empty() && !wants_value(event.key)) return input.Skip(length);
  if (!CopyTo(input, copy, wanted)) return false;
  event.value_prefix = copy;
  return input.Skip(length - wanted);
}

bool ReadHeader(CodedInputStream& input, WatchHeader& header) {
  return ReadMessage(input, [&](std::uint32_t tag) {
    switch (tag) {
      case Varint(1):
        return ReadNumber(input, header.cluster_id);
      case Varint(2):
        return ReadNumber(input, header.member_id);
      case Varint(3):
        return ReadNumber(input, header.revision);
      default:
        return WireFormatLite::SkipField(&input, tag);
    }
  });
}

bool ReadReason(CodedInputStream& input, std::string& reason) {
  int length = 0;
  if (!ReadLength(input, length)) return false;
  const int kept = std::min(length, static_cast<int>(WatchMessageReader::kMaxCancelReason));
  return CopyTo(input, reason, kept) && input.Skip(length - kept);
}

}  // namespace

absl::StatusOr<WatchHeader> WatchMessageReader::Read(
    absl::Span<const std::string_view> pieces,
    absl::FunctionRef<bool(std::string_view)> wants_value,
    absl::FunctionRef<void(const WatchEvent&)> on_event) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (size > std::numeric_limits<int>::max()) {
    return absl::InvalidArgumentError("watch response of more than 2 GiB");
  }
  PieceStream stream(pieces);
  CodedInputStream input(&stream);
  input.PushLimit(static_cast<int>(size));

  const auto read_key_value = [&](WatchEvent& event) {
    return ReadMessage(input, [&](std::uint32_t tag) {
      switch (tag) {
        case Bytes(1):
          return ReadKey(input, event.key, key_);
        case Varint(2):
          return ReadNumber(input, event.create_revision);
        case Varint(3):
          return ReadNumber(input, event.mod_revision);
        case Varint(4):
          return ReadNumber(input, event.version);
        case Bytes(5):
          return ReadValue(input, event, value_, wants_value);
        case Varint(6):
          return ReadNumber(input, event.lease);
        default:
          return WireFormatLite::SkipField(&input, tag);
      }
    });
  };
  const auto read_event = [&](WatchEvent& event) {
    return ReadMessage(input, [&](std::uint32_t tag) {
      switch (tag) {
        case Varint(1):
          return ReadType(input, event.type);
        case Bytes(2):
          return read_key_value(event);
        default:
          return WireFormatLite::SkipField(&input, tag);
      }
    });
  };

  WatchHeader header;
  const bool whole = ReadFields(input, [&](std::uint32_t tag) {
    switch (tag) {
      case Bytes(1):
        return ReadHeader(input, header);
      case Varint(2):
        return ReadNumber(input, header.watch_id);
      case Varint(3):
        return ReadNumber(input, header.created);
      case Varint(4):
        return ReadNumber(input, header.canceled);
      case Varint(5):
        return ReadNumber(input, header.compact_revision);
      case Bytes(6):
        return ReadReason(input, header.cancel_reason);
      case Varint(7):
        return ReadNumber(input, header.fragment);
      case Bytes(11): {
        WatchEvent event;
        if (!read_event(event) || event.key.empty()) return false;
        ++header.events;
        on_event(event);
        return true;
      }
      default:
        return WireFormatLite::SkipField(&input, tag);
    }
  });
  if (key_.capacity() > kMaxValuePrefix) key_ = std::string();
  if (!whole) {
    return absl::InvalidArgumentError("not a watch response: fault after " +
                                      std::to_string(header.events) + " events");
  }
  return header;
}

}  // namespace headroom::etcd
