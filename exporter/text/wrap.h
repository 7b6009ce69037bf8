#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headroom::text {

// The width of a terminal that everybody has, in columns.
inline constexpr std::size_t kLineWidth = 80;

// `text` in lines of at most kLineWidth, broken between words, each but the first after `indent`
// spaces. The first begins at column `indent`, too; what stands before it is the caller's. A longer
// word has a line of its own. Ends with a line break.
std::string Wrap(std::string_view text, std::size_t indent);

// The help that CLI11 prints, in lines of at most kLineWidth: descriptions go on in their column.
std::string WrapHelp(std::string_view help);

// `text` if it has at most `width` bytes, else its beginning and end around "..". `width` is at
// least 4.
std::string Shorten(std::string_view text, std::size_t width);

}  // namespace headroom::text
