#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>

namespace headroom::fuzz {

// Gives `text` to `take` in pieces of up to `longest` bytes, cut where `seed` says: the same on
// every run, so that a find can be repeated.
template <typename Take>
void ForEachPiece(std::string_view text, std::size_t longest, std::uint32_t seed, Take take) {
  std::minstd_rand random(seed);
  while (!text.empty()) {
    const std::size_t size = std::min(text.size(), 1 + random() % longest);
    take(text.substr(0, size));
    text.remove_prefix(size);
  }
}

}  // namespace headroom::fuzz
