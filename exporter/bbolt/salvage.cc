#include "bbolt/salvage.h"

#include <algorithm>

#include "bbolt/etcd_records.h"

namespace headroom::bbolt {

void Salvage::ReadAll() {
  auto& records = records_.emplace();
  const PageId pages = file_.size() / page_bytes_;
  for (PageId id = 0; id < pages; ++id) {
    const auto header = ReadPageHeader(file_.substr(id * page_bytes_, page_bytes_));
    if (!header || header->id != id || header->flags != kLeafPage || header->overflow >= pages - id)
      continue;
    const std::string_view page =
        file_.substr(id * page_bytes_, (header->overflow + std::size_t{1}) * page_bytes_);
    // The elements of a leaf are in its first page; what overflows are long values.
    const std::size_t count = std::min<std::size_t>(header->count, page_bytes_ / kElementBytes - 1);
    for (std::size_t i = 0; i < count; ++i) {
      const auto element = ReadLeafElement(page, i);
      if (element && !element->is_bucket && ReadRevision(element->key) &&
          ReadKeyValue(element->value)) {
        records.push_back({element->key, element->value});
      }
    }
  }
  std::ranges::sort(records, std::ranges::greater(), &SalvagedRecord::key);
  const auto is_same = [](const auto& a, const auto& b) { return a.key == b.key; };
  records.erase(std::unique(records.begin(), records.end(), is_same), records.end());
}

std::span<const SalvagedRecord> Salvage::In(const KeyBounds& range) {
  if (!records_) ReadAll();
  const auto past = [](const std::vector<SalvagedRecord>& of, std::string_view key) {
    return std::ranges::upper_bound(of, key, std::ranges::greater(), &SalvagedRecord::key);
  };
  const auto first = range.below ? past(*records_, *range.below) : records_->cbegin();
  const auto end = past(*records_, range.from);
  return {first, std::max(first, end)};
}

}  // namespace headroom::bbolt
