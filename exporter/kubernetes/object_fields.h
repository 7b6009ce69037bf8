#pragma once

#include <cstdint>
#include <string_view>

namespace headroom::kubernetes {

// Bytes of an object's value by what they are for. What is left of the value is its specification
// or data, its other metadata, and what the encoding needs.
struct FieldBytes {
  std::uint64_t managed_fields = 0;
  std::uint64_t annotations = 0;
  std::uint64_t status = 0;

  FieldBytes& operator+=(const FieldBytes& more) {
    managed_fields += more.managed_fields;
    annotations += more.annotations;
    status += more.status;
    return *this;
  }
};

// `resource`: see RegistryKey. `value`: as kube-apiserver stores it, or any bytes at all. Never
// more than the value has.
FieldBytes FieldBytesOf(std::string_view resource, std::string_view value);

}  // namespace headroom::kubernetes
