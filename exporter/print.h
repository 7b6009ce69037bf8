#pragma once

#include <string>

namespace headroom {

// One line on standard error; a message of several lines is joined to one.
void PrintError(std::string message);

// Whether all of `text` went to standard output. If not, PrintError says so.
bool Print(const std::string& text);

}  // namespace headroom
