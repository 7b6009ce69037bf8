#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kubernetes/controller_owner.h"
#include "kubernetes/label_text.h"
#include "kubernetes/leftover.h"
#include "kubernetes/name_pattern.h"
#include "kubernetes/object_fields.h"
#include "kubernetes/object_times.h"
#include "kubernetes/write_attribution.h"

using headroom::kubernetes::ControllerOwnerReader;
using headroom::kubernetes::CreationTime;
using headroom::kubernetes::FieldBytesOf;
using headroom::kubernetes::LabelText;
using headroom::kubernetes::LeftoverOf;
using headroom::kubernetes::NamePattern;
using headroom::kubernetes::ObjectKind;
using headroom::kubernetes::WriteAttribution;
using headroom::kubernetes::Writer;
using headroom::kubernetes::WriteTime;

namespace {

void Check(const Writer& writer) {
  if (writer.manager.empty()) abort();
  LabelText text;
  for (const std::string_view label : {writer.manager, writer.subresource}) {
    if (text.Fit(label).data() != label.data()) abort();
  }
}

// What is cut off an object first, so that two versions of it differ.
void CheckAll(const std::string& value) {
  static WriteAttribution attribution;
  Check(attribution.OfPut("key", 1, value.substr(0, value.size() / 2), ObjectKind::kPod));
  Check(attribution.OfPut("key", 2, value, ObjectKind::kPod));
  Check(attribution.OfPut("key", 3, value, ObjectKind::kOther));
  Check(attribution.OfPut("key", 4, value, ObjectKind::kEvent));
  Check(attribution.OfDelete("key"));
  static ControllerOwnerReader owners;
  Check({.manager = owners.Read(value)});
  const auto fields = FieldBytesOf("pods", value);
  if (fields.managed_fields + fields.annotations + fields.status > value.size()) abort();
  for (const char* resource : {"jobs.batch", "pods", "replicasets.apps", "secrets"}) {
    LeftoverOf(resource, value);
  }
  // No time is before the creation, and none past the year 9999.
  const auto written = WriteTime(value);
  if (written < CreationTime(value) || written.value_or(0) < 0) abort();
}

}  // namespace

// Any value has a writer and an owner, as it is and as what each encoding would make of it; all
// names are fit for labels.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string value(reinterpret_cast<const char*>(data), size);
  CheckAll(value);
  CheckAll(std::string("k8s\0", 4) + value);
  CheckAll("\xd9\xd9\xf7" + value);
  CheckAll("{" + value);
  static NamePattern names;
  Check({.manager = names.Read("a" + value)});
  return 0;
}
