#include "kubernetes/managed_fields.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "kubernetes/cbor_scanner.h"
#include "kubernetes/json_scanner.h"
#include "kubernetes/protobuf_fields.h"
#include "kubernetes/stored_value.h"

namespace headroom::kubernetes {
namespace {

using Entry = ManagedFields::Entry;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::uint64_t Hash(std::string_view bytes) { return absl::HashOf(View(bytes)); }

// The object as it is read, whatever its encoding.
class Reading {
 public:
  Reading(std::span<Entry> room, bool entries_alone) : room_(room), entries_alone_(entries_alone) {}

  // An entry that stands in `bytes`. One without a manager says nothing.
  void Add(Entry entry, std::string_view operation, std::string_view api_version,
           std::string_view bytes) {
    if (entry.manager.empty()) return;
    entry.bytes = bytes.size();
    if (!entries_alone_) {
      entry.identity = absl::HashOf(View(entry.manager), View(operation), View(api_version),
                                    View(entry.subresource));
      entry.content = Hash(bytes);
      wants_status_ = wants_status_ || entry.subresource == kStatusSubresource;
    }
    if (count_ < room_.size()) {
      room_[count_++] = entry;
    } else if (const auto oldest = std::ranges::min_element(room_, {}, &Entry::time);
               oldest->time < entry.time) {
      *oldest = entry;
    }
  }
  void set_status(std::string_view bytes) { status_ = bytes; }
  void MarkDeletion() { found_.deletion_marked = true; }
  void Bind(std::string_view node) { found_.bound = !node.empty(); }
  bool wants_status() const { return wants_status_; }

  ManagedFields Result() {
    found_.entries = room_.first(count_);
    if (wants_status_) found_.status = Hash(status_);
    return found_;
  }

 private:
  std::span<Entry> room_;
  bool entries_alone_;
  std::size_t count_ = 0;
  ManagedFields found_;
  std::string_view status_;
  bool wants_status_ = false;
};

// The numbers are those of k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto.
void ReadProtobufEntry(std::string_view bytes, Reading& reading) {
  Entry entry;
  std::string_view operation;
  std::string_view api_version;
  ForEachField(bytes, [&](int number, std::string_view text) {
    switch (number) {
      case 1:
        entry.manager = text;
        break;
      case 2:
        operation = text;
        break;
      case 3:
        api_version = text;
        break;
      case 4:  // metav1.Time
        ForEachField(
            text, [](int, std::string_view) {},
            [&](int inner, std::uint64_t seconds) {
              if (inner == 1) entry.time = seconds;
            });
        break;
      case 8:
        entry.subresource = text;
        break;
      default:
        break;
    }
  });
  reading.Add(entry, operation, api_version, bytes);
}

void ReadProtobufObject(std::string_view object, bool is_pod, Reading& reading) {
  ForEachField(object, [&](int number, std::string_view bytes) {
    switch (number) {
      case 1:  // ObjectMeta, of all kinds
        ForEachField(bytes, [&](int inner, std::string_view text) {
          if (inner == 9) reading.MarkDeletion();
          if (inner == 17) ReadProtobufEntry(text, reading);
        });
        break;
      case 2:  // PodSpec
        if (is_pod) {
          ForEachField(bytes, [&](int inner, std::string_view text) {
            if (inner == 10) reading.Bind(text);
          });
        }
        break;
      case 3:  // the status of every kind that has one
        reading.set_status(bytes);
        break;
      default:
        break;
    }
  });
}

// The digits of an RFC 3339 time in UTC, which is how Kubernetes writes it.
std::uint64_t Digits(std::string_view time) {
  std::uint64_t digits = 0;
  for (const char c : time.substr(0, std::string_view("2006-01-02T15:04:05").size())) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
    }
  }
  return digits;
}

template <typename Scanner>
void ReadEntry(Scanner& scanner, Reading& reading) {
  Entry entry;
  std::string_view operation;
  std::string_view api_version;
  std::string_view time;
  const std::string_view begin = scanner.Rest();
  scanner.ForEachKey([&](std::string_view key) {
    if (key == "manager") {
      scanner.TakeString(entry.manager);
    } else if (key == "operation") {
      scanner.TakeString(operation);
    } else if (key == "apiVersion") {
      scanner.TakeString(api_version);
    } else if (key == "time") {
      scanner.TakeString(time);
    } else if (key == "subresource") {
      scanner.TakeString(entry.subresource);
    } else {
      scanner.SkipValue();
    }
  });
  entry.time = Digits(time);
  reading.Add(entry, operation, api_version, begin.substr(0, begin.size() - scanner.Rest().size()));
}

template <typename Scanner>
void ReadTree(std::string_view value, bool is_pod, Reading& reading) {
  Scanner scanner(value);
  bool has_metadata = false;
  scanner.ForEachKey([&](std::string_view key) {
    if (key == "metadata") {
      scanner.ForEachKey([&](std::string_view inner) {
        if (inner == "managedFields") {
          scanner.ForEachElement([&] { ReadEntry(scanner, reading); });
        } else {
          if (inner == "deletionTimestamp") reading.MarkDeletion();
          scanner.SkipValue();
        }
      });
      has_metadata = true;
    } else if (key == "status") {
      reading.set_status(scanner.TakeValue());
    } else if (is_pod && key == "spec") {
      scanner.ForEachKey([&](std::string_view inner) {
        std::string_view node;
        if (inner == "nodeName") {
          scanner.TakeString(node);
          reading.Bind(node);
        } else {
          scanner.SkipValue();
        }
      });
    } else {
      scanner.SkipValue();
    }
    // What follows can be long, and says nothing more.
    if (has_metadata && !is_pod && !reading.wants_status()) scanner.Stop();
  });
}

void ReadObject(std::string_view value, bool is_pod, Reading& reading) {
  switch (EncodingOf(value)) {
    case ValueEncoding::kProtobuf:
      // runtime.Unknown; 2 is the object.
      ForEachField(ProtobufEnvelope(value), [&](int number, std::string_view bytes) {
        if (number == 2) ReadProtobufObject(bytes, is_pod, reading);
      });
      break;
    case ValueEncoding::kJson:
      ReadTree<JsonScanner>(value, is_pod, reading);
      break;
    case ValueEncoding::kCbor:
      ReadTree<CborScanner>(value, is_pod, reading);
      break;
    case ValueEncoding::kEncrypted:
    case ValueEncoding::kOther:
      break;
  }
}

}  // namespace

ManagedFields ManagedFieldsReader::Read(std::string_view value, bool is_pod) {
  Reading reading(entries_, false);
  ReadObject(value, is_pod, reading);
  return reading.Result();
}

std::span<const Entry> ManagedFieldsReader::ReadEntries(std::string_view value) {
  Reading reading(entries_, true);
  ReadObject(value, false, reading);
  return reading.Result().entries;
}

}  // namespace headroom::kubernetes
