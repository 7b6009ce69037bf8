#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace headroom {

// "8589934592", "8GiB" (1024^3) or "8GB" (1000^3); "-1" is -1. Nothing when it is 0 or no size.
std::optional<std::int64_t> ParseBytes(const std::string& text);

}  // namespace headroom
