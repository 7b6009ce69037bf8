#include "bbolt/prefetch.h"

#include <algorithm>

#include "bbolt/page.h"

namespace headroom::bbolt {
namespace {

// In two steps: where a page's records are stands at its beginning.
constexpr std::size_t kToHeader = 8;
constexpr std::size_t kToRecords = 4;

// From the beginning of the page; empty where there is none.
std::string_view PageOf(std::string_view file, std::uint32_t page_bytes, std::string_view branch,
                        std::size_t child) {
  const auto element = ReadBranchElement(branch, child);
  if (!element || element->child >= file.size() / page_bytes) return {};
  return file.substr(element->child * page_bytes);
}

// What is looked at of the records of a leaf, if `page` begins with one; of its last kMost alone: a
// page may be referred to often.
void PrefetchRecords(std::string_view page) {
  constexpr std::size_t kLine = 64;
  // Of a record: its revision, and of its KeyValue what stands before the value.
  constexpr std::size_t kHead = 3 * kLine;
  constexpr std::size_t kMost = 64;
  const auto header = ReadPageHeader(page);
  if (!header || header->flags != kLeafPage) return;
  const std::size_t last = header->count;
  for (std::size_t i = last; i-- > last - std::min(kMost, last);) {
    const auto element = ReadLeafElement(page, i);
    if (!element) continue;
    const std::size_t end = std::min(kHead, element->key.size() + element->value.size());
    for (std::size_t at = 0; at < end; at += kLine) __builtin_prefetch(element->key.data() + at);
  }
}

}  // namespace

void Prefetch(std::string_view file, std::uint32_t page_bytes, std::string_view branch,
              std::size_t child) {
  if (child >= kToHeader) {
    __builtin_prefetch(PageOf(file, page_bytes, branch, child - kToHeader).data());
  }
  if (child >= kToRecords) {
    PrefetchRecords(PageOf(file, page_bytes, branch, child - kToRecords));
  }
}

}  // namespace headroom::bbolt
