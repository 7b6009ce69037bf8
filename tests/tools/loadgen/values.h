#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "identity.h"
#include "random.h"
#include "resources.h"

namespace headroom::loadgen {

// A stored value of about `bytes` bytes (never less than the bare object needs), the `version`-th
// of the object, counted from 1: "k8s\0" and runtime.Unknown for built-ins, JSON with sorted keys
// for custom resources. `random` draws the filler.
std::string MakeValue(const Resource& resource, const Identity& identity, std::uint32_t version,
                      std::size_t bytes, Random& random);

}  // namespace headroom::loadgen
