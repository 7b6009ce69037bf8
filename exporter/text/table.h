#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace headroom::text {

using Cells = std::vector<std::string>;

// Appends rows whose columns are as wide as their widest cell, the first `left` of them aligned to
// the left, and an empty line.
void AppendTable(std::string& text, const std::vector<Cells>& rows, std::size_t left);

}  // namespace headroom::text
