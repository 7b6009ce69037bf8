#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "identity.h"
#include "random.h"
#include "resources.h"

namespace headroom::loadgen {

// Who writes an object, as in its managedFields: the resource's manager, or the program that
// reports the Event. Good for the life of the program.
std::string_view ManagerOf(const Resource& resource, const Identity& identity);

// The fields of a managedFields entry, JSON, such that the entry has its share of a value of
// `value_bytes` bytes. "{}" where the rest of the entry has as much.
std::string FieldsV1(const Resource& resource, std::size_t value_bytes, Random& random);

}  // namespace headroom::loadgen
