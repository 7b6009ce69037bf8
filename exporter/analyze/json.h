#pragma once

#include <cstddef>
#include <string>

#include "analyze/analysis.h"

namespace headroom::analyze {

// One JSON object and a line break. At most `top` rows of each list.
// `stored_bytes` of all resources, `overhead_bytes`, `free_bytes`, `beyond_mark_bytes`,
// `hash_bytes`, `unaccounted_bytes` and `bytes` of the buckets but `key` add up to `file_bytes`.
// What is not known is not in it.
std::string Json(const Analysis& analysis, std::size_t top);

}  // namespace headroom::analyze
