#include "kubernetes/controller_owner.h"

#include "kubernetes/cbor_scanner.h"
#include "kubernetes/event_object.h"
#include "kubernetes/json_scanner.h"
#include "kubernetes/protobuf_fields.h"
#include "kubernetes/stored_value.h"

namespace headroom::kubernetes {
namespace {

// metav1.OwnerReference, as far as it is of use here.
struct Owner {
  std::string_view kind;
  std::string_view api_version;  // "batch/v1", "v1"
  bool is_controller = false;
};

// Kubernetes allows one controller among the owners.
void Keep(const Owner& owner, Owner& controller) {
  if (owner.is_controller) controller = owner;
}

// The numbers are those of k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto.
Owner ReadProtobufOwner(std::string_view bytes) {
  Owner owner;
  ForEachField(
      bytes,
      [&](int number, std::string_view text) {
        if (number == 1) owner.kind = text;
        if (number == 5) owner.api_version = text;
      },
      [&](int number, std::uint64_t value) {
        if (number == 6) owner.is_controller = value != 0;
      });
  return owner;
}

Owner ReadProtobufController(std::string_view value) {
  Owner controller;
  // runtime.Unknown; 2 is the object, 1 of that its ObjectMeta.
  ForEachField(ProtobufEnvelope(value), [&](int unknown, std::string_view object) {
    if (unknown != 2) return;
    ForEachField(object, [&](int field, std::string_view metadata) {
      if (field != 1) return;
      ForEachField(metadata, [&](int number, std::string_view bytes) {
        if (number == 13) Keep(ReadProtobufOwner(bytes), controller);
      });
    });
  });
  return controller;
}

bool IsTrue(std::string_view json_or_cbor) {
  return json_or_cbor == "true" || json_or_cbor == "\xf5";
}

template <typename Scanner>
Owner ReadOwner(Scanner& scanner) {
  Owner owner;
  scanner.ForEachKey([&](std::string_view key) {
    if (key == "kind") {
      scanner.TakeString(owner.kind);
    } else if (key == "apiVersion") {
      scanner.TakeString(owner.api_version);
    } else if (key == "controller") {
      owner.is_controller = IsTrue(scanner.TakeValue());
    } else {
      scanner.SkipValue();
    }
  });
  return owner;
}

template <typename Scanner>
Owner ReadController(std::string_view value) {
  Owner controller;
  Scanner scanner(value);
  scanner.ForEachKey([&](std::string_view key) {
    if (key != "metadata") return scanner.SkipValue();
    scanner.ForEachKey([&](std::string_view inner) {
      if (inner != "ownerReferences") return scanner.SkipValue();
      scanner.ForEachElement([&] { Keep(ReadOwner(scanner), controller); });
    });
    scanner.Stop();
  });
  return controller;
}

}  // namespace

std::string_view ControllerOwnerReader::Read(std::string_view value) {
  Owner controller;
  switch (EncodingOf(value)) {
    case ValueEncoding::kProtobuf:
      controller = ReadProtobufController(value);
      break;
    case ValueEncoding::kJson:
      controller = ReadController<JsonScanner>(value);
      break;
    case ValueEncoding::kCbor:
      controller = ReadController<CborScanner>(value);
      break;
    case ValueEncoding::kEncrypted:
      return kEncryptedLabel;
    case ValueEncoding::kOther:
      break;
  }
  if (controller.kind.empty()) return kNoOwner;
  name_.assign(controller.kind);
  const std::size_t slash = controller.api_version.find('/');
  if (slash != std::string_view::npos) {
    name_ += '.';
    name_ += controller.api_version.substr(0, slash);
  }
  return label_.Fit(name_);
}

}  // namespace headroom::kubernetes
