#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Numbers and names as people read them.
namespace headroom::text {

// "1.4 GiB"; below 1 KiB "812 B".
std::string Bytes(std::uint64_t bytes);
// "1,234,567".
std::string Count(std::uint64_t count);
// "12.3 %"; of 0 nothing is a share.
std::string Percent(std::uint64_t part, std::uint64_t whole);

// "45 s", "12 min", "5.3 h", "12 days": rounded to what matters.
std::string Duration(double seconds);

// "about 15 min", or "10 min to 2.0 h" if the ends differ by more than a quarter. Seconds.
std::string DurationRange(double earliest, double latest);

// "2026-11-28T10:12:33Z" of seconds since 1970.
std::string UtcTime(std::int64_t seconds);

// `text` where HTML text or a quoted attribute stands.
std::string EscapeHtml(std::string_view text);

}  // namespace headroom::text
