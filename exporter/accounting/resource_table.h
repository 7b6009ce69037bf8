#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "accounting/label_hash.h"

namespace headroom::accounting {

// A resource by its number: an index for what is kept by resource.
using ResourceId = std::uint16_t;

// What does not fit under the cap, and what is not Kubernetes'.
inline constexpr ResourceId kOtherResource = 0;
inline constexpr std::string_view kOtherLabel = "other";

// Numbers the resources in the order in which they are first met, "other" being 0. Bounded: past
// `cap` named ones, all further are "other". A resource keeps its number for this table's life.
class ResourceTable {
 public:
  static constexpr std::size_t kDefaultCap = 500;

  explicit ResourceTable(std::size_t cap = kDefaultCap);
  // Views of the names are held.
  ResourceTable(const ResourceTable&) = delete;
  ResourceTable& operator=(const ResourceTable&) = delete;

  // Allocates only for a name that is new.
  ResourceId Find(std::string_view resource);
  // The label of a number that Find gave; good for this table's life.
  std::string_view Name(ResourceId id) const { return names_[id]; }
  // Numbers given so far, "other" included: ids are below it.
  std::size_t size() const { return names_.size(); }

 private:
  std::size_t cap_;
  std::deque<std::string> names_;  // names stay where they are while it grows
  absl::flat_hash_map<std::string_view, ResourceId, LabelHash, LabelEqual> ids_;
};

}  // namespace headroom::accounting
