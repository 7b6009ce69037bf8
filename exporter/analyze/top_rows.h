#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "text/human.h"

namespace headroom::analyze {

// The rows of a table that are shown, and the sum of those that are not. A row has a `resource`,
// which names it, and `+=` for its numbers.
template <typename Row>
struct TopRows {
  TopRows(const std::vector<Row>& rows, std::size_t top)
      : shown(rows.data(), std::min(rows.size(), top)) {
    for (const Row& row : std::span(rows).subspan(shown.size())) rest += row;
    has_rest = shown.size() < rows.size();
    rest.resource = absl::StrCat("(", text::Count(rows.size() - shown.size()), " more)");
  }

  std::span<const Row> shown;  // views of `rows`
  bool has_rest = false;
  Row rest;
};

}  // namespace headroom::analyze
