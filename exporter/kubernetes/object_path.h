#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "kubernetes/cbor_scanner.h"
#include "kubernetes/json_scanner.h"
#include "kubernetes/protobuf_fields.h"
#include "kubernetes/stored_value.h"

namespace headroom::kubernetes {

// One step on the way to a value inside an object: its name in JSON and CBOR, its number in
// protobuf.
struct PathStep {
  enum class Kind {
    kField,
    kList,    // the step goes into each element
    kMapKey,  // a key of a map, which has no number
  };
  std::string_view name;
  int number = 0;
  Kind kind = Kind::kField;
};
using Path = std::span<const PathStep>;

struct FoundValue {
  // A string without its quotes (JSON keeps its escapes), the bytes of a protobuf message, or what
  // stands in JSON or CBOR for anything else. Empty of a protobuf number.
  std::string_view text;
  std::uint64_t number = 0;  // of a protobuf number
};

namespace internal {

inline std::string_view LeafText(JsonScanner& scanner) {
  std::string_view text = scanner.TakeValue();
  if (text.size() > 1 && text.front() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

inline std::string_view LeafText(CborScanner& scanner) {
  const std::string_view bytes = scanner.TakeValue();
  std::string_view text;
  CborScanner(bytes).TakeString(text);
  return text.data() == nullptr ? bytes : text;
}

// Ends the scan behind what `path` leads to, since an object has a key once; not `in_list`, where
// further elements follow.
template <typename Scanner, typename OnFound>
void WalkTree(Scanner& scanner, Path path, OnFound& on_found, bool in_list = false) {
  if (path.empty()) return on_found(FoundValue{.text = LeafText(scanner)});
  const PathStep& step = path.front();
  scanner.ForEachKey([&](std::string_view key) {
    if (key != step.name) return scanner.SkipValue();
    if (step.kind == PathStep::Kind::kList) {
      scanner.ForEachElement([&] { WalkTree(scanner, path.subspan(1), on_found, true); });
    } else {
      WalkTree(scanner, path.subspan(1), on_found, in_list);
    }
    if (!in_list) scanner.Stop();
  });
}

template <typename OnFound>
void WalkProtobuf(std::string_view message, Path path, OnFound& on_found) {
  if (path.empty()) return on_found(FoundValue{.text = message});
  const PathStep& step = path.front();
  if (step.kind == PathStep::Kind::kMapKey) {  // an entry: 1 is its key, 2 its value
    std::string_view key;
    std::string_view value;
    ForEachField(message, [&](int number, std::string_view bytes) {
      if (number == 1) key = bytes;
      if (number == 2) value = bytes;
    });
    if (key == step.name) WalkProtobuf(value, path.subspan(1), on_found);
    return;
  }
  ForEachField(
      message,
      [&](int number, std::string_view bytes) {
        if (number == step.number) WalkProtobuf(bytes, path.subspan(1), on_found);
      },
      [&](int number, std::uint64_t value) {
        if (number == step.number && path.size() == 1) on_found(FoundValue{.number = value});
      });
}

}  // namespace internal

// Calls `on_found(FoundValue)` for each value at `path` in an object as kube-apiserver stores it. A
// list that ends the path without kList is one value in JSON and CBOR, and one for each element in
// protobuf. `value` may be cut short or any bytes at all: what stands before the fault is read.
// Does not allocate; work is linear in the value's size.
template <typename OnFound>
void ForEachAt(std::string_view value, Path path, OnFound on_found) {
  switch (EncodingOf(value)) {
    case ValueEncoding::kProtobuf:
      // runtime.Unknown; 2 is the object.
      ForEachField(ProtobufEnvelope(value), [&](int number, std::string_view object) {
        if (number == 2) internal::WalkProtobuf(object, path, on_found);
      });
      break;
    case ValueEncoding::kJson: {
      JsonScanner scanner(value);
      internal::WalkTree(scanner, path, on_found);
      break;
    }
    case ValueEncoding::kCbor: {
      CborScanner scanner(value);
      internal::WalkTree(scanner, path, on_found);
      break;
    }
    case ValueEncoding::kEncrypted:
    case ValueEncoding::kOther:
      break;
  }
}

}  // namespace headroom::kubernetes
