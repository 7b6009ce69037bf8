#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "accounting/label_hash.h"

namespace headroom::accounting {

// Which of many names have a series of their own on a page of gauges: the heaviest, at most `cap`.
//
// A name keeps its place from update to update until it is gone, or until one without a place
// weighs a quarter more. So the series of names that weigh about the same do not come and go.
class PlacedNames {
 public:
  struct Candidate {
    std::string_view name;
    std::uint64_t weight = 0;
  };

  explicit PlacedNames(std::size_t cap) : cap_(cap) {}

  // `all`: what there is now, each name once.
  void Update(std::vector<Candidate> all);
  bool Has(std::string_view name) const { return names_.contains(name); }

 private:
  std::size_t cap_;
  absl::flat_hash_set<std::string, LabelHash, LabelEqual> names_;
};

}  // namespace headroom::accounting
