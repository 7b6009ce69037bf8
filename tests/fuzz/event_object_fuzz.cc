#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kubernetes/event_object.h"
#include "kubernetes/stored_value.h"

using headroom::kubernetes::EventObject;
using headroom::kubernetes::EventObjectReader;

namespace {

void Check(std::string_view label) {
  if (label.empty() || label.size() > headroom::kubernetes::kMaxLabelBytes) abort();
  for (const char c : label) {
    if ((c >= 0 && c < ' ') || c == '\x7f') abort();
  }
  // What is fit is passed through.
  headroom::kubernetes::LabelText text;
  if (text.Fit(label).data() != label.data()) abort();
}

void CheckAll(std::string_view value) {
  EventObjectReader reader;
  const EventObject event = reader.Read(value);
  for (const std::string_view label : {event.component, event.reason, event.involved_kind}) {
    Check(label);
  }
}

}  // namespace

// Any value is read without a crash, as it is and as what each encoding would make of it; all that
// comes out is fit for labels.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string value(reinterpret_cast<const char*>(data), size);
  CheckAll(value);
  CheckAll(std::string("k8s\0", 4) + value);
  CheckAll("{" + value);
  return 0;
}
