#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace headroom::accounting {

// The values of one series' labels, in a fixed order, not owned.
template <std::size_t kCount>
using Labels = std::array<std::string_view, kCount>;

// Hash and equality that find owned labels by views of them, without a copy. Labels come from
// users, so the hash is one seeded by the process. absl's string_view is spelt out where abseil is
// built with one of its own that it alone can hash.
struct LabelHash {
  using is_transparent = void;

  std::size_t operator()(std::string_view label) const {
    return absl::HashOf(absl::string_view(label.data(), label.size()));
  }
  template <typename Text, std::size_t kCount>
  std::size_t operator()(const std::array<Text, kCount>& labels) const {
    std::size_t hash = 0;
    for (const Text& label : labels) {
      hash = absl::HashOf(hash, absl::string_view(label.data(), label.size()));
    }
    return hash;
  }
};

struct LabelEqual {
  using is_transparent = void;

  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
  template <typename TextA, typename TextB, std::size_t kCount>
  bool operator()(const std::array<TextA, kCount>& a, const std::array<TextB, kCount>& b) const {
    for (std::size_t i = 0; i < kCount; ++i) {
      if (std::string_view(a[i]) != std::string_view(b[i])) return false;
    }
    return true;
  }
};

}  // namespace headroom::accounting
