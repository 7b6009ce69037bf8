#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace headroom::http {

// A bar of the status page. `says` is read aloud in its place, `parts` are shares of the whole.
// `look` colours it: " tight", " full" or nothing.
std::string Bar(std::string_view says, std::initializer_list<double> parts, const char* look = "");

}  // namespace headroom::http
