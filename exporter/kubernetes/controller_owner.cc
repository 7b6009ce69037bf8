#include "kubernetes/controller_owner.h"

#include <array>

#include "kubernetes/event_object.h"
#include "kubernetes/object_path.h"

namespace headroom::kubernetes {
namespace {

// metav1.OwnerReference, as far as it is of use here.
struct Owner {
  std::string_view kind;
  std::string_view api_version;  // "batch/v1", "v1"
  bool is_controller = false;
};

// The numbers are those of k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto.
constexpr std::array kOwners = {PathStep{"metadata", 1},
                                PathStep{"ownerReferences", 13, PathStep::Kind::kList}};

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

Owner ReadOwner(ValueEncoding encoding, std::string_view bytes) {
  switch (encoding) {
    case ValueEncoding::kProtobuf:
      return ReadProtobufOwner(bytes);
    case ValueEncoding::kJson: {
      JsonScanner scanner(bytes);
      return ReadOwner(scanner);
    }
    case ValueEncoding::kCbor: {
      CborScanner scanner(bytes);
      return ReadOwner(scanner);
    }
    case ValueEncoding::kEncrypted:
    case ValueEncoding::kOther:
      break;
  }
  return {};
}

}  // namespace

std::string_view ControllerOwnerReader::Read(std::string_view value) {
  const ValueEncoding encoding = EncodingOf(value);
  if (encoding == ValueEncoding::kEncrypted) return kEncryptedLabel;
  Owner controller;
  ForEachAt(value, kOwners, [&](const FoundValue& found) {
    const Owner owner = ReadOwner(encoding, found.text);
    // Kubernetes allows one controller among the owners.
    if (owner.is_controller) controller = owner;
  });
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
