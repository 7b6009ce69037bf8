#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "kubernetes/label_text.h"

namespace headroom::kubernetes {

inline constexpr std::string_view kUnknownLabel = "unknown";
inline constexpr std::string_view kEncryptedLabel = "encrypted";

// Who reports what about which kind of object, from a stored Event. All are fit for labels: valid
// UTF-8 without control characters, never empty, at most kMaxLabelBytes. A field that is absent or
// cannot be read is kUnknownLabel; of an encrypted Event all are kEncryptedLabel.
struct EventObject {
  std::string_view component;  // reportingComponent (reportingController), else source.component
  std::string_view reason;
  std::string_view involved_kind;  // of involvedObject (regarding)

  bool operator==(const EventObject&) const = default;
};

// Reads Event objects as kube-apiserver stores them: core/v1 in protobuf or JSON, and the field
// names of events.k8s.io/v1 in JSON. Messages, names and uids are never looked at. Does not
// allocate; work is linear in the value's size.
class EventObjectReader {
 public:
  // `value` may be cut short or any bytes at all: what stands before the fault is read. The result
  // points into `value`, into static text or into this reader: it is good until the next call and
  // as long as `value` is.
  EventObject Read(std::string_view value);

 private:
  // For labels that cannot be views of the value: unescaped, sanitised.
  std::array<LabelText, 3> texts_;
};

}  // namespace headroom::kubernetes
