#include "kubernetes/stored_value.h"

namespace headroom::kubernetes {
namespace {

constexpr std::string_view kProtobufMagic("k8s\0", 4);  // apimachinery's protobuf serializer
constexpr std::string_view kCborTag = "\xd9\xd9\xf7";   // RFC 8949, 3.4.6
constexpr std::string_view kEncryptedMagic = "k8s:enc:";

}  // namespace

ValueEncoding EncodingOf(std::string_view value) {
  if (value.starts_with(kProtobufMagic)) return ValueEncoding::kProtobuf;
  if (value.starts_with('{')) return ValueEncoding::kJson;
  if (value.starts_with(kEncryptedMagic)) return ValueEncoding::kEncrypted;
  if (value.starts_with(kCborTag)) return ValueEncoding::kCbor;
  return ValueEncoding::kOther;
}

std::string_view ProtobufEnvelope(std::string_view value) {
  return value.substr(kProtobufMagic.size());
}

}  // namespace headroom::kubernetes
