#pragma once

#include <string_view>

namespace headroom::kubernetes {

// How kube-apiserver wrote a value.
enum class ValueEncoding {
  kProtobuf,   // "k8s\0", then a runtime.Unknown that wraps the object
  kJson,       // custom resources, CRDs, APIServices; everything with --storage-media-type
  kCbor,       // self-described CBOR: custom resources behind a feature gate
  kEncrypted,  // "k8s:enc:": encryption at rest; only the size can be used
  kOther,      // plain text, what others store, nothing at all
};

// The first bytes decide; the rest may be cut off.
ValueEncoding EncodingOf(std::string_view value);

// What follows "k8s\0" in a value of kProtobuf: the bytes of a runtime.Unknown.
std::string_view ProtobufEnvelope(std::string_view value);

}  // namespace headroom::kubernetes
