#pragma once

#include <string>
#include <string_view>

#include "support/wire.h"

namespace headroom::test {

// What may be set of a core/v1 Event. kube-apiserver writes all strings, the empty ones too.
struct StoredEvent {
  std::string_view reporting_component;
  std::string_view source_component;
  std::string_view reason;
  std::string_view involved_kind;
  std::string_view involved_namespace;

  // k8s.io/api/core/v1/generated.proto; the neighbours hold texts that must not be taken.
  std::string Object() const {
    return Bytes(1, Bytes(1, "web-1.17a0b") + Bytes(3, "default") +
                        Bytes(8, Number(1, 1'700'000'000) + Number(2, 0))) +
           Bytes(2, Bytes(1, involved_kind) + Bytes(2, involved_namespace) + Bytes(3, "web-1") +
                        Bytes(4, "5f0c") + Bytes(5, "v1") + Bytes(6, "812") + Bytes(7, "")) +
           Bytes(3, reason) + Bytes(4, "secret message") +
           Bytes(5, Bytes(1, source_component) + Bytes(2, "node-7")) +
           Bytes(6, Number(1, 1'700'000'000)) + Number(8, 3) + Bytes(9, "Normal") +
           Bytes(13, Bytes(1, "Secret")) + Bytes(14, reporting_component) + Bytes(15, "node-7");
  }

  // A runtime.Unknown around the object.
  std::string Protobuf() const { return Envelope(Object()); }

  static std::string Envelope(std::string_view object) {
    return std::string("k8s\0", 4) + Bytes(1, Bytes(1, "v1") + Bytes(2, "Event")) +
           Bytes(2, object) + Bytes(3, "") + Bytes(4, "");
  }
};

}  // namespace headroom::test
