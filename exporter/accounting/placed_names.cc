#include "accounting/placed_names.h"

#include <algorithm>
#include <utility>

namespace headroom::accounting {

void PlacedNames::Update(std::vector<Candidate> all) {
  auto challenger = std::partition(all.begin(), all.end(),
                                   [this](const Candidate& each) { return Has(each.name); });
  std::sort(challenger, all.end(),
            [](const Candidate& a, const Candidate& b) { return a.weight > b.weight; });
  // The heaviest take the places that are free.
  const auto places_end = all.begin() + static_cast<std::ptrdiff_t>(std::min(cap_, all.size()));
  challenger = places_end;
  std::sort(all.begin(), places_end,
            [](const Candidate& a, const Candidate& b) { return a.weight < b.weight; });
  for (auto place = all.begin(); place != places_end && challenger != all.end(); ++place) {
    if (challenger->weight <= place->weight + place->weight / 4) break;
    *place = *challenger++;
  }
  absl::flat_hash_set<std::string, LabelHash, LabelEqual> names;
  std::for_each(all.begin(), places_end,
                [&names](const Candidate& each) { names.emplace(each.name); });
  names_ = std::move(names);
}

}  // namespace headroom::accounting
