#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// What a walk looks at of a leaf is a few cache lines, each far from the one before; to wait for
// one after the other takes longer than all the rest.
namespace headroom::bbolt {

// Asks the processor for what a walk that has come to this child of a branch is going to look at
// some children later, and does not wait. Looks at where a page says that its records are, though,
// which may have to be read from the disk.
void Prefetch(std::string_view file, std::uint32_t page_bytes, std::string_view branch,
              std::size_t child);

}  // namespace headroom::bbolt
