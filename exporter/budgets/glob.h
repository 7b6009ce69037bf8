#pragma once

#include <string>
#include <string_view>

namespace headroom::budgets {

// Patterns of namespaces: a name in which "*" stands for any text, also none, and "?" for one
// character.
bool IsGlob(std::string_view text);

// `glob`: one that IsGlob accepts.
bool Matches(const std::string& glob, const std::string& name);

// Whether some name matches both. Takes time in proportion to the product of their lengths.
bool Overlap(std::string_view a, std::string_view b);

}  // namespace headroom::budgets
