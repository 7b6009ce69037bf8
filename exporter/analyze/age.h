#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace headroom::analyze {

inline constexpr std::int64_t kHourSeconds = 3'600;
inline constexpr std::int64_t kDaySeconds = 24 * kHourSeconds;

// The class of an object's age, "under 1 h" to "over 1 year"; "unknown" without both times, which
// are in seconds since 1970.
std::string_view AgeClass(std::optional<std::int64_t> created, std::optional<std::int64_t> now);

}  // namespace headroom::analyze
