#pragma once

#include <string>
#include <string_view>

namespace headroom::log {

// A JSON string with its quotes. Control characters are escaped; bytes that are not UTF-8 become
// U+FFFD.
std::string JsonString(std::string_view text);

// `text` as a logfmt value: bare when that is unambiguous, else as JsonString.
std::string LogfmtValue(std::string_view text);

}  // namespace headroom::log
