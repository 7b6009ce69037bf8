#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "accounting/label_hash.h"
#include "analyze/usage.h"

namespace headroom::analyze {

// What the parts of resources take. Bounded: past kMost parts, all further ones of a resource are
// one part, "other".
class PartTable {
 public:
  static constexpr std::size_t kMost = 10'000;

  // It stays where it is.
  Usage& Find(std::string_view resource, std::string_view part);
  // Multiplies page bytes by `scale`. `wholes` are the resources, scaled already. What rounding
  // leaves of each goes to its largest part.
  void ScalePages(double scale, const std::vector<Row>& wholes);
  // In no order.
  std::vector<Row> Rows() const;

 private:
  absl::node_hash_map<std::array<std::string, 2>, Usage, accounting::LabelHash,
                      accounting::LabelEqual>
      parts_;
};

}  // namespace headroom::analyze
