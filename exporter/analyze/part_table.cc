#include "analyze/part_table.h"

#include "absl/container/flat_hash_map.h"
#include "accounting/resource_table.h"

namespace headroom::analyze {

Usage& PartTable::Find(std::string_view resource, std::string_view part) {
  accounting::Labels<2> labels{resource, part};
  auto known = parts_.find(labels);
  if (known == parts_.end() && parts_.size() >= kMost) {
    labels[1] = accounting::kOtherLabel;
    known = parts_.find(labels);
  }
  if (known != parts_.end()) return known->second;
  return parts_[{std::string(labels[0]), std::string(labels[1])}];
}

void PartTable::ScalePages(double scale, const std::vector<Row>& wholes) {
  struct Sum {
    std::uint64_t bytes = 0;
    std::uint64_t* largest = nullptr;
  };
  for (const auto bytes_of : {&Usage::live_page_bytes, &Usage::history_page_bytes}) {
    absl::flat_hash_map<std::string_view, Sum, accounting::LabelHash, accounting::LabelEqual> sums;
    for (auto& [labels, usage] : parts_) {
      std::uint64_t& bytes = usage.*bytes_of;
      bytes = Scaled(bytes, scale);
      Sum& sum = sums[labels[0]];
      sum.bytes += bytes;
      if (sum.largest == nullptr || *sum.largest < bytes) sum.largest = &bytes;
    }
    for (const Row& whole : wholes) {
      const auto sum = sums.find(whole.resource);
      if (sum != sums.end()) *sum->second.largest += whole.usage.*bytes_of - sum->second.bytes;
    }
  }
}

std::vector<Row> PartTable::Rows() const {
  std::vector<Row> rows;
  for (const auto& [labels, usage] : parts_) {
    rows.push_back({.resource = labels[0], .part = labels[1], .usage = usage});
  }
  return rows;
}

}  // namespace headroom::analyze
