#pragma once

#include <string>
#include <string_view>

#include "kubernetes/label_text.h"

namespace headroom::kubernetes {

inline constexpr std::string_view kNoOwner = "none";

// Reads which kind of object controls an object: metadata.ownerReferences with `controller: true`.
// Objects are as kube-apiserver stores them, in protobuf, JSON or CBOR. Work is linear in the
// value's size.
class ControllerOwnerReader {
 public:
  // Kind and API group: "Job.batch", "Node" of the core group. kNoOwner if no owner is the
  // controller, "encrypted" if the value is. `value` may be cut short or any bytes at all: what
  // stands before the fault is read. The result is fit for a label and good until the next call.
  std::string_view Read(std::string_view value);

 private:
  std::string name_;
  LabelText label_;
};

}  // namespace headroom::kubernetes
