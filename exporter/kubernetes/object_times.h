#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace headroom::kubernetes {

// Times of an object as kube-apiserver stores it, in seconds since 1970, never
// negative or past the year 9999. `value` may be any bytes;
// nullopt if it holds no such time.

// metadata.creationTimestamp.
std::optional<std::int64_t> CreationTime(std::string_view value);
// The latest of that and of the times in metadata.managedFields: when the object was last written,
// as far as its managers changed a field.
std::optional<std::int64_t> WriteTime(std::string_view value);

}  // namespace headroom::kubernetes
