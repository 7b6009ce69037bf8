#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "identity.h"
#include "random.h"
#include "resources.h"

namespace headroom::loadgen {

// A custom resource as the API server stores it: one line of JSON, keys in alphabetical order, at
// least about `bytes` bytes.
std::string MakeJsonValue(const Resource& resource, const Identity& identity, std::uint32_t version,
                          std::size_t bytes, Random& random);

}  // namespace headroom::loadgen
