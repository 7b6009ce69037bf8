#include "bbolt/salvage.h"

#include <algorithm>

#include "bbolt/etcd_records.h"

namespace headroom::bbolt {

std::vector<SalvagedRecord> SalvageRevisions(std::string_view file, const Meta& meta) {
  std::vector<SalvagedRecord> records;
  const PageId pages = file.size() / meta.page_bytes;
  for (PageId id = 0; id < pages; ++id) {
    const auto header = ReadPageHeader(file.substr(id * meta.page_bytes, meta.page_bytes));
    if (!header || header->id != id || header->flags != kLeafPage || header->overflow >= pages - id)
      continue;
    const std::string_view page =
        file.substr(id * meta.page_bytes, (header->overflow + std::size_t{1}) * meta.page_bytes);
    // The elements of a leaf are in its first page; what overflows are long values.
    const std::size_t count =
        std::min<std::size_t>(header->count, meta.page_bytes / kElementBytes - 1);
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
  return records;
}

}  // namespace headroom::bbolt
